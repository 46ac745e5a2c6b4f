/** Measuring a network: what is frozen, what is counted, and the batches and rates that go in. */
import { describe, expect, it } from 'vitest';
import { FrozenNetwork } from '../../src/dnarch/evaluation.ts';
import { random } from '../../src/dnarch/random.ts';
import { Training, type Batch } from '../../src/dnarch/training.ts';
import { batchIndices, makeBatch } from '../../src/engine/batches.ts';
import { Metrics } from '../../src/engine/metrics.ts';
import { evaluateWhole } from '../../src/engine/run.ts';
import { FINISH_STEPS, maskFactor, weightFactor } from '../../src/engine/schedule.ts';
import { IGNORE } from '../../src/tasks/task.ts';
import { useBackend } from '../support/backend.ts';
import { loadDigits, lossesOf, TINY, tinyRun } from '../support/digits.ts';
import { logitsOf, lossOf, trainingContext } from '../support/loss.ts';
import { CONFIGS, randomBatch } from '../support/networks.ts';
import { readPublic } from '../support/public.ts';

useBackend('cpu');

/** Some samples of a batch, as a batch. */
function part(batch: Batch, from: number, size: number): Batch {
  const cut = (values: Float32Array): Float32Array => {
    const each = values.length / batch.size;
    return values.slice(from * each, (from + size) * each);
  };
  return { size, inputs: cut(batch.inputs), targets: cut(batch.targets), weights: cut(batch.weights) };
}

describe.each(CONFIGS)('a frozen network: %s', (_, config) => {
  const batch = randomBatch(config, 1);
  const create = (): Training => new Training({ config, seed: 2, budget: 0.5, start: 'budget', dropout: 0.5 });

  it('predicts what the network in training does, where its moments are those of the batch', async () => {
    const training = create();
    const frozen = new FrozenNetwork(training);
    frozen.calibrate(batch);
    const { classes, loss } = await frozen.predict(batch);
    const context = trainingContext(training);
    const logits = await logitsOf(context, await training.weights.data(), context.pack.values, batch);
    expect(loss).toBeCloseTo(lossOf(config, logits, batch), 4);
    if (config.objective === 'relative-l2') expect(classes).toBeNull();
    else {
      const rows = Array.from({ length: batch.weights.length }, (_, row) =>
        logits.subarray(row * config.outputs, (row + 1) * config.outputs),
      );
      expect([...(classes ?? [])]).toEqual(rows.map((row) => row.indexOf(Math.max(...row))));
      expect(new Set(classes).size).toBeGreaterThan(1);
    }
    frozen.dispose();
    training.dispose();
  });

  it('predicts each sample by itself, with the mean of the moments it was given', async () => {
    const training = create();
    const frozen = new FrozenNetwork(training);
    await expect(frozen.predict(batch)).rejects.toThrow('Calibrate a frozen network before it predicts.');
    const one = randomBatch(config, 5);
    // Each token by another one, where numbers would be moved and stretched.
    const inputs = one.inputs.map((value) => (config.tokens ? Math.min(1, value) : 10 * value + 5));
    const other = { ...one, inputs };
    frozen.calibrate(one);
    frozen.calibrate(other);
    const whole = await frozen.predict(batch);
    const halves = [await frozen.predict(part(batch, 0, 1)), await frozen.predict(part(batch, 1, batch.size - 1))];
    expect(halves.flatMap(({ classes }) => [...(classes ?? [])])).toEqual([...(whole.classes ?? [])]);
    expect(halves.reduce((sum, { loss }) => sum + loss, 0)).toBeCloseTo(whole.loss, 4);
    // The order does not matter to a mean, but the batches do.
    const turned = new FrozenNetwork(training);
    turned.calibrate(other);
    const first = (await turned.predict(batch)).loss;
    turned.calibrate(one);
    expect((await turned.predict(batch)).loss).toBeCloseTo(whole.loss, 4);
    expect(Math.abs(first - whole.loss)).toBeGreaterThan(0.001);
    frozen.dispose();
    turned.dispose();
    training.dispose();
  });
});

