import { memory } from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { warm } from '../../src/engine/warm.ts';
import { loadDigits, lossesOf, TINY, tinyRun } from '../support/digits.ts';
import { useBackend } from '../support/backend.ts';
import { readPublic } from '../support/public.ts';

useBackend('wasm');

it('warms without a trace: no tensors stay, and the run trains as it would have', async () => {
  const data = await loadDigits(readPublic);
  const settings = { dropout: 0.2 };
  const alone = tinyRun(data, settings);
  const expected = await lossesOf(alone, 4);
  alone.dispose();
  const run = tinyRun(data, settings);
  const before = memory().numTensors;
  await warm({ task: TINY, data }, run.settings);
  expect(memory().numTensors).toBe(before);
  expect(await lossesOf(run, 4)).toEqual(expected);
  run.dispose();
});

it('says nothing where a run cannot be made: the real one says why', async () => {
  const data = await loadDigits(readPublic);
  const run = tinyRun(data);
  const settings = { ...run.settings, budget: 1e-9 };
  run.dispose();
  await expect(warm({ task: TINY, data }, settings)).resolves.toBeUndefined();
});
