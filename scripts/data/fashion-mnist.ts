/** Cuts Fashion-MNIST from its four IDX files: the first images of each half, in their order. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { fashionMnist } from '../../src/tasks/fashion-mnist.ts';
import { check, histogram, moments, type Cut } from './cut.ts';
import { imageTiles } from './thumbnails.ts';

const SIDE = 28;
const PIXELS = SIDE * SIDE;
const CLASSES = 10;
/** Images in the release, and those that are kept. */
const TRAIN = { all: 60_000, kept: 6000 } as const;
const TEST = { all: 10_000, kept: 1000 } as const;
/** Training images of the thumbnail: one each of six classes that differ at a glance. */
const SHOWN = [1, 3, 5, 7, 8, 9] as const;

interface Half {
  /** `[kept, 28, 28, 1]`, 0 to 255. */
  readonly inputs: Uint8Array;
  /** `[kept]`, 0 to 9. */
  readonly labels: Uint8Array;
  readonly report: readonly string[];
}

/** @param directory holds `train-images-idx3-ubyte.gz` and the other three files of the release */
export function cutFashionMnist(directory: string): Cut {
  const train = cutHalf(directory, 'train', TRAIN);
  const test = cutHalf(directory, 't10k', TEST);
  const shown = SHOWN.map((wanted) => {
    const at = train.labels.indexOf(wanted);
    return train.inputs.subarray(at * PIXELS, (at + 1) * PIXELS);
  });
  return {
    id: fashionMnist.id,
    tensors: {
      'train.inputs': { dtype: 'U8', shape: [TRAIN.kept, SIDE, SIDE, 1], values: train.inputs },
      'train.labels': { dtype: 'U8', shape: [TRAIN.kept], values: train.labels },
      'test.inputs': { dtype: 'U8', shape: [TEST.kept, SIDE, SIDE, 1], values: test.inputs },
      'test.labels': { dtype: 'U8', shape: [TEST.kept], values: test.labels },
    },
    metadata: {
      source: `${fashionMnist.source.name}, ${fashionMnist.source.url}`,
      licence: fashionMnist.source.licence,
      cut: `first ${TRAIN.kept} training and first ${TEST.kept} test images, uint8`,
    },
    thumbnail: { extension: 'png', bytes: imageTiles(shown, SIDE, 255) },
    report: [...train.report, ...test.report],
  };
}

function cutHalf(directory: string, prefix: string, { all, kept }: typeof TRAIN | typeof TEST): Half {
  const images = readIdx(join(directory, `${prefix}-images-idx3-ubyte.gz`), [all, SIDE, SIDE]);
  const classes = readIdx(join(directory, `${prefix}-labels-idx1-ubyte.gz`), [all]);
  const balanced = histogram(classes, CLASSES).every((count) => count === all / CLASSES);
  check(balanced, `${prefix}-labels: the ten classes are not of equal size`);
  const inputs = images.slice(0, kept * PIXELS);
  const labels = classes.slice(0, kept);
  const { mean, deviation } = moments(inputs);
  const report = [
    `${prefix}: ${kept} of ${all}, a class ${histogram(labels, CLASSES).join(' ')}`,
    `  mean ${(mean / 255).toFixed(4)}, deviation ${(deviation / 255).toFixed(4)} of 1`,
  ];
  return { inputs, labels, report };
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
