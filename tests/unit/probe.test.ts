/** Looking inside the network: its kernels between the taps, and a sample on its way through. */
import { memory } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { NUMBERS } from '../../src/architecture/algebra.ts';
import { liftCost, LONGEST_EXACT } from '../../src/architecture/cost.ts';
import { costContext } from '../../src/dnarch/budget.ts';
import { FrozenNetwork } from '../../src/dnarch/evaluation.ts';
import type { NetworkConfig } from '../../src/dnarch/config.ts';
import { generatorShapes, kernelAt, type GeneratorValues } from '../../src/dnarch/kernelNetwork.ts';
import { sampleKernels } from '../../src/dnarch/kernelSamples.ts';
import { THRESHOLD_SIGMAS } from '../../src/dnarch/masks.ts';
import { parameterLayout } from '../../src/dnarch/parameters.ts';
import { probeNetwork } from '../../src/dnarch/probe.ts';
import { random } from '../../src/dnarch/random.ts';
import { Training } from '../../src/dnarch/training.ts';
import { describeProbe, featureMap } from '../../src/engine/probe.ts';
import type { Probe } from '../../src/engine/protocol.ts';
import { useBackend } from '../support/backend.ts';
import { loadDigits, lossesOf, tinyRun } from '../support/digits.ts';
import { lossOf } from '../support/loss.ts';
import { CONFIGS, randomBatch, randomParameters } from '../support/networks.ts';
import { distance, range, sizeOf } from '../support/numbers.ts';
import { readPublic } from '../support/public.ts';
import { referenceLogits, type Stream } from '../support/reference.ts';
import { LETTERS, RING } from '../support/synthetic.ts';

useBackend('cpu');

/** A network whose shape has moved away from the one it started in. */
function movedTraining(config: NetworkConfig, seed: number): Training {
  const training = new Training({ config, seed, budget: 0.5, start: 'budget', dropout: 0.5 });
  training.parameters = randomParameters(config, random(seed, 5));
  return training;
}

