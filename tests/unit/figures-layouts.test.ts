import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { THRESHOLD } from '../../src/dnarch/config.ts';
import { nearestIndex, newestIndex, pixelOf, stepAt, stepAxis, stepTicks, thin } from '../../src/figures/axes.ts';
import { costOf, layoutCost, type CostPoint } from '../../src/figures/cost.ts';
import { layoutCurves, smooth } from '../../src/figures/curves.ts';
import { mixArchitectures, mixShapes, type Shape } from '../../src/figures/ease.ts';
import { forcesOf, layoutArrow, verdictOf } from '../../src/figures/forces.ts';
import { formatMacs, formatPercent, formatRatio } from '../../src/figures/format.ts';
import {
  channelOf,
  extentOf,
  layoutFine,
  layoutKernel,
  layoutLattice,
  layoutSight,
} from '../../src/figures/kernels.ts';
import {
  cutAt,
  layoutSigmoid,
  layoutSpectrum,
  MASK_THRESHOLD,
  sigmaOfTaps,
  sigmoidAt,
} from '../../src/figures/masks.ts';
import { paletteOf, pngUrl } from '../../src/figures/png.ts';
import { layoutStairs } from '../../src/figures/stairs.ts';
import { architectures } from '../support/architectures.ts';
import { FAKE_IMAGES, fakeArchitecture, fakeSnapshot } from './app-fixture.ts';

const real = (min: number, max: number) => fc.double({ min, max, noNaN: true });
const fraction = real(0, 1);
const pixels = fc.integer({ min: 20, max: 900 });
/** Steps in their order, not evenly apart. */
const steps = fc
  .array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 300 })
  .map((gaps) => gaps.map((_, i) => ({ step: gaps.slice(0, i).reduce((sum, gap) => sum + gap, 0) })));

/** Every pair of numbers in a path of absolute coordinates. */
const pointsOf = (path: string): [number, number][] =>
  [...path.matchAll(/(-?[\d.]+)[ ,](-?[\d.]+)/g)].map(([, x, y]) => [Number(x), Number(y)]);

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
      fc.property(real(-1, 2), pixels, (cut, width) => {
        expect(cutAt(cut, width)).toBeCloseTo(Math.min(1, Math.max(0, cut)) * width, 6);
      }),
    );
  });

  it('fall from one side to the other whatever their cut, and never leave their height', () => {
    fc.assert(
      fc.property(real(2, 400), pixels, real(10, 200), (temperature, width, height) => {
        const points = pointsOf(layoutSigmoid(temperature, width, height).curve);
        expect(points[0]![0]).toBeCloseTo(-width, 1);
        expect(points.at(-1)![0]).toBeCloseTo(width, 1);
        points.slice(1).forEach(([x, y], i) => {
          expect(x).toBeGreaterThanOrEqual(points[i]![0]);
          expect(y).toBeGreaterThanOrEqual(points[i]![1]);
          expect(y).toBeLessThanOrEqual(height + 0.01);
        });
      }),
    );
  });

  it('stand before a spectrum that spans the same axis and stays in its height', () => {
    fc.assert(
      fc.property(fc.array(fraction, { minLength: 1, maxLength: 800 }), pixels, (values, width) => {
        const points = pointsOf(layoutSpectrum(values, width, 40).line);
        expect(points[0]![0]).toBeCloseTo(0, 1);
        expect(points.at(-1)![0]).toBeCloseTo(width, 0);
        for (const [, y] of points) {
          expect(y).toBeGreaterThanOrEqual(-0.05);
          expect(y).toBeLessThanOrEqual(40.05);
        }
      }),
    );
    expect(layoutSpectrum([], 100, 40).area).toBe('');
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
    const sample = { size: [3], channels: 2, values: Float32Array.of(1, 10, -2, 20, 4, -40) };
    expect(channelOf(sample, 0)).toEqual([0.025, -0.05, 0.1]);
    expect(channelOf(sample, 1)).toEqual([0.25, 0.5, -1]);
  });

  it('lay the fine lattice so that its first and last cells are at the outermost taps', () => {
    // Three taps of 10 pixels: centres at 5, 15 and 25; four cells a tap, 2.5 pixels each, nine in all.
    const fine = { fineness: 4, size: [9, 9], values: new Float32Array(81) };
    const box = { x: 0, y: 0, width: 30, height: 30 };
    expect(layoutFine({ size: [3, 3], fine }, box)).toEqual({ x: 3.75, y: 3.75, width: 22.5, height: 22.5 });
    expect(pointsOf(layoutLattice([3, 3], box)).map(([x]) => x)).toEqual([5, 15, 25, 5, 15, 25, 5, 15, 25]);
  });

  it('see a part of the input that is drawn in proportion, in the middle', () => {
    fc.assert(
      fc.property(architectures(), fraction, ({ input }, part) => {
        const field = input.grid.map((size) => Math.max(1, part * size));
        const { input: whole, field: seen, all } = layoutSight(field, input.grid, 44);
        expect(seen.width / whole.width).toBeCloseTo(field.at(-1)! / input.grid.at(-1)!, 6);
        expect(seen.x + seen.width / 2).toBeCloseTo(22, 6);
        expect(seen.x).toBeGreaterThanOrEqual(whole.x - 1e-9);
        expect(seen.y).toBeGreaterThanOrEqual(whole.y - 1e-9);
        expect(all).toBe(field.every((size, axis) => size >= input.grid[axis]!));
      }),
    );
  });

  it('become pictures that any decoder reads: signature, size, and the checksums of a known file', () => {
    const url = pngUrl(Uint8Array.of(0, 1, 1, 0), 2, 2, paletteOf([[255, 0, 0, 255], [0, 0, 255, 0]])); // prettier-ignore
    const bytes = Buffer.from(url.split(',')[1]!, 'base64');
    expect(bytes.subarray(0, 8).toString('latin1')).toBe('\x89PNG\r\n\x1a\n');
    expect([bytes.readUInt32BE(16), bytes.readUInt32BE(20)]).toEqual([2, 2]);
    // The end chunk is the same in every PNG.
    expect(bytes.subarray(-12).toString('hex')).toBe('0000000049454e44ae426082');
  });
});

