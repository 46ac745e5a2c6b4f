/**
 * Training on the browser's backends, beside plain JavaScript. One page for all: on a software adapter each new program
 * takes long to compile, so the networks are tiny and the steps few.
 */
import plain from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url';
import simd from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { backend, env, memory } from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { activateBackend } from '../../src/engine/backends.ts';
import type { BackendName } from '../../src/engine/protocol.ts';
import { boundPool } from '../../src/kernels/webgpu/pool.ts';
import { loadDataset } from '../../src/tasks/index.ts';
import type { Dataset } from '../../src/tasks/task.ts';
import { lossesOf, TINY, tinyRun } from '../support/digits.ts';
import { distance } from '../support/numbers.ts';

const STEPS = 20;

async function activate(name: BackendName): Promise<void> {
  await activateBackend(name, { simd, plain });
  // Else webgpu leaves small tensors to the processor, and these are all small.
  if (name === 'webgpu') env().set('WEBGPU_CPU_FORWARD', false);
}

interface Trajectory {
  readonly losses: number[];
  readonly parameters: Float64Array;
}

async function trajectory(data: Dataset, name: BackendName): Promise<Trajectory> {
  await activate(name);
  const before = memory().numTensors;
  const run = tinyRun(data);
  const losses = await lossesOf(run, STEPS);
  const { parameters } = run.training;
  run.dispose();
  expect(memory().numTensors).toBe(before);
  return { losses, parameters };
}

let data: Dataset;
let expected: Trajectory;

beforeAll(async () => {
  data = await loadDataset(TINY, async (path) => (await fetch(`/${path}`)).arrayBuffer());
  expected = await trajectory(data, 'cpu');
});

it.each(['wasm', 'webgl', 'webgpu'] as const)('%s follows plain JavaScript', async (name) => {
  const { losses, parameters } = await trajectory(data, name);
  expect(losses).toHaveLength(STEPS);
  expect(distance(losses, expected.losses)).toBeLessThan(1e-3);
  expect(distance(parameters, expected.parameters)).toBeLessThan(1e-3);
});

/** What tfjs-backend-webgpu adds to `memory()`. */
interface WebgpuMemory {
  readonly numBytesInGPU: number;
  readonly numBytesAllocatedInGPU: number;
}

it('webgpu keeps no more idle memory than it may, however many sizes it has seen', async () => {
  await activate('webgpu');
  const current = backend();
  if (!(current instanceof WebGPUBackend)) throw new Error('The backend is another one.');
  // Far below the real limit, which networks as small as these would not reach in a thousand steps.
  const limit = 2 ** 20;
  boundPool(current, limit);
  const before = memory().numTensors;
  const run = tinyRun(data, { maskLearningRate: 0.05 });
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