describe.each(CONFIGS)('%s', (_, config) => {
  it('samples the kernels between the taps by the equation of ψ and its Gaussian', async () => {
    const training = movedTraining(config, 1);
    const weights = await training.weights.data();
    const layout = parameterLayout(config);
    const kernels = await sampleKernels(training, 3);
    expect(kernels).toHaveLength(training.sizes.kept);
    for (const { block, size, channels, values, fine } of kernels) {
      expect(fine.fineness).toBe(4);
      expect(fine.size).toEqual(size.map((taps) => 4 * (taps - 1) + 1));
      const generator = Object.fromEntries(
        Object.keys(generatorShapes(size.length, config.outer)).map((name) => {
          const entry = training.layout.entries.find((candidate) => candidate.name === `${block}.${name}`)!;
          return [name, Float32Array.from(weights.subarray(entry.offset, entry.offset + entry.size))];
        }),
      ) as GeneratorValues;
      const { grid } = training.sizes.blocks[block]!;
      const scale = training.scales[block]!;
      const expected = points(fine.size).map((index) => {
        let mask = (scale.amplitude * sizeOf(scale.grid)) / sizeOf(grid);
        const point = index.map((i, axis) => {
          const ratio = grid[axis]! / config.grid[axis]!;
          const sigma =
            (training.parameters[layout.kernel(block, axis)]! * config.kernel * ratio) / 2 / THRESHOLD_SIGMAS;
          const offset = i / 4 - (size[axis]! - 1) / 2;
          mask *= Math.exp(-((offset / sigma) ** 2) / 2);
          return offset / (scale.reach[axis]! * ratio);
        });
        return mask * kernelAt(generator, point)[0]!;
      });
      expect(distance(fine.values, expected)).toBeLessThan(1e-5);
      const coarse = fine.values.filter((_, at) => points(fine.size)[at]!.every((i) => i % 4 === 0));
      const taps = values.filter((_, at) => at % channels === 0);
      expect(Math.max(...coarse.map((value, at) => Math.abs(value - taps[at]!)))).toBeLessThan(1e-6);
    }
    training.dispose();
  });

  // Of a long axis the band's entries are interpolated.
  const close = Math.max(...config.grid) > LONGEST_EXACT ? 1e-3 : 1e-4;

  it('shows the streams and their spectra as the slow reference has them', async () => {
    for (const seed of [1, 2]) {
      const training = movedTraining(config, seed);
      const batch = randomBatch(config, seed);
      // Looked at beside the batch that it is the first of, the sample sees the moments that the reference has.
      const probed = await probeNetwork(training, batch, batch, 4);
      const { parameters, layout, scales } = training;
      const seen: { before: Stream[]; after: Stream[] }[] = [];
      const weights = await training.weights.data();
      const logits = referenceLogits({ config, parameters, layout, weights, scales }, batch, (_, before, after) => {
        seen.push({ before, after });
      });
      expect(distance(probed.logits, logits.slice(0, probed.logits.length))).toBeLessThan(close);
      expect(probed.logits).toHaveLength(config.outputs * (config.kind === 'dense' ? sizeOf(config.grid) : 1));
      expect(probed.blocks.map(({ block }) => block)).toEqual(range(training.sizes.kept));
      let grid = config.grid;
      let width = training.sizes.blocks[0]!.outer;
      if (liftCost(NUMBERS, costContext(config), training.sizes.blocks[0]!).resampledFirst) {
        // The first block gets the input itself, which is lifted after it.
        width = config.channels;
        const points = range(batch.inputs.length / width).map((i) => [
          ...batch.inputs.subarray(i * width, (i + 1) * width),
        ]);
        const each = sizeOf(grid);
        seen[0]!.before = range(batch.size).map((n) => points.slice(n * each, (n + 1) * each));
      }
      for (const { block, channels, values, power, ...own } of probed.blocks) {
        const size = training.sizes.blocks[block]!;
        const { before, after } = seen[block]!;
        expect(own.grid).toEqual(size.grid);
        expect(channels).toBe(Math.min(4, size.outer));
        expect(
          distance(
            values,
            after[0]!.flatMap((point) => point.slice(0, channels)),
          ),
        ).toBeLessThan(close);
        const samples = [before[0]!, ...before.slice(0, 3)].map((stream) =>
          stream.map((point) => point.slice(0, width)),
        );
        expect(power).toHaveLength(grid.length);
        for (const [axis, found] of power.entries()) {
          expect(distance(found, powerOf(config, samples, grid, axis))).toBeLessThan(close);
        }
        grid = size.grid;
        width = size.outer;
      }
      training.dispose();
    }
  });

  it('answers as an evaluation calibrated on the samples beside it does, whatever the sample', async () => {
    const training = movedTraining(config, 3);
    const others = randomBatch(config, 3);
    const frozen = new FrozenNetwork(training);
    frozen.calibrate(others);
    const looked = randomBatch({ ...config, batch: 1 }, 4);
    const { classes, loss } = await frozen.predict(looked);
    const { logits } = await probeNetwork(training, looked, others, 4);
    expect(lossOf(config, logits, looked)).toBeCloseTo(loss, 4);
    const truth = classes === null ? looked.targets : new Uint8Array(classes.length);
    const task = {
      ...config,
      channels: config.tokens ? 1 : config.channels,
      ...(classes === null ? { field: { scale: 2, offset: 1 } } : {}),
    };
    const { input, output } = describeProbe(task, { blocks: [], logits }, looked.inputs, truth);
    expect(input).toMatchObject({ grid: config.grid, channels: task.channels });
    switch (output.kind) {
      case 'classes':
        expect(output.probabilities.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 6);
        expect(output.probabilities.indexOf(Math.max(...output.probabilities))).toBe(classes?.[0]);
        break;
      case 'dense':
        expect(output.classes).toEqual(classes);
        break;
      case 'field':
        expect(classes).toBeNull();
        expect(output.channels).toBe(config.outputs);
        expect(output.values).toEqual(logits.map((value) => (value - 1) / 2));
        expect(output.truth).toEqual(looked.targets);
        break;
    }
    frozen.dispose();
    training.dispose();
  });
});

