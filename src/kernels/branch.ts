/** The pointwise half of a block: two products with a masked nonlinearity between them, beside a shortcut. */
import { add, mul, pad, reshape, slice, type Tensor2D, type Tensor3D } from '@tensorflow/tfjs-core';
import { differentiable } from './differentiable.ts';
import { gelu } from './gelu.ts';
import { matrixOf, vectorOf, type View } from './leaf.ts';
import { affine, product } from './products.ts';
import { programs, type Programs } from './programs.ts';

export interface BranchViews {
  /** `[width, inner]` and `[inner]`. */
  readonly mix1: View;
  readonly bias1: View;
  /** `[inner, outer]`. */
  readonly mix2: View;
  /** `[inner]`; read by this branch alone. */
  readonly mask: View;
  /** One entry. */
  readonly gate: View;
}

/** In inference, with mask and gate in the second matrix; all of them whole parts of their leaf. */
export interface PlainBranchViews {
  /** `[width, inner]`, and `[points, inner]` in the same leaf: a row for each point of a sample. */
  readonly mix1: View;
  readonly bias: View;
  /** `[inner, outer]`. */
  readonly mix2: View;
}

/**
 * resize(shortcut) + (gelu(x·mix1 + bias1) ⊙ dropout)·(mask ⊙ mix2)·gate: `[lines, width]` and the shortcut `[lines, any]` →
 * `[lines, outer]`. `dropout` is `[samples, 1, inner]`; null for none.
 */
export function branch(x: Tensor2D, shortcut: Tensor2D, views: BranchViews, dropout: Tensor3D | null): Tensor2D {
  const own = programs();
  if (own !== null) return fused(own, x, shortcut, views, dropout);
  const { mix1, bias1, mix2, mask, gate } = views;
  const inner = mix1.columns;
  let hidden = gelu(affine(x, matrixOf(mix1), vectorOf(bias1)));
  if (dropout !== null) {
    hidden = reshape(mul(reshape(hidden, [dropout.shape[0], -1, inner]), dropout), [-1, inner]);
  }
  // Mask and gate are folded into the matrix, which is small.
  const rows = mul(reshape(vectorOf(mask), [inner, 1]), vectorOf(gate));
  return add(resize(shortcut, mix2.columns), product(hidden, mul(matrixOf(mix2), rows)));
}

/**
 * resize(shortcut) + gelu(x·mix1 + bias)·mix2, without a gradient: `[samples · points, width]` and the shortcut
 * `[samples · points, any]` → `[samples · points, outer]`.
 */
export function plainBranch(x: Tensor2D, shortcut: Tensor2D, views: PlainBranchViews): Tensor2D {
  const own = programs();
  if (own !== null) return own.plainBranch(x, shortcut, views);
  const { mix1, bias, mix2 } = views;
  const pre = add(reshape(product(x, matrixOf(mix1)), [-1, bias.rows, bias.columns]), matrixOf(bias));
  return add(resize(shortcut, mix2.columns), product(gelu(reshape(pre, [-1, bias.columns])), matrixOf(mix2)));
}

function fused(
  own: Programs,
  x: Tensor2D,
  shortcut: Tensor2D,
  { mix1, bias1, mix2, mask, gate }: BranchViews,
  dropout: Tensor3D | null,
): Tensor2D {
  const [lines, width] = shortcut.shape;
  const at = { lines, after: 1 };
  const masked = { mask, gate };
  return differentiable<Tensor2D, [Tensor2D, Tensor2D, ...Tensor3D[]]>(
    [x, shortcut],
    () => {
      const pre = own.product(x, at, mix1, { bias: bias1 });
      const drops = dropout === null ? [] : [dropout];
      return { value: own.branch(pre, { dropout }, mix2, masked, shortcut), saved: [x, pre, ...drops] };
    },
    (dy, [x, pre, dropout = null]) => {
      const dPre = own.branchGradient(pre, { dropout }, mix2, masked, dy);
      own.addMatrixGradient(x, dPre, mix1, bias1);
      const back = dy.shape[1] === width ? reshape(dy, [lines, width]) : own.resize(dy, width);
      return [own.productGradient(dPre, at, mix1), back];
    },
  );
}

/** The shortcut between two widths, `[m, from]` → `[m, to]`: a slice or a padding with zeros. */
function resize(x: Tensor2D, to: number): Tensor2D {
  const [rows, from] = x.shape;
  if (from === to) return x;
  if (from > to) return slice(x, [0, 0], [rows, to]);
  return pad(x, [
    [0, 0],
    [0, to - from],
  ]);
}
