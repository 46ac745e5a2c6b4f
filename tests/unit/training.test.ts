/** Training as a whole: it repeats, learns, follows its budget both ways, frees what it used, and agrees across backends. */
import { memory } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { integerCost } from '../../src/dnarch/budget.ts';
import { SNAP } from '../../src/dnarch/config.ts';
import { axisOf, parameterLayout } from '../../src/dnarch/parameters.ts';
import { project } from '../../src/dnarch/shapes.ts';
import { PERIOD, Training } from '../../src/dnarch/training.ts';
import { evaluateWhole, type Run } from '../../src/engine/run.ts';
import type { Dataset } from '../../src/tasks/task.ts';
import { switchBackend } from '../support/backend.ts';
import { loadDigits, lossesOf, TINY, tinyRun } from '../support/digits.ts';
import { CONFIGS, randomBatch } from '../support/networks.ts';
import { distance } from '../support/numbers.ts';
import { readPublic } from '../support/public.ts';
import { LETTERS, RING } from '../support/synthetic.ts';

let data: Dataset;
beforeAll(async () => {
  data = await loadDigits(readPublic);
});

const ALL = { K: true, R: true, W: true, D: true };

function ratioOf(run: Run): number {
  return integerCost(run.training.config, run.training.parameters) / run.budget.target;
}

/** Sizes that are run, summed up by axis. */
function sizesOf(run: Run): Record<'K' | 'R' | 'W' | 'D', number> {
  const { blocks, kept } = run.training.sizes;
  const sum = (of: (block: (typeof blocks)[number]) => number): number =>
    blocks.slice(0, kept).reduce((total, block) => total + of(block), 0) / kept;
  const product = (sizes: readonly number[]): number => sizes.reduce((a, b) => a * b, 1);
  return {
    K: sum(({ kernel }) => product(kernel)),
    R: sum(({ grid }) => product(grid)),
    W: sum(({ inner, outer }) => inner + outer),
    D: kept,
  };
}

describe('on cpu', () => {
  beforeAll(() => switchBackend('cpu'));

  it('the same seed and settings give the same run, bit by bit; another seed another', async () => {
    const runs: { losses: number[]; parameters: number[]; weights: number[] }[] = [];
    for (const seed of [3, 3, 4]) {
      const run = tinyRun(data, { seed, dropout: 0.2 });
      const losses = await lossesOf(run, 12);
      runs.push({
        losses,
        parameters: [...run.training.parameters],
        weights: [...(await run.training.weights.data())],
      });
      run.dispose();
    }
    const [first, second, other] = runs;
    expect(first?.losses).toHaveLength(12);
    expect(second).toEqual(first);
    expect(other?.losses).not.toEqual(first?.losses);
  });

  it('nothing moves that is not to be learned', async () => {
    const run = tinyRun(data, { learn: { ...ALL, K: false, D: false }, budget: 0.2 });
    const layout = parameterLayout(run.training.config);
    run.adjust({ budget: 0.1 });
    const before = run.training.parameters.slice();
    await lossesOf(run, 6);
    const after = run.training.parameters;
    expect(after[layout.kernel(0, 0)]).toBe(before[layout.kernel(0, 0)]);
    expect(after[layout.depth]).toBe(before[layout.depth]);
    for (const axis of ['W', 'R'] as const) {
      const moved = [...after].filter((value, i) => axisOf(layout, i) === axis && value !== before[i]);
      expect(moved.length, axis).toBeGreaterThan(1);
    }
    run.dispose();
  });
});

