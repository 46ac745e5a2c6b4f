/** Networks whose kernels are as long as their sequences, beside the same with direct convolutions, and beside their cost. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { NUMBERS } from '../../src/architecture/algebra.ts';
import { convolutionCost, type ConvolutionSizes } from '../../src/architecture/convolution.ts';
import { describeBlock } from '../../src/architecture/describe.ts';
import { fullCost, integerCost } from '../../src/dnarch/budget.ts';
import type { NetworkConfig } from '../../src/dnarch/config.ts';
import { describeArchitecture } from '../../src/dnarch/describe.ts';
import { parameterLayout } from '../../src/dnarch/parameters.ts';
import { random } from '../../src/dnarch/random.ts';
import { Training } from '../../src/dnarch/training.ts';
import { networkConfig } from '../../src/engine/run.ts';
import { TASKS } from '../../src/tasks/index.ts';
import { switchBackend } from '../support/backend.ts';
import { countDispatched } from '../support/dispatched.ts';
import { logitsOf, trainingContext, weightGradient } from '../support/loss.ts';
import { LONG_KERNELS, randomBatch, randomParameters } from '../support/networks.ts';
import { distance } from '../support/numbers.ts';
import { referenceLogits } from '../support/reference.ts';

/** Whether networks convolve directly whatever it costs; the cost stays that of the cheaper way. */
const forced = vi.hoisted(() => ({ direct: false }));
vi.mock('../../src/architecture/convolution.ts', async (original) => {
  const real: { convolutionCost: typeof convolutionCost } = await original();
  const directly: typeof convolutionCost = (a, sizes) => {
    const cost = real.convolutionCost(a, sizes);
    return forced.direct ? { ...cost, plan: { algorithm: 'direct' } } : cost;
  };
  return { ...real, convolutionCost: directly };
});

const trainings: Training[] = [];
beforeEach(() => {
  forced.direct = false;
});
afterEach(() => {
  for (const training of trainings.splice(0)) training.dispose();
});

function trained(config: NetworkConfig): Training {
  const training = new Training({ config, seed: 5, budget: 1, start: 'full', dropout: 0 });
  trainings.push(training);
  return training;
}

/** Logits and the weights' gradient. */
async function evaluate(training: Training, weights: ArrayLike<number>) {
  const context = trainingContext(training);
  const batch = randomBatch(training.config, 5);
  return {
    logits: await logitsOf(context, weights, context.pack.values, batch),
    gradient: await weightGradient(context, weights, batch),
  };
}

describe.each(LONG_KERNELS)('%s', (_, config) => {
  const layout = parameterLayout(config);

  /** Long kernels and no resampling, since bands are multiplied by all of their zeros where products are counted. */
  async function network(backend: 'cpu' | 'wasm') {
    await switchBackend(backend);
    const training = trained(config);
    const draw = random(5, 12);
    training.parameters = randomParameters(config, draw);
    training.parameters[layout.depth] = 1;
    for (let block = 0; block < config.blocks; block++) {
      training.parameters[layout.resolution(block, 0)] = 1;
      training.parameters[layout.kernel(block, 0)] = [1, 0.97, 0.92][block] ?? 1;
    }
    const weights = Float32Array.from(await training.weights.data(), (value) => value + 0.2 * draw.normal());
    return { training, weights };
  }

  it('convolves by way of spectra, says so, and costs what is dispatched', async () => {
    const { training, weights } = await network('cpu');
    const context = trainingContext(training);
    const architecture = describeArchitecture(config, training.parameters);
    for (const [index, size] of context.sizes.blocks.entries()) {
      const width = context.sizes.blocks[index - 1]?.outer ?? size.outer;
      const { plan, macs } = convolutionCost(NUMBERS, { ...config, ...size, channels: width });
      expect(plan.algorithm).toBe('spectral');
      expect(macs).toBeLessThan((size.grid[0] ?? 0) * (size.kernel[0] ?? 0) * width);
      expect(describeBlock(architecture, index)).toContain('by way of spectra');
    }
    const batch = randomBatch(config, 5);
    const { macs } = await countDispatched(async () => {
      await logitsOf(context, weights, context.pack.values, batch);
    });
    expect(macs / batch.size).toBeCloseTo(integerCost(config, training.parameters), 6);
    expect(integerCost(config, training.parameters)).toBeLessThan(fullCost(config));
  });

  it('answers the same as with direct convolutions, gradients included', async () => {
    const { training, weights } = await network('wasm');
    const found = await evaluate(training, weights);
    forced.direct = true;
    const expected = await evaluate(training, weights);
    expect(found.logits).not.toEqual(expected.logits);
    expect(distance(found.logits, expected.logits)).toBeLessThan(1e-5);
    expect(distance(found.gradient, expected.gradient)).toBeLessThan(1e-4);
    if (config.kind === 'dense') return;
    // Of dense ones the equations' head is resampled by a band, which at full resolution lets not all pass.
    const { parameters, scales } = training;
    const equations = { config, parameters, scales, layout: training.layout, weights };
    expect(distance(found.logits, referenceLogits(equations, randomBatch(config, 5)))).toBeLessThan(1e-4);
  });

  it('trains the same way', async () => {
    await switchBackend('wasm');
    const losses: number[][] = [];
    for (const direct of [false, true]) {
      forced.direct = direct;
      const training = trained(config);
      const budget = { target: 0.8 * fullCost(config), lambda: 1, oneSided: false };
      const learn = { K: true, R: true, W: true, D: false };
      const settings = { learn, budget, learningRate: 0.01, maskLearningRate: 0.01 };
      for (let step = 0; step < 6; step++) await training.trainStep(randomBatch(config, step), settings);
      await training.flush();
      losses.push(training.takeResults().map(({ taskLoss }) => taskLoss));
    }
    const [spectral = [], direct = []] = losses;
    expect(spectral).toHaveLength(6);
    spectral.forEach((loss, i) => expect(Math.abs(loss - (direct[i] ?? NaN))).toBeLessThan(1e-4));
  });
});

