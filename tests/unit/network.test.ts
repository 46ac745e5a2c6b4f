/** The network as it is run, beside the same with nothing cropped, beside its equations, and beside its cost. */
import { afterEach, describe, expect, it } from 'vitest';
import { parseArchitecture } from '../../src/architecture/architecture.ts';
import { integerCost } from '../../src/dnarch/budget.ts';
import type { NetworkConfig } from '../../src/dnarch/config.ts';
import { describeArchitecture } from '../../src/dnarch/describe.ts';
import type { MaskPack } from '../../src/dnarch/maskPack.ts';
import type { Forward } from '../../src/dnarch/network.ts';
import { parameterLayout } from '../../src/dnarch/parameters.ts';
import { random } from '../../src/dnarch/random.ts';
import { fullParameters, project } from '../../src/dnarch/shapes.ts';
import type { IntegerSizes } from '../../src/dnarch/sizes.ts';
import { Training } from '../../src/dnarch/training.ts';
import { useBackend } from '../support/backend.ts';
import { countDispatched } from '../support/dispatched.ts';
import { logitsOf, trainingContext } from '../support/loss.ts';
import { CONFIGS, SHORT_CONFIGS, randomBatch, randomParameters } from '../support/networks.ts';
import { distance, norm, sizeOf } from '../support/numbers.ts';
import { referenceLogits } from '../support/reference.ts';

useBackend('cpu');

const trainings: Training[] = [];
afterEach(() => {
  for (const training of trainings.splice(0)) training.dispose();
});

/** A network whose weights are all unlike zero, with its sizes all over the place. */
async function network(config: NetworkConfig, seed: number) {
  const training = new Training({ config, seed, budget: 1, start: 'full', dropout: 0 });
  trainings.push(training);
  const draw = random(seed, 6);
  training.parameters = randomParameters(config, draw);
  const weights = Float32Array.from(await training.weights.data(), (value) => value + 0.2 * draw.normal());
  return { training, weights, batch: randomBatch(config, seed) };
}

/** A context with other sizes, in which each mask has zeros after its entries up to the length given for it. */
function extended(context: Forward, sizes: IntegerSizes): Forward {
  const { pack } = context;
  const values: number[] = [];
  const lengths: number[] = [];
  const starts = pack.lengths.map((_, i) => pack.lengths.slice(0, i).reduce((a, b) => a + b, 0));
  const entriesOf = (mask: number): number[] => {
    const start = starts[mask] ?? 0;
    return [...pack.values.subarray(start, start + (pack.lengths[mask] ?? 0))];
  };
  const push = (entries: readonly number[], before: number, length: number): number => {
    values.push(...new Array<number>(before).fill(0), ...entries);
    values.push(...new Array<number>(length - before - entries.length).fill(0));
    return lengths.push(length) - 1;
  };
  const blocks = sizes.blocks.slice(0, sizes.kept).map((size, index): MaskPack['blocks'][number] => {
    const own = pack.blocks[index];
    // A block that was not run at all: the gate alone closes it, its other masks let everything pass.
    const entries = (mask: number | null | undefined, all: number): number[] =>
      mask == null ? new Array<number>(all).fill(1) : entriesOf(mask);
    return {
      kernel: size.kernel.map((taps, axis) => {
        const kept = entries(own?.kernel[axis], taps);
        return push(kept, (taps - kept.length) / 2, taps);
      }),
      resolution: size.grid.map((to, axis) =>
        size.resampled[axis] === true ? push(entries(own?.resolution[axis], to), 0, to) : null,
      ),
      cuts: size.grid.map((_, axis) => own?.cuts[axis] ?? null),
      inner: push(entries(own?.inner, size.inner), 0, size.inner),
      outer: push(own === undefined ? entriesOf(pack.blocks.at(-1)?.outer ?? 0) : entriesOf(own.outer), 0, size.outer),
    };
  });
  const gates = push(entriesOf(pack.gates), 0, sizes.kept);
  return {
    ...context,
    sizes,
    pack: { ...pack, values: Float32Array.from(values), lengths, blocks, gates },
  };
}

