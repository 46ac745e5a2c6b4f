/**
 * Weighs the JavaScript of the built page, gzipped, and fails where it is more than was agreed to.
 *
 * `node scripts/sizes.mjs` compares `dist/` with `scripts/sizes.json`; `--accept` writes that file anew; `--modules` also
 * lists the largest modules of each part.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { ROOT } from './setup.mjs';

/**
 * @typedef {{ file: string, module: string | null, entry: boolean, imports: string[], parts: Record<string, number> }} Chunk
 * @typedef {{ bytes: number, parts: Record<string, number> }} Weight
 */

const CHUNKS = join(ROOT, '.cache/chunks.json');
const AGREED = join(ROOT, 'scripts/sizes.json');
/** Bytes that a part may grow by without being asked. */
const SLACK = 2048;

/** What is weighed: the modules whose chunks, and all that those import, are loaded; and the most that it may ever be. */
const PARTS = {
  'the page, before it can be used': { modules: ['index.html'], most: 110 * 1024 },
  'the worker with WebGPU': { modules: ['src/engine/worker.ts', 'src/engine/webgpuBackend.ts'], most: 170 * 1024 },
  'the worker with WebAssembly': { modules: ['src/engine/worker.ts', 'src/engine/wasmBackend.ts'], most: 170 * 1024 },
  'the figures': { modules: ['index.html', 'src/app/Figures.tsx'], most: 200 * 1024 },
};

/**
 * @param {Chunk[]} chunks
 * @param {string[]} modules
 * @returns {Weight}
 */
function weigh(chunks, modules) {
  const byFile = new Map(chunks.map((chunk) => [chunk.file, chunk]));
  /** @type {Set<Chunk>} */
  const loaded = new Set();
  /** @param {Chunk | undefined} chunk */
  const load = (chunk) => {
    if (chunk === undefined || loaded.has(chunk)) return;
    loaded.add(chunk);
    for (const file of chunk.imports) load(byFile.get(file));
  };
  for (const name of modules) {
    const chunk = chunks.find(({ module }) => module === name);
    if (chunk === undefined)
      throw new Error(`No chunk was made for ${name}: say in scripts/sizes.mjs what became of it.`);
    load(chunk);
  }
  let bytes = 0;
  /** @type {Record<string, number>} */
  const parts = {};
  for (const chunk of loaded) {
    bytes += gzipSync(readFileSync(join(ROOT, 'dist', chunk.file)), { level: 9 }).length;
    for (const [module, length] of Object.entries(chunk.parts)) {
      const name = groupOf(module);
      parts[name] = (parts[name] ?? 0) + length;
    }
  }
  return { bytes, parts };
}

/**
 * Own modules one by one, packages as a whole.
 * @param {string} module
 */
function groupOf(module) {
  if (/^(?:src|index\.html)/.test(module)) return module;
  return module.split('/', module.startsWith('@') ? 2 : 1).join('/');
}

/** @param {number} bytes */
const kilobytes = (bytes) => `${(bytes / 1024).toFixed(1)} KB`;

/**
 * What has grown most, in characters before minification.
 * @param {Weight} now
 * @param {Weight} before
 */
function grown(now, before) {
  return Object.entries(now.parts)
    .map(([name, length]) => ({ name, more: length - (before.parts[name] ?? 0) }))
    .filter(({ more }) => more > 200)
    .toSorted((a, b) => b.more - a.more)
    .slice(0, 8)
    .map(({ name, more }) => `    ${name}: ${more} more characters`);
}

/**
 * Weighs the built page; false where it is too heavy.
 * @param {{ accept?: boolean, modules?: boolean }} [options]
 */
export function checkSizes({ accept = false, modules = false } = {}) {
  if (!existsSync(CHUNKS)) {
    console.log('Build the page first: npm run build');
    return false;
  }
  /** @type {Chunk[]} */
  const chunks = JSON.parse(readFileSync(CHUNKS, 'utf8'));
  const now = Object.fromEntries(Object.entries(PARTS).map(([name, part]) => [name, weigh(chunks, part.modules)]));
  if (accept) writeFileSync(AGREED, `${JSON.stringify(now, null, 2)}\n`);
  /** @type {Record<string, Weight>} */
  const agreed = existsSync(AGREED) ? JSON.parse(readFileSync(AGREED, 'utf8')) : {};
  let well = true;
  for (const [name, weight] of Object.entries(now)) {
    const before = agreed[name];
    const { most } = PARTS[/** @type {keyof typeof PARTS} */ (name)];
    const change = before === undefined ? '' : `, ${kilobytes(before.bytes)} agreed`;
    console.log(`${name}: ${kilobytes(weight.bytes)} gzipped (at most ${kilobytes(most)}${change})`);
    if (modules) {
      const largest = Object.entries(weight.parts).toSorted((a, b) => b[1] - a[1]);
      for (const [module, length] of largest.slice(0, 25)) console.log(`    ${String(length).padStart(7)} ${module}`);
    }
    if (weight.bytes > most) {
      well = false;
      console.log(`  Too heavy: load what is not needed at once by import(), or leave it out.`);
    }
    if (before === undefined || weight.bytes > before.bytes + SLACK) {
      well = false;
      console.log(`  It has grown by more than ${kilobytes(SLACK)}. What grew:`);
      for (const line of grown(weight, before ?? { bytes: 0, parts: {} })) console.log(line);
      console.log('  If it is worth that: node scripts/sizes.mjs --accept, and commit scripts/sizes.json.');
    }
  }
  return well;
}

if (process.argv[1] === join(ROOT, 'scripts/sizes.mjs')) {
  const options = { accept: process.argv.includes('--accept'), modules: process.argv.includes('--modules') };
  process.exitCode = checkSizes(options) ? 0 : 1;
}
