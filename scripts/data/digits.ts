/** Cuts the 8×8 digits from their table: 1797 rows of 64 values from 0 to 16 and the digit, in their order. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { digits } from '../../src/tasks/digits.ts';
import { check, histogram, moments, type Cut } from './cut.ts';
import { imageTiles } from './thumbnails.ts';

const ROWS = 1797;
const TRAIN = 1437;
const SIDE = 8;
const PIXELS = SIDE * SIDE;
const CLASSES = 10;
const MAXIMUM = 16;
/** The thumbnail shows the first sample of each of these digits. */
const SHOWN = [0, 2, 3, 4, 6, 8] as const;

/** @param directory holds `digits.csv.gz`, as scikit-learn ships it */
export function cutDigits(directory: string): Cut {
  const path = join(directory, 'digits.csv.gz');
  const rows = gunzipSync(readFileSync(path)).toString('latin1').trim().split('\n');
  check(rows.length === ROWS, `${path} has ${rows.length} rows, not ${ROWS}`);
  const inputs = new Uint8Array(ROWS * PIXELS);
  const labels = new Uint8Array(ROWS);
  rows.forEach((row, index) => {
    const values = row.split(',').map(Number);
    const where = `${path}, row ${index + 1}`;
    check(values.length === PIXELS + 1, `${where}: ${values.length} values, not ${PIXELS + 1}`);
    const label = values.pop() ?? NaN;
    check(Number.isInteger(label) && label >= 0 && label < CLASSES, `${where}: no digit at its end`);
    const inRange = values.every((value) => Number.isInteger(value) && value >= 0 && value <= MAXIMUM);
    check(inRange, `${where}: a value is not a whole number from 0 to ${MAXIMUM}`);
    inputs.set(values, index * PIXELS);
    labels[index] = label;
  });
  const { mean, deviation } = moments(inputs.subarray(0, TRAIN * PIXELS));
  const half = (split: string, from: number, to: number): string =>
    `${split}: ${to - from}, a class ${histogram(labels.subarray(from, to), CLASSES).join(' ')}`;
  return {
    id: digits.id,
    tensors: {
      'train.inputs': { dtype: 'U8', shape: [TRAIN, SIDE, SIDE, 1], values: inputs.slice(0, TRAIN * PIXELS) },
      'train.labels': { dtype: 'U8', shape: [TRAIN], values: labels.slice(0, TRAIN) },
      'test.inputs': { dtype: 'U8', shape: [ROWS - TRAIN, SIDE, SIDE, 1], values: inputs.slice(TRAIN * PIXELS) },
      'test.labels': { dtype: 'U8', shape: [ROWS - TRAIN], values: labels.slice(TRAIN) },
    },
    metadata: {
      source: `${digits.source.name}, ${digits.source.url}`,
      licence: digits.source.licence,
      cut: 'first 1437 rows train, last 360 test, values 0 to 16',
    },
    thumbnails: {
      [digits.thumbnail]: imageTiles(
        SHOWN.map((wanted) => {
          const at = labels.indexOf(wanted);
          return inputs.subarray(at * PIXELS, (at + 1) * PIXELS);
        }),
        SIDE,
        MAXIMUM,
      ),
    },
    report: [
      half('train', 0, TRAIN),
      half('test', TRAIN, ROWS),
      `  mean ${mean.toFixed(3)}, deviation ${deviation.toFixed(3)} of ${MAXIMUM}`,
    ],
  };
}
