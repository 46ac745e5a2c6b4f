/**
 * Cuts the page's data from the public originals: `npm run data -- --from DIR [--out DIR]`.
 *
 * DIR holds one folder an original, as docs/data.md says. The same originals give the same bytes.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { SourceError, type Cut } from './data/cut.ts';
import { cutDigits } from './data/digits.ts';
import { cutFashionMnist } from './data/fashion-mnist.ts';
import { cutFsdd } from './data/fsdd.ts';
import { cutLudb } from './data/ludb.ts';
import { cutMnist } from './data/mnist.ts';
import { cutNuclei } from './data/nuclei.ts';
import { cutSubjectivity } from './data/subjectivity.ts';
import { writePack } from './data/write-pack.ts';

const USAGE = 'usage: npm run data -- --from DIR [--out DIR]; see docs/data.md';

/** The packs that come from a folder of originals. */
const CUTS: readonly (readonly [folder: string, cut: (directory: string) => readonly Cut[]])[] = [
  ['fashion-mnist', (directory) => [cutFashionMnist(directory)]],
  ['mnist', (directory) => [cutMnist(directory)]],
  ['fsdd', cutFsdd],
  ['subjectivity', (directory) => [cutSubjectivity(directory)]],
  ['ludb', (directory) => [cutLudb(directory)]],
  ['dsb2018', (directory) => [cutNuclei(directory)]],
  ['digits', (directory) => [cutDigits(directory)]],
];

function write(out: string, name: string, bytes: Uint8Array): void {
  writeFileSync(join(out, name), bytes);
  const sum = createHash('sha256').update(bytes).digest('hex').slice(0, 16);
  console.log(`  ${name}: ${bytes.length} bytes, SHA-256 ${sum}…`);
}

function cutAll(from: string, out: string): void {
  mkdirSync(join(out, 'data'), { recursive: true });
  mkdirSync(join(out, 'thumbnails'), { recursive: true });
  for (const [folder, cutter] of CUTS) {
    for (const { id, report, tensors, metadata, thumbnails } of cutter(join(from, folder))) {
      console.log(id);
      for (const line of report) console.log(`  ${line}`);
      write(out, `data/${id}.pack`, writePack(tensors, metadata));
      for (const [path, bytes] of Object.entries(thumbnails)) write(out, path, bytes);
    }
  }
}

/** Exit code: 0 done, 1 where the originals are not what they should be, 2 where the arguments are wrong. */
function main(): number {
  let from: string | undefined;
  let out: string;
  try {
    const options = { from: { type: 'string' }, out: { type: 'string', default: 'public' } } as const;
    ({ from, out } = parseArgs({ options }).values);
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}; ${USAGE}`);
    return 2;
  }
  if (from === undefined || !existsSync(from)) {
    console.error(from === undefined ? USAGE : `there is no folder ${from}; ${USAGE}`);
    return 2;
  }
  try {
    cutAll(from, out);
    return 0;
  } catch (error) {
    if (!(error instanceof SourceError) && !(error instanceof Error && 'code' in error)) throw error;
    console.error(error.message);
    return 1;
  }
}

process.exitCode = main();
