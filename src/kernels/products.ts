/** Matrix products with gradients that are fast on every backend. */
import { add, engine, matMul, ones, reshape, type Tensor1D, type Tensor2D } from '@tensorflow/tfjs-core';
import { differentiable } from './differentiable.ts';
import { anchorGradients, anchorOf, matrixOf, vectorOf, type View } from './leaf.ts';
import { hasKernel, PRODUCT, TRANSPOSED_PRODUCT } from './names.ts';
import { programs } from './programs.ts';

/** x·w + b, `[m, i]`, `[i, o]`, `[o]` → `[m, o]`; no b for null. */
function multiply(x: Tensor2D, w: Tensor2D, bias: Tensor1D | null): Tensor2D {
  if (hasKernel(PRODUCT)) {
    return engine().runKernel<Tensor2D>(PRODUCT, bias === null ? { x, w } : { x, w, bias });
  }
  const own = programs();
  const y: Tensor2D = own === null ? matMul(x, w) : own.product(x, { lines: x.shape[0], after: 1 }, w);
  return bias === null ? y : add(y, bias);
}

/** xᵀ·y, `[m, i]`, `[m, o]` → `[i, o]`, without a gradient. */
export function transposedProduct(x: Tensor2D, y: Tensor2D): Tensor2D {
  if (hasKernel(TRANSPOSED_PRODUCT)) {
    return engine().runKernel<Tensor2D>(TRANSPOSED_PRODUCT, { x, y });
  }
  const own = programs();
  return own === null ? matMul(x, y, true, false) : own.matrixGradient(x, y, { lines: x.shape[0], after: 1 });
}

/** Sums of the columns, `[m, c]` → `[1, c]`: a product with ones, since reductions over the first axis are slow. */
export function columnSums(x: Tensor2D): Tensor2D {
  return transposedProduct(ones([x.shape[0], 1]), x);
}

/** x·w, `[m, i]`, `[i, o]` → `[m, o]`. */
export function product(x: Tensor2D, w: Tensor2D): Tensor2D {
  return differentiable<Tensor2D, [Tensor2D, Tensor2D]>(
    [x, w],
    () => ({ value: multiply(x, w, null), saved: [x, w] }),
    (dy, [x, w]) => [matMul(dy, w, false, true), transposedProduct(x, dy)],
  );
}

/** x·w + b, `[m, i]`, `[i, o]`, `[o]` → `[m, o]`. */
export function affine(x: Tensor2D, w: Tensor2D, b: Tensor1D): Tensor2D {
  return differentiable<Tensor2D, [Tensor2D, Tensor2D]>(
    [x, w, b],
    () => ({ value: multiply(x, w, b), saved: [x, w] }),
    (dy, [x, w]) => [matMul(dy, w, false, true), transposedProduct(x, dy), reshape(columnSums(dy), [w.shape[1]])],
  );
}

/**
 * x·w + bias with views, `[m, i]` → `[m, o]`; no bias for null. A constant x, such as the network's input, gets no gradient.
 */
export function viewedProduct(x: Tensor2D, w: View, bias: View | null, constant = false): Tensor2D {
  const own = programs();
  if (own === null) {
    return bias === null ? product(x, matrixOf(w)) : affine(x, matrixOf(w), vectorOf(bias));
  }
  const at = { lines: x.shape[0], after: 1 };
  return differentiable<Tensor2D, [Tensor2D]>(
    constant ? anchorOf(w) : [x],
    () => ({ value: own.product(x, at, w, { bias }), saved: [x] }),
    (dy, [x]) => {
      own.addMatrixGradient(x, dy, w, bias);
      return constant ? anchorGradients(w) : [own.productGradient(dy, at, w)];
    },
  );
}
