/** What transforms by matrix products are made of. Nothing here has a gradient by itself. */
import {
  add,
  concat,
  engine,
  matMul,
  mul,
  reshape,
  reverse,
  slice,
  type Tensor3D,
  type Tensor4D,
} from '@tensorflow/tfjs-core';
import { COMPLEX_PRODUCT, GROUPED_PRODUCT, hasKernel } from './names.ts';

/** w·x with a matrix for each group: `[before, groups, inner, after]`, `[groups, outer, inner]` → `[before, groups, outer, after]`. */
export function groupedProduct(x: Tensor4D, w: Tensor3D): Tensor4D {
  const [groups, outer, inner] = w.shape;
  if (hasKernel(GROUPED_PRODUCT)) {
    return engine().runKernel<Tensor4D>(GROUPED_PRODUCT, { x, w });
  }
  return matMul<Tensor4D>(reshape(w, [1, groups, outer, inner]), x);
}

/**
 * Products of complex numbers, or with the conjugates of the second ones: `[before, bins, 2, channels]`, and the same or one for
 * all, `[1, bins, 2, channels]`.
 */
export function complexProduct(x: Tensor4D, y: Tensor4D, conjugate: boolean): Tensor4D {
  if (hasKernel(COMPLEX_PRODUCT)) return engine().runKernel<Tensor4D>(COMPLEX_PRODUCT, { x, y }, { conjugate });
  const [before, bins, , channels] = y.shape;
  const part = (of: Tensor4D, which: number): Tensor4D => slice(of, [0, 0, which, 0], [before, bins, 1, channels]);
  const [real, imaginary] = [part(y, 0), part(y, 1)];
  const minus = mul<Tensor4D>(imaginary, -1);
  const across = concat(conjugate ? [imaginary, minus] : [minus, imaginary], 2);
  return add(mul(x, real), mul(reverse(x, 2), across));
}
