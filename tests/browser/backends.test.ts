/**
 * Training on the browser's backends, beside plain JavaScript. One page for all: on a software adapter each new program
 * takes long to compile, so the networks are tiny and the steps few.
 */
import plain from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url';
import simd from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';

import { backend, env, memory } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { activateBackend } from '../../src/engine/backends.ts';
import type { BackendName } from '../../src/engine/protocol.ts';
import { WebGPUBackend } from '../../src/engine/webgpuBackend.ts';
import { boundPool } from '../../src/kernels/webgpu/pool.ts';
import type { Dataset } from '../../src/tasks/task.ts';
import { loadDigits, lossesOf, TINY, tinyRun } from '../support/digits.ts';
import { distance } from '../support/numbers.ts';
import { LETTERS, RING, type Synthetic } from '../support/synthetic.ts';

const STEPS = 20;
/** Of the other kinds of tasks, which share most of their operations with the first. */
const FEW_STEPS = 5;

async function activate(name: BackendName): Promise<void> {
  await activateBackend(name, { simd, plain });
  // Else webgpu leaves small tensors to the processor, and these are all small.
  if (name === 'webgpu') env().set('WEBGPU_CPU_FORWARD', false);
}

interface Trajectory {
  readonly losses: number[];
  readonly parameters: Float64Array;
}

async function trajectory({ task, data }: Synthetic, steps: number, name: BackendName): Promise<Trajectory> {
  await activate(name);
  const before = memory().numTensors;
  const run = tinyRun(data, {}, task);
  const losses = await lossesOf(run, steps);
  const { parameters } = run.training;
  run.dispose();
  expect(memory().numTensors).toBe(before);
  return { losses, parameters };
}

let data: Dataset;

beforeAll(async () => {
  data = await loadDigits(async (path) => (await fetch(`/${path}`)).arrayBuffer());
});

function follows(kind: string, steps: number, own: () => Synthetic): void {
  describe(kind, () => {
    let expected: Trajectory;

    beforeAll(async () => {
      expected = await trajectory(own(), steps, 'cpu');
    });

    it.each(['wasm', 'webgl', 'webgpu'] as const)('%s follows plain JavaScript', async (name) => {
      const { losses, parameters } = await trajectory(own(), steps, name);
      expect(losses).toHaveLength(steps);
      expect(distance(losses, expected.losses)).toBeLessThan(1e-3);
      expect(distance(parameters, expected.parameters)).toBeLessThan(1e-3);
    });
  });
}

follows('images and classes', STEPS, () => ({ task: TINY, data }));

/** What tfjs-backend-webgpu adds to `memory()`. */
interface WebgpuMemory {
  readonly numBytesInGPU: number;
  readonly numBytesAllocatedInGPU: number;
}

// Before the other kinds, whose idle memory the smaller limit would not know of.
it('webgpu keeps no more idle memory than it may, however many sizes it has seen', async () => {
  await activate('webgpu');
  const current = backend();
  if (!(current instanceof WebGPUBackend)) throw new Error('The backend is another one.');
  // Far below the real limit, which networks as small as these would not reach in a thousand steps.
  const limit = 2 ** 20;
  boundPool(current, limit);
  const before = memory().numTensors;
  const run = tinyRun(data, { maskLearningRate: 0.08 });
  const sizes = new Set<string>();
  const losses: number[] = [];
  // Not a thousand steps: a software adapter takes a second for each.
  for (let round = 0; round < 5; round++) {
    run.adjust({ budget: round % 2 === 0 ? 0.15 : 0.6 });
    for (let step = 0; step < 8; step++) {
      losses.push(...(await lossesOf(run, 1)));
      sizes.add(JSON.stringify(run.training.sizes));
    }
    const { numBytesInGPU, numBytesAllocatedInGPU } = memory() as unknown as WebgpuMemory;
    expect(numBytesAllocatedInGPU - numBytesInGPU).toBeLessThanOrEqual(limit);
    expect(numBytesInGPU).toBeLessThan(2 * limit);
    expect(memory().numTensors - before).toBeLessThanOrEqual(4 + 2 * 48);
  }
  run.dispose();
  expect(sizes.size).toBeGreaterThan(10);
  expect(losses.every(Number.isFinite)).toBe(true);
  expect(memory().numTensors).toBe(before);
});

follows('fields on a ring', FEW_STEPS, () => RING);
follows('tokens', FEW_STEPS, () => LETTERS);
