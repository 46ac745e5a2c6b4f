/** The Gaussian error linear unit in its sigmoid form, x·σ(1.702x) (Hendrycks & Gimpel, arXiv 1606.08415, §2). */
import { add, mul, sigmoid, sub, type Tensor2D } from '@tensorflow/tfjs-core';
import { differentiable } from './differentiable.ts';

export const GELU_SLOPE = 1.702;

/** Elementwise, any `[m, c]`. */
export function gelu(x: Tensor2D): Tensor2D {
  return differentiable<Tensor2D, [Tensor2D, Tensor2D]>(
    [x],
    () => {
      const s: Tensor2D = sigmoid(mul(x, GELU_SLOPE));
      const value: Tensor2D = mul(x, s);
      return { value, saved: [s, value] };
    },
    // d(x·s)/dx = s + 1.702·x·s·(1 − s), with x·s the value itself.
    (dy, [s, value]) => [mul(dy, add(s, mul(sub(value, mul(value, s)), GELU_SLOPE)))],
  );
}
