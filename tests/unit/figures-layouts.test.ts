import { nearestIndex, pixelOf, stepAt, stepAxis } from '../../src/figures/axes.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { THRESHOLD } from '../../src/dnarch/config.ts';
import { layoutCost } from '../../src/figures/cost.ts';
import { layoutCurves, smooth } from '../../src/figures/curves.ts';
import { mixArchitectures } from '../../src/figures/ease.ts';
import { forcesOf, layoutArrow } from '../../src/figures/forces.ts';
import { formatMacs, formatPercent, formatRatio } from '../../src/figures/format.ts';
import { channelOf, extentOf, layoutKernel } from '../../src/figures/kernels.ts';
import { layoutSigmoid, MASK_THRESHOLD, sigmaOfTaps, sigmoidAt } from '../../src/figures/masks.ts';
import { layoutStairs } from '../../src/figures/stairs.ts';
import { FAKE_IMAGES, fakeArchitecture, fakeSnapshot } from './app-fixture.ts';

const fraction = fc.double({ min: 0, max: 1, noNaN: true });

describe('masks', () => {
  it('crop at the threshold that the method crops at', () => {
    expect(MASK_THRESHOLD).toBe(THRESHOLD);
  });

  it('fall to the threshold exactly at the cut', () => {
    expect(sigmoidAt({ cut: 0.4, temperature: 60 }, 0.4)).toBeCloseTo(MASK_THRESHOLD, 10);
    const sigma = sigmaOfTaps(7);
    expect(Math.exp(-(3.5 ** 2) / (2 * sigma ** 2))).toBeCloseTo(MASK_THRESHOLD, 10);
  });

  it('put the cut in proportion to the width, and within it', () => {
    fc.assert(
      fc.property(fc.double({ min: -1, max: 2, noNaN: true }), fraction, (cut, scale) => {
        const { cut: at } = layoutSigmoid({ cut, temperature: 60 }, 100 + scale * 900, 30);
        expect(at).toBeCloseTo(Math.min(1, Math.max(0, cut)) * (100 + scale * 900), 6);
      }),
    );
  });
});

describe('kernels', () => {
  it('stay in their tile, at a size proportional to their taps', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 255 }), { minLength: 1, maxLength: 2 });
    fc.assert(
      fc.property(fc.array(sizes, { minLength: 1, maxLength: 6 }), (all) => {
        const extent = extentOf(all);
        for (const size of all) {
          const box = layoutKernel(size, extent, 60, 60);
          expect(box.x).toBeGreaterThanOrEqual(0);
          expect(box.y).toBeGreaterThanOrEqual(0);
          expect(box.width).toBeCloseTo((60 * (size[1] ?? size[0] ?? 0)) / extent, 6);
        }
      }),
    );
  });

  it('take one channel out of [taps, channels] and scale by the largest magnitude', () => {
    const values = Float32Array.of(1, 10, -2, 20, 4, -40);
    const fine = { fineness: 1, size: [3], values: Float32Array.of(1, -2, 4) };
    const sample = { block: 0, size: [3], channels: 2, values, fine };
    expect(channelOf(sample, 0)).toEqual([0.025, -0.05, 0.1]);
    expect(channelOf(sample, 1)).toEqual([0.25, 0.5, -1]);
  });
});

describe('cost', () => {
  const points = [
    { step: 0, macs: 10, target: 8, blocks: [4, 5] },
    { step: 100, macs: 8, target: 8, blocks: [3, 4] },
  ];

  it('stacks a band a block on what lies outside the blocks', () => {
    const { bands, y } = layoutCost(points, stepAxis(points, 200), 105);
    expect(bands.map(({ block }) => block)).toEqual([-1, 0, 1]);
    // 10 MAC and a margin of 5 % fill 105 pixels: a MAC is 10 pixels high.
    expect(y.find(({ value }) => value === 4)?.at).toBeCloseTo(65);
    // In the middle of 1 + 3 … 1 + 3 + 4, from below.
    expect(bands[2]?.label).toBeCloseTo(105 - 60);
  });

  it('takes an empty history', () => {
    expect(layoutCost([], stepAxis([], 200), 100).target).toBe('');
  });
});

