/** Matrix products along an axis, and their gradients. */
import type { Tensor, Tensor2D, TensorInfo } from '@tensorflow/tfjs-core';
import type { View } from '../leaf.ts';
import type { Lines, Matrix, Programs, RowMask } from '../programs.ts';
import { offsetOf, withScratch, type Own } from './module.ts';
import { CHUNK, placed, placeOf, sinkPlaceOf, toTensor, vectored } from './views.ts';

/** xᵀ·dy, with the sums of dy's columns in one more row. */
function gradientOf(own: Own, x: Tensor, dy: Tensor, lines: number, after: number, withBias: boolean): TensorInfo {
  const { backend, exports } = own;
  const inner = x.size / lines;
  const columns = dy.size / lines;
  const rows = inner + (withBias ? 1 : 0);
  const gradient = backend.makeOutput([rows, columns], 'float32');
  withScratch(own, vectored(rows, columns) + 4 * CHUNK, (scratch) => {
    const [from, given] = [offsetOf(own, x), offsetOf(own, dy)];
    const bias = Number(withBias);
    exports.matrixGradient(from, given, offsetOf(own, gradient), lines / after, after, inner, columns, bias, scratch);
  });
  return gradient;
}

/** Adds to the sinks of w, of the mask and of the gate; nothing to that of w where `intoW` is null. */
export function addMasked(
  own: Own,
  gradient: TensorInfo,
  w: Matrix,
  { mask, gate }: RowMask,
  intoW: View | null,
): void {
  const { place, stride, columns } = placed(own, w);
  own.exports.addMasked(
    offsetOf(own, gradient),
    place,
    stride,
    mask.columns,
    columns,
    placeOf(own, mask),
    placeOf(own, gate),
    sinkPlaceOf(own, intoW),
    sinkPlaceOf(own, mask),
    sinkPlaceOf(own, gate),
  );
}

export function productPrograms(
  own: Own,
): Pick<Programs, 'product' | 'productGradient' | 'matrixGradient' | 'addMatrixGradient' | 'addMaskGradient'> {
  const { backend, exports } = own;
  const multiply = (
    x: Tensor,
    { lines, after }: Lines,
    w: Matrix,
    transposed: boolean,
    { bias, masked }: { readonly bias?: View | null; readonly masked?: RowMask | undefined },
  ): Tensor2D => {
    const sizes = placed(own, w);
    const y = backend.makeOutput([lines, transposed ? sizes.rows : sizes.columns], 'float32');
    const inner = transposed ? sizes.columns : sizes.rows;
    withScratch(own, sizes.rows * sizes.columns + 4 * inner, (scratch) => {
      const { place, stride, rows, columns } = placed(own, w);
      exports.product(
        offsetOf(own, x),
        lines / after,
        after,
        place,
        stride,
        rows,
        columns,
        Number(transposed),
        placeOf(own, masked?.mask),
        placeOf(own, masked?.gate),
        placeOf(own, bias),
        offsetOf(own, y),
        scratch,
      );
    });
    return toTensor(y);
  };
  return {
    product: (x, at, w, more = {}) => multiply(x, at, w, false, more),
    productGradient: (dy, at, w, masked) => multiply(dy, at, w, true, { masked }),
    matrixGradient: (x, dy, { lines, after }) => toTensor(gradientOf(own, x, dy, lines, after, false)),
    addMatrixGradient: (x, dy, w, bias) => {
      const { stride, rows, columns } = w;
      const gradient = gradientOf(own, x, dy, dy.size / columns, 1, bias !== null);
      const from = offsetOf(own, gradient);
      exports.addRows(from, sinkPlaceOf(own, w), stride, rows, columns);
      if (bias !== null) exports.addRows(from + 4 * rows * columns, sinkPlaceOf(own, bias), columns, 1, columns);
      backend.disposeData(gradient.dataId);
    },
    addMaskGradient: (gradient, w, masked) => addMasked(own, gradient, w, masked, null),
  };
}
