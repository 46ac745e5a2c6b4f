/** The masks' closed forms, beside numbers worked out by hand and finite differences; no backend. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TEMPERATURE, THRESHOLD } from '../../src/dnarch/config.ts';
import {
  gaussianMask,
  keptEntries,
  kernelTaps,
  sigmoidMask,
  sigmoidMaskAt,
  THRESHOLD_LOGIT,
} from '../../src/dnarch/masks.ts';
import { packMasks, taskGradient } from '../../src/dnarch/maskPack.ts';
import { parameterLayout } from '../../src/dnarch/parameters.ts';
import { random } from '../../src/dnarch/random.ts';
import { integerSizes } from '../../src/dnarch/sizes.ts';
import { SHORT_CONFIGS, randomParameters } from '../support/networks.ts';
import { slope } from '../support/numbers.ts';

const cuts = fc.double({ min: 0.05, max: 1, noNaN: true });
const totals = fc.integer({ min: 4, max: 80 });

describe('the sigmoid mask', () => {
  it('falls to the threshold at its cut, and to a half where its centre is', () => {
    expect(sigmoidMaskAt(0.7, 0.7, 60)).toBeCloseTo(THRESHOLD, 12);
    expect(sigmoidMaskAt(0.7 - THRESHOLD_LOGIT / 60, 0.7, 60)).toBeCloseTo(0.5, 12);
    // 1/(1 + e^(60·0.05 + ln((1 − T)/T))), which is 1/(1 + 9·e³) for T = 0.1.
    expect(sigmoidMaskAt(0.75, 0.7, 60)).toBeCloseTo(1 / (1 + (1 / THRESHOLD - 1) * Math.E ** 3), 12);
  });

  it('keeps exactly the entries above the threshold', () => {
    fc.assert(
      fc.property(cuts, totals, (cut, total) => {
        const kept = keptEntries(cut, total, 0);
        const above = Array.from({ length: total }, (_, i) => sigmoidMaskAt((i + 0.5) / total, cut, TEMPERATURE));
        // An entry on the boundary itself may fall on either side by rounding.
        fc.pre(above.every((m) => Math.abs(m - THRESHOLD) > 1e-9));
        expect(kept).toBe(above.filter((m) => m > THRESHOLD).length);
      }),
    );
  });

  it('has the slope of finite differences in its cut', async () => {
    const { values, slopes } = sigmoidMask(0.6, 20, 10, 7);
    expect(values).toHaveLength(7);
    for (const [i, found] of slopes.entries()) {
      expect(values[i]).toBeCloseTo(sigmoidMaskAt((i + 0.5) / 10, 0.6, 20), 6);
      expect(found).toBeCloseTo(await slope((cut) => sigmoidMaskAt((i + 0.5) / 10, cut, 20), 0.6, 1e-3), 5);
    }
  });
});

describe('the Gaussian mask', () => {
  /** exp(−u²/2σ²) with σ such that it falls to T at `half`. */
  const gaussian = (u: number, half: number): number => THRESHOLD ** ((u / half) ** 2);

  it('is 1 at the centre, symmetric, and falls to the threshold at its half-width', () => {
    const { values } = gaussianMask(3, 7);
    expect(values[3]).toBe(1);
    expect([...values].reverse()).toEqual([...values]);
    expect(values[0]).toBeCloseTo(THRESHOLD, 6);
    expect(values[1]).toBeCloseTo(gaussian(2, 3), 6);
  });

  it('keeps exactly the taps at or above the threshold, one beside the centre at least', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.3, max: 40, noNaN: true }), (half) => {
        const beside = Array.from({ length: 60 }, (_, i) => i + 1).filter((u) => gaussian(u, half) >= THRESHOLD);
        expect(kernelTaps(half)).toBe(2 * Math.max(1, beside.length) + 1);
      }),
      { examples: [[1], [2], [0.3]] },
    );
  });

  it('has the slope of finite differences in its half-width', async () => {
    const { slopes } = gaussianMask(2.6, 5);
    for (const [i, found] of slopes.entries()) {
      expect(found).toBeCloseTo(await slope((half) => gaussian(i - 2, half), 2.6, 1e-3), 5);
    }
  });
});

// A band is differentiated by an entry that is always 0; `band.test.ts` and `gradients.test.ts` see to that.
describe.each(SHORT_CONFIGS)('all masks of a network in one vector: %s', (_, config) => {
  it('have a slope for each entry, and give it to the parameter that moves it', () => {
    const parameters = randomParameters(config, random(3, 1));
    const sizes = integerSizes(config, parameters);
    const pack = packMasks(config, parameters, sizes);
    expect(pack.values).toHaveLength(pack.lengths.reduce((a, b) => a + b, 0));
    const step = 1e-4;
    for (let i = 0; i < parameters.length; i++) {
      const at = (value: number): Float32Array => packMasks(config, parameters.with(i, value), sizes).values;
      const [above, below] = [at((parameters[i] ?? NaN) + step), at((parameters[i] ?? NaN) - step)];
      pack.values.forEach((_, entry) => {
        const difference = ((above[entry] ?? NaN) - (below[entry] ?? NaN)) / (2 * step);
        const expected = pack.owners[entry] === i ? (pack.slopes[entry] ?? NaN) : 0;
        expect(Math.abs(difference - expected)).toBeLessThan(2e-3 + 1e-3 * Math.abs(expected));
      });
    }
  });

  it('add up to the gradient in the parameters by the chain rule', () => {
    const parameters = randomParameters(config, random(4, 1));
    const pack = packMasks(config, parameters, integerSizes(config, parameters));
    const entries = pack.values.map((_, i) => Math.sin(i));
    const gradient = taskGradient(pack, entries, parameters.length);
    const { depth } = parameterLayout(config);
    const gates = entries.slice(-(pack.lengths.at(-1) ?? 0));
    const slopes = pack.slopes.slice(-gates.length);
    // The gates come last, and only they belong to the depth.
    expect(gradient[depth]).toBeCloseTo(
      gates.reduce((sum, g, i) => sum + g * (slopes[i] ?? NaN), 0),
      6,
    );
    expect(gradient).toHaveLength(parameters.length);
  });
});