describe('an axis over steps', () => {
  it('finds the step of a pixel again, and the point that is nearest to it', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(5000), { minLength: 2 }), fc.integer({ min: 50, max: 900 }), (steps, width) => {
        const points = steps.toSorted((a, b) => a - b).map((step) => ({ step }));
        const axis = stepAxis(points, width);
        points.forEach(({ step }, i) => {
          expect(stepAt(axis, pixelOf(axis, step))).toBeCloseTo(step, 6);
          expect(nearestIndex(points, step + 0.4)).toBe(i);
        });
      }),
    );
  });
});

describe('curves', () => {
  it('hold every finite point and skip the others', () => {
    const series = [
      { step: 0, value: NaN },
      { step: 40, value: 2 },
    ];
    const { paths, ends } = layoutCurves([series, []], stepAxis(series, 100), 50);
    expect(paths[1]).toBe('');
    expect(ends).toEqual([{ x: 100, y: 0 }, null]);
  });

  it('smooth to a mean: a constant stays what it is', () => {
    const constant = [0, 1, 2, 3].map((step) => ({ step, value: 0.7 }));
    for (const { value } of smooth(constant)) expect(value).toBeCloseTo(0.7, 12);
  });
});

describe('forces', () => {
  it('point right for more and left for less, and never leave their row', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -10, max: 10, noNaN: true }),
        fc.double({ min: 0, max: 5, noNaN: true }),
        (force, scale) => {
          const { from, to } = layoutArrow(force, scale, 80);
          expect(from).toBe(40);
          expect(to).toBeGreaterThanOrEqual(0);
          expect(to).toBeLessThanOrEqual(80);
          if (to !== from) expect(Math.sign(to - from)).toBe(Math.sign(force));
        },
      ),
    );
  });

  it('add up over a size’s masks', () => {
    const force = { task: 1, budget: -2 };
    const mask = { cut: 0.5, temperature: 60, force };
    const kernel = { sigma: 0.1, taps: 5, force };
    const { K, R, W } = forcesOf({ kernel: [kernel, kernel], resolution: [mask], inner: mask, outer: mask });
    expect([K.task, R.task, W.budget]).toEqual([2, 1, -4]);
  });
});

describe('stairs', () => {
  it('are as long as the grid, and name a ratio where it changes', () => {
    const architecture = fakeArchitecture(FAKE_IMAGES, 0.25, 0);
    layoutStairs(architecture, 101).forEach(({ length }, i) => {
      const [tall = 0, wide = 0] = architecture.blocks[i]?.grid ?? [];
      expect(length).toBeCloseTo((100 * (tall + wide)) / 56);
    });
  });
});

describe('easing', () => {
  const from = fakeArchitecture(FAKE_IMAGES, 0.1, 0);
  const to = fakeArchitecture(FAKE_IMAGES, 0.8, 0);

  it('arrives, and passes through what lies between', () => {
    expect(mixArchitectures(from, to, 1)).toEqual(to);
    const half = mixArchitectures(from, to, 0.5);
    expect(half.macs).toBeCloseTo((from.macs + to.macs) / 2);
    let shown = from;
    for (let i = 0; i < 200; i++) shown = mixArchitectures(shown, to, 0.2);
    expect(shown.blocks).toEqual(to.blocks);
  });

  it('does not try to blend networks of different shape', () => {
    const other = fakeArchitecture({ ...FAKE_IMAGES, grid: [64] }, 0.5, 0);
    expect(mixArchitectures(from, other, 0.5)).toBe(other);
  });
});

describe('formats', () => {
  it('keep three digits', () => {
    expect([56_040, 999_700, 1_240_000, 12_340_000, 123_400_000].map(formatMacs)).toEqual([
      '56.0 kMAC',
      '1.00 MMAC',
      '1.24 MMAC',
      '12.3 MMAC',
      '123 MMAC',
    ]);
    expect(formatPercent(0.861)).toBe('86.1 %');
    expect(formatPercent(NaN)).toBe('–');
    expect(formatRatio([1.5556, 1.5556])).toBe('÷1.56');
    expect(formatRatio([1.5556, 2])).toBe('÷1.56×2.00');
  });
});

describe('the fixture', () => {
  it('respects its budget from below', () => {
    const { architecture, target } = fakeSnapshot(FAKE_IMAGES, 0.3, 10);
    expect(architecture.macs).toBeLessThanOrEqual(target);
  });
});
