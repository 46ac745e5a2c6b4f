/** Products with a band: every row of the result is a weighted sum of a few rows of the input, named by their indices. */
import {
  engine,
  keep,
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
import { rowsOfTable, type BandNumbers, type BandRows, type BandTable } from './bandRows.ts';
import { differentiable } from './differentiable.ts';
import { BAND_ROWS, BANDED, hasKernel, TRANSPOSED_BANDED } from './names.ts';
import { transposedProduct } from './products.ts';

/** A band on the device: which rows are read stays, what they give may be changed; dispose it after use. */
export class DeviceBand {
  readonly from: number;
  readonly to: number;
  readonly #columns: Int32Array;
  /** `[to, width]`; null where products with bands are composed. */
  readonly #places: Tensor2D | null;
  /** By the rows of the transposed band: where the places of each begin, `[from + 1]`, and these places, `[to · width]`. */
  readonly #turned: { readonly starts: Tensor1D; readonly places: Tensor1D } | null;
  /** `[to]`, of a table. */
  #fractions: Tensor1D | null = null;
  /** `[2, points]`; null where there is none, or where numbers are not made of it on the device. */
  #table: Tensor2D | null = null;
  /** `[to, width]`, or the whole matrix `[from, to]` where products with bands are composed. */
  #values: Tensor2D | null = null;
  #slopes: Tensor2D | null = null;

  constructor({ from, to, columns }: Pick<BandRows, 'from' | 'to' | 'columns'>, numbers: BandNumbers | BandTable) {
    this.from = from;
    this.to = to;
    this.#columns = columns;
    this.#places = hasKernel(BANDED) ? keep(tensor2d(columns, [to, this.#width], 'int32')) : null;
    this.#turned = hasKernel(TRANSPOSED_BANDED) ? turned(from, columns) : null;
    this.change(numbers);
  }

  /** The same rows give something else from here on. */
  change(numbers: BandNumbers | BandTable): void {
    for (const tensor of [this.#values, this.#slopes, this.#table]) tensor?.dispose();
    this.#values = this.#slopes = this.#table = null;
    if (!('points' in numbers)) {
      this.#upload(numbers);
    } else if (hasKernel(BAND_ROWS)) {
      this.#fractions ??= keep(tensor1d(numbers.fractions));
      this.#table = keep(tensor2d(numbers.points, [2, numbers.points.length / 2]));
    } else {
      this.#upload(rowsOfTable(numbers, this.#width));
    }
  }

  /** y = band·x along the middle axis, `[before, from, after]` → `[before, to, after]`. */
  times(x: Tensor3D): Tensor3D {
    return this.#apply(x, (this.#values ??= this.#made(false)));
  }

  /** Its derivative in the band's cut. */
  slope(x: Tensor3D): Tensor3D {
    return this.#apply(x, (this.#slopes ??= this.#made(true)));
  }

  /** x = bandᵀ·y, `[before, to, after]` → `[before, from, after]`. */
  transposedTimes(y: Tensor3D): Tensor3D {
    const [size, places, values] = [this.from, this.#places, (this.#values ??= this.#made(false))];
    if (this.#turned !== null) {
      return engine().runKernel<Tensor3D>(TRANSPOSED_BANDED, { x: y, ...this.#turned, values });
    }
    if (places === null) return multiplied(y, values, true);
    return engine().runKernel<Tensor3D>(BANDED, { x: y, columns: places, values }, { size, transposed: true });
  }

  dispose(): void {
    const turned = this.#turned;
    for (const tensor of [this.#places, turned?.starts, turned?.places, this.#fractions, this.#table])
      tensor?.dispose();
    for (const tensor of [this.#values, this.#slopes]) tensor?.dispose();
  }

  get #width(): number {
    return this.#columns.length / this.to;
  }

  #apply(x: Tensor3D, values: Tensor2D): Tensor3D {
    const [size, places] = [this.to, this.#places];
    if (places === null) return multiplied(x, values, false);
    return engine().runKernel<Tensor3D>(BANDED, { x, columns: places, values }, { size, transposed: false });
  }

  /** Numbers of the table, when they are first asked for. */
  #made(slopes: boolean): Tensor2D {
    const [fractions, table, width] = [this.#fractions, this.#table, this.#width];
    if (fractions === null || table === null) throw new Error('A band without numbers.');
    return keep(engine().runKernel<Tensor2D>(BAND_ROWS, { fractions, table }, { width, slopes }));
  }

  #upload({ values, slopes }: BandNumbers): void {
    this.#values = this.#uploaded(values);
    this.#slopes = this.#uploaded(slopes);
  }

  #uploaded(values: Float32Array): Tensor2D {
    const { from, to } = this;
    const columns = this.#columns;
    const width = this.#width;
    if (this.#places !== null) return keep(tensor2d(values, [to, width]));
    const matrix = new Float32Array(from * to);
    columns.forEach((column, at) => {
      const cell = column * to + Math.floor(at / width);
      // A mirrored row may be read twice.
      matrix[cell] = (matrix[cell] ?? 0) + (values[at] ?? 0);
    });
    return keep(tensor2d(matrix, [from, to]));
  }
}

/**
 * y = (band + ε·slope)·x along the middle axis, `[before, from, after]` → `[before, to, after]`, at ε = 0: `epsilon` `[1]` is
 * there for its gradient; null where there is none.
 */
export function banded(x: Tensor3D, band: DeviceBand, epsilon: Tensor1D | null): Tensor3D {
  const inputs = epsilon === null ? [x] : [x, epsilon];
  return differentiable<Tensor3D, [Tensor3D]>(
    inputs,
    () => ({ value: band.times(x), saved: [x] }),
    (dy, [x]) => {
      const dx = band.transposedTimes(dy);
      return epsilon === null ? [dx] : [dx, inner(dy, band.slope(x))];
    },
  );
}

/** Σ a·b, `[1]`. */
function inner(a: Tensor3D, b: Tensor3D): Tensor1D {
  // WebGPU compiles a sum, and a product of entries, by their sizes; a product of matrices of ours it does not.
  if (!hasKernel(TRANSPOSED_BANDED)) return reshape(sum(mul(a, b)), [1]);
  return reshape(transposedProduct(reshape(a, [a.size, 1]), reshape(b, [b.size, 1])), [1]);
}

/** The places in `columns` that name each row: where those of a row begin, and the places in that order. */
function turned(from: number, columns: Int32Array): { starts: Tensor1D; places: Tensor1D } {
  const starts = new Int32Array(from + 1);
  for (const column of columns) starts[column + 1] = (starts[column + 1] ?? 0) + 1;
  for (let j = 0; j < from; j++) starts[j + 1] = (starts[j + 1] ?? 0) + (starts[j] ?? 0);
  const next = starts.slice();
  const places = new Int32Array(columns.length);
  columns.forEach((column, at) => {
    const place = next[column] ?? 0;
    places[place] = at;
    next[column] = place + 1;
  });
  return { starts: keep(tensor1d(starts, 'int32')), places: keep(tensor1d(places, 'int32')) };
}

/** The product with a matrix `[from, to]` or its transpose, where there is no kernel for bands. */
function multiplied(x: Tensor3D, matrix: Tensor2D, transposed: boolean): Tensor3D {
  const [before, size, after] = x.shape;
  const lines: Tensor2D = reshape(transpose(x, [0, 2, 1]), [before * after, size]);
  return transpose(reshape(matMul(lines, matrix, false, transposed), [before, after, -1]), [0, 2, 1]);
}
