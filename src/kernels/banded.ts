/** Products with a band: every row of the result is a weighted sum of a few rows of the input, named by their indices. */
import {
  engine,
  matMul,
  mul,
  reshape,
  sum,
  tensor2d,
  transpose,
  type Tensor1D,
  type Tensor2D,
  type Tensor3D,
} from '@tensorflow/tfjs-core';
import { differentiable } from './differentiable.ts';
import { BANDED, hasKernel, LEAST_VECTOR } from './names.ts';

/** `[to, width]`, row-major: the rows that are read, and the weights. */
export interface BandRows {
  readonly from: number;
  readonly to: number;
  readonly columns: Int32Array;
  readonly values: Float32Array;
}

/**
 * y = (values + ε·slopes)·x along the middle axis, `[before, from, after]` → `[before, to, after]`, at ε = 0: `epsilon` `[1]` is
 * there for its gradient; null where there is none.
 */
export function banded(
  x: Tensor3D,
  band: BandRows & { readonly slopes: Float32Array },
  epsilon: Tensor1D | null,
): Tensor3D {
  const { slopes, ...rows } = band;
  const inputs = epsilon === null ? [x] : [x, epsilon];
  return differentiable<Tensor3D, [Tensor3D]>(
    inputs,
    () => ({ value: apply(x, rows, false), saved: [x] }),
    (dy, [x]) => {
      const dx = apply(dy, rows, true);
      if (epsilon === null) return [dx];
      return [dx, reshape(sum(mul(dy, apply(x, { ...rows, values: slopes }, false))), [1])];
    },
  );
}

/** The band's product, or that of its transpose. */
function apply(x: Tensor3D, band: BandRows, transposed: boolean): Tensor3D {
  const { from, to, columns, values } = band;
  const [before, , after] = x.shape;
  const size = transposed ? from : to;
  if (!hasKernel(BANDED)) return applyDense(x, band, transposed);
  // Our kernel goes over the last axis in vectors; where that is short, the first one takes its place.
  if (after < LEAST_VECTOR && before * after < LEAST_VECTOR) return applyDense(x, band, transposed);
  if (after < LEAST_VECTOR) {
    const turned: Tensor3D = reshape(transpose(x, [1, 0, 2]), [1, -1, before * after]);
    const y: Tensor3D = reshape(apply(turned, band, transposed), [size, before, after]);
    return transpose(y, [1, 0, 2]);
  }
  const shape: [number, number] = [to, columns.length / to];
  const inputs = { x, columns: tensor2d(columns, shape, 'int32'), values: tensor2d(values, shape) };
  return engine().runKernel<Tensor3D>(BANDED, inputs, { size, transposed });
}

function applyDense(x: Tensor3D, { from, to, columns, values }: BandRows, transposed: boolean): Tensor3D {
  const [before, , after] = x.shape;
  const matrix = new Float32Array(from * to);
  const width = columns.length / to;
  for (let i = 0; i < to; i++) {
    for (let at = i * width; at < (i + 1) * width; at++) {
      // A mirrored row may be read twice.
      const cell = transposed ? i * from + (columns[at] ?? 0) : (columns[at] ?? 0) * to + i;
      matrix[cell] = (matrix[cell] ?? 0) + (values[at] ?? 0);
    }
  }
  const size = transposed ? from : to;
  const lines: Tensor2D = reshape(transpose(x, [0, 2, 1]), [before * after, -1]);
  const y = matMul(lines, tensor2d(matrix, [transposed ? to : from, size]));
  return transpose(reshape(y, [before, after, size]), [0, 2, 1]);
}
