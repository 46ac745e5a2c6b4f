/** Looking up rows of a table, trainable on every backend. */
import { cast, engine, gather, getBackend, oneHot, reshape, type Tensor1D, type Tensor2D } from '@tensorflow/tfjs-core';
import { differentiable } from './differentiable.ts';
import { EMBED, hasKernel } from './names.ts';
import { transposedProduct } from './products.ts';

/** Whole numbers `[rows]` (32-bit integers), table `[entries, channels]` → `[rows, channels]`. */
export function embed(indices: Tensor1D, table: Tensor2D): Tensor2D {
  return differentiable<Tensor2D, [Tensor1D]>(
    [table],
    () => ({ value: lookUp(indices, table), saved: [indices] }),
    // Not every backend can scatter; each has a product with ones and zeros.
    (dy, [indices]) => {
      const entries = table.shape[0];
      // wasm makes whole numbers, whatever is asked for; webgpu would leave whole numbers in a cast's buffer.
      const ones = oneHot(indices, entries, 1, 0, getBackend() === 'wasm' ? 'int32' : 'float32');
      const rows: Tensor2D = cast(reshape(ones, [-1, entries]), 'float32');
      return [transposedProduct(rows, dy)];
    },
  );
}

function lookUp(indices: Tensor1D, table: Tensor2D): Tensor2D {
  return hasKernel(EMBED) ? engine().runKernel<Tensor2D>(EMBED, { table, indices }) : gather(table, indices);
}
