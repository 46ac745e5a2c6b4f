/** Matrix products with gradients that are fast on every backend. */
import { add, getBackend, matMul, ones, reshape, transpose, type Tensor1D, type Tensor2D } from '@tensorflow/tfjs-core';
import { differentiable } from './differentiable.ts';

/** xᵀ·y, `[m, i]`, `[m, o]` → `[i, o]`. The wasm backend multiplies fast only what is not transposed by a flag. */
function transposedProduct(x: Tensor2D, y: Tensor2D): Tensor2D {
  return getBackend() === 'wasm' ? matMul(transpose(x), y) : matMul(x, y, true, false);
}

/** x·yᵀ, `[m, o]`, `[i, o]` → `[m, i]`. */
function productTransposed(x: Tensor2D, y: Tensor2D): Tensor2D {
  return getBackend() === 'wasm' ? matMul(x, transpose(y)) : matMul(x, y, false, true);
}

/** Sums of the columns, `[m, c]` → `[1, c]`: a product with ones, since reductions over the first axis are slow. */
export function columnSums(x: Tensor2D): Tensor2D {
  return matMul(ones([1, x.shape[0]]), x);
}

/** x·w, `[m, i]`, `[i, o]` → `[m, o]`. */
export function product(x: Tensor2D, w: Tensor2D): Tensor2D {
  return differentiable<Tensor2D, [Tensor2D, Tensor2D]>(
    [x, w],
    () => ({ value: matMul(x, w), saved: [x, w] }),
    (dy, [x, w]) => [productTransposed(dy, w), transposedProduct(x, dy)],
  );
}

/** x·w + b, `[m, i]`, `[i, o]`, `[o]` → `[m, o]`. */
export function affine(x: Tensor2D, w: Tensor2D, b: Tensor1D): Tensor2D {
  return differentiable<Tensor2D, [Tensor2D, Tensor2D]>(
    [x, w, b],
    () => ({ value: add(matMul(x, w), b), saved: [x, w] }),
    (dy, [x, w]) => [productTransposed(dy, w), transposedProduct(x, dy), reshape(columnSums(dy), [w.shape[1]])],
  );
}
