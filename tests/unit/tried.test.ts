/** A sample of the user's own, brought to a task's grid. */
import { describe, expect, it } from 'vitest';
import { fitted } from '../../src/engine/tried.ts';

const sample = (grid: readonly number[], values: readonly number[], channels = 1) => ({
  grid,
  channels,
  values: Float32Array.from(values),
});

describe('a sample', () => {
  it('of the right shape stays as it is', () => {
    const own = sample([2, 2], [1, 2, 3, 4]);
    expect(fitted(own, { grid: [2, 2], channels: 1 })).toEqual(own.values);
  });

  it('is interpolated along each axis, and held beyond its outermost points', () => {
    expect([...fitted(sample([2], [0, 4]), { grid: [4], channels: 1 })]).toEqual([0, 1, 3, 4]);
    expect([...fitted(sample([1, 2], [0, 4]), { grid: [2, 4], channels: 1 })]).toEqual([0, 1, 3, 4, 0, 1, 3, 4]);
    expect([...fitted(sample([4], [0, 1, 2, 3]), { grid: [2], channels: 1 })]).toEqual([0.5, 2.5]);
  });

  it('keeps its channels apart', () => {
    expect([...fitted(sample([2], [0, 10, 4, 30], 2), { grid: [4], channels: 2 })]).toEqual([
      0, 10, 1, 15, 3, 25, 4, 30,
    ]);
  });

  it('of a line stays a line, whatever the grids', () => {
    for (const [from, to] of [
      [7, 19],
      [28, 10],
    ] as const) {
      const line = sample(
        [from],
        Array.from({ length: from }, (_, i) => (i + 0.5) / from),
      );
      const inner = fitted(line, { grid: [to], channels: 1 }).slice(2, -2);
      inner.forEach((value, i) => expect(value).toBeCloseTo((i + 2.5) / to, 5));
    }
  });

  it.each([
    [sample([4], [0, 0, 0, 0]), { grid: [2, 2], channels: 1 }, '[4, 1], where the task needs [2, 2, 1]'],
    [sample([2], [0, 0]), { grid: [2], channels: 3 }, '[2, 1], where the task needs [2, 3]'],
    [sample([2], [0, 0]), { grid: [4], channels: 1, tokens: ['a', 'b'] }, '[2, 1], where the task needs [4, 1]'],
  ])('of another kind is refused, and what is needed said', (own, task, words) => {
    expect(() => fitted(own, task)).toThrow(words);
  });
});
