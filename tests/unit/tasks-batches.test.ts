/** The first batch of every task, as the network gets it: the same on every machine, from one change to the next. */
import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { makeBatch } from '../../src/engine/batches.ts';
import { pointsOf } from '../../src/dnarch/config.ts';
import { TASKS } from '../../src/tasks/index.ts';
import { readPublic } from '../support/public.ts';

/** Of numbers rounded to a thousandth, so that the last bit of a logarithm does not matter. */
const fingerprint = (values: Float32Array): string =>
  createHash('sha256')
    .update(Int32Array.from(values, (value) => Math.round(1000 * value)))
    .digest('hex')
    .slice(0, 16);

it.each(TASKS.map((task) => [task.id, task] as const))('%s', async (_, task) => {
  const parts: number[] = [];
  const { train, test } = await task.load(readPublic, (part) => parts.push(part));
  expect(parts.every((part, i) => part >= (parts[i - 1] ?? 0) && part <= 1)).toBe(true);
  const { size, inputs, targets, weights } = makeBatch(task, train, [0, 1, 2, 3]);
  expect(inputs).toHaveLength(size * pointsOf(task.grid) * task.channels);
  expect([...inputs, ...targets, ...weights].every(Number.isFinite)).toBe(true);
  expect({
    samples: [train.count, test.count],
    first: [...inputs.slice(0, 4)].map((value) => Number(value.toFixed(3))),
    inputs: fingerprint(inputs),
    targets: fingerprint(targets),
  }).toMatchSnapshot();
});
