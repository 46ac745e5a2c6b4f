/** Batches on the host: from the samples of a split to what the network takes. */
import type { Batch } from '../dnarch/training.ts';
import { random } from '../dnarch/random.ts';
import { IGNORE, type Split, type Task } from '../tasks/task.ts';

type Format = Pick<Task, 'kind' | 'grid' | 'channels' | 'classes'>;

/** The samples of `split` with the given indices, in their order. */
export function makeBatch(format: Format, split: Split, indices: ArrayLike<number>): Batch {
  const points = format.grid.reduce((a, b) => a * b, 1);
  const values = points * format.channels;
  const rowsEach = format.kind === 'dense' ? points : 1;
  const outputs = format.classes.length;
  const size = indices.length;
  const inputs = new Float32Array(size * values);
  const targets = new Float32Array(size * rowsEach * outputs);
  const weights = new Float32Array(size * rowsEach);
  for (let i = 0; i < size; i++) {
    const sample = indices[i] ?? 0;
    for (let j = 0; j < values; j++) {
      inputs[i * values + j] = (split.inputs[sample * values + j] ?? 0) * split.scale + split.offset;
    }
    for (let j = 0; j < rowsEach; j++) {
      weights[i * rowsEach + j] = split.labels[sample * rowsEach + j] === IGNORE ? 0 : 1;
    }
  }
  const counted = weights.reduce((a, b) => a + b, 0);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < rowsEach; j++) {
      const row = i * rowsEach + j;
      if (weights[row] === 0) continue;
      weights[row] = 1 / counted;
      targets[row * outputs + (split.labels[(indices[i] ?? 0) * rowsEach + j] ?? 0)] = 1 / counted;
    }
  }
  return { size, inputs, targets, weights };
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
