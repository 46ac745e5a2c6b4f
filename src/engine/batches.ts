/** Batches on the host: from the samples of a split to what the network takes. */
import { pointsOf } from '../dnarch/config.ts';
import type { Batch } from '../dnarch/training.ts';
import { random } from '../dnarch/random.ts';
import { IGNORE, type Split, type Task } from '../tasks/task.ts';

type Format = Pick<Task, 'kind' | 'grid' | 'channels' | 'classes' | 'field'>;

/** The samples of `split` with the given indices, in their order. */
export function makeBatch(format: Format, split: Split, indices: ArrayLike<number>): Batch {
  const values = pointsOf(format.grid) * format.channels;
  const size = indices.length;
  const inputs = new Float32Array(size * values);
  for (let i = 0; i < size; i++) {
    const first = (indices[i] ?? 0) * values;
    for (let j = 0; j < values; j++) {
      inputs[i * values + j] = (split.inputs[first + j] ?? 0) * split.scale + split.offset;
    }
  }
  const { field } = format;
  return {
    size,
    inputs,
    ...(field === undefined ? classTargets(format, split, indices) : fieldTargets(format, split, indices, field)),
  };
}

type Targets = Pick<Batch, 'targets' | 'weights'>;

/** Each row's weight at its label, the same for all rows that count. */
function classTargets({ kind, grid, classes }: Format, { labels }: Split, indices: ArrayLike<number>): Targets {
  const rowsEach = kind === 'dense' ? pointsOf(grid) : 1;
  const outputs = classes.length;
  const rows = indices.length * rowsEach;
  const labelOf = (row: number): number =>
    labels[(indices[Math.floor(row / rowsEach)] ?? 0) * rowsEach + (row % rowsEach)] ?? IGNORE;
  let counted = 0;
  for (let row = 0; row < rows; row++) if (labelOf(row) !== IGNORE) counted += 1;
  const targets = new Float32Array(rows * outputs);
  const weights = new Float32Array(rows);
  for (let row = 0; row < rows; row++) {
    const label = labelOf(row);
    if (label === IGNORE) continue;
    weights[row] = 1 / counted;
    targets[row * outputs + label] = 1 / counted;
  }
  return { targets, weights };
}

/** The field in the network's units, and 1/(size·‖u‖) a sample in the same units. */
function fieldTargets(
  { grid, classes }: Format,
  { labels }: Split,
  indices: ArrayLike<number>,
  { scale, offset }: NonNullable<Task['field']>,
): Targets {
  const size = indices.length;
  const each = pointsOf(grid) * classes.length;
  const targets = new Float32Array(size * each);
  const weights = new Float32Array(size);
  for (let i = 0; i < size; i++) {
    const first = (indices[i] ?? 0) * each;
    let squares = 0;
    for (let j = 0; j < each; j++) {
      const value = labels[first + j] ?? 0;
      squares += value * value;
      targets[i * each + j] = value * scale + offset;
    }
    weights[i] = 1 / (size * scale * Math.sqrt(Math.max(squares, 1e-12)));
  }
  return { targets, weights };
}

/** Batches of training samples without end: each epoch in a new seeded order, without its incomplete last batch. */
export function* batchIndices(count: number, size: number, seed: number): Generator<Uint32Array, never> {
  if (count < size)
    throw new Error(`A batch of ${size} needs as many samples, but there are ${count}: choose a smaller batch.`);
  const draw = random(seed, 1);
  for (;;) {
    const order = draw.permutation(count);
    for (let at = 0; at + size <= count; at += size) yield order.subarray(at, at + size);
  }
}
