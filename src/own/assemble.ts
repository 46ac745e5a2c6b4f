/** From samples to data that can be trained on: a part held out, inputs scaled, classes counted. */
import { choose, type Place } from './choose.ts';
import { type ClassCount, type OwnData, OwnDataError } from './own.ts';
import type { Reading } from './reading.ts';
import { type Part, type Samples, like, shapeInWords } from './samples.ts';
import { IGNORE, type Split } from '../tasks/task.ts';

/** A spread below this is none: its inverse would be beyond 32-bit floats. */
const LEAST_DEVIATION = 1e-30;
/** Kernels need some room. */
const LEAST_EXTENT = 4;
/** Samples, and values, between two looks at the clock. */
const STRETCH = { samples: 1000, values: 1 << 20 };

/** @throws OwnDataError where there are too few samples or classes, or all inputs are the same */
export async function assemble(name: string, samples: Samples, reading: Reading): Promise<OwnData> {
  const { kind, format, grid, channels, sampling } = samples;
  if (Math.min(...grid) < LEAST_EXTENT) {
    const found = `samples of ${shapeInWords(grid)} are too small for a convolutional network`;
    throw new OwnDataError(`${found}; give at least ${LEAST_EXTENT} values along each axis`);
  }
  const choice = choose(samples, reading);
  const { names } = choice;
  const train = await gather(choice.train, choice.codes, reading);
  const test = choice.test.length === 0 ? null : await gather(choice.test, choice.codes, reading);
  if (test === null) throw new OwnDataError('no samples are left to test with; give test samples of the same classes');
  const { mean, deviation } = await spreadOf(train.inputs, 'inputs', reading);
  const split = (part: Part): Split => ({ ...part, scale: 1 / deviation, offset: -mean / deviation });
  const field = kind === 'field' ? await spreadOf(train.labels, 'labels', reading) : null;
  return {
    name,
    format,
    kind: kind === 'classes' ? 'classes' : 'dense',
    metric: metricOf(kind, names.length),
    grid,
    channels,
    ...(sampling === undefined ? {} : { sampling }),
    classes: names,
    counts: kind === 'field' ? [] : countClasses(names.length, train, test),
    dataset: { train: split(train), test: split(test) },
    ...(field === null ? {} : { field: { scale: field.deviation, offset: field.mean } }),
    notes: reading.notes.list(),
  };
}

function metricOf(kind: Samples['kind'], classes: number): OwnData['metric'] {
  switch (kind) {
    case 'classes':
      return 'accuracy';
    case 'dense':
      return classes === 2 ? 'iou' : 'accuracy';
    case 'field':
      return 'relative-l2';
  }
}

/** A copy of the samples in their new order, with their new labels. */
async function gather(places: readonly Place[], codes: Uint8Array | null, { pace }: Reading): Promise<Part> {
  const [first] = places;
  if (first === undefined) throw new OwnDataError('no samples are left to train with; give more');
  const size = first.part.inputs.length / first.part.count;
  const labelSize = first.part.labels.length / first.part.count;
  const inputs = like(first.part.inputs, places.length * size);
  const labels = like(first.part.labels, places.length * labelSize);
  for (const [to, { part, index }] of places.entries()) {
    inputs.set(part.inputs.subarray(index * size, (index + 1) * size), to * size);
    labels.set(part.labels.subarray(index * labelSize, (index + 1) * labelSize), to * labelSize);
    if (to % STRETCH.samples === 0) await pace();
  }
  if (codes !== null) for (let at = 0; at < labels.length; at++) labels[at] = codes[labels[at]!]!;
  return { count: places.length, inputs, labels };
}

interface Spread {
  readonly mean: number;
  readonly deviation: number;
}

/** Mean and standard deviation. @throws OwnDataError where all values are the same */
async function spreadOf(values: Part['inputs'], what: string, { pace }: Reading): Promise<Spread> {
  const spread = await (values instanceof Float32Array ? spreadOfFloats(values, pace) : spreadOfBytes(values, pace));
  if (spread.deviation > LEAST_DEVIATION) return spread;
  throw new OwnDataError(`all ${what} have the same value, ${spread.mean}; there is nothing to learn from them`);
}

/** By how often each value occurs. */
async function spreadOfBytes(values: Uint8Array | Int8Array, pace: Reading['pace']): Promise<Spread> {
  const occurrences = new Uint32Array(256);
  for (let from = 0; from < values.length; from += STRETCH.values) {
    for (const value of values.subarray(from, from + STRETCH.values)) occurrences[value & 255]!++;
    await pace();
  }
  const valueOf = (byte: number): number => (values instanceof Int8Array && byte > 127 ? byte - 256 : byte);
  const average = (term: (value: number) => number): number =>
    occurrences.reduce((sum, count, byte) => sum + count * term(valueOf(byte)), 0) / values.length;
  const mean = average((value) => value);
  return { mean, deviation: Math.sqrt(average((value) => (value - mean) ** 2)) };
}

/** In two passes, so that a large mean costs no digits. */
async function spreadOfFloats(values: Float32Array, pace: Reading['pace']): Promise<Spread> {
  let sum = 0;
  for (let at = 0; at < values.length; at++) {
    sum += values[at]!;
    if (at % STRETCH.values === 0) await pace();
  }
  const mean = sum / values.length;
  let squares = 0;
  for (let at = 0; at < values.length; at++) {
    squares += (values[at]! - mean) ** 2;
    if (at % STRETCH.values === 0) await pace();
  }
  return { mean, deviation: Math.sqrt(squares / values.length) };
}

function countClasses(classes: number, train: Part, test: Part): readonly ClassCount[] {
  const count = ({ labels }: Part): Float64Array => {
    const counts = new Float64Array(Math.max(classes, IGNORE + 1));
    for (const label of labels) counts[label]!++;
    return counts;
  };
  const [trained, tested] = [count(train), count(test)];
  return Array.from({ length: classes }, (_, index) => ({ train: trained[index]!, test: tested[index]! }));
}