describe('an axis of steps', () => {
  it('leads from a pixel to a step and back', () => {
    fc.assert(
      fc.property(steps, pixels, fraction, (points, width, part) => {
        const axis = stepAxis(points, width);
        expect(pixelOf(axis, stepAt(axis, part * width))).toBeCloseTo(part * width, 6);
        for (const { step } of points) {
          expect(stepAt(axis, pixelOf(axis, step))).toBeCloseTo(step, 6);
          expect(pixelOf(axis, step)).toBeGreaterThanOrEqual(0);
          expect(pixelOf(axis, step)).toBeLessThanOrEqual(width + 1e-9);
        }
      }),
    );
  });

  it('finds the nearest point, and the newest before a step', () => {
    fc.assert(
      fc.property(steps, real(-50, 13_000), (points, step) => {
        const distances = points.map((point) => Math.abs(point.step - step));
        expect(distances[nearestIndex(points, step)]).toBe(Math.min(...distances));
        expect(newestIndex(points, step)).toBe(points.filter((point) => point.step <= step).length - 1);
      }),
    );
    expect(nearestIndex([], 3)).toBe(-1);
  });

  it('thins to a few points that stay as the run grows, and always holds the newest', () => {
    fc.assert(
      fc.property(steps, pixels, (points, width) => {
        const axis = stepAxis(points, width);
        const kept = thin(points, axis, 4);
        expect(kept.at(-1)).toBe(points.at(-1));
        expect(kept[0]).toBe(points[0]);
        expect(kept.length).toBeLessThanOrEqual(width / 4 + 3);
        // Without the newest point, and over the same axis: what else was kept is kept.
        const before = thin(points.slice(0, -1), axis, 4);
        for (const point of before.slice(0, -1)) expect(kept).toContain(point);
      }),
    );
  });

  it('zooms to a range, marked at whole steps', () => {
    const points = [{ step: 0 }, { step: 100 }];
    const axis = stepAxis(points, 100, [40, 60]);
    expect(pixelOf(axis, 50)).toBe(50);
    for (const { value, at } of stepTicks(axis)) {
      expect(Number.isInteger(value)).toBe(true);
      expect(at).toBeGreaterThanOrEqual(0);
      expect(at).toBeLessThanOrEqual(100);
    }
  });
});

