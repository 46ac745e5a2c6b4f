/**
 * The validation half: training samples set aside, so that settings are chosen by them and the test samples are read once, at
 * the end.
 */
import { random } from '../dnarch/random.ts';
import { IGNORE, type Dataset, type Split, type Task } from './task.ts';

type Format = Pick<Task, 'kind' | 'classes' | 'field' | 'together'>;

/** Seed of the split that settings are chosen by: the same samples for every run that is compared. */
export const VALIDATION_SEED = 0;

/** One sample in this many is set aside. */
const EVERY = 5;

/**
 * The training half in two: what is left to train on, and in place of the test half what is set aside. The test half is not looked
 * at. Samples that belong together stay together.
 *
 * Stratified: the samples are sorted by what is asked for (`strength`), ties in random order, and of each five in a row one, at
 * random, is set aside. So classes, or areas, are as frequent on both sides as the counts allow.
 */
export function validationSplit(format: Format, { train }: Dataset, seed: number): Dataset {
  const together = format.together ?? 1;
  const groups = Math.ceil(train.count / together);
  const draw = random(seed, 3);
  const strengths = Float64Array.from({ length: groups }, (_, group) => {
    const samples = samplesOf(group, together, train.count);
    return samples.reduce((sum, sample) => sum + strength(format, train, sample), 0) / samples.length;
  });
  const order = Array.from(draw.permutation(groups)).sort((a, b) => (strengths[a] ?? 0) - (strengths[b] ?? 0));
  const aside = new Set<number>();
  // A last stretch of fewer than five gives one as often as its length says.
  for (let first = 0; first < groups; first += EVERY) {
    const chosen = order[first + Math.floor(draw.uniform(0, EVERY))];
    if (chosen !== undefined) aside.add(chosen);
  }
  const members = (wanted: boolean): number[] =>
    Array.from({ length: groups }, (_, group) => group)
      .filter((group) => aside.has(group) === wanted)
      .flatMap((group) => samplesOf(group, together, train.count));
  const [left, held] = [members(false), members(true)];
  if (left.length === 0 || held.length === 0) {
    throw new Error(`There are too few training samples, ${train.count}, to set some of them aside for validation.`);
  }
  return { train: samplesAt(train, left), test: samplesAt(train, held) };
}

function samplesOf(group: number, together: number, count: number): number[] {
  const first = group * together;
  return Array.from({ length: Math.min(together, count - first) }, (_, i) => first + i);
}

/** What samples are sorted by: the class; of masks the share of positions of the last class; of fields the mean square. */
function strength({ kind, classes, field }: Format, { labels, count }: Split, sample: number): number {
  const each = labels.length / count;
  const own = labels.subarray(sample * each, (sample + 1) * each);
  if (kind === 'classes') return own[0] ?? 0;
  let sum = 0;
  let counted = 0;
  for (const label of own) {
    if (field === undefined && label === IGNORE) continue;
    sum += field === undefined ? Number(label === classes.length - 1) : label * label;
    counted += 1;
  }
  return sum / Math.max(1, counted);
}

function samplesAt(split: Split, indices: readonly number[]): Split {
  return {
    ...split,
    count: indices.length,
    inputs: gathered(split.inputs, split.count, indices),
    labels: gathered(split.labels, split.count, indices),
  };
}

/** The samples of `[count, ...]` with these indices, in their order. */
function gathered<T extends Split['inputs'] | Split['labels']>(
  values: T,
  count: number,
  indices: readonly number[],
): T {
  const each = values.length / count;
  const result = values.slice(0, indices.length * each) as T;
  for (const [to, from] of indices.entries()) result.set(values.subarray(from * each, (from + 1) * each), to * each);
  return result;
}
