/** The loss on WebGPU beside its composed form in plain JavaScript, which the unit tests hold to sums and finite differences. */
import { engine, env, tensor, tensor1d, tensor2d, tidy, type Tensor1D, type Tensor2D } from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { random } from '../../src/dnarch/random.ts';
import { activateBackend } from '../../src/engine/backends.ts';
import { CROSS_ENTROPY, hasKernel } from '../../src/kernels/names.ts';
import { crossEntropy, overlap } from '../../src/kernels/objectives.ts';
import { boundDuring, compiledDuring, dispatchedDuring } from '../support/gpu.ts';
import { loadDigits, tinyRun } from '../support/digits.ts';
import { distance, normals, numbersOf } from '../support/numbers.ts';

async function activate(name: 'webgpu' | 'cpu'): Promise<void> {
  await activateBackend(name, { simd: '', plain: '' });
  // Else small tensors are left to the processor, and these are all small.
  if (name === 'webgpu') env().set('WEBGPU_CPU_FORWARD', false);
}

/** Loss and measure, and the loss's gradient, of random rows of which a fifth does not count. */
async function evaluate(objective: typeof crossEntropy, rows: number, classes: number): Promise<number[]> {
  const draw = random(rows, classes);
  const logits = normals(draw, rows * classes).map((value) => 4 * value);
  const weights = Array.from({ length: rows }, () => (draw.uniform(0, 1) < 0.2 ? 0 : draw.uniform(0.5, 1) / rows));
  const target = new Float32Array(rows * classes);
  weights.forEach((weight, row) => (target[row * classes + Math.floor(draw.uniform(0, classes))] = weight));
  // A wrong answer of no chance at all.
  logits[0] = target[0] === 0 ? 200 : -200;
  const { value, grads } = tidy(() => {
    const leaf = tensor(logits, [rows, classes]);
    const forward = (): Tensor1D =>
      objective(leaf as Tensor2D, tensor2d(target, [rows, classes]), tensor2d(weights, [rows, 1]));
    return engine().gradients(forward, [leaf], tensor1d([2, 5]));
  });
  const numbers = [...(await numbersOf(value)), ...(await numbersOf(grads[0]!))];
  value.dispose();
  grads[0]!.dispose();
  return numbers;
}

/** A few rows; more than a workgroup takes; more than all invocations. */
const SIZES = [
  [5, 3],
  [150, 10],
  [9000, 2],
] as const;

it.each([
  ['crossEntropy', crossEntropy],
  ['overlap', overlap],
] as const)('%s follows its composed form, and compiles nothing for other sizes', async (_, objective) => {
  await activate('webgpu');
  expect(hasKernel(CROSS_ENTROPY)).toBe(true);
  const own: number[][] = [];
  const compiled = await compiledDuring(async () => {
    for (const [rows, classes] of SIZES) own.push(await evaluate(objective, rows, classes));
  });
  expect(compiled).toBeLessThanOrEqual(3);
  await activate('cpu');
  expect(hasKernel(CROSS_ENTROPY)).toBe(false);
  for (const [i, [rows, classes]] of SIZES.entries()) {
    expect(distance(own[i]!, await evaluate(objective, rows, classes)), `${rows} rows`).toBeLessThan(1e-5);
  }
});

it('a step like the one before is bound to what that one was', async () => {
  await activate('webgpu');
  const run = tinyRun(await loadDigits(async (path) => (await fetch(`/${path}`)).arrayBuffer()), {
    learn: { K: false, R: false, W: false, D: false },
  });
  const steps = async (): Promise<void> => {
    for (let i = 0; i < 8; i++) await run.step();
    await run.training.flush();
  };
  await steps();
  let bound = 0;
  const dispatched = await dispatchedDuring(async () => void (bound = await boundDuring(steps)));
  run.dispose();
  // The rest are TF.js's own programs, and ours whose numbers change: the optimiser's.
  expect(bound).toBeLessThan(dispatched / 3);
});
