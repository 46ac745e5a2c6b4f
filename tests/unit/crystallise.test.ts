/** The discrete network beside the soft one in inference, run from its own definitions. */
import { memory, tensor2d } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { denseMatrix, reportOf, type DiscreteNetwork } from '../../src/architecture/discrete.ts';
import { integerCost } from '../../src/dnarch/budget.ts';
import type { NetworkConfig } from '../../src/dnarch/config.ts';
import { crystallise } from '../../src/dnarch/crystallise.ts';
import { DiscreteRunner } from '../../src/dnarch/discreteForward.ts';
import { FrozenNetwork } from '../../src/dnarch/evaluation.ts';
import { random } from '../../src/dnarch/random.ts';
import { inputTensor, Training } from '../../src/dnarch/training.ts';
import { fixedNorm, maskedAffine } from '../../src/kernels/normalisation.ts';
import { useBackend } from '../support/backend.ts';
import { discreteOutputs } from '../support/discrete.ts';
import { logitsOf } from '../support/loss.ts';
import { CONFIGS, LONG_KERNELS, randomBatch, randomParameters } from '../support/networks.ts';
import { distance, norm, range } from '../support/numbers.ts';

/** A soft network with sizes all over the place that has seen a few steps, and the discrete one made of it. */
async function pair(config: NetworkConfig, seed: number) {
  const training = new Training({ config, seed, budget: 1, start: 'full', dropout: 0 });
  training.parameters = randomParameters(config, random(seed, 6));
  const fixed = { K: false, R: false, W: false, D: false };
  const budget = { target: 1, lambda: 0, oneSided: false };
  for (const step of range(3)) {
    await training.trainStep(randomBatch(config, step), {
      learn: fixed,
      budget,
      learningRate: 0.05,
      maskLearningRate: 0,
    });
  }
  const frozen = new FrozenNetwork(training);
  for (const step of range(2)) frozen.calibrate(randomBatch(config, 10 + step));
  const values = await frozen.read();
  const batch = randomBatch(config, 20);
  const context = training.forwardContext((site, x, views) => {
    const { mean, variance } = values.moments.get(site) ?? {};
    if (mean === undefined || variance === undefined) throw new Error(`There are no moments of ${site}.`);
    const row = (own: Float32Array) => tensor2d(own, [1, own.length]);
    return fixedNorm(x, { mean: row(mean), variance: row(variance) }, maskedAffine(views));
  });
  const logits = await logitsOf(context, values.weights, context.pack.values, batch);
  const { parameters } = training;
  frozen.dispose();
  training.dispose();
  return { values, network: crystallise(values), logits, batch, parameters };
}

function outputsOf(network: DiscreteNetwork, inputs: Float32Array, samples: number): number[] {
  const each = inputs.length / samples;
  return range(samples).flatMap((n) => discreteOutputs(network, inputs.subarray(n * each, (n + 1) * each)));
}

describe.each(['cpu', 'wasm'] as const)('on %s', (backend) => {
  useBackend(backend);

  // Plain JavaScript would take long for the long ones.
  it.each([...CONFIGS, ...(backend === 'wasm' ? LONG_KERNELS : [])])(
    '%s crystallise to plain layers with the same logits',
    async (_, config) => {
      for (const seed of [1, 2, 3]) {
        const { network, logits, batch } = await pair(config, seed);
        const found = outputsOf(network, batch.inputs, batch.size);
        expect(norm(logits)).toBeGreaterThan(0.1);
        const before = memory().numTensors;
        const runner = new DiscreteRunner(config, network);
        const input = inputTensor(config, batch.inputs);
        const onDevice = runner.forward(input);
        expect(distance(await onDevice.data(), found)).toBeLessThan(1e-5);
        input.dispose();
        onDevice.dispose();
        runner.dispose();
        expect(memory().numTensors).toBe(before);
        expect(distance(found, logits)).toBeLessThan(1e-4);
        expect(Math.max(...found.map((value, i) => Math.abs(value - (logits[i] ?? NaN))))).toBeLessThan(1e-4);
      }
    },
  );
});

describe.each(CONFIGS)('%s', (_, config) => {
  useBackend('cpu');

  it('costs what the soft one costs, less what making kernels and matrices took', async () => {
    const { network, parameters } = await pair(config, 4);
    const report = reportOf(network);
    // Of endless batches the share of a sample in what is made once a batch is nothing.
    expect(report.macs).toBeCloseTo(integerCost({ ...config, batch: 1e15 }, parameters), 3);
    expect(report.macs).toBeLessThanOrEqual(integerCost(config, parameters));
    expect(report.layers.at(-1)?.channels).toBe(config.outputs);
    expect(report.layers.at(-1)?.grid).toEqual(config.kind === 'dense' ? config.grid : config.grid.map(() => 1));
    // All arrays of numbers that are not of a resampling.
    const held = (value: unknown): number => {
      if (value instanceof Float32Array) return value.length;
      return typeof value === 'object' && value !== null
        ? Object.values(value).reduce((n: number, own) => n + held(own), 0)
        : 0;
    };
    const learned = network.layers.filter(({ kind }) => kind !== 'resample');
    expect(report.parameters).toBe(held(learned));
    expect(report.constants).toBe(held(network.layers) - report.parameters);
  });
});

it('needs moments', async () => {
  const [, config] = CONFIGS[0]!;
  const training = new Training({ config, seed: 1, budget: 0.5, start: 'budget', dropout: 0 });
  const frozen = new FrozenNetwork(training);
  const values = await frozen.read();
  expect(() => crystallise(values)).toThrow('Calibrate a frozen network before it is crystallised.');
  frozen.dispose();
  training.dispose();
});

it('a band is a dense matrix, in which its rows go on beyond the ends of a line', () => {
  const layer = (border: 'mirrored' | 'around') => ({
    kind: 'resample' as const,
    axis: 0,
    from: 3,
    to: 2,
    width: 2,
    border,
    firsts: Int32Array.of(-1, 2),
    values: Float32Array.of(1, 2, 3, 4),
  });
  expect([...denseMatrix(layer('mirrored'))]).toEqual([3, 0, 0, 0, 0, 7]);
  expect([...denseMatrix(layer('around'))]).toEqual([2, 0, 1, 4, 0, 3]);
});
