/** Resampling by a mask on the spectrum, beside a cosine transform made of another library's FFT. */
import { tensor, tensor1d, type Tensor } from '@tensorflow/tfjs-core';
import FFT from 'fft.js';
import { afterAll, describe, expect, it } from 'vitest';
import type { ResamplingPlan } from '../../src/architecture/cost.ts';
import { sigmoidMask } from '../../src/dnarch/masks.ts';
import { TEMPERATURE } from '../../src/dnarch/config.ts';
import { random } from '../../src/dnarch/random.ts';
import { resample, SpectralBases } from '../../src/dnarch/spectral.ts';
import { useBackend } from '../support/backend.ts';
import { distance, normals, numbersOf } from '../support/numbers.ts';

useBackend('cpu');
const bases = new SpectralBases();
afterAll(() => bases.dispose());

const PLANS = ['assembled', 'factored'] as const;

/** Resamples one line. */
async function line(
  x: ArrayLike<number>,
  to: number,
  plan: ResamplingPlan,
  mask: Float32Array | null = null,
): Promise<number[]> {
  const input = tensor(Array.from(x), [1, x.length, 1]);
  return numbersOf(resample(bases, input, [{ to, plan, mask: mask === null ? null : tensor1d(mask) }]));
}

/** DCT-II of a power of two samples by an FFT of their even extension, so that x_j = Σ_k a_k·cos(π(j + ½)k/N). */
function cosineCoefficients(x: ArrayLike<number>): number[] {
  const n = x.length;
  const fft = new FFT(2 * n);
  const spectrum = fft.createComplexArray();
  fft.realTransform(
    spectrum,
    Array.from({ length: 2 * n }, (_, j) => x[j < n ? j : 2 * n - 1 - j] ?? 0),
  );
  return Array.from({ length: n }, (_, k) => {
    const angle = (-Math.PI * k) / (2 * n);
    const real = Math.cos(angle) * (spectrum[2 * k] ?? 0) - Math.sin(angle) * (spectrum[2 * k + 1] ?? 0);
    return (real / (2 * n)) * (k === 0 ? 1 : 2);
  });
}

function cosine(n: number, frequency: number): number[] {
  return Array.from({ length: n }, (_, i) => Math.cos((Math.PI * (i + 0.5) * frequency) / n));
}

describe.each(PLANS)('resampling, %s', (plan) => {
  it.each([
    [32, 23],
    [32, 8],
    [64, 63],
    [16, 32],
    [8, 21],
  ])('from %i to %i is a masked cosine series on the new grid', async (from, to) => {
    const x = normals(random(from, to), from);
    const kept = Math.min(from, to);
    const { values: mask } = sigmoidMask(to / from, TEMPERATURE, from, kept);
    const coefficients = cosineCoefficients(x);
    const expected = new Array<number>(to).fill(0);
    for (let k = 0; k < kept; k++) {
      cosine(to, k).forEach((value, i) => {
        expected[i] = (expected[i] ?? 0) + (mask[k] ?? 0) * (coefficients[k] ?? 0) * value;
      });
    }
    expect(distance(await line(x, to, plan, mask), expected)).toBeLessThan(1e-5);
  });

  it.each([
    [20, 13],
    [13, 20],
    [9, 3],
  ])('from %i to %i keeps constants, and what the new grid can hold', async (from, to) => {
    expect(distance(await line(cosine(from, 0), to, plan), cosine(to, 0))).toBeLessThan(1e-5);
    const highest = Math.min(from, to) - 1;
    for (const frequency of [1, highest]) {
      expect(distance(await line(cosine(from, frequency), to, plan), cosine(to, frequency))).toBeLessThan(1e-5);
    }
  });

  it('lets nothing through that the new grid cannot hold', async () => {
    for (const frequency of [11, 15, 19]) {
      for (const value of await line(cosine(20, frequency), 11, plan)) expect(Math.abs(value)).toBeLessThan(1e-6);
    }
  });

  it('is undone by the way back, where nothing was lost', async () => {
    const x = normals(random(4, 4), 14);
    expect(distance(await line(await line(x, 23, plan), 14, plan), x)).toBeLessThan(1e-5);
    const smooth = cosine(23, 2).map((value, i) => 0.3 + value - 2 * (cosine(23, 8)[i] ?? 0));
    expect(distance(await line(await line(smooth, 9, plan), 23, plan), smooth)).toBeLessThan(1e-5);
  });
});

describe('resampling an image', () => {
  it('treats each axis by itself, and keeps samples and channels apart', async () => {
    const [height, width, samples, channels] = [10, 7, 2, 3];
    const amplitude = (n: number, c: number): number => 1 + n * channels + c;
    const image = (h: number, w: number): number[] =>
      Array.from({ length: samples }, (_, n) =>
        cosine(h, 3).map((a) => cosine(w, 2).map((b) => [0, 1, 2].map((c) => amplitude(n, c) * a * b))),
      ).flat(3);
    const input: Tensor = tensor(image(height, width), [samples, height, width, channels]);
    for (const plan of PLANS) {
      const both = resample(bases, input, [
        { to: 5, mask: null, plan },
        { to: 11, mask: null, plan },
      ]);
      expect(both.shape).toEqual([samples, 5, 11, channels]);
      expect(distance(await numbersOf(both), image(5, 11))).toBeLessThan(1e-5);
      const second = resample(bases, input, [null, { to: 4, mask: null, plan }]);
      expect(second.shape).toEqual([samples, height, 4, channels]);
      expect(distance(await numbersOf(second), image(height, 4))).toBeLessThan(1e-5);
    }
    expect(resample(bases, input, [null, null])).toBe(input);
  });
});

describe('a cropped spectrum', () => {
  it('is the whole spectrum with zeros in it', async () => {
    const [from, to] = [18, 11];
    const x = normals(random(8, 8), from);
    const { values } = sigmoidMask(to / from, TEMPERATURE, from, to);
    const zeros = new Float32Array(from);
    zeros.set(values);
    const cropped = await line(await line(x, to, 'assembled', values), from, 'factored');
    expect(distance(cropped, await line(x, from, 'assembled', zeros))).toBeLessThan(1e-5);
  });
});
