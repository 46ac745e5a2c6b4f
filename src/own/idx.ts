/** IDX, the format of MNIST and its relatives: images in one file, labels in another, by the official names. */
import { checkDecoded, grouped } from './limits.ts';
import { OwnDataError } from './own.ts';
import type { Entry, Reading } from './reading.ts';
import {
  type Half,
  type Part,
  type Samples,
  codeLabels,
  halfOfPath,
  shapeInWords,
  useHalves,
  volume,
} from './samples.ts';

/** `train-images-idx3-ubyte`, `t10k-labels.idx1-ubyte`; what stands before may be anything. */
const NAME = /^(.*?)(images|labels)[-._]idx\d-ubyte$/i;
const UNSIGNED_BYTES = 8;

interface Array8 {
  readonly path: string;
  readonly shape: readonly number[];
  readonly values: Uint8Array<ArrayBuffer>;
}

interface Pair {
  readonly half: Half | null;
  readonly images: Entry;
  readonly labels: Entry;
}

export function isIdx(path: string): boolean {
  return NAME.test(fileName(path));
}

/**
 * Images `[n, height, width]`, or sequences `[n, length]`, and labels `[n]`.
 * @throws OwnDataError where a file is cut short, lacks its partner or differs from it in length
 */
export async function readIdx(entries: readonly Entry[], reading: Reading): Promise<Samples> {
  const pairs = findPairs(entries, reading);
  const uses = useHalves(pairs.map(({ half }) => half));
  const halves: Partial<Record<'train' | 'test', { images: Array8; labels: Array8 }>> = {};
  for (const [index, { images, labels }] of pairs.entries()) {
    await reading.pace(index / pairs.length);
    const half = uses[index];
    if (half === null || half === undefined || halves[half] !== undefined) {
      reading.notes.add(`${images.path} was left out: other images are read in its place.`);
      continue;
    }
    const read = { images: await readArray(images), labels: await readArray(labels) };
    checkPair(read.images, read.labels);
    halves[half] = read;
  }
  const { train, test } = halves;
  if (train === undefined) throw new OwnDataError('no images of the IDX format were found; give images and labels');
  const [, ...grid] = train.images.shape;
  if (test !== undefined && !sameExtents(grid, test.images.shape.slice(1))) {
    const [ours, theirs] = [shapeInWords(grid), shapeInWords(test.images.shape.slice(1))];
    throw new OwnDataError(
      `${test.images.path} is of ${theirs}, ${train.images.path} of ${ours}; give files of one size`,
    );
  }
  const digits = (array: Array8): string[] => Array.from(array.values, String);
  const trainLabels = digits(train.labels);
  const written = test === undefined ? trainLabels : trainLabels.concat(digits(test.labels));
  const { names, codes } = codeLabels(train.labels.path, written, reading.options.classNames);
  const count = trainLabels.length;
  const part = ({ images }: { images: Array8 }, labels: Uint8Array): Part => ({
    count: labels.length,
    inputs: images.values,
    labels,
  });
  return {
    format: 'IDX (MNIST family)',
    kind: 'classes',
    names,
    grid,
    channels: 1,
    train: part(train, codes.subarray(0, count)),
    test: test === undefined ? null : part(test, codes.subarray(count)),
  };
}

function fileName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** Images with the labels that have the same name in the same folder, or where that is the only choice. */
function findPairs(entries: readonly Entry[], { notes }: Reading): readonly Pair[] {
  const parts = entries.map((entry) => {
    const [, prefix = '', what = ''] = NAME.exec(fileName(entry.path)) ?? [];
    const folder = entry.path.slice(0, entry.path.lastIndexOf('/') + 1);
    return { entry, prefix: prefix.toLowerCase(), folder, isImages: what.toLowerCase() === 'images' };
  });
  const labels = parts.filter(({ isImages }) => !isImages);
  const pairs: Pair[] = [];
  const alone: string[] = [];
  for (const { entry, prefix, folder, isImages } of parts) {
    if (!isImages) continue;
    const named = labels.filter((other) => other.prefix === prefix);
    const partner = named.find((other) => other.folder === folder) ?? named[0];
    if (partner === undefined) alone.push(entry.path);
    else pairs.push({ half: halfOfPath(prefix), images: entry, labels: partner.entry });
  }
  if (pairs.length === 0) {
    const [file] = parts;
    const lacking = file?.isImages === false ? 'images' : 'labels';
    const partner = file?.entry.path.replace(
      /(?:images|labels)([-._])idx\d/i,
      `${lacking}$1idx${lacking === 'images' ? 3 : 1}`,
    );
    throw new OwnDataError(`${file?.entry.path} lacks its ${lacking}; give ${partner} with it`);
  }
  for (const path of alone) notes.add(`${path} was left out, for its labels are missing.`);
  return pairs;
}

async function readArray({ path, bytes }: Entry): Promise<Array8> {
  const content = await bytes();
  const [first, second, type, axes = 0] = content;
  if (content.length < 4 || first !== 0 || second !== 0 || axes < 1 || axes > 4) {
    throw new OwnDataError(`${path} does not begin as an IDX file does; is it the right file, whole and unpacked?`);
  }
  if (type !== UNSIGNED_BYTES) {
    throw new OwnDataError(`${path} holds values of type 0x${type?.toString(16)}; only unsigned bytes (0x8) are read`);
  }
  const start = 4 + 4 * axes;
  if (content.length < start) throw new OwnDataError(`${path} ends within its header; copy or download it again`);
  const view = new DataView(content.buffer, content.byteOffset, content.byteLength);
  const shape = Array.from({ length: axes }, (_, axis) => view.getUint32(4 + 4 * axis));
  const expected = start + volume(shape);
  if (content.length !== expected) {
    const found = `${grouped(content.length)} bytes were found, ${grouped(expected)} expected`;
    throw new OwnDataError(`${path}: ${found} for ${shapeInWords(shape)} values; copy or download it again`);
  }
  return { path, shape, values: content.subarray(start) };
}

function checkPair(images: Array8, labels: Array8): void {
  const [count = 0, ...grid] = images.shape;
  if (labels.shape.length !== 1) {
    throw new OwnDataError(`${labels.path} is of ${shapeInWords(labels.shape)}; one label an image is expected`);
  }
  if (grid.length < 1 || grid.length > 2 || volume(grid) === 0) {
    throw new OwnDataError(`${images.path} is of ${shapeInWords(images.shape)}; [n, height, width] is expected`);
  }
  if (labels.values.length !== count) {
    const counts = `${grouped(labels.values.length)} labels, but ${images.path} ${grouped(count)} images`;
    throw new OwnDataError(`${labels.path} holds ${counts}; give the two that belong together`);
  }
  checkDecoded(images.values.length, 1);
}

function sameExtents(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((extent, axis) => extent === b[axis]);
}
