import { describe, expect, it } from 'vitest';
import { History } from '../../src/app/history.ts';
import { backgroundOf, capitalised, explainScore, formatPlain, metricWords } from '../../src/app/metric.ts';
import { groupOf, groupTasks } from '../../src/app/taskGroups.ts';

describe('metrics', () => {
  it('bear the names of their fields', () => {
    expect(metricWords({ metric: 'accuracy', kind: 'classes' })).toMatchObject({
      name: 'accuracy',
      short: 'right answers',
      range: [0, 1],
    });
    expect(metricWords({ metric: 'accuracy', kind: 'dense' }).short).toBe('positions right');
    expect(metricWords({ metric: 'iou', kind: 'dense' })).toMatchObject({ name: 'mean IoU', smallerIsBetter: false });
    expect(metricWords({ metric: 'relative-l2', kind: 'dense' })).toMatchObject({
      name: 'relative error',
      smallerIsBetter: true,
      range: null,
    });
    expect(metricWords(undefined).name).toBe('accuracy');
  });

  it('are written as shares or as decimals', () => {
    expect(metricWords({ metric: 'iou', kind: 'dense' }).format(0.861)).toBe('86.1 %');
    const { format } = metricWords({ metric: 'relative-l2', kind: 'dense' });
    expect([0.0361, 0.00042, 12.34, NaN].map(format)).toEqual(['0.036', '0.00042', '12.3', '–']);
    expect([0, 0.0005, 0.5, 12].map(formatPlain)).toEqual(['0', '0.0005', '0.5', '12']);
  });

  it('explain their companions', () => {
    expect(explainScore('F1 of QRS')).toContain('harmonic mean');
    expect(explainScore('pixels right')).toBe('Pixels right, on held-out data.');
    expect(capitalised('mean IoU')).toBe('Mean IoU');
  });
});

describe('tasks', () => {
  const images = { kind: 'classes', grid: [28, 28] } as const;

  it('are grouped by what they are about', () => {
    expect(groupOf(images)).toBe('Pictures');
    expect(groupOf({ kind: 'dense', grid: [768] })).toBe('Sequences');
    expect(groupOf({ kind: 'classes', grid: [2000], tokens: ['a'] })).toBe('Text');
    expect(groupOf({ kind: 'dense', grid: [64, 64] })).toBe('Fields and masks');
    expect(groupOf({ kind: 'dense', grid: [1024], field: { scale: 1, offset: 0 } })).toBe('Fields and masks');
    expect(groupTasks([{ ...images, kind: 'dense' }, images])).toEqual([
      { name: 'Pictures', tasks: [images] },
      { name: 'Fields and masks', tasks: [{ ...images, kind: 'dense' }] },
    ]);
  });

  it('have a background where one class is not measured', () => {
    expect(backgroundOf({ kind: 'dense', metric: 'iou', reported: [] })).toBe(0);
    expect(backgroundOf({ kind: 'dense', metric: 'accuracy', reported: [1, 2] })).toBe(0);
    expect(backgroundOf({ kind: 'dense', metric: 'accuracy', reported: [] })).toBeNull();
    expect(backgroundOf({ kind: 'classes', metric: 'accuracy', reported: [] })).toBeNull();
  });
});

describe('confusion matrices', () => {
  it('are kept by their step, in bounded memory', () => {
    const history = new History();
    expect(history.confusionAt(Infinity)).toBeNull();
    const evaluate = (step: number, confusion: readonly number[] | null) =>
      history.evaluate({ step, metric: 0.5, loss: 1, scores: [], confusion });
    evaluate(10, [1]);
    evaluate(20, [2]);
    evaluate(30, null);
    expect([15, 25, Infinity].map((step) => history.confusionAt(step))).toEqual([[1], [2], [2]]);
    const large = Array<number>(10_000).fill(0);
    for (let step = 40; step < 400; step++) evaluate(step, large);
    expect(history.confusionAt(10)).toEqual([1]);
    expect(history.evaluations.every(({ confusion }) => confusion === null)).toBe(true);
  });
});
