/** Pipelines compiled beforehand, on a page of its own where no other test has compiled any. */
import { env, memory } from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { random } from '../../src/dnarch/random.ts';
import { project } from '../../src/dnarch/shapes.ts';
import { PERIOD } from '../../src/dnarch/training.ts';
import { activateBackend } from '../../src/engine/backends.ts';
import type { FromEngine } from '../../src/engine/protocol.ts';
import type { Run } from '../../src/engine/run.ts';
import { Session } from '../../src/engine/session.ts';
import { warm } from '../../src/engine/warm.ts';
import { loadDigits, TINY, TINY_SETTINGS, tinyRun } from '../support/digits.ts';
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

const loadTiny = async () => ({
  task: TINY,
  data: await loadDigits(async (path) => (await fetch(`/${path}`)).arrayBuffer()),
});

// First, for it finds nothing compiled.
it('shows a run before its pipelines are there, and takes the step that was asked for meanwhile after them', async () => {
  const posted: FromEngine[] = [];
  const breathe = () => new Promise<void>((resolve) => setTimeout(resolve));
  const post = (message: FromEngine) => posted.push(message);
  const session = new Session({ post, load: loadTiny, wasm: { simd: '', plain: '' }, breathe });
  session.handle({ type: 'start', settings: TINY_SETTINGS, backend: 'webgpu' });
  await expect.poll(() => posted.some(({ type }) => type === 'ready'), { timeout: 60_000 }).toBe(true);
  session.handle({ type: 'step' });
  const snapshots = () => posted.flatMap((message) => ('snapshot' in message ? [message.snapshot] : []));
  await expect.poll(() => snapshots().length, { timeout: 60_000 }).toBe(3);
  expect(snapshots().map(({ step, probe }) => [step, probe === null])).toEqual([
    [0, true],
    [0, false],
    [1, false],
  ]);
  expect(snapshots()[2]!.taskLoss).toBeGreaterThan(0);
});

it.each(['digits', 'letters'] as const)('once warmed, nothing is compiled for other sizes: %s', async (name) => {
  await activateBackend('webgpu', { simd: '', plain: '' });
  // Else small tensors are left to the processor, and these are all small.
  env().set('WEBGPU_CPU_FORWARD', false);
  const { task, data } = name === 'letters' ? LETTERS : await loadTiny();
  const run = tinyRun(data, {}, task);
  const before = memory().numTensors;
  await warm({ task, data }, run.settings);
  expect(memory().numTensors).toBe(before);
  expect(await compiledDuring(() => wander(run))).toBe(0);
  run.dispose();
});