describe('cost', () => {
  const points = [
    { step: 0, macs: 10, target: 8, blocks: [4, 5] },
    { step: 100, macs: 8, target: 8, blocks: [3, 4] },
  ];
  const run = fc
    .array(
      fc.record({
        own: fc.array(real(0, 1e6), { minLength: 3, maxLength: 3 }),
        ends: real(1, 1e5),
        target: real(1, 4e6),
      }),
      {
        minLength: 1,
        maxLength: 60,
      },
    )
    .map((all) =>
      all.map(({ own, ends, target }, i): CostPoint => {
        return { step: 7 * i, macs: own.reduce((sum, macs) => sum + macs, ends), target, blocks: own };
      }),
    );

  it('stacks a band a block on what lies outside the blocks', () => {
    const { bands, y } = layoutCost(points, stepAxis(points, 200), 105);
    expect(bands.map(({ block }) => block)).toEqual([-1, 0, 1]);
    // 10 MAC and a margin of 5 % fill 105 pixels: a MAC is 10 pixels high.
    expect(y.find(({ value }) => value === 4)?.at).toBeCloseTo(65);
    // In the middle of 1 + 3 … 1 + 3 + 4, from below.
    expect(bands[2]?.label).toBeCloseTo(105 - 60);
    expect(bands[0]?.path).toBe('M0.0 95.0L200.0 95.0L200.0 105L0.0 105Z');
  });

  it('stacks to the whole cost at every step, and stays in its box', () => {
    fc.assert(
      fc.property(run, pixels, real(50, 300), (all, width, height) => {
        const axis = stepAxis(all, width);
        const { bands } = layoutCost(all, axis, height);
        const kept = thin(all, axis, 5);
        const top = Math.max(...kept.map(({ macs, target }) => Math.max(macs, target))) * 1.05;
        const upper = bands.map(({ path }) => pointsOf(path).slice(0, kept.length));
        kept.forEach((point, i) => {
          expect([-1, 0, 1, 2].reduce((sum, block) => sum + costOf(point, block), 0)).toBeCloseTo(point.macs, 3);
          const [x, y] = upper.at(-1)![i]!;
          expect(y).toBeCloseTo(height * (1 - point.macs / top), 0);
          expect(x).toBeCloseTo(pixelOf(axis, point.step), 0);
          expect(y).toBeGreaterThanOrEqual(0);
        });
        // A band begins where the one under it ends.
        bands.slice(1).forEach(({ path }, i) => {
          expect(pointsOf(path).slice(kept.length).reverse()).toEqual(upper[i]);
        });
      }),
      { numRuns: 40 },
    );
  });

  it('takes an empty history', () => {
    expect(layoutCost([], stepAxis([], 200), 100).target).toBe('');
  });
});

describe('curves', () => {
  it('hold every finite point and skip the others', () => {
    const series = [
      [
        { step: 0, value: NaN },
        { step: 40, value: 2 },
      ],
      [],
    ];
    const { paths, ends } = layoutCurves(series, stepAxis(series[0]!, 100), 50);
    expect(paths[1]).toBe('');
    expect(ends).toEqual([{ x: 100, y: 0 }, null]);
  });

  it('mark no end that lies beyond the range of steps', () => {
    const series = [[0, 10, 20].map((step) => ({ step, value: step }))];
    expect(layoutCurves(series, stepAxis(series[0]!, 100, [0, 15]), 50).ends).toEqual([null]);
  });

  it('smooth to a mean: a constant stays what it is', () => {
    const constant = [0, 1, 2, 3].map((step) => ({ step, value: 0.7 }));
    for (const { value } of smooth(constant)) expect(value).toBeCloseTo(0.7, 12);
  });
});

