/**
 * Flat vectors of parameters that a network reads in parts.
 *
 * Composed forms cut such a vector into tensors and let the tape join their gradients. Where a backend has programs of our own,
 * these read the parts in place and add the gradients to one vector, so that nothing is cut, padded or joined.
 */
import {
  engine,
  fill,
  reshape,
  scalar,
  slice,
  split,
  type Scalar,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import { differentiable } from './differentiable.ts';
import { programs } from './programs.ts';

/** Where programs add the gradients. */
export interface Sink {
  /** Of all leaves, one after the other. */
  readonly gradient: Tensor1D;
  /** Place of this leaf's first entry in it. */
  readonly base: number;
  /** A scalar that what depends on parameters alone takes as its input, so that the tape leads to it. */
  readonly anchor: Scalar;
}

/** A matrix in a leaf, of which the first rows and columns are read; a vector is one row. */
export interface View {
  readonly leaf: Leaf;
  readonly part: number;
  /** Of the first entry, in the leaf. */
  readonly offset: number;
  /** Entries from one row to the next. */
  readonly stride: number;
  readonly rows: number;
  readonly columns: number;
}

export class Leaf {
  /** At least the parts' entries, from the first on. */
  readonly values: Tensor1D;
  readonly sink: Sink | null;
  readonly #lengths: readonly number[];
  readonly #offsets: number[] = [];
  #pieces: Tensor1D[] | null = null;

  constructor(values: Tensor1D, lengths: readonly number[], sink: Sink | null = null) {
    this.values = values;
    this.sink = sink;
    this.#lengths = lengths;
    let offset = 0;
    for (const length of lengths) {
      this.#offsets.push(offset);
      offset += length;
    }
  }

  /** A part as a matrix with `columns` columns; without that number, as one row. */
  view(part: number, columns?: number): View {
    const length = this.#lengths[part];
    if (length === undefined) throw new Error(`There is no part ${part} of ${this.#lengths.length}.`);
    const stride = columns ?? length;
    return { leaf: this, part, offset: this.#offsets[part] ?? 0, stride, rows: length / stride, columns: stride };
  }

  /** A part as a tensor, cut together with all others, and the place of its first entry. */
  piece(part: number): { readonly piece: Tensor1D; readonly begin: number } {
    // TF.js's own split has no gradient for a single piece.
    this.#pieces ??= this.#lengths.length === 1 ? [this.values] : split(this.values, [...this.#lengths]);
    return { piece: this.#pieces[part]!, begin: this.#offsets[part] ?? 0 };
  }
}

/** All of a vector. */
export function viewOf(values: Tensor1D): View {
  return new Leaf(values, [values.size]).view(0);
}

/** The first rows and columns of a view. */
export function crop(view: View, rows: number, columns: number): View {
  return { ...view, rows, columns };
}

/** One entry of a vector. */
export function entryOf(view: View, index: number): View {
  return { ...view, offset: view.offset + index, columns: 1 };
}

/** `[rows, columns]`, differentiable. */
export function matrixOf(view: View): Tensor2D {
  const { leaf, part, offset, stride, rows, columns } = view;
  const own = programs();
  if (own === null) {
    const { piece, begin } = leaf.piece(part);
    const whole: Tensor2D = reshape(piece, [piece.size / stride, stride]);
    const from = offset - begin;
    if (whole.shape[0] === rows && stride === columns) return whole;
    return slice(whole, [Math.floor(from / stride), from % stride], [rows, columns]);
  }
  if (leaf.sink === null) return own.read(view);
  return differentiable<Tensor2D, []>(
    [leaf.sink.anchor],
    () => ({ value: own.read(view), saved: [] }),
    (dy) => {
      own.add(view, dy);
      return [scalar(0)];
    },
  );
}

/** `[columns]` of a view of one row, differentiable. */
export function vectorOf(view: View): Tensor1D {
  return reshape(matrixOf(view), [view.columns]);
}

/** The inputs that bring an operation on views to the tape: a view's anchor, where it has one. */
export function anchorOf({ leaf }: View): Tensor[] {
  return leaf.sink === null ? [] : [leaf.sink.anchor];
}

/** Gradients of the anchors that `anchorOf` gave. */
export function anchorGradients({ leaf }: View): Tensor[] {
  return leaf.sink === null ? [] : [scalar(0)];
}

export interface LeafSource {
  readonly values: Tensor1D;
  /** Of its parts. */
  readonly lengths: readonly number[];
}

/** The value of `f` and the gradients of Σ dy·f in the leaves, each as long as its parts. */
export function leafGradients(
  sources: readonly LeafSource[],
  f: (leaves: Leaf[]) => Tensor1D,
  dy: Tensor1D,
): { readonly value: Tensor1D; readonly gradients: Tensor1D[] } {
  if (programs() === null) {
    const leaves = sources.map(({ values, lengths }) => new Leaf(values, lengths));
    const found = engine().gradients(
      () => f(leaves),
      leaves.map(({ values }) => values),
      dy,
    );
    return { value: found.value, gradients: found.grads as Tensor1D[] };
  }
  const sizes = sources.map(({ lengths }) => lengths.reduce((a, b) => a + b, 0));
  const bases = sizes.map((_, i) => sizes.slice(0, i).reduce((a, b) => a + b, 0));
  const gradient: Tensor1D = fill([sizes.reduce((a, b) => a + b, 0)], 0);
  const anchor = scalar(0);
  const leaves = sources.map(
    ({ values, lengths }, i) => new Leaf(values, lengths, { gradient, base: bases[i] ?? 0, anchor }),
  );
  const { value } = engine().gradients(() => f(leaves), [anchor], dy);
  return { value, gradients: sizes.map((size, i) => slice(gradient, [bases[i] ?? 0], [size])) };
}
