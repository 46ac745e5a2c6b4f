/** Training samples that are set aside for choosing settings. */
import { describe, expect, it } from 'vitest';
import { findTask } from '../../src/tasks/index.ts';
import { IGNORE, type Dataset, type Split } from '../../src/tasks/task.ts';
import { validationSplit } from '../../src/tasks/validation.ts';
import { loadDigits } from '../support/digits.ts';
import { range } from '../support/numbers.ts';
import { readPublic } from '../support/public.ts';

const empty: Split = { count: 0, inputs: new Uint8Array(), scale: 1, offset: 0, labels: new Uint8Array() };

/** Samples whose one input is their own index. */
function numbered(labels: Split['labels'], count: number): Dataset {
  return {
    train: { count, inputs: Float32Array.from(range(count)), scale: 1, offset: 0, labels },
    get test(): Split {
      throw new Error('The test half was looked at.');
    },
  };
}

const CLASSES = { kind: 'classes', classes: ['a', 'b'] } as const;

describe('a validation split', () => {
  it('sets each sample aside or leaves it, one in five, without a look at the test half', () => {
    const labels = Uint8Array.from(range(100), (i) => i % 2);
    const { train, test } = validationSplit(CLASSES, numbered(labels, 100), 1);
    expect([train.count, test.count]).toEqual([80, 20]);
    expect([...train.inputs, ...test.inputs].sort((a, b) => a - b)).toEqual(range(100));
    for (const half of [train, test]) {
      expect([...half.labels]).toEqual(Array.from(half.inputs, (index) => labels[index]));
    }
    expect(test.labels.filter((label) => label === 1)).toHaveLength(10);
  });

  it('is the same for the same seed, and another one for another', () => {
    const labels = Uint8Array.from(range(100), (i) => i % 2);
    const aside = (seed: number): number[] => [...validationSplit(CLASSES, numbered(labels, 100), seed).test.inputs];
    expect(aside(1)).toEqual(aside(1));
    expect(aside(1)).not.toEqual(aside(2));
  });

  it('keeps together what comes from one source', () => {
    const labels = Uint8Array.from(range(120), (i) => i % 2);
    const { test } = validationSplit({ ...CLASSES, together: 12 }, numbered(labels, 120), 3);
    expect(test.count).toBe(24);
    const sources = new Set(Array.from(test.inputs, (index) => Math.floor(index / 12)));
    expect(sources.size).toBe(2);
    expect(findTask('ludb').together).toBe(12);
  });

  it('of masks takes areas of all sizes, what does not count left out; of fields those of all strengths', () => {
    // Sample i has i positions of the last class of 50; the others are the first one or do not count.
    const area = (i: number, position: number): number => (position < i ? 1 : position % 2 === 0 ? 0 : IGNORE);
    const masks = Uint8Array.from(range(50).flatMap((i) => range(50).map((position) => area(i, position))));
    const dense = { kind: 'dense', classes: ['nothing', 'cell'] } as const;
    const areas = validationSplit(dense, numbered(masks, 50), 4).test.inputs;
    const fields = Float32Array.from(range(50), (i) => (i % 2 === 0 ? i : -i));
    const field = { kind: 'dense', classes: ['u'], field: { scale: 1, offset: 0 } } as const;
    const strengths = validationSplit(field, numbered(fields, 50), 4).test.inputs;
    for (const found of [areas, strengths]) {
      expect(Array.from(found, (i) => Math.floor(i / 5)).sort((a, b) => a - b)).toEqual(range(10));
    }
  });

  it('of the digits has each class as often as the training half does', async () => {
    const data = await loadDigits(readPublic);
    const { train, test } = validationSplit(findTask('digits'), data, 0);
    expect(train.count + test.count).toBe(data.train.count);
    for (const digit of range(10)) {
      const all = data.train.labels.filter((label) => label === digit).length;
      const own = test.labels.filter((label) => label === digit).length;
      expect(Math.abs(own - all / 5)).toBeLessThan(2);
    }
  });

  it('says where there are too few samples', () => {
    expect(() =>
      validationSplit(CLASSES, { train: { ...empty, count: 1, labels: Uint8Array.of(0) }, test: empty }, 0),
    ).toThrow('There are too few training samples, 1, to set some of them aside for validation.');
  });
});