describe('the choice', () => {
  const sizes = (points: number, taps: number, more: Partial<ConvolutionSizes<number>> = {}) => ({
    grid: [points],
    kernel: [taps],
    channels: 3,
    whole: true,
    periodic: false,
    batch: 10,
    ...more,
  });

  it('is direct for the tasks’ kernels on their grids, and for images', () => {
    for (const task of TASKS) {
      const config = networkConfig(task, task.batch);
      const kernel = config.grid.map((n) => Math.min(config.kernel, 2 * n - 1));
      const cost = convolutionCost(NUMBERS, { ...config, kernel, channels: 1, whole: true });
      expect(cost.plan, task.id).toEqual({ algorithm: 'direct' });
    }
    const image = { ...sizes(0, 0), grid: [400, 400], kernel: [799, 799] };
    expect(convolutionCost(NUMBERS, image).macs).toBe(3 * (400 * 799) ** 2);
  });

  it('by hand', () => {
    const { plan, macs } = convolutionCost(NUMBERS, sizes(1000, 999, { periodic: true }));
    // A ring of 1000 by 25·5·8: the input's stages there, the same back, and the kernel's for a tenth of it.
    expect(plan).toEqual({ algorithm: 'spectral', factors: [25, 5, 8] });
    const stages = 26 * 1000 + 13 * (2 * 5) ** 2 * 8 + 13 * 5 * (2 * 8) ** 2;
    expect(macs).toBeCloseTo(3 * 2.1 * stages, 6);
  });

  it('has room for the points and what the kernel reaches, costs no more, and about the same by real numbers', () => {
    const draw = random(1, 13);
    const ratios: number[] = [];
    for (let trial = 0; trial < 300; trial++) {
      const points = Math.floor(draw.uniform(100, 3000));
      const taps = 2 * Math.floor(draw.uniform(0.2, 0.99) * points) + 1;
      for (const periodic of [false, true]) {
        const { plan, macs } = convolutionCost(NUMBERS, sizes(points, taps, { periodic }));
        const real = convolutionCost(NUMBERS, sizes(points, taps, { periodic, whole: false }));
        expect(macs).toBeLessThanOrEqual(3 * points * taps);
        if (plan.algorithm === 'direct') continue;
        const length = plan.factors.reduce((a, b) => a * b, 1);
        if (!periodic) expect(length).toBeGreaterThanOrEqual(points + (taps - 1) / 2);
        else if (length !== points) expect(length).toBeGreaterThanOrEqual(points + taps - 1);
        if (real.plan.algorithm === 'direct') continue;
        const ratio = Math.log(macs / real.macs);
        ratios.push(ratio);
        // Two stages and three take about the same time at different costs.
        if (real.plan.factors.length === plan.factors.length) expect(Math.abs(ratio)).toBeLessThan(0.2);
      }
    }
    const mean = ratios.reduce((a, b) => a + b, 0) / ratios.length;
    expect(ratios.length).toBeGreaterThan(300);
    // Whole factors leave some room over.
    expect(mean).toBeGreaterThan(0);
    expect(mean).toBeLessThan(0.05);
  });
});