describe('on wasm', () => {
  beforeAll(() => switchBackend('wasm'));

  it.each([
    ['images and classes', () => ({ task: TINY, data })],
    ['fields on a ring', () => RING],
    ['tokens', () => LETTERS],
  ])('follows cpu: %s', async (_, own) => {
    const runs: { losses: number[]; parameters: Float64Array }[] = [];
    for (const backend of ['cpu', 'wasm'] as const) {
      await switchBackend(backend);
      const run = tinyRun(own().data, {}, own().task);
      runs.push({ losses: await lossesOf(run, 20), parameters: run.training.parameters });
      run.dispose();
    }
    const [cpu, wasm] = runs;
    expect(distance(wasm?.losses ?? [], cpu?.losses ?? [])).toBeLessThan(1e-3);
    expect(distance(wasm?.parameters ?? [], cpu?.parameters ?? [])).toBeLessThan(1e-3);
  });

  it('learns the digits on its budget, and settles', async () => {
    const run = tinyRun(data, { batch: 32, steps: 200, budget: 0.4, maskLearningRate: 0.005 });
    const losses = await lossesOf(run, 200);
    const { metric } = await evaluateWhole(run);
    expect(run.training.freedom).toBe('settled');
    expect(Math.abs(ratioOf(run) - 1)).toBeLessThan(0.02);
    expect(losses.at(-1)).toBeLessThan(0.5 * (losses[0] ?? 0));
    // Chance is 0.1; this network of eight channels gets about 0.7 in so few steps.
    expect(metric).toBeGreaterThan(0.55);
    run.dispose();
  });

  it('learns a field across the seam of a ring, and which letter comes more often', async () => {
    const settings = { batch: 16, steps: 150, budget: 0.4, maskLearningRate: 0.005 };
    const ring = tinyRun(RING.data, { ...settings, steps: 250 }, RING.task);
    await lossesOf(ring, 250);
    const field = await evaluateWhole(ring);
    // As far off as no answer at all is 1.
    expect(field.metric).toBeLessThan(0.3);
    expect(field).toMatchObject({ loss: field.metric, scores: [], confusion: null });
    ring.dispose();
    const letters = tinyRun(LETTERS.data, settings, LETTERS.task);
    const losses = await lossesOf(letters, 150);
    expect(losses.at(-1)).toBeLessThan(0.3 * (losses[0] ?? NaN));
    const { confusion } = await evaluateWhole(letters);
    expect(confusion?.reduce((a, b) => a + b, 0)).toBe(LETTERS.data.test.count);
    letters.dispose();
  });

  it('follows its budget up, on several axes, and down again', async () => {
    const run = tinyRun(data, { budget: 0.1, maskLearningRate: 0.02 });
    await lossesOf(run, 40);
    expect(Math.abs(Math.log(ratioOf(run)))).toBeLessThan(0.2);
    const small = sizesOf(run);
    run.adjust({ budget: 0.5 });
    expect(ratioOf(run)).toBeLessThan(0.3);
    await lossesOf(run, 100);
    const large = sizesOf(run);
    expect(Math.abs(Math.log(ratioOf(run)))).toBeLessThan(0.2);
    const grown = (['K', 'R', 'W', 'D'] as const).filter((axis) => large[axis] > small[axis]);
    expect(grown.length).toBeGreaterThanOrEqual(2);
    run.adjust({ budget: 0.1 });
    await lossesOf(run, 80);
    // One tap or grid more is a third of so small a budget: the middle of some steps, then.
    const errors: number[] = [];
    for (let i = 0; i < 21; i++) {
      await lossesOf(run, 1);
      errors.push(Math.abs(Math.log(ratioOf(run))));
    }
    expect(errors.sort((a, b) => a - b)[10]).toBeLessThan(0.3);
    run.dispose();
  });

  it.each<[string, keyof typeof ALL, number, number]>([
    ['a block that depth has dropped', 'D', 1 / 3, 4],
    ['channels beyond the crop', 'W', 0.4, 4],
    ['taps beyond the crop', 'K', 0.45, 4],
    ['the full grid', 'R', 0.6, 1.6],
  ])('%s comes back when the budget allows it', async (_, axis, cut, factor) => {
    const run = tinyRun(data, {
      learn: { K: false, R: false, W: false, D: false, [axis]: true },
      maskLearningRate: 0.02,
    });
    const { training } = run;
    setAxis(run, axis, cut);
    const before = sizesOf(run);
    const small = integerCost(training.config, training.parameters) / training.fullMacs;
    run.adjust({ budget: Math.min(1, factor * small) });
    await lossesOf(run, 60);
    expect(sizesOf(run)[axis]).toBeGreaterThan(before[axis]);
    expect(ratioOf(run)).toBeGreaterThan(1 / factor);
    run.dispose();
  });

  it('an identity resampling becomes a stride when the budget falls', async () => {
    const run = tinyRun(data, { learn: { K: false, R: true, W: false, D: false }, maskLearningRate: 0.02 });
    const { training } = run;
    setAxis(run, 'R', 1);
    const layout = parameterLayout(training.config);
    const whole = integerCost(training.config, training.parameters) / training.fullMacs;
    run.adjust({ budget: 0.5 * whole });
    await lossesOf(run, 60);
    const cuts = [0, 1].map((axis) => training.parameters[layout.resolution(0, axis)] ?? NaN);
    expect(Math.min(...cuts)).toBeLessThan(SNAP);
    expect(sizesOf(run).R).toBeLessThan(64);
    run.dispose();
  });

  it('frees all it used, while its sizes change and after', async () => {
    const before = memory();
    const run = tinyRun(data, { maskLearningRate: 0.05 });
    const seen = new Set<string>();
    let most = 0;
    for (let step = 1; step <= 60; step++) {
      if (step % 15 === 0) run.adjust({ budget: step % 30 === 0 ? 0.15 : 0.6 });
      await run.step();
      seen.add(JSON.stringify(run.training.sizes));
      if (step % PERIOD === 0) {
        await run.training.flush();
        most = Math.max(most, memory().numTensors - before.numTensors);
      }
      if (step === 30) await evaluateWhole(run);
    }
    expect(seen.size).toBeGreaterThan(15);
    // Weights with their two moments, the decay, and two bases each for at most 48 pairs of grids.
    expect(most).toBeLessThanOrEqual(4 + 2 * 48);
    await run.training.flush();
    run.dispose();
    const after = memory();
    expect(after.numTensors).toBe(before.numTensors);
    expect(after.numBytes).toBe(before.numBytes);
    expect(after.numDataBuffers).toBe(before.numDataBuffers);
  });

  it.each([false, true])('frees the bands of a long sequence, whether their cuts move (%s) or not', async (moves) => {
    const before = memory();
    const [, config] = CONFIGS.find(([name]) => name === 'long sequences, dense')!;
    const training = new Training({ config, seed: 1, budget: 0.5, start: 'budget', dropout: 0 });
    const learn = { K: false, R: moves, W: false, D: false };
    const budget = { target: 0.4 * training.fullMacs, lambda: 1, oneSided: false };
    const counts: number[] = [];
    for (let step = 1; step <= 24; step++) {
      const settings = { learn, budget, learningRate: 0.01, maskLearningRate: 0.001 };
      await training.trainStep(randomBatch(config, step), settings);
      if (step % PERIOD === 0) {
        await training.flush();
        counts.push(memory().numTensors);
      }
    }
    if (!moves) expect(new Set(counts).size).toBe(1);
    // Weights and decay, the exact bases, and three tensors for each of at most eight bands.
    expect(Math.max(...counts) - before.numTensors).toBeLessThanOrEqual(2 + 2 * 48 + 3 * 8);
    training.dispose();
    expect(memory().numTensors).toBe(before.numTensors);
    expect(memory().numDataBuffers).toBe(before.numDataBuffers);
  });
});

/** The same cut on every block. */
function setAxis({ training }: Run, axis: keyof typeof ALL, cut: number): void {
  const layout = parameterLayout(training.config);
  for (let block = 0; block < layout.blocks; block++) {
    for (let d = 0; d < layout.dimensions; d++) {
      if (axis === 'K') training.parameters[layout.kernel(block, d)] = cut;
      if (axis === 'R') training.parameters[layout.resolution(block, d)] = cut;
    }
    if (axis === 'W') training.parameters[layout.inner(block)] = training.parameters[layout.outer(block)] = cut;
  }
  if (axis === 'D') training.parameters[layout.depth] = cut;
  project(training.config, training.parameters);
}
