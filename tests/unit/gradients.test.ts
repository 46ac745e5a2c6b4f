/** The gradients of training, through the whole network, beside finite differences of the loss. */
import { describe, expect, it } from 'vitest';
import { LONGEST_EXACT } from '../../src/architecture/cost.ts';
import { axisOf, parameterLayout } from '../../src/dnarch/parameters.ts';
import { random } from '../../src/dnarch/random.ts';
import { project } from '../../src/dnarch/shapes.ts';
import { Training } from '../../src/dnarch/training.ts';
import { AXES, type NetworkConfig } from '../../src/dnarch/config.ts';
import { useBackend } from '../support/backend.ts';
import { lossAt, lossOf, logitsOf, trainingContext, weightGradient } from '../support/loss.ts';
import { CONFIGS, randomBatch, randomParameters } from '../support/networks.ts';
import { slope } from '../support/numbers.ts';

useBackend('cpu');

const STILL = {
  learn: { K: true, R: true, W: true, D: true },
  budget: { target: 1e4, lambda: 1, oneSided: false },
  learningRate: 0,
  maskLearningRate: 0,
};

/** A network in the middle of a run, as it were: sizes unlike those that it started with, no bias zero. */
async function network(config: NetworkConfig, seed: number) {
  const training = new Training({ config, seed, budget: 1, start: 'full', dropout: 0 });
  const draw = random(seed, 5);
  training.parameters = randomParameters(config, draw);
  const weights = Float64Array.from(await training.weights.data(), (value) => value + 0.1 * draw.normal());
  return { training, weights, batch: randomBatch(config, seed) };
}

describe.each(CONFIGS)('%s', (_, config) => {
  // Over many positions a cut matters less, and single precision adds up to more.
  const isLong = Math.max(...config.grid) > LONGEST_EXACT;
  const noise = isLong ? 4e-5 : 2e-5;

  it('has the loss’s gradient in every parameter of every mask', async () => {
    const { training, batch } = await network(config, 1);
    const layout = parameterLayout(config);
    // All blocks are run, so that the gradient reaches all of their masks; the last one's gate is half closed.
    training.parameters[layout.depth] = 1 - 0.3 / config.blocks;
    // One mask of each kind is resampled for certain.
    training.parameters[layout.resolution(0, 0)] = 0.72;
    training.parameters[layout.resolution(1, layout.dimensions - 1)] = 0.7;
    const parameters = project(config, training.parameters).slice();
    const context = trainingContext(training);
    expect(context.sizes.kept).toBe(config.blocks);
    const weights = (await training.weights.data()).slice();

    await training.trainStep(batch, STILL);
    await training.flush();
    const [result] = training.takeResults();
    if (result === undefined) throw new Error('A step without a result.');
    expect(result.taskLoss).toBeCloseTo(await lossAt(context, weights, parameters, batch), 5);

    const largest: Record<string, number> = {};
    for (let i = 0; i < layout.size; i++) {
      const at = (value: number): Promise<number> => {
        const moved = parameters.slice();
        moved[i] = value;
        return lossAt(context, weights, moved, batch);
      };
      const expected = await slope(at, parameters[i] ?? 0, 4e-3);
      const difference = Math.abs((result.gradient[i] ?? NaN) - expected);
      expect(difference, `parameter ${i}`).toBeLessThan(2e-5 + 2e-3 * Math.abs(expected));
      const kind = axisOf(layout, i);
      largest[kind] = Math.max(largest[kind] ?? 0, Math.abs(expected));
    }
    // None of it holds because nothing depends on the masks.
    expect(Math.min(...AXES.map((axis) => largest[axis] ?? 0))).toBeGreaterThan(isLong ? 3e-4 : 5e-4);
    training.dispose();
  });

  it('has the loss’s gradient in weights of every kind', async () => {
    const { training, weights, batch } = await network(config, 2);
    const context = trainingContext(training);
    const gradient = await weightGradient(context, weights, batch);
    const draw = random(3, 3);
    for (const { name, offset, size } of training.layout.entries) {
      const within = gradient.subarray(offset, offset + size);
      const largest = Math.max(...within.map(Math.abs));
      // The largest entry, which is not cropped, and another one.
      for (const i of [within.findIndex((g) => Math.abs(g) === largest), Math.floor(draw.uniform(0, size))]) {
        const at = async (value: number): Promise<number> => {
          const moved = weights.slice();
          moved[offset + i] = value;
          return lossOf(config, await logitsOf(context, moved, context.pack.values, batch), batch);
        };
        const expected = await slope(at, weights[offset + i] ?? 0, 1e-2);
        expect(Math.abs((within[i] ?? NaN) - expected), name).toBeLessThan(noise + 1e-3 * Math.abs(expected));
      }
    }
    training.dispose();
  });
});
