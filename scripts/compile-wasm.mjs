/** `npm run wasm`: compiles the AssemblyScript kernels and writes their bytes as a module. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const FOLDER = join(import.meta.dirname, '../src/kernels/wasm');
const SOURCES = [
  'vectors.as',
  'products.as',
  'gradients.as',
  'branch.as',
  'norm.as',
  'kernelNetwork.as',
  'adamW.as',
  'banded.as',
  'depthwise.as',
  'spectra.as',
];
// Run as a program: its types, once imported, would change those of JavaScript's own arrays.
const COMPILER = join(import.meta.dirname, '../node_modules/assemblyscript/bin/asc.js');
const OPTIONS = ['--optimizeLevel', '3', '--noAssert', '--enable', 'simd', '--importMemory', '--runtime', 'stub'];

/**
 * The text of `binary.ts` for the present sources.
 * @returns {string}
 */
export function compile() {
  const scratch = mkdtempSync(join(tmpdir(), 'dnarch-wasm-'));
  try {
    const source = SOURCES.map((name) => readFileSync(join(FOLDER, name), 'utf8')).join('\n');
    // The compiler wants the name of a TypeScript file, which the sources are not for TypeScript's own compiler.
    writeFileSync(join(scratch, 'kernels.ts'), source);
    execFileSync(process.execPath, [COMPILER, 'kernels.ts', ...OPTIONS, '--outFile', 'kernels.wasm'], {
      cwd: scratch,
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    const bytes = readFileSync(join(scratch, 'kernels.wasm'));
    const comment = `The AssemblyScript of this folder, compiled by \`npm run wasm\`; ${bytes.length} bytes.`;
    return `/** ${comment} */\nexport const BINARY =\n  '${bytes.toString('base64')}';\n`;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

if (process.argv[1] === import.meta.filename) writeFileSync(join(FOLDER, 'binary.ts'), compile());
