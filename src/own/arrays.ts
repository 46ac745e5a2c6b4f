/** NPZ, or NPY files side by side: which array is what, by its name, and which axis, by its shape. */
import { checkDecoded, grouped } from './limits.ts';
import { type NpyArray, describeArray, isWhole, readNpy } from './npy.ts';
import { OwnDataError, type OwnOptions } from './own.ts';
import { type Entry, type Reading, firstFew } from './reading.ts';
import { type Answers, readAnswers } from './answers.ts';
import { type Half, type Part, type Samples, type Values, halfOf, shapeInWords, useHalves, volume } from './samples.ts';

const INPUTS = /^(?:x|data|inputs?|images?|samples?|features?|signals?|arr0)$/;
const LABELS = /^(?:y|labels?|targets?|class|classes|masks?|arr1)$/;
/** Most channels of an array: a longer axis is space or time. */
const MOST_CHANNELS = 16;
/** Of `[n, a, b]`, an axis that is so many times as long as the other is time, and the other the channels. */
const SLENDER = 4;

/** How the axes of inputs are read. */
interface Layout {
  readonly grid: readonly number[];
  readonly channels: number;
  /** Whether the channels come before the grid. */
  readonly first: boolean;
}

/**
 * Reads `x` and `y`, also by the names that are usual, with `_train`, `_test` and `_val` where they are split.
 * @throws OwnDataError where an array is missing or damaged, or shapes do not fit together
 */
export async function readArrays(entries: readonly Entry[], reading: Reading): Promise<Samples> {
  const pairs = await findPairs(entries, reading);
  const uses = useHalves(pairs.map(({ half }) => half));
  const pick = (wanted: 'train' | 'test'): Pair | undefined => pairs.find((_, index) => uses[index] === wanted);
  pairs.forEach(({ x }, index) => {
    if (uses[index] === null) reading.notes.add(`${x.path} was left out: there are test data beside it.`);
  });
  const [train, test] = [pick('train'), pick('test')];
  if (train === undefined) throw new OwnDataError('no arrays x and y were found; save them by numpy.savez(x=…, y=…)');
  const layout = layoutOf(train.x, reading.options);
  if (test !== undefined) checkAlike(train.x, test.x);
  const kind = layout.grid.length === 2 ? 'images' : 'sequences';
  const channels = layout.channels === 1 ? '' : ` with ${layout.channels} channels`;
  const samples = `${grouped(train.x.shape[0] ?? 0)} ${kind} of ${shapeInWords(layout.grid)}${channels}`;
  reading.notes.add(`${describeArray(train.x)} was read as ${samples}.`);
  const answers = readAnswers(test === undefined ? [train] : [train, test], layout.grid, reading.options.classNames);
  const parts: Part[] = [];
  for (const [index, pair] of (test === undefined ? [train] : [train, test]).entries()) {
    await reading.pace(index / 2);
    parts.push(partOf(pair, layout, answers, answers.labels[index]!, reading));
  }
  return {
    format: 'NPZ or NPY (NumPy)',
    kind: answers.kind,
    names: answers.names,
    grid: layout.grid,
    channels: layout.channels,
    train: parts[0]!,
    test: parts[1] ?? null,
  };
}

interface Pair {
  readonly half: Half | null;
  readonly x: NpyArray;
  readonly y: NpyArray;
}

/** The words of an array's name without the one for its half: `x_train` and `train_images` are inputs for training. */
function roleOf(path: string): { readonly half: Half | null; readonly role: 'x' | 'y' | null } {
  const stem = path
    .slice(path.lastIndexOf('/') + 1)
    .replace(/\.npy$/i, '')
    .toLowerCase();
  const words = stem.replace(/^([xy])(train|test|val)/, '$1_$2').split(/[^a-z0-9]+/);
  const half = words.map(halfOf).find((found) => found !== null) ?? null;
  const rest = words.filter((word) => halfOf(word) === null).join('');
  return { half, role: INPUTS.test(rest) ? 'x' : LABELS.test(rest) ? 'y' : null };
}

async function findPairs(entries: readonly Entry[], { notes }: Reading): Promise<readonly Pair[]> {
  const arrays = new Map<Half | null, { x?: NpyArray; y?: NpyArray }>();
  const others: string[] = [];
  for (const { path, bytes } of entries) {
    const { half, role } = roleOf(path);
    if (role === null) {
      others.push(path);
      continue;
    }
    const array = readNpy(path, await bytes());
    const pair = arrays.get(half) ?? {};
    if (pair[role] !== undefined) {
      throw new OwnDataError(`${pair[role].path} and ${path} both look like ${role}; give one of them`);
    }
    arrays.set(half, { ...pair, [role]: array });
  }
  const pairs = [...arrays].flatMap(([half, { x, y }]) => (x && y ? [{ half, x, y }] : []));
  if (pairs.length === 0) {
    const found = firstFew(entries.map(({ path }) => path));
    throw new OwnDataError(`an array x (inputs) and an array y (labels) are needed; found were ${found}; name them so`);
  }
  if (others.length > 0) notes.add(`Arrays of other names were left out: ${firstFew(others)}.`);
  for (const { x, y } of pairs) {
    if (x.shape[0] === y.shape[0]) continue;
    const [samples, labels] = [x, y].map(({ shape }) => grouped(shape[0] ?? 0));
    throw new OwnDataError(`${y.path} holds ${labels} labels, but ${x.path} ${samples} samples; save them together`);
  }
  return pairs;
}