/** Indices of a lattice, row-major. */
function points(size: readonly number[]): number[][] {
  return size.reduce<number[][]>((all, n) => all.flatMap((point) => range(n).map((i) => [...point, i])), [[]]);
}

/** Mean squared coefficients, summed straight from the definition of the series; a constant c has c². */
function powerOf({ periodic }: NetworkConfig, samples: Stream[], grid: readonly number[], axis: number): number[] {
  const n = grid[axis]!;
  const stride = sizeOf(grid.slice(axis + 1));
  const starts = range(sizeOf(grid)).filter((point) => Math.floor(point / stride) % n === 0);
  const lines = samples.flatMap((stream) =>
    starts.flatMap((start) =>
      range(stream[0]!.length).map((c) => range(n).map((j) => stream[start + j * stride]![c]!)),
    ),
  );
  const waveAt = (k: number, j: number): number => {
    if (!periodic) return Math.cos((Math.PI * (j + 0.5) * k) / n);
    // Cosines and sines in turn: a sine is a cosine a quarter of its wave later.
    const angle = (2 * Math.PI * j * Math.ceil(k / 2)) / n;
    return Math.cos(k > 0 && k % 2 === 0 ? angle - Math.PI / 2 : angle);
  };
  return range(n).map((k) => {
    const size = range(n).reduce((sum, j) => sum + waveAt(k, j) ** 2, 0);
    const squares = lines.map((line) => (line.reduce((sum, value, j) => sum + value * waveAt(k, j), 0) / size) ** 2);
    return squares.reduce((a, b) => a + b, 0) / squares.length;
  });
}

it('samples long kernels less densely', async () => {
  const sizes = [];
  for (const taps of [95, 201, 301]) {
    const config = { ...CONFIGS[0]![1], grid: [400], kernel: taps, startKernel: taps, startResolution: [1], blocks: 1 };
    const training = new Training({ config, seed: 1, budget: 1, start: 'full', dropout: 0 });
    const [kernel] = await sampleKernels(training, 1);
    sizes.push([kernel?.size[0], kernel?.fine.fineness, kernel?.fine.size[0], kernel?.fine.values.length]);
    training.dispose();
  }
  expect(sizes).toEqual([
    [95, 4, 377, 377],
    [201, 2, 401, 401],
    [301, 1, 301, 301],
  ]);
});

describe('what is shown of a probe', () => {
  it('is a map in bytes, thinned out where it is large', () => {
    const small = featureMap([2, 2], 1, Float32Array.of(-4, 2, 0, 1));
    expect(small).toEqual({ grid: [2, 2], channels: 1, values: Int8Array.of(-127, 64, 0, 32), largest: 4 });
    expect(featureMap([2], 1, new Float32Array(2)).values).toEqual(new Int8Array(2));
    const long = featureMap(
      [768],
      2,
      Float32Array.from(range(768 * 2), (i) => (i % 2 === 0 ? i : -i)),
    );
    expect(long.grid).toEqual([384]);
    // Position 2i of the first channel holds 4i, of the second −(4i + 1); 1535 is the largest.
    const at = (i: number): number[] => [Math.round((127 * 4 * i) / 1535), -Math.round((127 * (4 * i + 1)) / 1535)];
    expect(long.values).toEqual(Int8Array.from(range(384).flatMap(at)));
    const wide = featureMap(
      [65, 100],
      1,
      Float32Array.from(range(6500), (i) => i % 100),
    );
    expect(wide.grid).toEqual([33, 50]);
    expect([...wide.values.slice(50, 53)]).toEqual([0, 3, 5]);
  });

  it('has spectra as amplitudes without the constant part, and the likeliest class a position', () => {
    const block = { block: 0, grid: [2], channels: 1, values: Float32Array.of(1, 2) };
    const { spectra, output } = describeProbe(
      { grid: [2], channels: 1, kind: 'dense' },
      {
        blocks: [
          { ...block, power: [Float32Array.of(100, 4, 1)] },
          { ...block, power: [Float32Array.of(9, 0)] },
        ],
        logits: Float32Array.of(1, 3, 2, -1, -3, -2),
      },
      Float32Array.of(0, 0),
      Uint8Array.of(255, 1),
    );
    expect(spectra.map(({ axes }) => axes)).toEqual([[Float32Array.of(0, 1, 0.5)], [Float32Array.of(0, 0)]]);
    expect(output).toEqual({ kind: 'dense', classes: Uint8Array.of(1, 0), truth: Uint8Array.of(255, 1) });
  });
});

