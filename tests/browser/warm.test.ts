/** Warming on WebGPU; a page of its own, whose pipelines no other test has compiled. */
import { env, memory } from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { random } from '../../src/dnarch/random.ts';
import { project } from '../../src/dnarch/shapes.ts';
import { PERIOD } from '../../src/dnarch/training.ts';
import { activateBackend } from '../../src/engine/backends.ts';
import type { Run } from '../../src/engine/run.ts';
import { warm } from '../../src/engine/warm.ts';
import { loadDigits, TINY, tinyRun } from '../support/digits.ts';
import { compiledDuring } from '../support/gpu.ts';
import { LETTERS } from '../support/synthetic.ts';

/** Steps and beginnings of evaluations at other sizes, beyond the first reading of results. */
async function wander(run: Run): Promise<void> {
  const { training } = run;
  const draw = random(2, 90);
  for (let step = 0; step < PERIOD + 4; step++) {
    training.parameters = project(
      training.config,
      training.parameters.map(() => draw.uniform(0.2, 1)),
    );
    await run.step();
    run.freeze(2).dispose();
  }
  await training.flush();
}

it.each(['digits', 'letters'] as const)('once warmed, nothing is compiled for other sizes: %s', async (name) => {
  await activateBackend('webgpu', { simd: '', plain: '' });
  // Else small tensors are left to the processor, and these are all small.
  env().set('WEBGPU_CPU_FORWARD', false);
  const { task, data } =
    name === 'letters'
      ? LETTERS
      : { task: TINY, data: await loadDigits(async (path) => (await fetch(`/${path}`)).arrayBuffer()) };
  const run = tinyRun(data, {}, task);
  const before = memory().numTensors;
  await warm({ task, data }, run.settings);
  expect(memory().numTensors).toBe(before);
  expect(await compiledDuring(() => wander(run))).toBe(0);
  run.dispose();
});
