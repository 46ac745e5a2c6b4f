/**
 * Resampling by a mask on the spectrum (METHOD §3, after DiffStride, arXiv 2202.01653), along one axis at a time.
 *
 * y = A·(m ⊙ (B·x)): B takes N_in samples to the first K coefficients of their DCT-II, m masks them, A evaluates the
 * cosines on the N_out points of the new grid. Half-sample symmetry: any N_out, no wrap-around between the borders. It
 * keeps values as they are: a constant stays that constant.
 */
import {
  keep,
  mul,
  ones,
  reshape,
  tensor2d,
  transpose,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import type { ResamplingPlan } from '../architecture/cost.ts';
import { product } from '../kernels/products.ts';

/** Bᵀ, row-major `[from, kept]`: column k holds s_k/N·cos(π(j + ½)k/N), s_0 = 1 and 2 for the others. */
export function analysisBasis(from: number, kept: number): Float32Array {
  const basis = new Float32Array(from * kept);
  for (let j = 0; j < from; j++) {
    for (let k = 0; k < kept; k++) {
      basis[j * kept + k] = ((k === 0 ? 1 : 2) / from) * Math.cos((Math.PI * (j + 0.5) * k) / from);
    }
  }
  return basis;
}

/** Aᵀ, row-major `[kept, to]`: row k holds cos(π(i + ½)k/N_out). */
export function synthesisBasis(kept: number, to: number): Float32Array {
  const basis = new Float32Array(kept * to);
  for (let k = 0; k < kept; k++) {
    for (let i = 0; i < to; i++) basis[k * to + i] = Math.cos((Math.PI * (i + 0.5) * k) / to);
  }
  return basis;
}

/** Most pairs of grids whose bases stay on the device. */
const CACHED = 48;

/** The bases on the device, made once a pair of grids and kept while they are used. */
export class SpectralBases {
  readonly #cache = new Map<string, { analysis: Tensor2D; synthesis: Tensor2D }>();

  get(from: number, to: number): { analysis: Tensor2D; synthesis: Tensor2D } {
    const key = `${from}>${to}`;
    const found = this.#cache.get(key);
    if (found !== undefined) {
      // Moved to the end: the map's order is that of the last use.
      this.#cache.delete(key);
      this.#cache.set(key, found);
      return found;
    }
    const kept = Math.min(from, to);
    const made = {
      analysis: keep(tensor2d(analysisBasis(from, kept), [from, kept])),
      synthesis: keep(tensor2d(synthesisBasis(kept, to), [kept, to])),
    };
    this.#cache.set(key, made);
    return made;
  }

  /** Disposes what was not used for longest; call it between steps. */
  trim(): void {
    for (const [key, { analysis, synthesis }] of this.#cache) {
      if (this.#cache.size <= CACHED) return;
      analysis.dispose();
      synthesis.dispose();
      this.#cache.delete(key);
    }
  }

  dispose(): void {
    for (const { analysis, synthesis } of this.#cache.values()) {
      analysis.dispose();
      synthesis.dispose();
    }
    this.#cache.clear();
  }
}

/** How one axis is resampled; null leaves it alone. */
export interface AxisResampling {
  readonly to: number;
  /** Mask over the kept frequencies, `[kept]`; null passes them all. */
  readonly mask: Tensor1D | null;
  readonly plan: ResamplingPlan;
}

/** Resamples the spatial axes of `[batch, ...grid, channels]`, one after the other. */
export function resample(bases: SpectralBases, x: Tensor, axes: readonly (AxisResampling | null)[]): Tensor {
  if (axes.every((axis) => axis === null)) return x;
  let y = x;
  // Each turn brings the next spatial axis to the end, where a plain product can reach it; after all of them one more
  // turn brings the channels back there.
  const turn = [0, ...Array.from(axes, (_, axis) => axis + 2), 1];
  for (const axis of axes) {
    y = transpose(y, turn);
    if (axis !== null) y = resampleLast(bases, y, axis);
  }
  return transpose(y, turn);
}

function resampleLast(bases: SpectralBases, x: Tensor, { to, mask, plan }: AxisResampling): Tensor {
  const from = x.shape[x.rank - 1] ?? 1;
  const { analysis, synthesis } = bases.get(from, to);
  const lines: Tensor2D = reshape(x, [x.size / from, from]);
  const kept = Math.min(from, to);
  const weights = reshape(mask ?? ones([kept]), [kept, 1]);
  const masked: Tensor2D = mul(synthesis, weights);
  const y =
    plan === 'assembled' ? product(lines, product(analysis, masked)) : product(product(lines, analysis), masked);
  return reshape(y, [...x.shape.slice(0, -1), to]);
}
