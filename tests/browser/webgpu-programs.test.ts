/**
 * Programs that read parameters in place, beside the composed forms in plain JavaScript, which the unit tests hold to slow loops
 * and finite differences: values, and gradients in every input and parameter.
 */
import { env } from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { activateBackend } from '../../src/engine/backends.ts';
import { compiledDuring } from '../support/gpu.ts';
import {
  branching,
  CASES,
  evaluate,
  generating,
  multiplying,
  norming,
  resampling,
  testPrograms,
} from '../support/programs.ts';

async function activate(name: 'webgpu' | 'cpu'): Promise<void> {
  await activateBackend(name, { simd: '', plain: '' });
  // Else small tensors are left to the processor, and these are all small.
  if (name === 'webgpu') env().set('WEBGPU_CPU_FORWARD', false);
}

// The sine of a software adapter is off by 2e-4.
testPrograms(CASES, { composed: () => activate('cpu'), own: () => activate('webgpu') }, (name) =>
  name.startsWith('a kernel') ? 1e-3 : 2e-5,
);

it('compiles nothing new for other sizes', async () => {
  const compiled = await compiledDuring(async () => {
    for (const own of [
      multiplying(21, 7, 9, true),
      norming(33, 6),
      branching(20, [6, 5, 4, 9], 5),
      generating([13], 4, 9),
      generating([3, 7], 5, 6),
      resampling([3, 10, 8, 2], [9, 5], 'assembled', true),
    ]) {
      await evaluate(own);
    }
  });
  expect(compiled).toBe(0);
});
