/** What a backend with programs of our own can do in few dispatches; the others compose the same of TF.js's operations. */
import { getBackend, type Tensor, type Tensor1D, type Tensor2D } from '@tensorflow/tfjs-core';
import type { PlainBranchViews } from './branch.ts';
import type { View } from './leaf.ts';

/** One axis among others: `[before, size, after]` in row-major order; a plain matrix's last axis has one entry after it. */
export interface Lines {
  /** before · after. */
  readonly lines: number;
  readonly after: number;
}

/** A mask over the rows of a matrix, and a factor for all of it. */
export interface RowMask {
  readonly mask: View;
  readonly gate: View | null;
}

/** What the rows of a matrix of `[lines, inner]` are before the product: gelu of them, and dropped channels of samples. */
export interface Activation {
  /** `[samples, inner]`, already scaled; null for none. */
  readonly dropout: Tensor | null;
}

/** A matrix that a program reads: a view, or a tensor of its own. */
export type Matrix = View | Tensor2D;

export interface NormTable {
  /** `[4, channels]`: mean, 1/σ, gain and offset. */
  readonly table: Tensor2D;
  readonly value: Tensor2D;
}

export interface NormViews {
  readonly scale: View;
  readonly shift: View;
  readonly mask: View;
}

export interface KernelViews {
  /** The kernel network's weights, from its first entry on. */
  readonly generator: View;
  readonly output: View;
  readonly outputBias: View;
  readonly hidden: number;
  readonly filters: number;
  /** Taps an axis, how many of them are coordinate 1, and the masks over them. */
  readonly taps: readonly number[];
  readonly reach: readonly number[];
  readonly masks: readonly View[];
  readonly amplitude: number;
  readonly channels: number;
}

export interface AdamWStep {
  readonly learningRate: number;
  readonly step: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly clip: number;
}

/** Programs write to new tensors, or add to the sink of the views that they are given. None has a gradient by itself. */
export interface Programs {
  read(view: View): Tensor2D;
  add(view: View, dy: Tensor2D): void;

  /** x·w along an axis, `[before, inner, after]` → `[before, outer, after]`, with `bias` a row, and row k of w times its mask. */
  product(x: Tensor, at: Lines, w: Matrix, more?: { readonly bias?: View | null; readonly masked?: RowMask }): Tensor2D;
  /** The product's gradient in x: dy·wᵀ. */
  productGradient(dy: Tensor, at: Lines, w: Matrix, masked?: RowMask): Tensor2D;
  /** The product's gradient in w, `[inner, outer]`: xᵀ·dy. */
  matrixGradient(x: Tensor, dy: Tensor, at: Lines): Tensor2D;
  /** The same, added to the sinks of w and of the bias. */
  addMatrixGradient(x: Tensor, dy: Tensor, w: View, bias: View | null): void;
  /** From the gradient in a masked matrix, `[inner, outer]`, that in its mask. */
  addMaskGradient(gradient: Tensor2D, w: Matrix, masked: RowMask): void;

  /** The masked matrix's product with activated rows, and the shortcut: cut or padded with zeros to as many columns. */
  branch(pre: Tensor2D, activation: Activation, w: View, masked: RowMask, shortcut: Tensor2D): Tensor2D;
  /** The gradient in `pre`; those in w, the mask and the gate are added. Nothing else may read the branch's mask. */
  branchGradient(pre: Tensor2D, activation: Activation, w: View, masked: RowMask, dy: Tensor2D): Tensor2D;

  /** See `plainBranch` of `branch.ts`. */
  plainBranch(x: Tensor2D, shortcut: Tensor2D, views: PlainBranchViews): Tensor2D;

  /** The first columns, or zeros behind all of them. */
  resize(x: Tensor2D, columns: number): Tensor2D;

  norm(x: Tensor2D, views: NormViews): NormTable;
  normGradient(x: Tensor2D, table: Tensor2D, dy: Tensor2D, views: NormViews): Tensor2D;

  /** `[taps, channels]`. */
  kernel(views: KernelViews): Tensor2D;
  addKernelGradient(views: KernelViews, dy: Tensor2D): void;

  /** Updates `[weights, first, second]`, three vectors in one, in place. */
  adamW(state: Tensor1D, gradient: Tensor1D, decay: Tensor1D, step: AdamWStep): void;
}

const known = new Map<string, Programs>();

export function registerPrograms(backend: string, own: Programs): void {
  known.set(backend, own);
}

/** Those of the current backend; null where it composes. */
export function programs(): Programs | null {
  return known.get(getBackend()) ?? null;
}
