/** Gaussian random fields: sums of waves whose amplitudes are drawn, as Li et al. (arXiv:2010.08895, §5) draw theirs. */
import type { Random } from '../../dnarch/random.ts';
import { fourier } from './fourier.ts';

/**
 * Draws fields on the unit square with covariance (−Δ + 9)⁻², the slope zero at the sides and the mean left out: the
 * cosine of i and j half turns has deviation ∝ 1/(π²(i² + j²) + 9).
 * @returns values `[side, side]` at the nodes of a grid that includes the sides; only their ratios mean something
 */
export function cosineFields(side: number): (draw: Random) => Float64Array {
  const waves = Float64Array.from({ length: side * side }, (_, at) =>
    Math.cos((Math.PI * Math.floor(at / side) * (at % side)) / (side - 1)),
  );
  const deviation = Float64Array.from({ length: side * side }, (_, at) => {
    const [i, j] = [Math.floor(at / side), at % side];
    return at === 0 ? 0 : 1 / (Math.PI ** 2 * (i * i + j * j) + 9);
  });
  return (draw) => {
    const amplitudes = deviation.map((size) => size * draw.normal());
    // `waves` is symmetric: rows first, then columns.
    return product(waves, product(amplitudes, waves, side), side);
  };
}

/** Matrices `[side, side]`. */
function product(a: Float64Array, b: Float64Array, side: number): Float64Array {
  const out = new Float64Array(side * side);
  for (let i = 0; i < side; i++) {
    for (let k = 0; k < side; k++) {
      const factor = a[i * side + k]!;
      for (let j = 0; j < side; j++) out[i * side + j]! += factor * b[k * side + j]!;
    }
  }
  return out;
}

/** Deviation of the amplitudes of cosine and sine of `k` turns a period, for covariance 625(−Δ + 25)⁻². */
export const ringDeviation = (k: number): number => (Math.SQRT2 * 25) / (4 * Math.PI ** 2 * k * k + 25);

/**
 * Draws two independent fields of period 1 with covariance 625(−Δ + 25)⁻² and mean 0.
 * @param points values a field, a power of two
 */
export function ringFields(points: number): (draw: Random) => readonly [Float64Array, Float64Array] {
  const transform = fourier(points);
  return (draw) => {
    const real = new Float64Array(points);
    const imaginary = new Float64Array(points);
    for (let k = 1; k < points / 2; k++) {
      const half = ringDeviation(k) / 2;
      const [cosine, sine, otherCosine, otherSine] = [draw.normal(), draw.normal(), draw.normal(), draw.normal()];
      // The second field rides on the imaginary part: amplitudes (a − ib)/2 at k and (a + ib)/2 at −k, for each field.
      real[k] = half * (cosine + otherSine);
      imaginary[k] = half * (otherCosine - sine);
      real[points - k] = half * (cosine - otherSine);
      imaginary[points - k] = half * (otherCosine + sine);
    }
    transform(real, imaginary, 1);
    return [real, imaginary];
  };
}
