/** Draws the thumbnails of the generated tasks anew: `npm run thumbnails`. The same bytes each time. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { generatedThumbnails } from './data/generated-thumbnails.ts';

const PUBLIC = join(import.meta.dirname, '..', 'public');

const thumbnails = await generatedThumbnails((path) =>
  Promise.resolve(new Uint8Array(readFileSync(join(PUBLIC, path))).buffer),
);
for (const [path, bytes] of Object.entries(thumbnails)) {
  const file = join(PUBLIC, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, bytes);
  console.log(`${path}: ${bytes.length} bytes`);
}
