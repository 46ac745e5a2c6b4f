/** Batch normalisation over the rows of `[m, c]` (Ioffe & Szegedy, arXiv 1502.03167), and its form for inference. */
import { add, mul, rsqrt, square, sub, type Tensor2D } from '@tensorflow/tfjs-core';
import { differentiable } from './differentiable.ts';
import { matrixOf } from './leaf.ts';
import { columnSums } from './products.ts';
import { programs, type NormViews } from './programs.ts';

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

/** (x − mean)/√(variance + ε)·scale + shift with the batch's own moments; `[m, c]`, `[1, c]`, `[1, c]` → `[m, c]`. */
export function batchNorm(x: Tensor2D, scale: Tensor2D, shift: Tensor2D): Tensor2D {
  const rows = x.shape[0];
  return differentiable<Tensor2D, [Tensor2D, Tensor2D, Tensor2D]>(
    [x, scale, shift],
    () => {
      const mean: Tensor2D = mul(columnSums(x), 1 / rows);
      const centred: Tensor2D = sub(x, mean);
      const variance = mul(columnSums(square(centred)), 1 / rows);
      const inverse: Tensor2D = rsqrt(add(variance, EPSILON));
      return { value: add(mul(centred, mul(inverse, scale)), shift), saved: [centred, inverse, scale] };
    },
    (dy, [centred, inverse, scale]) => {
      const dShift = columnSums(dy);
      const dScale = mul(columnSums(mul(dy, centred)), inverse);
      // dx = s/σ·(dy − mean(dy) − x̂·mean(dy·x̂)), gathered into two passes over the rows.
      const gain = mul(inverse, scale);
      const slope = mul(mul(gain, inverse), mul(dScale, 1 / rows));
      const constant = mul(gain, mul(dShift, 1 / rows));
      const dx = sub(sub(mul(dy, gain), mul(centred, slope)), constant);
      return [dx, dScale, dShift];
    },
  );
}

/** `[1, c]` each: TF.js would compile products with vectors for every number of channels. */
export interface Affine {
  readonly scale: Tensor2D;
  readonly shift: Tensor2D;
}

/** The same with given moments: an affine map of each channel. */
export function fixedNorm(x: Tensor2D, { mean, variance }: Moments, { scale, shift }: Affine): Tensor2D {
  const gain = mul(rsqrt(add(variance, EPSILON)), scale);
  return add(mul(x, gain), sub(shift, mul(mean, gain)));
}

/** Scale and shift of each channel times its mask: the norm's scale and shift with the mask folded in. */
export function maskedAffine({ scale, shift, mask }: NormViews): Affine {
  const m = matrixOf(mask);
  return { scale: mul(matrixOf(scale), m), shift: mul(matrixOf(shift), m) };
}

/** `batchNorm` with the mask folded into scale and shift, `[m, c]` → `[m, c]`. */
export function maskedBatchNorm(x: Tensor2D, views: NormViews): Tensor2D {
  const own = programs();
  if (own === null) {
    const { scale, shift } = maskedAffine(views);
    return batchNorm(x, scale, shift);
  }
  return differentiable<Tensor2D, [Tensor2D, Tensor2D]>(
    [x],
    () => {
      const { table, value } = own.norm(x, views);
      return { value, saved: [x, table] };
    },
    (dy, [x, table]) => [own.normGradient(x, table, dy, views)],
  );
}
