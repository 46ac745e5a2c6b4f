/** Sets of images in the four IDX files that MNIST introduced: the first images of each half, in their order. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { check, histogram, moments, type Cut } from './cut.ts';

export const SIDE = 28;
export const PIXELS = SIDE * SIDE;
export const CLASSES = 10;

/** Images in the release, and those that are kept. */
export interface Kept {
  readonly all: number;
  readonly kept: number;
}

export interface ImageHalf {
  /** `[kept, 28, 28, 1]`, 0 to 255. */
  readonly inputs: Uint8Array;
  /** `[kept]`, 0 to 9. */
  readonly labels: Uint8Array;
  readonly report: readonly string[];
}

/** Images and labels of a whole half, as released. */
export interface Released {
  readonly images: Uint8Array;
  readonly labels: Uint8Array;
}

/**
 * @param prefix of the file names: `train` or `t10k`
 * @param verify stops the cut where the half is not as released
 */
export function cutHalf(
  directory: string,
  prefix: string,
  { all, kept }: Kept,
  verify: (released: Released) => void,
): ImageHalf {
  const released = {
    images: readIdx(join(directory, `${prefix}-images-idx3-ubyte.gz`), [all, SIDE, SIDE]),
    labels: readIdx(join(directory, `${prefix}-labels-idx1-ubyte.gz`), [all]),
  };
  verify(released);
  const inputs = released.images.slice(0, kept * PIXELS);
  const labels = released.labels.slice(0, kept);
  const { mean, deviation } = moments(inputs);
  const report = [
    `${prefix}: ${kept} of ${all}, a class ${histogram(labels, CLASSES).join(' ')}`,
    `  mean ${(mean / 255).toFixed(4)}, deviation ${(deviation / 255).toFixed(4)} of 1`,
  ];
  return { inputs, labels, report };
}

export function imageTensors(train: ImageHalf, test: ImageHalf): Cut['tensors'] {
  const count = { train: train.labels.length, test: test.labels.length };
  return {
    'train.inputs': { dtype: 'U8', shape: [count.train, SIDE, SIDE, 1], values: train.inputs },
    'train.labels': { dtype: 'U8', shape: [count.train], values: train.labels },
    'test.inputs': { dtype: 'U8', shape: [count.test, SIDE, SIDE, 1], values: test.inputs },
    'test.labels': { dtype: 'U8', shape: [count.test], values: test.labels },
  };
}

/** The first image of each of these classes. */
export function firstOf({ inputs, labels }: ImageHalf, classes: readonly number[]): Uint8Array[] {
  return classes.map((wanted) => {
    const at = labels.indexOf(wanted);
    return inputs.subarray(at * PIXELS, (at + 1) * PIXELS);
  });
}

/** An IDX file of bytes: two zeros, type 8, number of axes, their extents (big-endian), the values. */
function readIdx(path: string, extents: readonly number[]): Uint8Array {
  const bytes = gunzipSync(readFileSync(path));
  check(bytes.readUInt32BE(0) === 0x0800 + extents.length, `${path} is no IDX file of bytes`);
  extents.forEach((extent, axis) => {
    const found = bytes.readUInt32BE(4 + 4 * axis);
    check(found === extent, `${path} has extent ${found} on axis ${axis}, not ${extent}`);
  });
  const values = new Uint8Array(bytes.subarray(4 + 4 * extents.length));
  const expected = extents.reduce((product, extent) => product * extent, 1);
  check(values.length === expected, `${path} holds ${values.length} values, not ${expected}`);
  return values;
}
