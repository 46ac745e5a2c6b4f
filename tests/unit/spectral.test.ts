/** Resampling by a mask on the spectrum, beside a cosine transform made of another library's FFT. */
import { reshape, tensor, tensor1d, tensor2d, type Tensor } from '@tensorflow/tfjs-core';
import FFT from 'fft.js';
import { afterAll, describe, expect, it } from 'vitest';
import { sigmoidMask } from '../../src/dnarch/masks.ts';
import { TEMPERATURE } from '../../src/dnarch/config.ts';
import { random } from '../../src/dnarch/random.ts';
import { fourierAnalysis, fourierSynthesis, resample, SpectralBases } from '../../src/dnarch/spectral.ts';
import { viewOf } from '../../src/kernels/leaf.ts';
import { product } from '../../src/kernels/products.ts';
import { useBackend } from '../support/backend.ts';
import { distance, normals, numbersOf } from '../support/numbers.ts';

useBackend('cpu');
const bases = new SpectralBases(false);
const around = new SpectralBases(true);
afterAll(() => {
  bases.dispose();
  around.dispose();
});

const PLANS = ['assembled', 'factored'] as const;

/** Resamples one line. */
async function line(
  x: ArrayLike<number>,
  to: number,
  plan: (typeof PLANS)[number],
  mask: Float32Array | null = null,
  own = bases,
): Promise<number[]> {
  const input = tensor(Array.from(x), [1, x.length, 1]);
  return numbersOf(resample(own, input, [{ to, plan, mask: mask === null ? null : viewOf(tensor1d(mask)) }]));
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

/** A wave of so many periods on a ring of n points, moved by a part of its length. */
function ringWave(n: number, periods: number, moved: number): number[] {
  return Array.from({ length: n }, (_, i) => Math.cos(2 * Math.PI * (periods * (i / n) - moved)));
}

/** Coefficients of e^(2πiwx) by an FFT, real and imaginary parts in turn. */
function fourierCoefficients(x: ArrayLike<number>): number[] {
  const fft = new FFT(x.length);
  const spectrum = fft.createComplexArray();
  fft.realTransform(spectrum, Array.from(x));
  return spectrum.map((value) => value / x.length);
}

describe.each(PLANS)('resampling a ring, %s', (plan) => {
  const ring = (x: ArrayLike<number>, to: number, mask: Float32Array | null = null): Promise<number[]> =>
    line(x, to, plan, mask, around);

  it.each([
    [32, 23],
    [32, 8],
    [64, 63],
    [16, 32],
    [16, 16],
    [8, 21],
  ])('from %i to %i is a masked Fourier series on the new grid', async (from, to) => {
    const x = normals(random(from, to), from);
    const kept = Math.min(from, to);
    const { values: mask } = sigmoidMask(to / from, TEMPERATURE, from, kept);
    const coefficients = fourierCoefficients(x);
    const expected = Array.from({ length: to }, (_, i) => {
      let sum = (mask[0] ?? NaN) * (coefficients[0] ?? NaN);
      for (let w = 1; 2 * w <= from; w++) {
        const angle = (2 * Math.PI * w * i) / to;
        const real = (mask[2 * w - 1] ?? 0) * (coefficients[2 * w] ?? NaN) * Math.cos(angle);
        const imaginary = (mask[2 * w] ?? 0) * (coefficients[2 * w + 1] ?? NaN) * Math.sin(angle);
        // Its conjugate adds the same, but at Nyquist, where both are one.
        sum += (2 * w === from ? 1 : 2) * (real - imaginary);
      }
      return sum;
    });
    expect(distance(await ring(x, to, mask), expected)).toBeLessThan(1e-5);
  });

  it.each([
    [20, 13],
    [13, 20],
    [12, 12],
    [9, 3],
  ])('from %i to %i keeps constants, and the waves that both grids hold wherever they stand', async (from, to) => {
    expect(distance(await ring(ringWave(from, 0, 0), to), ringWave(to, 0, 0))).toBeLessThan(1e-5);
    const highest = Math.floor((Math.min(from, to) - 1) / 2);
    for (const periods of [1, highest]) {
      for (const moved of [0, 0.25, 0.37]) {
        const found = await ring(ringWave(from, periods, moved), to);
        expect(distance(found, ringWave(to, periods, moved))).toBeLessThan(1e-5);
      }
    }
  });

  it('lets nothing through that the new grid cannot hold', async () => {
    for (const periods of [6, 8, 10]) {
      for (const moved of [0, 0.2]) {
        for (const value of await ring(ringWave(20, periods, moved), 11)) expect(Math.abs(value)).toBeLessThan(1e-6);
      }
    }
  });

  it('knows no first point: an input turned by steps of both grids comes out turned', async () => {
    const x = [...normals(random(5, 5), 24)];
    const turn = (values: number[], steps: number): number[] => [...values.slice(steps), ...values.slice(0, steps)];
    const nine = await ring(x, 9);
    expect(distance(await ring(turn(x, 8), 9), turn(nine, 3))).toBeLessThan(1e-5);
    const twelve = await ring(x, 12);
    expect(distance(await ring(turn(x, 2), 12), turn(twelve, 1))).toBeLessThan(1e-5);
  });

  it.each([13, 14])('is undone by the way back from a finer ring: %i points', async (points) => {
    const x = normals(random(4, 4), points);
    expect(distance(await ring(await ring(x, 23), points), x)).toBeLessThan(1e-5);
  });
});

describe('the Fourier series of a ring', () => {
  it.each([9, 10])('holds the mean square of its samples: %i points', (points) => {
    const x = normals(random(6, points), points);
    const analysis = fourierAnalysis(points, points);
    const coefficients = Array.from({ length: points }, (_, k) =>
      x.reduce((sum, value, j) => sum + value * (analysis[j * points + k] ?? NaN), 0),
    );
    // Parseval: a constant, or a wave that only changes its sign, counts in full; all others have half their squares.
    const alone = points % 2 === 0 ? [0, points - 1] : [0];
    const squares = coefficients.map((value, k) => (alone.includes(k) ? 1 : 0.5) * value ** 2);
    const mean = x.reduce((sum, value) => sum + value ** 2, 0) / points;
    expect(squares.reduce((a, b) => a + b, 0)).toBeCloseTo(mean, 5);
  });

  it('has its waves in the order of their periods, on the points from 0 on', () => {
    const quarter = [1, 0, -1, 0];
    expect([...fourierSynthesis(4, 4)].map((value) => Math.round(1e6 * value) / 1e6 + 0)).toEqual([
      ...[1, 1, 1, 1],
      ...quarter,
      ...[0, 1, 0, -1],
      ...[1, -1, 1, -1],
    ]);
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

describe.each([
  ['a line', bases],
  ['a ring', around],
] as const)('on %s', (_, own) => {
  it('resampling and a pointwise matrix give the same in either order', async () => {
    const [from, to, inside, outside] = [18, 11, 2, 5];
    const draw = random(9, 9);
    const x = tensor2d(normals(draw, from * inside), [from, inside]);
    const matrix = tensor2d(normals(draw, inside * outside), [inside, outside]);
    const { values } = sigmoidMask(to / from, TEMPERATURE, from, to);
    const resampled = (y: Tensor): Tensor =>
      resample(own, reshape(y, [1, from, -1]), [{ to, plan: 'factored', mask: viewOf(tensor1d(values)) }]);
    const early = product(reshape(resampled(x), [to, inside]), matrix);
    expect(distance(await numbersOf(early), await numbersOf(resampled(product(x, matrix))))).toBeLessThan(1e-5);
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
