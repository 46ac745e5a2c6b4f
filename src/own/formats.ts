/** Which format the files are of, and who reads it. */
import { readArrays } from './arrays.ts';
import { isCifar, readCifar } from './cifar.ts';
import { readCsv } from './csv.ts';
import { isIdx, readIdx } from './idx.ts';
import { isImage, readImages } from './images.ts';
import { OwnDataError } from './own.ts';
import { type Entry, type Reading, firstFew } from './reading.ts';
import type { Samples } from './samples.ts';
import { readTs, readTsv } from './timeSeries.ts';
import { readWavs } from './wav.ts';

interface Format {
  readonly isOf: (path: string) => boolean;
  /** `beside` are the files of no format, such as names of classes. */
  readonly read: (entries: readonly Entry[], reading: Reading, beside: readonly Entry[]) => Promise<Samples>;
}

const ending =
  (name: string) =>
  (path: string): boolean =>
    path.toLowerCase().endsWith(name);

/** Where files are of several, the format of most files is read, of equals the first. */
const FORMATS: readonly Format[] = [
  { isOf: isIdx, read: readIdx },
  { isOf: isCifar, read: readCifar },
  { isOf: ending('.npy'), read: readArrays },
  { isOf: ending('.ts'), read: readTs },
  { isOf: ending('.tsv'), read: readTsv },
  { isOf: ending('.csv'), read: readCsv },
  { isOf: isImage, read: readImages },
  { isOf: ending('.wav'), read: readWavs },
];

const KNOWN =
  'images or WAV sounds in a folder a class, IDX, CIFAR (binary), NPZ or NPY, CSV, .ts, .tsv, or a zip of them';

/**
 * The samples of the format that most files are of; says which files were left out.
 * @throws OwnDataError where none is of a format that is read
 */
export function readFormat(entries: readonly Entry[], reading: Reading): Promise<Samples> {
  const byFormat = FORMATS.map((format) => ({ format, own: entries.filter(({ path }) => format.isOf(path)) }));
  const { format, own } = byFormat.reduce((best, next) => (next.own.length > best.own.length ? next : best));
  if (own.length === 0) throw new OwnDataError(`${describeUnknown(entries)}; give ${KNOWN}`);
  const others = byFormat.flatMap((found) => (found.format === format ? [] : found.own));
  if (others.length > 0) {
    const names = firstFew(others.map(({ path }) => path));
    reading.notes.add(`Files of another format were left out: ${names}.`);
  }
  const beside = entries.filter(({ path }) => !FORMATS.some(({ isOf }) => isOf(path)));
  return format.read(own, reading, beside);
}

function describeUnknown(entries: readonly Entry[]): string {
  const paths = entries.map(({ path }) => path);
  if (paths.length === 0) return 'no files were found';
  const isPickled = paths.some((path) => /(?:data_batch_\d|cifar-100-python\/train)$/.test(path));
  if (isPickled) return 'this is the Python version of CIFAR, which is not read; take its binary version';
  return `the format of ${firstFew(paths)} is not known`;
}