describe('an evaluation', () => {
  it('measures the network as it was when it began, on all that is held out', async () => {
    const data = await loadDigits(readPublic);
    const few = { train: data.train, test: { ...data.test, count: 50 } };
    const run = tinyRun(few);
    await lossesOf(run, 4);
    const expected = await evaluateWhole(run);
    expect(expected.step).toBe(4);
    const slices = run.evaluate();
    await slices.next();
    await lossesOf(run, 3);
    let count = 1;
    for (;;) {
      const { done, value } = await slices.next();
      if (done === true) {
        expect(value).toEqual(expected);
        break;
      }
      count += 1;
    }
    expect(count).toBeGreaterThanOrEqual(Math.ceil(50 / TINY.batch));
    expect((await evaluateWhole(run)).loss).not.toBe(expected.loss);
    run.dispose();
  });
});

describe('metrics', () => {
  it('are counted over slices, without what is to be ignored', () => {
    const metrics = new Metrics({ classes: ['a', 'b', 'c'], metric: 'accuracy', reported: [1, 2] });
    metrics.add([0, 1, 1, IGNORE], [0, 1, 0, 2], 4, 0.5);
    metrics.add([2, 1], [1, 1], 2, 1);
    // Right: 0→0, 1→1, 1→1; wrong: 1→0, 2→1. Losses: 3 rows of 0.5, 2 of 1.
    expect(metrics.result(7)).toEqual({
      step: 7,
      metric: 3 / 5,
      loss: (3 * 0.5 + 2 * 1) / 5,
      // Class b: 2 found, 1 missed, 1 wrongly found.
      scores: [
        { name: 'F1 of b', value: 4 / 6 },
        { name: 'F1 of c', value: 0 },
      ],
      confusion: [1, 0, 0, 1, 2, 0, 0, 1, 0],
    });
  });

  it('of overlap are means over the samples, of what is marked and what should be', () => {
    const metrics = new Metrics({ classes: ['nothing', 'cell'], metric: 'iou', reported: [] });
    // Both in 1 of 3: IoU 1/3, Dice 2/4. The last position would be one more in either.
    metrics.add([1, 1, 0, 0, IGNORE], [1, 0, 1, 0, 1], 5, 0.5);
    // Two samples in a slice: all of it found, IoU and Dice 1; nothing there and nothing found, 1 as well.
    metrics.add([1, 1, 0, 0, 0, 0, 0, 0, 0, 0], [1, 1, 0, 0, 0, 0, 0, 0, 0, 0], 5, 0.2);
    // Nothing there, but something found: 0.
    metrics.add([0, 0, 0, 0, 0], [0, 0, 0, 0, 1], 5, 0.2);
    const { metric, loss, scores, confusion } = metrics.result(3);
    expect(metric).toBeCloseTo((1 / 3 + 1 + 1 + 0) / 4, 12);
    expect(scores.map(({ name }) => name)).toEqual(['Dice', 'pixels right']);
    expect(scores[0]?.value).toBeCloseTo((1 / 2 + 1 + 1 + 0) / 4, 12);
    expect(scores[1]?.value).toBeCloseTo(16 / 19, 12);
    expect(loss).toBeCloseTo((4 * 0.5 + 15 * 0.2) / 19, 12);
    expect(confusion).toEqual([13, 2, 1, 3]);
  });

  it('of fields are the mean error of the samples, the loss itself', () => {
    const metrics = new Metrics({ classes: ['u'], metric: 'relative-l2', reported: [] });
    metrics.addErrors(3, 0.5);
    metrics.addErrors(1, 0.1);
    const { metric, ...rest } = metrics.result(9);
    expect(metric).toBeCloseTo(0.4, 12);
    expect(rest).toEqual({ step: 9, loss: metric, scores: [], confusion: null });
  });
});