describe.each(CONFIGS)('%s', (_, config) => {
  const layout = parameterLayout(config);

  it('gives what its equations give with zeros in place of all that is cropped', async () => {
    for (const seed of [1, 2, 3]) {
      const { training, weights, batch } = await network(config, seed);
      const context = trainingContext(training);
      const found = await logitsOf(context, weights, context.pack.values, batch);
      const { parameters, scales } = training;
      const expected = referenceLogits({ config, parameters, scales, layout: training.layout, weights }, batch);
      expect(norm(expected)).toBeGreaterThan(0.1);
      expect(distance(found, expected)).toBeLessThan(1e-4);
    }
  });

  it('gives the same with its cropped channels, taps and blocks there, but masked by zeros', async () => {
    const { training, weights, batch } = await network(config, 4);
    // The stream narrows from block to block: what a shortcut has dropped cannot come back.
    for (let block = 0; block < config.blocks; block++) {
      training.parameters[layout.outer(block)] = [0.8, 0.6, 0.6][block] ?? 1;
      training.parameters[layout.inner(block)] = [0.5, 0.7, 1][block] ?? 1;
      for (let axis = 0; axis < layout.dimensions; axis++) training.parameters[layout.kernel(block, axis)] = 0.7;
    }
    training.parameters[layout.depth] = 0.7;
    project(config, training.parameters);
    const context = trainingContext(training);
    const { sizes } = context;
    expect(sizes.kept).toBe(2);
    const last = sizes.blocks[sizes.kept - 1];
    const uncropped = {
      kept: config.blocks,
      blocks: sizes.blocks.map((size, block) => ({
        ...size,
        inner: config.inner,
        outer: config.outer,
        kernel: size.kernel.map((taps) => taps + 4),
        // The block that is not run left the stream as it was.
        ...(block < sizes.kept ? {} : { grid: last?.grid ?? [], resampled: size.resampled.map(() => false) }),
      })),
    };
    expect(uncropped.blocks[0]?.inner).toBeGreaterThan(sizes.blocks[0]?.inner ?? Infinity);
    expect(uncropped.blocks[0]?.outer).toBeGreaterThan(sizes.blocks[0]?.outer ?? Infinity);
    const whole = extended(context, uncropped);
    const cropped = await logitsOf(context, weights, context.pack.values, batch);
    expect(distance(await logitsOf(whole, weights, whole.pack.values, batch), cropped)).toBeLessThan(1e-5);
    // Were the zeros not there, it would differ.
    const open = whole.pack.values.map((value) => (value === 0 ? 0.5 : value));
    expect(distance(await logitsOf(whole, weights, open, batch), cropped)).toBeGreaterThan(0.01);
  });
});

// The backend that is counted has no kernel for bands, and multiplies by all of their zeros.
it.each(SHORT_CONFIGS)(
  '%s: costs what is dispatched, less the border that a convolution which goes round throws away',
  async (_, config) => {
    for (const seed of [11, 12, 13, 14]) {
      const { training, weights, batch } = await network(config, seed);
      const context = trainingContext(training);
      const { macs, reductions } = await countDispatched(async () => {
        await logitsOf(context, weights, context.pack.values, batch);
      });
      expect(reductions).toBeGreaterThan(0);
      const border = config.periodic ? borderCost(context.sizes) : 0;
      expect(macs / batch.size - border).toBeCloseTo(integerCost(config, training.parameters), 6);
    }
  },
);

it.each([
  ['before the lift, where the input has fewer channels', 1],
  ['before it, where it has as many', 4],
  ['in the cheaper order, where it has more', 6],
])('resamples first %s: the answers are those of its equations, the cost what is dispatched', async (_, channels) => {
  for (const [, known] of SHORT_CONFIGS.filter(([, { tokens, periodic }]) => !tokens && !periodic)) {
    const config = { ...known, channels };
    const { training, weights, batch } = await network(config, 5);
    const layout = parameterLayout(config);
    training.parameters[layout.outer(0)] = 0.8;
    for (let axis = 0; axis < layout.dimensions; axis++) training.parameters[layout.resolution(0, axis)] = 0.65;
    const context = trainingContext(training);
    const [first] = context.sizes.blocks;
    expect(first?.outer).toBe(4);
    expect(first?.resampled).not.toContain(false);
    const { parameters, scales } = training;
    const expected = referenceLogits({ config, parameters, scales, layout: training.layout, weights }, batch);
    let found: ArrayLike<number> = [];
    const { macs } = await countDispatched(async () => {
      found = await logitsOf(context, weights, context.pack.values, batch);
    });
    expect(distance(found, expected)).toBeLessThan(1e-4);
    expect(macs / batch.size).toBeCloseTo(integerCost(config, parameters), 6);
  }
});

it('tells apart, in what is shown and exported, tokens from numbers and rings from lines', () => {
  for (const [, config] of CONFIGS) {
    const { input, output } = parseArchitecture(describeArchitecture(config, fullParameters(config)));
    expect(input).toEqual({
      grid: config.grid,
      channels: config.tokens ? 1 : config.channels,
      ...(config.tokens ? { tokens: config.channels } : {}),
      ...(config.periodic ? { periodic: true } : {}),
    });
    expect(output).toEqual({ kind: config.kind, channels: config.outputs });
  }
});

/** A convolution that goes round also runs on the points put around the grid, half a kernel on each side. */
function borderCost({ blocks, kept }: IntegerSizes): number {
  return blocks.slice(0, kept).reduce((sum, { grid, kernel }, block) => {
    const around = grid.map((size, axis) => size + (kernel[axis] ?? 1) - 1);
    const width = blocks[Math.max(0, block - 1)]?.outer ?? 0;
    return sum + (sizeOf(around) - sizeOf(grid)) * sizeOf(kernel) * width;
  }, 0);
}