describe('forces', () => {
  it('point right for more and left for less, and never leave their row', () => {
    fc.assert(
      fc.property(real(-10, 10), real(0, 5), (force, scale) => {
        const { from, to } = layoutArrow(force, scale, 80);
        expect(from).toBe(40);
        expect(to).toBeGreaterThanOrEqual(0);
        expect(to).toBeLessThanOrEqual(80);
        if (to !== from) expect(Math.sign(to - from)).toBe(Math.sign(force));
        // The opposite force has the mirrored arrow.
        expect(layoutArrow(-force, scale, 80).to).toBeCloseTo(80 - to, 6);
      }),
    );
  });

  it('are as long as their root: four times the force, twice the arrow', () => {
    fc.assert(
      fc.property(real(0.01, 0.25), (part) => {
        const length = (force: number) => layoutArrow(force, 1, 200).to - 100;
        expect(length(4 * part)).toBeCloseTo(2 * length(part), 6);
      }),
    );
  });

  it('lead where their sum does, and nowhere where it is small', () => {
    expect(verdictOf({ task: 0.5, budget: -0.2 }, 1)).toBe('grows');
    expect(verdictOf({ task: 0.5, budget: -0.8 }, 1)).toBe('shrinks');
    expect(verdictOf({ task: 0.5, budget: -0.49 }, 1)).toBe('rests');
    expect(verdictOf({ task: 0, budget: 0 }, 0)).toBe('rests');
    expect(verdictOf({ task: NaN, budget: 0 }, 1)).toBe('rests');
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
    fc.assert(
      fc.property(architectures(), (architecture) => {
        const { input, blocks } = architecture;
        layoutStairs(architecture, 101).forEach(({ length, resampled, text }, i) => {
          const { grid, kept } = blocks[i]!;
          const part = grid.reduce((sum, size, axis) => sum + size / input.grid[axis]!, 0) / grid.length;
          expect(length).toBeCloseTo(100 * part);
          expect(text === '').toBe(!resampled.includes(true));
          if (!kept) expect(text).toBe('');
        });
      }),
    );
  });

  it('keep their ratios in whole points while a grid glides', () => {
    const architecture = fakeArchitecture(FAKE_IMAGES, 0.25, 0);
    const nearly = {
      ...architecture,
      blocks: architecture.blocks.map((block) => ({ ...block, grid: block.grid.map((size) => size + 0.2) })),
    };
    const texts = (of: typeof architecture) => layoutStairs(of, 101).map(({ text }) => text);
    expect(texts(nearly)).toEqual(texts(architecture));
  });
});

describe('easing', () => {
  const from = fakeArchitecture(FAKE_IMAGES, 0.1, 0);
  const to = fakeArchitecture(FAKE_IMAGES, 0.8, 0);
  const shapeAt = (budget: number, step: number): Shape => {
    const { architecture, masks, depth } = fakeSnapshot(FAKE_IMAGES, budget, step, false);
    return { architecture, masks, depth, scale: { K: 1, R: 1, W: 1, D: 1 } };
  };

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

  it('eases any network to any other of its shape, and then rests', () => {
    fc.assert(
      fc.property(architectures(), fraction, (architecture, part) => {
        const blocks = architecture.blocks.map((block) => ({ ...block, macs: part * block.macs }));
        const other = { ...architecture, blocks };
        let shown = other;
        for (let i = 0; i < 300; i++) shown = mixArchitectures(shown, architecture, 0.2);
        expect(shown.blocks).toEqual(architecture.blocks);
        expect(mixArchitectures(shown, architecture, 0.2)).toBe(shown);
      }),
      { numRuns: 30 },
    );
  });

  it('keeps what did not change as the same object, so that its row is not drawn again', () => {
    const shape = shapeAt(0.3, 40);
    const copy = structuredClone(shape);
    expect(mixShapes(shape, copy, 0.3)).toBe(shape);
    const [first, ...rest] = copy.masks;
    const moved = { ...copy, masks: [{ ...first!, inner: { ...first!.inner, cut: first!.inner.cut / 2 } }, ...rest] };
    const mixed = mixShapes(shape, moved, 0.3);
    expect(mixed.architecture).toBe(shape.architecture);
    expect(mixed.masks[0]).not.toBe(shape.masks[0]);
    expect(mixed.masks[0]!.outer).toBe(shape.masks[0]!.outer);
    expect(mixed.masks[1]).toBe(shape.masks[1]);
  });

  it('brings masks, depth and scale along to where no eye could tell', () => {
    const target = shapeAt(0.7, 300);
    let shown = shapeAt(0.2, 0);
    for (let i = 0; i < 200; i++) shown = mixShapes(shown, target, 0.2);
    expect(Math.abs(shown.depth.cut - target.depth.cut)).toBeLessThan(0.001);
    shown.masks.forEach(({ outer, kernel }, i) => {
      expect(Math.abs(outer.cut - target.masks[i]!.outer.cut)).toBeLessThan(0.001);
      expect(Math.abs(kernel[0]!.taps - target.masks[i]!.kernel[0]!.taps)).toBeLessThan(0.021);
    });
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
