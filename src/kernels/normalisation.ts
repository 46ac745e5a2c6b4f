/** Batch normalisation over the rows of `[m, c]` (Ioffe & Szegedy, arXiv 1502.03167), and its form for inference. */
import { add, mul, reshape, rsqrt, square, sub, type Tensor1D, type Tensor2D } from '@tensorflow/tfjs-core';
import { differentiable } from './differentiable.ts';
import { columnSums } from './products.ts';

export const EPSILON = 1e-5;

export interface Moments {
  /** `[1, c]`. */
  readonly mean: Tensor2D;
  readonly variance: Tensor2D;
}

/** Mean and variance of each column of `[m, c]`. */
export function moments(x: Tensor2D): Moments {
  const mean: Tensor2D = mul(columnSums(x), 1 / x.shape[0]);
  const variance: Tensor2D = mul(columnSums(square(sub(x, mean))), 1 / x.shape[0]);
  return { mean, variance };
}

/** (x − mean)/√(variance + ε)·scale + shift with the batch's own moments; `[m, c]`, `[c]`, `[c]` → `[m, c]`. */
export function batchNorm(x: Tensor2D, scale: Tensor1D, shift: Tensor1D): Tensor2D {
  const rows = x.shape[0];
  return differentiable<Tensor2D, [Tensor2D, Tensor2D, Tensor1D]>(
    [x, scale, shift],
    () => {
      const mean: Tensor2D = mul(columnSums(x), 1 / rows);
      const centred: Tensor2D = sub(x, mean);
      const variance = mul(columnSums(square(centred)), 1 / rows);
      const inverse: Tensor2D = rsqrt(add(variance, EPSILON));
      return { value: add(mul(centred, mul(inverse, scale)), shift), saved: [centred, inverse, scale] };
    },
    (dy, [centred, inverse, scale]) => {
      const channels = centred.shape[1];
      const dShift = columnSums(dy);
      const dScale = mul(columnSums(mul(dy, centred)), inverse);
      // dx = s/σ·(dy − mean(dy) − x̂·mean(dy·x̂)), gathered into two passes over the rows.
      const gain = mul(inverse, scale);
      const slope = mul(mul(gain, inverse), mul(dScale, 1 / rows));
      const constant = mul(gain, mul(dShift, 1 / rows));
      const dx = sub(sub(mul(dy, gain), mul(centred, slope)), constant);
      return [dx, reshape(dScale, [channels]), reshape(dShift, [channels])];
    },
  );
}

/** The same with given moments: an affine map of each channel. */
export function fixedNorm(x: Tensor2D, { mean, variance }: Moments, scale: Tensor1D, shift: Tensor1D): Tensor2D {
  const gain = mul(rsqrt(add(variance, EPSILON)), scale);
  return add(mul(x, gain), sub(shift, mul(mean, gain)));
}