describe('a run that is looked at', () => {
  it('shows the sample asked for, around the ends of the held-out data, and the same each time', async () => {
    const data = await loadDigits(readPublic);
    const run = tinyRun(data);
    const { count } = data.test;
    const first = await run.probe(0);
    const { output } = first;
    if (output.kind !== 'classes') throw new Error('Digits are classes.');
    expect(output.truth).toBe(data.test.labels[0]);
    expect(output.probabilities.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 6);
    expect(first.count).toBe(count);
    expect(first.input.grid).toEqual([8, 8]);
    expect(first.blocks).toHaveLength(run.training.sizes.kept);
    expect(first.spectra[0]?.axes.map(({ length }) => length)).toEqual([8, 8]);
    expect(await run.probe(count)).toEqual(first);
    const last = await run.probe(-1);
    expect(last.sample).toBe(count - 1);
    expect(last.input).not.toEqual(first.input);
    expect(await run.probe(-1 - 2 * count)).toEqual(last);
    run.dispose();
  });

  it('shows the truth of a field in its own units, and tokens by their indices', async () => {
    const ring = tinyRun(RING.data, {}, RING.task);
    const { output, tokens, input } = await ring.probe(3);
    if (output.kind !== 'field') throw new Error('A ring bears a field.');
    expect([output.channels, output.values.length]).toEqual([1, 24]);
    expect(output.truth).toEqual(RING.data.test.labels.slice(3 * 24, 4 * 24));
    expect(input.grid).toEqual([24]);
    expect(tokens).toBeNull();
    ring.dispose();
    const letters = tinyRun(LETTERS.data, {}, LETTERS.task);
    const probe = await letters.probe(3);
    expect(probe.tokens).toEqual(LETTERS.data.test.inputs.slice(3 * 24, 4 * 24));
    expect(probe.input.channels).toBe(1);
    expect(probe.output).toMatchObject({ kind: 'classes', truth: LETTERS.data.test.labels[3] });
    letters.dispose();
  });

  it('trains as one that is not, and leaves no tensors behind', async () => {
    const data = await loadDigits(readPublic);
    const settings = { dropout: 0.2 };
    const alone = tinyRun(data, settings);
    const expected = await lossesOf(alone, 12);
    const run = tinyRun(data, settings);
    const losses: number[] = [];
    const probes: Probe[] = [];
    for (let step = 0; step < 12; step++) {
      losses.push(...(await lossesOf(run, 1)));
      await sampleKernels(run.training, 2);
      probes.push(await run.probe(step));
      // What stays is in the cache of bases, which both of these fill alike.
      const { numTensors } = memory();
      await sampleKernels(run.training, 2);
      await run.probe(step);
      expect(memory().numTensors).toBe(numTensors);
    }
    expect(losses).toEqual(expected);
    expect([...run.training.parameters]).toEqual([...alone.training.parameters]);
    expect(probes[11]?.blocks).not.toEqual(probes[0]?.blocks);
    alone.dispose();
    run.dispose();
  });
});