describe('batches', () => {
  const split = {
    count: 3,
    inputs: Uint8Array.of(0, 1, 2, 3, 4, 5),
    scale: 0.5,
    offset: -1,
    labels: Uint8Array.of(1, 0, 2),
  };
  const format = { kind: 'classes', grid: [2], channels: 1, classes: ['a', 'b', 'c'] } as const;

  it('hold scaled inputs, and each row’s weight at its label', () => {
    const batch = makeBatch(format, split, [2, 0]);
    expect(batch).toEqual({
      size: 2,
      inputs: Float32Array.of(1, 1.5, -1, -0.5),
      targets: Float32Array.of(0, 0, 0.5, 0, 0.5, 0),
      weights: Float32Array.of(0.5, 0.5),
    });
  });

  it('of dense tasks leave out the positions that are not labelled', () => {
    const labels = Uint8Array.of(1, IGNORE, 0, 2, 2, 2);
    const { targets, weights } = makeBatch({ ...format, kind: 'dense' }, { ...split, labels }, [0, 1]);
    const third = Math.fround(1 / 3);
    expect([...weights]).toEqual([third, 0, third, third]);
    expect([...targets]).toEqual([0, third, 0, 0, 0, 0, third, 0, 0, 0, 0, third]);
  });

  it('of fields hold the values in the network’s units, and one over each sample’s size in them', () => {
    // ‖u‖ is 5 and 2 in the field's own units, 2.5 and 1 in the network's; what is added to a field is no part of its size.
    const labels = Float32Array.of(0, 0, 0, 0, 3, 0, 0, 4, 0, 2, 0, 0);
    const field = { ...format, kind: 'dense', classes: ['u', 'v'], field: { scale: 0.5, offset: 1 } } as const;
    const { targets, weights } = makeBatch(field, { ...split, labels }, [1, 2]);
    expect([...targets]).toEqual([2.5, 1, 1, 3, 1, 2, 1, 1]);
    expect([...weights]).toEqual([1 / (2 * 2.5), 1 / (2 * 1)].map(Math.fround));
    // A field of zeros has no size to be relative to, but a finite weight.
    expect(makeBatch(field, { ...split, labels }, [0]).weights.every(Number.isFinite)).toBe(true);
  });

  it('of tokens hold their indices', () => {
    const { inputs } = makeBatch(format, { ...split, scale: 1, offset: 0 }, [1]);
    expect([...inputs]).toEqual([2, 3]);
  });

  it('go through all samples in an order that the seed gives, epoch by epoch', () => {
    const epoch = (seed: number): number[][] => {
      const indices = batchIndices(10, 3, seed);
      return Array.from({ length: 6 }, () => [...indices.next().value]);
    };
    const six = epoch(1);
    for (const three of [six.slice(0, 3), six.slice(3)]) expect(new Set(three.flat()).size).toBe(9);
    expect(six.slice(0, 3)).not.toEqual(six.slice(3));
    expect(epoch(1)).toEqual(six);
    expect(epoch(2)).not.toEqual(six);
    expect(() => batchIndices(2, 3, 1).next()).toThrow('A batch of 3 needs as many samples, but there are 2');
  });
});

describe('random numbers', () => {
  it('have the moments they should, in streams of their own', () => {
    const draw = random(1, 2);
    const normals = Array.from({ length: 4000 }, () => draw.normal());
    const mean = normals.reduce((a, b) => a + b, 0) / normals.length;
    expect(Math.abs(mean)).toBeLessThan(0.06);
    expect(normals.reduce((a, b) => a + b * b, 0) / normals.length).toBeCloseTo(1, 1);
    expect([...draw.permutation(20)].sort((a, b) => a - b)).toEqual([...Array(20).keys()]);
    const [own, other, seeded] = [random(1, 2), random(1, 3), random(2, 2)].map((stream) => stream.uniform(0, 1));
    expect(new Set([own, other, seeded]).size).toBe(3);
  });
});

describe('learning rates', () => {
  const at = (step: number, steps: number | null, settledAt: number | null = null) => ({ step, steps, settledAt });

  it('of the weights warm up over a tenth and fall by a cosine to zero', () => {
    expect(weightFactor(at(0, 100))).toBeCloseTo(0.1, 12);
    expect(weightFactor(at(50, 100))).toBeCloseTo(0.5, 12);
    expect(weightFactor(at(25, 100))).toBeCloseTo(0.5 + Math.SQRT1_2 / 2, 12);
    expect(weightFactor(at(99, 100))).toBeLessThan(0.001);
    const factors = Array.from({ length: 90 }, (_, i) => weightFactor(at(10 + i, 100)));
    expect(factors.every((factor, i) => i === 0 || factor < (factors[i - 1] ?? 0))).toBe(true);
  });

  it('of an open-ended run stay level until it settles, and then go down', () => {
    expect(weightFactor(at(5000, null))).toBe(1);
    expect(weightFactor(at(5000, null, 5000))).toBe(1);
    expect(weightFactor(at(5000 + FINISH_STEPS, null, 5000))).toBeCloseTo(0.02, 12);
    expect(weightFactor(at(0, null))).toBeLessThan(0.1);
  });

  it('of the architecture warm up', () => {
    expect(maskFactor(at(9, 100))).toBe(0);
    expect(maskFactor(at(14, 100))).toBeCloseTo(0.5, 12);
    expect(maskFactor(at(19, 100))).toBe(1);
    expect(maskFactor(at(0, null))).toBeLessThan(0.1);
    expect(maskFactor(at(1000, null))).toBe(1);
  });
});
