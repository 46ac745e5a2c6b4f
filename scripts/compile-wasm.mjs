/** `npm run wasm`: compiles the AssemblyScript kernels and writes their bytes as a module. */
import { readFileSync, writeFileSync } from 'node:fs';
import asc from 'assemblyscript/asc';

const SOURCES = ['src/kernels/wasm/depthwise.as', 'src/kernels/wasm/products.as'];
const TARGET = 'src/kernels/wasm/binary.ts';

/** The text of `binary.ts` for the present sources. @returns {Promise<string>} */
export async function compile() {
  /** @type {Uint8Array | undefined} */
  let bytes;
  const options = ['--optimizeLevel', '3', '--noAssert', '--enable', 'simd', '--importMemory', '--runtime', 'stub'];
  const { error } = await asc.main(['source.ts', ...options, '--outFile', 'out.wasm'], {
    // The compiler wants the name of a TypeScript file, which it is not for TypeScript's own compiler.
    readFile: (name) =>
      name === 'source.ts' ? SOURCES.map((source) => readFileSync(source, 'utf8')).join('\n') : null,
    writeFile: (name, contents) => {
      if (name === 'out.wasm' && typeof contents !== 'string') bytes = contents;
    },
  });
  if (error || bytes === undefined) throw new Error(`The kernels do not compile: ${error?.message ?? 'no output'}`);
  const text = Buffer.from(bytes).toString('base64');
  return `/** The AssemblyScript of this folder, compiled by \`npm run wasm\`; ${bytes.length} bytes. */\nexport const BINARY =\n  '${text}';\n`;
}

if (process.argv[1] === import.meta.filename) writeFileSync(TARGET, await compile());
