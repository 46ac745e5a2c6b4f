/**
 * Resampling by a mask on the spectrum (METHOD §3, after DiffStride, arXiv 2202.01653), along one axis at a time.
 *
 * y = A·(m ⊙ (B·x)): B takes N_in samples to the first K coefficients of their DCT-II, m masks them, A evaluates the
 * cosines on the N_out points of the new grid. Half-sample symmetry: any N_out, no wrap-around between the borders. It
 * keeps values as they are: a constant stays that constant. On a grid that closes upon itself the real Fourier series takes
 * the place of the cosines, and its samples lie at the grid's points: j/N for j = 0 … N − 1.
 */
import {
  keep,
  mul,
  reshape,
  tensor2d,
  transpose,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  type Tensor3D,
} from '@tensorflow/tfjs-core';
import { banded, DeviceBand } from '../kernels/banded.ts';
import { differentiable } from '../kernels/differentiable.ts';
import { FourierStages } from '../kernels/fourierStages.ts';
import { anchorGradients, anchorOf, vectorOf, type View } from '../kernels/leaf.ts';
import { product } from '../kernels/products.ts';
import { programs, type Programs } from '../kernels/programs.ts';
import { bandPlaces, bandTable } from './band.ts';

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

/** As `analysisBasis` for a periodic grid: columns are 1, cos 1, sin 1, cos 2, sin 2, …, up to Nyquist. */
export function fourierAnalysis(from: number, kept: number): Float32Array {
  const basis = new Float32Array(from * kept);
  for (let j = 0; j < from; j++) {
    for (let k = 0; k < kept; k++) {
      // The constant and the wave at Nyquist have no partner to share their energy with.
      const scale = k === 0 || 2 * waveOf(k) === from ? 1 : 2;
      basis[j * kept + k] = (scale / from) * wave(k, j / from);
    }
  }
  return basis;
}

/** As `synthesisBasis` for a periodic grid. */
export function fourierSynthesis(kept: number, to: number): Float32Array {
  const basis = new Float32Array(kept * to);
  for (let k = 0; k < kept; k++) {
    for (let i = 0; i < to; i++) basis[k * to + i] = wave(k, i / to);
  }
  return basis;
}

/** Periods of the k-th function of the real Fourier series. */
const waveOf = (k: number): number => Math.ceil(k / 2);

const wave = (k: number, x: number): number => {
  const angle = 2 * Math.PI * waveOf(k) * x;
  return k % 2 === 1 || k === 0 ? Math.cos(angle) : Math.sin(angle);
};

/** Most pairs of grids whose bases stay on the device. */
const CACHED = 48;
/** Most pairs of which the band stays there. */
const CACHED_BANDS = 8;

/** The bases on the device, made once a pair of grids and kept while they are used. */
export class SpectralBases {
  /** Those of convolutions by way of spectra. */
  readonly stages = new FourierStages();
  readonly #periodic: boolean;
  readonly #cache = new Map<string, { analysis: Tensor2D; synthesis: Tensor2D }>();
  readonly #bands = new Map<string, { cut: number; readonly band: DeviceBand }>();

