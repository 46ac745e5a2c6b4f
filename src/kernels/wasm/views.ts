/** Where parts of leaves, and the gradients in them, are in memory. */
import { engine, type Rank, type Tensor, type TensorInfo } from '@tensorflow/tfjs-core';
import type { Sink, View } from '../leaf.ts';
import type { Matrix } from '../programs.ts';
import { offsetOf, type Own } from './module.ts';

/** Rows that the module takes at once where it goes over many; its CHUNK. */
export const CHUNK = 64;

/** @throws Error where gradients are asked for of a leaf that was made without a place for them. */
function sinkOf({ leaf }: View): Sink {
  if (leaf.sink === null) throw new Error('These parameters have no place for a gradient.');
  return leaf.sink;
}

/** Byte offset of a view's first entry; 0 for none. */
export function placeOf(own: Own, view: View | null | undefined): number {
  return view == null ? 0 : offsetOf(own, view.leaf.values) + 4 * view.offset;
}

/** Byte offset of where the gradient in its first entry is added; 0 for none. */
export function sinkPlaceOf(own: Own, view: View | null | undefined): number {
  if (view == null) return 0;
  const { gradient, base } = sinkOf(view);
  return offsetOf(own, gradient) + 4 * (base + view.offset);
}

/** Numbers of `[rows, columns]` with its columns as whole vectors. */
export const vectored = (rows: number, columns: number): number => rows * 4 * Math.ceil(columns / 4);

interface Placed {
  readonly place: number;
  readonly stride: number;
  readonly rows: number;
  readonly columns: number;
}

/** Where a matrix begins, how many entries its rows are apart, and its sizes. */
export function placed(own: Own, matrix: Matrix): Placed {
  if ('leaf' in matrix) {
    const { stride, rows, columns } = matrix;
    return { place: placeOf(own, matrix), stride, rows, columns };
  }
  const [rows, columns] = matrix.shape;
  return { place: offsetOf(own, matrix), stride: columns, rows, columns };
}

/** A tensor of its own, in the present scope. */
export function toTensor<R extends Rank>({ dataId, shape, dtype }: TensorInfo): Tensor<R> {
  return engine().makeTensorFromTensorInfo({ dataId, shape, dtype }) as Tensor<R>;
}
