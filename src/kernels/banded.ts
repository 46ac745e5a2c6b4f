/** Products with a band: every row of the result is a weighted sum of a few neighbouring rows of the input. */
import {
  engine,
  keep,
  matMul,
  mul,
  reshape,
  sum,
  tensor1d,
  tensor2d,
  tensor3d,
  transpose,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  type Tensor3D,
} from '@tensorflow/tfjs-core';
import { entryAt, rowsOfTable, type BandNumbers, type BandPlaces, type BandTable } from './bandRows.ts';
import { differentiable } from './differentiable.ts';
import { BAND_ROWS, BANDED, BANDED_SLOPE, hasKernel } from './names.ts';

/** Values and slopes: `[1 or 2, to, width]` where the backend multiplies with bands, else a whole matrix `[from, to]` each. */
type Numbers = Tensor3D | { readonly values: Tensor2D; readonly slopes: Tensor2D | null };

/** A band on the device: which rows are read stays, what they give may be changed; dispose it after use. */
export class DeviceBand {
  readonly from: number;
  readonly to: number;
  readonly #places: BandPlaces;
  /** `[to]`; null where products with bands are composed. */
  readonly #firsts: Tensor1D | null;
  /** `[to]`, of a table. */
  #fractions: Tensor1D | null = null;
  /** `[2, points]`; null where there is none, or where numbers are not made of it on the device. */
  #table: Tensor2D | null = null;
  #numbers: Numbers | null = null;

  /** @throws Error where a row reaches further beyond an end than the line is long. */
  constructor(places: BandPlaces, numbers: BandNumbers | BandTable) {
    const { from, to, width, firsts } = places;
    if ((firsts[0] ?? 0) < -from || (firsts.at(-1) ?? 0) + width > 2 * from) {
      throw new Error(`A band of ${width} entries a row is too wide for a line of ${from}.`);
    }
    this.from = from;
    this.to = to;
    this.#places = places;
    this.#firsts = hasKernel(BANDED) ? keep(tensor1d(firsts, 'int32')) : null;
    this.change(numbers);
  }

  /** The same rows give something else from here on. */
  change(numbers: BandNumbers | BandTable): void {
    this.#forget();
    if (!('points' in numbers)) {
      this.#numbers = this.#uploaded(numbers);
    } else if (hasKernel(BAND_ROWS)) {
      this.#fractions ??= keep(tensor1d(numbers.fractions));
      this.#table = keep(tensor2d(numbers.points, [2, numbers.points.length / 2]));
    } else {
      this.#numbers = this.#uploaded(rowsOfTable(numbers, this.#places.width));
    }
  }

  /** y = band·x along the middle axis, `[before, from, after]` → `[before, to, after]`. */
  times(x: Tensor3D): Tensor3D {
    return this.#product(x, false);
  }

  /** x = bandᵀ·y, `[before, to, after]` → `[before, from, after]`. */
  transposedTimes(y: Tensor3D): Tensor3D {
    return this.#product(y, true);
  }

  /** Σ dy·(slope·x), `[1]`: the derivative in the band's cut, of a value whose derivative in band·x is dy. */
  slope(x: Tensor3D, dy: Tensor3D): Tensor1D {
    const [firsts, numbers, { from, periodic }] = [this.#firsts, this.#made(), this.#places];
    if ('values' in numbers) {
      if (numbers.slopes === null) throw new Error('A band without slopes.');
      return reshape(sum(mul(dy, multiplied(x, numbers.slopes, false))), [1]);
    }
    if (numbers.shape[0] === 1) throw new Error('A band without slopes.');
    return engine().runKernel<Tensor1D>(BANDED_SLOPE, given({ x, dy, firsts, rows: numbers }), { from, periodic });
  }

  dispose(): void {
    this.#forget();
    for (const tensor of [this.#firsts, this.#fractions]) tensor?.dispose();
  }

  #product(x: Tensor3D, transposed: boolean): Tensor3D {
    const [firsts, numbers, { from, periodic }] = [this.#firsts, this.#made(), this.#places];
    if ('values' in numbers) return multiplied(x, numbers.values, transposed);
    return engine().runKernel<Tensor3D>(BANDED, given({ x, firsts, rows: numbers }), { from, periodic, transposed });
  }

  /** From the table, when they are first asked for. */
  #made(): Numbers {
    if (this.#numbers !== null) return this.#numbers;
    const [fractions, table, { width }] = [this.#fractions, this.#table, this.#places];
    return (this.#numbers = keep(engine().runKernel<Tensor3D>(BAND_ROWS, given({ fractions, table }), { width })));
  }

  #forget(): void {
    const numbers = this.#numbers;
    const made = numbers !== null && 'values' in numbers ? [numbers.values, numbers.slopes] : [numbers];
    for (const tensor of [...made, this.#table]) tensor?.dispose();
    this.#numbers = this.#table = null;
  }

  #uploaded({ values, slopes }: BandNumbers): Numbers {
    if (this.#firsts === null) return { values: this.#matrix(values), slopes: slopes && this.#matrix(slopes) };
    const { to, width } = this.#places;
    const parts = slopes === null ? [values] : [values, slopes];
    const all = new Float32Array(parts.length * values.length);
    parts.forEach((part, at) => all.set(part, at * values.length));
    return keep(tensor3d(all, [parts.length, to, width]));
  }

  #matrix(numbers: Float32Array): Tensor2D {
    const { from, to, width, firsts } = this.#places;
    const matrix = new Float32Array(from * to);
    numbers.forEach((number, at) => {
      const row = Math.floor(at / width);
      const cell = entryAt(this.#places, (firsts[row] ?? 0) + (at % width)) * to + row;
      // A mirrored entry may be read twice.
      matrix[cell] = (matrix[cell] ?? 0) + number;
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
      return epsilon === null ? [dx] : [dx, band.slope(x, dy)];
    },
  );
}

/** The inputs of a kernel, all of which have to be there. */
function given(inputs: Readonly<Record<string, Tensor | null>>): Record<string, Tensor> {
  const there: Record<string, Tensor> = {};
  for (const [name, tensor] of Object.entries(inputs)) {
    if (tensor === null) throw new Error(`A band without ${name}.`);
    there[name] = tensor;
  }
  return there;
}

/** The product with a matrix `[from, to]` or its transpose, where there is no kernel for bands. */
function multiplied(x: Tensor3D, matrix: Tensor2D, transposed: boolean): Tensor3D {
  const [before, size, after] = x.shape;
  const lines: Tensor2D = reshape(transpose(x, [0, 2, 1]), [before * after, size]);
  return transpose(reshape(matMul(lines, matrix, false, transposed), [before, after, -1]), [0, 2, 1]);
}
