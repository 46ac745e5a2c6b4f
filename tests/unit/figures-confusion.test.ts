import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  cellAt,
  describeCell,
  layoutConfusion,
  shortCount,
  stepCell,
  worstConfusions,
} from '../../src/figures/confusion.ts';

const THREE = { names: ['shirt', 'coat', 'bag'], counts: [60, 34, 6, 5, 95, 0, 0, 0, 0] };

describe('a confusion matrix', () => {
  it('tells a cell in words', () => {
    expect(describeCell(THREE, 0, 1)).toBe('shirt taken for coat: 34 of 100');
    expect(describeCell(THREE, 1, 1)).toBe('coat: 95 of 100 right');
    expect(describeCell({ names: ['a'], counts: [12_345] }, 0, 0)).toBe('a: 12,345 of 12,345 right');
  });

  it('finds the worst confusions by their part of the row', () => {
    expect(worstConfusions(THREE, 2)).toEqual(['shirt taken for coat: 34 of 100', 'shirt taken for bag: 6 of 100']);
    expect(worstConfusions({ names: ['a', 'b'], counts: [3, 0, 0, 4] }, 3)).toEqual([]);
  });

  it('fits its width for 2 to 100 classes, with numbers for few', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 100 }), fc.integer({ min: 260, max: 900 }), (classes, width) => {
        const names = Array.from({ length: classes }, (_, i) => `class number ${i}`);
        const layout = layoutConfusion({ names, counts: Array<number>(classes ** 2).fill(1) }, width);
        expect(layout.width).toBeLessThanOrEqual(width);
        expect([0, classes ** 2]).toContain(layout.numbers.length);
        if (classes > 20) expect(layout.numbers).toEqual([]);
        expect(layout.everyName * layout.pitch).toBeGreaterThanOrEqual(13);
      }),
      { numRuns: 30 },
    );
  });

  it('draws right and wrong apart, the fuller the larger the part', () => {
    const { right, wrong, numbers } = layoutConfusion(THREE, 400);
    const count = (paths: readonly string[]) => paths.map((path) => path.match(/M/g)?.length ?? 0);
    expect(count(right)).toEqual([0, 0, 0, 0, 0, 0, 1, 1]);
    expect(count(wrong)).toEqual([0, 2, 0, 0, 1, 0, 0, 0]);
    expect(numbers.map(({ text }) => text)).toEqual(['60', '34', '6', '5', '95']);
  });

  it('shortens what is long', () => {
    expect([7, 999, 3311, 84_000].map(shortCount)).toEqual(['7', '999', '3.3k', '84k']);
  });

  it('knows the cell under a point, and where a key leads', () => {
    const layout = layoutConfusion(THREE, 400);
    const { left, top, pitch } = layout;
    expect(cellAt(layout, 3, left + 1.5 * pitch, top + 0.5 * pitch)).toEqual({ truth: 0, answer: 1 });
    expect(cellAt(layout, 3, left - 1, top + 1)).toBeNull();
    expect(stepCell({ truth: 0, answer: 0 }, 'ArrowRight', 3)).toEqual({ truth: 0, answer: 1 });
    expect(stepCell({ truth: 0, answer: 0 }, 'ArrowUp', 3)).toEqual({ truth: 0, answer: 0 });
    expect(stepCell({ truth: 0, answer: 0 }, 'x', 3)).toBeNull();
  });
});
