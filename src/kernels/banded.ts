/** Products with a band: every row of the result is a weighted sum of a few rows of the input, named by their indices. */
import {
  engine,
  matMul,
  mul,
  reshape,
  sum,
  tensor1d,
  tensor2d,
  transpose,
  type Tensor1D,
  type Tensor2D,
  type Tensor3D,
} from '@tensorflow/tfjs-core';
import { differentiable } from './differentiable.ts';
import { BANDED, GATHERED, hasKernel } from './names.ts';

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
  const size = transposed ? from : to;
  if (hasKernel(GATHERED)) return engine().runKernel<Tensor3D>(GATHERED, { x, ...listsOf(band, transposed) });
  if (!hasKernel(BANDED)) return applyDense(x, band, transposed);
  const shape: [number, number] = [to, columns.length / to];
  const inputs = { x, columns: tensor2d(columns, shape, 'int32'), values: tensor2d(values, shape) };
  return engine().runKernel<Tensor3D>(BANDED, inputs, { size, transposed });
}

/** What each row of the result reads and with which weights: entries `starts[i]` up to `starts[i + 1]` of the lists. */
function listsOf({ from, to, columns, values }: BandRows, transposed: boolean): Record<string, Tensor1D> {
  const lists = (starts: Int32Array, rows: Int32Array, weights: Float32Array): Record<string, Tensor1D> => ({
    starts: tensor1d(starts, 'int32'),
    rows: tensor1d(rows, 'int32'),
    weights: tensor1d(weights),
  });
  const width = columns.length / to;
  if (!transposed) {
    return lists(
      Int32Array.from({ length: to + 1 }, (_, i) => i * width),
      columns,
      values,
    );
  }
  const starts = new Int32Array(from + 1);
  for (const column of columns) starts[column + 1] = (starts[column + 1] ?? 0) + 1;
  for (let j = 0; j < from; j++) starts[j + 1] = (starts[j + 1] ?? 0) + (starts[j] ?? 0);
  const next = starts.slice();
  const rows = new Int32Array(columns.length);
  const weights = new Float32Array(columns.length);
  columns.forEach((column, at) => {
    const place = next[column] ?? 0;
    rows[place] = Math.floor(at / width);
    weights[place] = values[at] ?? 0;
    next[column] = place + 1;
  });
  return lists(starts, rows, weights);
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