  constructor(periodic: boolean) {
    this.#periodic = periodic;
  }

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
      analysis: keep(tensor2d((this.#periodic ? fourierAnalysis : analysisBasis)(from, kept), [from, kept])),
      synthesis: keep(tensor2d((this.#periodic ? fourierSynthesis : synthesisBasis)(kept, to), [kept, to])),
    };
    this.#cache.set(key, made);
    return made;
  }

  /**
   * The band that resamples `from` entries of an axis to `to`; valid until it is asked for at another cut, for which its numbers change.
   * Axes have bands of their own, since two of the same sizes may have different cuts in one pass.
   */
  band(axis: number, from: number, to: number, cut: number): DeviceBand {
    const key = `${axis}: ${from}>${to}`;
    const found = this.#bands.get(key);
    if (found?.cut === cut) {
      this.#bands.delete(key);
      this.#bands.set(key, found);
      return found.band;
    }
    const table = bandTable(from, to, cut, this.#periodic);
    found?.band.change(table);
    const band = found?.band ?? new DeviceBand(bandPlaces(from, to, this.#periodic), table);
    this.#bands.delete(key);
    this.#bands.set(key, { cut, band });
    return band;
  }

  /** Disposes what was not used for longest; call it between steps. */
  trim(): void {
    this.stages.trim();
    for (const [key, { band }] of this.#bands) {
      if (this.#bands.size <= CACHED_BANDS) break;
      band.dispose();
      this.#bands.delete(key);
    }
    for (const [key, { analysis, synthesis }] of this.#cache) {
      if (this.#cache.size <= CACHED) return;
      analysis.dispose();
      synthesis.dispose();
      this.#cache.delete(key);
    }
  }

  dispose(): void {
    this.stages.dispose();
    for (const { analysis, synthesis } of this.#cache.values()) {
      analysis.dispose();
      synthesis.dispose();
    }
    this.#cache.clear();
    for (const { band } of this.#bands.values()) band.dispose();
    this.#bands.clear();
  }
}

/** How one axis is resampled; null leaves it alone. */
export type AxisResampling =
  | {
      readonly plan: 'assembled' | 'factored';
      readonly to: number;
      /** Mask over the kept frequencies, `[kept]`; null passes them all. */
      readonly mask: View | null;
    }
  /** `epsilon` `[1]` is 0, and adds the band's derivative in the cut; null where nobody asks for it. */
  | { readonly plan: 'banded'; readonly band: DeviceBand; readonly epsilon: Tensor1D | null };

/** Resamples the spatial axes of `[batch, ...grid, channels]`, one after the other. */
export function resample(bases: SpectralBases, x: Tensor, axes: readonly (AxisResampling | null)[]): Tensor {
  const exact = axes.filter((axis) => axis?.plan !== 'banded');
  if (exact.length === axes.length && programs() === null) return resampleExactly(bases, x, exact);
  return axes.reduce((y, own, axis) => (own === null ? y : resampleAxis(bases, y, axis + 1, own)), x);
}

function resampleAxis(bases: SpectralBases, x: Tensor, axis: number, own: AxisResampling): Tensor {
  const before = x.shape.slice(0, axis).reduce((a, b) => a * b, 1);
  const from = x.shape[axis] ?? 1;
  const lines: Tensor3D = reshape(x, [before, from, x.size / before / from]);
  if (own.plan === 'banded') return reshape(banded(lines, own.band, own.epsilon), x.shape.with(axis, own.band.to));
  const ours = programs();
  const y =
    ours === null
      ? transpose(resampleLast(bases, transpose(lines, [0, 2, 1]), own), [0, 2, 1])
      : resampleInPlace(ours, bases, lines, own);
  return reshape(y, x.shape.with(axis, own.to));
}

/** Along the middle axis as it lies in memory. */
function resampleInPlace(ours: Programs, bases: SpectralBases, x: Tensor3D, { to, mask, plan }: Exact): Tensor {
  const [before, from, after] = x.shape;
  const { analysis, synthesis } = bases.get(from, to);
  const at = { lines: before * after, after };
  const masked = mask === null ? undefined : { masked: { mask, gate: null } };
  const rows = { lines: from, after: 1 };
  const inputs = [x, ...(mask === null ? [] : anchorOf(mask))];
  const anchors = (): Tensor[] => (mask === null ? [] : anchorGradients(mask));
  if (plan === 'assembled') {
    return differentiable<Tensor, [Tensor3D, Tensor2D]>(
      inputs,
      () => {
        const matrix = ours.product(analysis, rows, synthesis, masked);
        return { value: ours.product(x, at, matrix), saved: [x, matrix] };
      },
      (dy, [x, matrix]) => {
        if (masked !== undefined) {
          const slopes = ours.matrixGradient(analysis, ours.matrixGradient(x, dy, at), rows);
          ours.addMaskGradient(slopes, synthesis, masked.masked);
        }
        return [reshape(ours.productGradient(dy, at, matrix), x.shape), ...anchors()];
      },
    );
  }
  return differentiable<Tensor, [Tensor2D]>(
    inputs,
    () => {
      const coefficients = ours.product(x, at, analysis);
      return { value: ours.product(coefficients, at, synthesis, masked), saved: [coefficients] };
    },
    (dy, [coefficients]) => {
      if (masked !== undefined) {
        ours.addMaskGradient(ours.matrixGradient(coefficients, dy, at), synthesis, masked.masked);
      }
      const slopes = ours.productGradient(dy, at, synthesis, masked?.masked);
      return [reshape(ours.productGradient(slopes, at, analysis), x.shape), ...anchors()];
    },
  );
}

type Exact = Exclude<AxisResampling, { plan: 'banded' }>;

function resampleExactly(bases: SpectralBases, x: Tensor, axes: readonly (Exact | null)[]): Tensor {
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

function resampleLast(bases: SpectralBases, x: Tensor, { to, mask, plan }: Exact): Tensor {
  const from = x.shape[x.rank - 1] ?? 1;
  const { analysis, synthesis } = bases.get(from, to);
  const lines: Tensor2D = reshape(x, [x.size / from, from]);
  const kept = Math.min(from, to);
  const masked: Tensor2D = mask === null ? synthesis : mul(synthesis, reshape(vectorOf(mask), [kept, 1]));
  const y =
    plan === 'assembled' ? product(lines, product(analysis, masked)) : product(product(lines, analysis), masked);
  return reshape(y, [...x.shape.slice(0, -1), to]);
}
