/**
 * Programs that read parameters in place, beside the composed forms in plain JavaScript, which the unit tests hold to slow loops
 * and finite differences: values, and gradients in every input and parameter.
 */
import { env, memory, tensor1d, tensor2d } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';

import { activateBackend } from '../../src/engine/backends.ts';
import { Leaf } from '../../src/kernels/leaf.ts';
import { programs } from '../../src/kernels/programs.ts';
import { compiledDuring } from '../support/gpu.ts';
import { distance } from '../support/numbers.ts';
import {
  agree,
  bases,
  branching,
  CASES,
  evaluate,
  generating,
  multiplying,
  norming,
  optimise,
  resampling,
} from '../support/programs.ts';

async function activate(name: 'webgpu' | 'cpu'): Promise<void> {
  await activateBackend(name, { simd: '', plain: '' });
  // Else small tensors are left to the processor, and these are all small.
  if (name === 'webgpu') env().set('WEBGPU_CPU_FORWARD', false);
}

const expected: number[][][] = [];
let optimised: number[] = [];

beforeAll(async () => {
  await activate('cpu');
  expect(programs()).toBeNull();
  for (const [, own] of CASES) expected.push(await evaluate(own));
  optimised = await optimise();
  for (const own of bases) own.dispose();
  await activate('webgpu');
});

it('has programs that read in place', () => {
  expect(programs()).not.toBeNull();
});

describe('beside the composed form', () => {
  it.each(CASES.map(([name, own], i) => [name, own, i] as const))('%s', async (name, own, i) => {
    // The sine of a software adapter is off by 2e-4.
    agree(await evaluate(own), expected[i]!, name.startsWith('a kernel') ? 1e-3 : 2e-5);
  });

  it('the optimiser', async () => {
    expect(distance(await optimise(), optimised)).toBeLessThan(1e-6);
  });
});

it('leaves no tensor behind', async () => {
  const before = memory().numTensors;
  for (const [, own] of CASES) await evaluate(own);
  expect(memory().numTensors).toBe(before);
});

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

it('says so where a gradient is asked for that has no place', () => {
  const leaf = new Leaf(tensor1d([1, 2]), [2]);
  expect(() => programs()?.add(leaf.view(0), tensor2d([[1, 2]]))).toThrow(/no place for a gradient/);
  leaf.values.dispose();
});
