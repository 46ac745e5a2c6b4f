/** CIFAR-10 and CIFAR-100, binary version: records of one or two labels and 32 × 32 pixels, colour by colour. */
import { checkDecoded, grouped } from './limits.ts';
import { OwnDataError } from './own.ts';
import type { Entry, Reading } from './reading.ts';
import { type Part, type Samples, halfOfPath, useHalves } from './samples.ts';

const SIDE = 32;
const PIXELS = SIDE * SIDE;
const COLOURS = 3;
/** Records between two looks at the clock. */
const STRETCH = 1000;

interface Version {
  readonly format: string;
  readonly classes: number;
  readonly names: string;
  /** Bytes before the pixels; the last of them is the label (the first of two is a coarser one). */
  readonly labelBytes: number;
}

const VERSIONS: readonly Version[] = [
  { format: 'CIFAR-10', classes: 10, names: 'batches.meta.txt', labelBytes: 1 },
  { format: 'CIFAR-100', classes: 100, names: 'fine_label_names.txt', labelBytes: 2 },
];

export function isCifar(path: string): boolean {
  return /\.bin$/i.test(path);
}

interface Batch {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/**
 * @param entries the batches
 * @param beside the other files, among which may be the names of the classes
 * @throws OwnDataError where a batch is cut short or none of CIFAR, or a label is not a class
 */
export async function readCifar(
  entries: readonly Entry[],
  reading: Reading,
  beside: readonly Entry[],
): Promise<Samples> {
  const batches: Batch[] = [];
  for (const { path, bytes } of entries) batches.push({ path, bytes: await bytes() });
  const version = findVersion(batches);
  const recordBytes = recordSize(version);
  checkDecoded(
    batches.reduce((sum, { bytes }) => sum + bytes.length, 0),
    1,
  );
  const uses = useHalves(batches.map(({ path }) => halfOfPath(path)));
  const half = (wanted: 'train' | 'test'): readonly Batch[] => batches.filter((_, index) => uses[index] === wanted);
  const total = batches.reduce((sum, { bytes }) => sum + bytes.length / recordBytes, 0);
  let done = 0;
  const read = (part: readonly Batch[]): Promise<Part> =>
    readPart(part, version, (records) => reading.pace((done += records) / total));
  const train = await read(half('train'));
  const test = half('test');
  return {
    format: `${version.format} (binary version)`,
    kind: 'classes',
    names: reading.options.classNames ?? (await namesOf(version, beside)),
    grid: [SIDE, SIDE],
    channels: COLOURS,
    train,
    test: test.length === 0 ? null : await read(test),
  };
}

function recordSize({ labelBytes }: Version): number {
  return labelBytes + COLOURS * PIXELS;
}

/** The version whose records fill every file and whose labels are classes, as far as both would fill them. */
function findVersion(batches: readonly Batch[]): Version {
  const filling = VERSIONS.filter((version) =>
    batches.every(({ bytes }) => bytes.length > 0 && bytes.length % recordSize(version) === 0),
  );
  const [first] = filling;
  if (first !== undefined) {
    return filling.find((version) => batches.every(({ bytes }) => wrongLabel(bytes, version) < 0)) ?? first;
  }
  const odd = batches.find(({ bytes }) =>
    VERSIONS.every((version) => bytes.length === 0 || bytes.length % recordSize(version) !== 0),
  );
  if (odd === undefined) throw new OwnDataError('CIFAR-10 and CIFAR-100 are mixed; give the files of one of them');
  const found = `${grouped(odd.bytes.length)} bytes, which is no multiple of 3,073 (CIFAR-10) or 3,074 (CIFAR-100)`;
  throw new OwnDataError(`${odd.path} has ${found}; it is cut short, or not CIFAR's binary version`);
}

/** The first record whose label is no class; −1 where there is none. */
function wrongLabel(bytes: Uint8Array, version: Version): number {
  const size = recordSize(version);
  for (let at = 0, record = 0; at < bytes.length; at += size, record++) {
    if (bytes[at + version.labelBytes - 1]! >= version.classes) return record;
  }
  return -1;
}

async function readPart(
  batches: readonly Batch[],
  version: Version,
  pace: (records: number) => Promise<void>,
): Promise<Part> {
  const size = recordSize(version);
  const count = batches.reduce((sum, { bytes }) => sum + bytes.length / size, 0);
  const inputs = new Uint8Array(count * COLOURS * PIXELS);
  const labels = new Uint8Array(count);
  let sample = 0;
  for (const { path, bytes } of batches) {
    const wrong = wrongLabel(bytes, version);
    if (wrong >= 0) {
      const label = bytes[wrong * size + version.labelBytes - 1];
      const classes = `one of the ${version.classes} classes of ${version.format}`;
      throw new OwnDataError(
        `${path}: the label of record ${wrong} is ${label}, not ${classes}; is it the right file?`,
      );
    }
    for (let at = 0; at < bytes.length; at += size, sample++) {
      labels[sample] = bytes[at + version.labelBytes - 1]!;
      // Colour by colour in the file, pixel by pixel here.
      let to = sample * COLOURS * PIXELS;
      for (let from = at + version.labelBytes, end = from + PIXELS; from < end; from++, to += COLOURS) {
        inputs[to] = bytes[from]!;
        inputs[to + 1] = bytes[from + PIXELS]!;
        inputs[to + 2] = bytes[from + 2 * PIXELS]!;
      }
      if (sample % STRETCH === 0) await pace(STRETCH);
    }
  }
  return { count, inputs, labels };
}

async function namesOf({ classes, names }: Version, beside: readonly Entry[]): Promise<readonly string[]> {
  const numbers = Array.from({ length: classes }, (_, index) => String(index));
  const file = beside.find(({ path }) => path.endsWith(names));
  if (file === undefined) return numbers;
  const lines = new TextDecoder().decode(await file.bytes()).split(/\r?\n/);
  const found = lines.map((line) => line.trim()).filter((line) => line !== '');
  return found.length === classes ? found : numbers;
}
