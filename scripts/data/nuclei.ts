/** Cuts the nuclei: 334 fluorescence images with their masks, from 256×256 to 64×64. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { nuclei } from '../../src/tasks/nuclei.ts';
import { check, checkSum, histogram, moments, type Cut } from './cut.ts';
import { imageTiles } from './thumbnails.ts';
import { readZip } from './zip.ts';

const IMAGES = 334;
const FULL = 256;
const SIDE = 64;
const PIXELS = SIDE * SIDE;
const BLOCK = FULL / SIDE;
const MAXIMUM = 255;
/** Every fifth image is held out, by its place in the order of their names, which are random. */
const HELD_OUT = 5;
/** SHA-256 of what follows the header of each array. */
const RELEASED = {
  image: 'cd54d63cec5ae46a460e831912dcc0be2f33f2c3f6ec72c2896bf63016690c02',
  mask: 'a3ffb771d51025ba5c272f73afa7be4a07e98b0c5244240649afd2d0248c9a0e',
} as const;
/** Training images of the thumbnail, their masks below; of each the middle. */
const SHOWN = { images: [42, 39, 15], side: 42 } as const;

/** @param directory holds `dsb2018_fluo256_334.npz`: `image` and `mask`, `[334, 256, 256]`, bytes */
export function cutNuclei(directory: string): Cut {
  const members = readZip('the archive', readFileSync(join(directory, 'dsb2018_fluo256_334.npz')));
  const images = readArray('image', members.get('image.npy'));
  const masks = readArray('mask', members.get('mask.npy'));
  const places = Array.from({ length: IMAGES }, (_, i) => i);
  const half = (kept: readonly number[]): Half => ({
    inputs: gather(kept, (i) => scaled(blockSums(images, i))),
    // At least half of a block: of the few ties, so many are nuclei that their area stays nearly the same.
    labels: gather(kept, (i) => blockSums(masks, i).map((count) => (2 * count >= BLOCK * BLOCK ? 1 : 0))),
  });
  const train = half(places.filter((i) => i % HELD_OUT !== 0));
  const test = half(places.filter((i) => i % HELD_OUT === 0));
  const { mean, deviation } = moments(train.inputs);
  const shown = (values: Uint8Array, zoom: number): Uint8Array[] =>
    SHOWN.images.map((i) => middle(values.subarray(i * PIXELS, (i + 1) * PIXELS)).map((value) => value * zoom));
  return {
    id: nuclei.id,
    tensors: { ...tensorsOf('train', train), ...tensorsOf('test', test) },
    metadata: {
      source: `${nuclei.source.name}, ${nuclei.source.url}`,
      licence: nuclei.source.licence,
      cut: 'means of 4×4 pixels, each image scaled to a maximum of 255; nucleus where at least half of the 16 are; images 0, 5, … 330 test',
    },
    thumbnails: {
      [nuclei.thumbnail]: imageTiles([...shown(train.inputs, 1), ...shown(train.labels, MAXIMUM)], SHOWN.side, MAXIMUM),
    },
    report: [
      shares('train', train),
      shares('test', test),
      `  mean ${mean.toFixed(2)}, deviation ${deviation.toFixed(2)}`,
    ],
  };
}

interface Half {
  /** `[count, 64, 64, 1]`, 0 to 255. */
  readonly inputs: Uint8Array;
  /** `[count, 64, 64]`: 0 background, 1 nucleus. */
  readonly labels: Uint8Array;
}

/** A NumPy file of bytes: magic, version, length of a header that describes the array, the values. */
function readArray(name: keyof typeof RELEASED, file: Uint8Array = new Uint8Array()): Uint8Array {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  check(bytes.toString('latin1', 1, 6) === 'NUMPY' && bytes[6] === 1, `${name} is no NumPy file of version 1`);
  const start = 10 + bytes.readUInt16LE(8);
  const header = bytes.toString('latin1', 10, start);
  const shape = `'shape': (${IMAGES}, ${FULL}, ${FULL})`;
  const fits = ["'|u1'", "'fortran_order': False", shape].every((part) => header.includes(part));
  check(fits, `${name} is not as expected: ${header.trim()}`);
  const values = file.subarray(start);
  checkSum(name, values, RELEASED[name]);
  return values;
}

/** `[64, 64]`: sums of the 4×4 pixels of each block. */
function blockSums(values: Uint8Array, index: number): number[] {
  const sums = new Array<number>(PIXELS).fill(0);
  for (let y = 0; y < FULL; y++) {
    for (let x = 0; x < FULL; x++) {
      const block = Math.floor(y / BLOCK) * SIDE + Math.floor(x / BLOCK);
      sums[block] = (sums[block] ?? 0) + (values[(index * FULL + y) * FULL + x] ?? 0);
    }
  }
  return sums;
}

function scaled(sums: readonly number[]): number[] {
  const most = Math.max(...sums);
  return sums.map((sum) => Math.round((MAXIMUM * sum) / most));
}

function gather(kept: readonly number[], image: (index: number) => readonly number[]): Uint8Array {
  const values = new Uint8Array(kept.length * PIXELS);
  kept.forEach((index, place) => values.set(image(index), place * PIXELS));
  return values;
}

function middle(image: Uint8Array): Uint8Array {
  const from = (SIDE - SHOWN.side) / 2;
  return Uint8Array.from({ length: SHOWN.side ** 2 }, (_, i) => {
    const [row, column] = [Math.floor(i / SHOWN.side), i % SHOWN.side];
    return image[(from + row) * SIDE + from + column] ?? 0;
  });
}

function tensorsOf(half: 'train' | 'test', { inputs, labels }: Half): Cut['tensors'] {
  const count = inputs.length / PIXELS;
  return {
    [`${half}.inputs`]: { dtype: 'U8', shape: [count, SIDE, SIDE, 1], values: inputs },
    [`${half}.labels`]: { dtype: 'U8', shape: [count, SIDE, SIDE], values: labels },
  };
}

function shares(name: string, { labels }: Half): string {
  const [background = 0, nucleus = 0] = histogram(labels, nuclei.classes.length);
  const part = (100 * nucleus) / (background + nucleus);
  return `${name}: ${labels.length / PIXELS} images, ${part.toFixed(2)} % nucleus`;
}