function layoutOf(x: NpyArray, { layout }: OwnOptions): Layout {
  const [, a = 0, b = 0, c = 0] = x.shape;
  const sequence = (length: number, channels: number, first: boolean): Layout => ({ grid: [length], channels, first });
  if (volume(x.shape) > 0) {
    switch (x.shape.length) {
      case 2: {
        const side = Math.sqrt(a);
        if (layout !== 'image') return sequence(a, 1, false);
        if (Number.isInteger(side)) return { grid: [side, side], channels: 1, first: false };
        break;
      }
      case 3: {
        const [short, long] = a < b ? [a, b] : [b, a];
        const isSlender = short <= MOST_CHANNELS && long >= SLENDER * short;
        if (layout === 'image' || (layout === undefined && !isSlender))
          return { grid: [a, b], channels: 1, first: false };
        if (short <= MOST_CHANNELS) return sequence(long, short, a < b);
        break;
      }
      case 4: {
        const isColour = (channels: number): boolean => channels === 1 || channels === 3 || channels === 4;
        if (isColour(c)) return { grid: [a, b], channels: c, first: false };
        if (isColour(a)) return { grid: [b, c], channels: a, first: true };
        if (c <= MOST_CHANNELS) return { grid: [a, b], channels: c, first: false };
        if (a <= MOST_CHANNELS) return { grid: [b, c], channels: a, first: true };
      }
    }
  }
  const known = '[n, length], [n, length, channels], [n, height, width], [n, height, width, channels]';
  throw new OwnDataError(`${describeArray(x)} is none of the shapes that are read: ${known}; reshape it`);
}

function checkAlike(train: NpyArray, test: NpyArray): void {
  const [ours, theirs] = [train.shape.slice(1), test.shape.slice(1)];
  if (ours.join() === theirs.join()) return;
  throw new OwnDataError(`${describeArray(test)} differs in shape from ${describeArray(train)}; save both alike`);
}

/** Inputs with the channels last, and without the samples that hold values which are not finite. */
function partOf(
  { x, y }: Pair,
  { grid, channels, first }: Layout,
  { kind }: Answers,
  labels: Part['labels'],
  { notes }: Reading,
): Part {
  const count = x.shape[0] ?? 0;
  const size = volume(grid) * channels;
  const bytes = x.values instanceof Uint8Array || x.values instanceof Int8Array ? 1 : Float32Array.BYTES_PER_ELEMENT;
  checkDecoded(count * size, bytes);
  const inputs = channelsLast(compact(x.values), count, volume(grid), first ? channels : 1);
  if (isWhole(x) && kind !== 'field') return { count, inputs, labels };
  const bad = new Uint8Array(count);
  const reasons: string[] = [];
  markBad(x, inputs, count, bad, reasons);
  if (kind === 'field') markBad(y, labels, count, bad, reasons);
  if (reasons.length === 0) return { count, inputs, labels };
  notes.leaveOut('samples', count, reasons);
  const good = Array.from(bad.keys()).filter((sample) => bad[sample] === 0);
  return {
    count: good.length,
    inputs: pickSamples(inputs, good, size),
    labels: pickSamples(labels, good, labels.length / count),
  };
}

function compact(values: NpyArray['values']): Values {
  if (values instanceof Uint8Array || values instanceof Int8Array || values instanceof Float32Array) return values;
  return Float32Array.from(values);
}

/** `[count, channels, positions]` to `[count, positions, channels]`; the same array where there is one channel. */
function channelsLast(values: Values, count: number, positions: number, channels: number): Values {
  if (channels === 1) return values;
  const moved = values.slice();
  const size = positions * channels;
  for (let sample = 0; sample < count; sample++) {
    for (let channel = 0; channel < channels; channel++) {
      let from = sample * size + channel * positions;
      for (let to = sample * size + channel; to < (sample + 1) * size; to += channels) moved[to] = values[from++]!;
    }
  }
  return moved;
}

/** Marks the samples with values that are not finite as 32-bit floats, and says of each where the first one is. */
function markBad({ path, shape }: NpyArray, values: Values, count: number, bad: Uint8Array, reasons: string[]): void {
  const size = values.length / count;
  for (let sample = 0; sample < count; sample++) {
    if (bad[sample] === 1) continue;
    for (let at = sample * size; at < (sample + 1) * size; at++) {
      if (Number.isFinite(values[at])) continue;
      bad[sample] = 1;
      const what = Number.isNaN(values[at]) ? 'NaN' : 'infinite or too large';
      reasons.push(`${path} is ${what} in sample ${sample} of [${shape.join(', ')}], at value ${at - sample * size}`);
      break;
    }
  }
}

function pickSamples<T extends Values>(values: T, samples: readonly number[], size: number): T;
function pickSamples(values: Values, samples: readonly number[], size: number): Values {
  const picked = values.slice(0, samples.length * size);
  samples.forEach((sample, index) => picked.set(values.subarray(sample * size, (sample + 1) * size), index * size));
  return picked;
}
