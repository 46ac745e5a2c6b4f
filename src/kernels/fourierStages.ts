/**
 * The discrete Fourier transform of L = L₁·L₂·… real numbers as one matrix product a factor (Cooley and Tukey; as products,
 * FlashFFTConv, arXiv 2311.05908).
 *
 * With n = n₁·(L₂L₃…) + n₂·(L₃…) + … and k = k₁ + L₁·(k₂ + L₂·(…)) a stage transforms one of the nₛ to its kₛ. The turns between
 * two stages depend on the k of those before, so a stage has a matrix for each of them, with the turns in it, and nothing but
 * products is left. Complex numbers are pairs of real ones. The input is real: k₁ goes up to L₁/2, what is left out mirrors it.
 */
import { keep, tensor3d, type Tensor3D } from '@tensorflow/tfjs-core';

/** Frequencies of the first factor that are worked out. */
export const halfOf = (factor: number): number => Math.floor(factor / 2) + 1;

export const lengthOf = (factors: readonly number[]): number => factors.reduce((a, b) => a * b, 1);

/** `[groups, outputs, inputs]`, row-major. */
interface Matrices {
  readonly shape: [number, number, number];
  readonly values: Float32Array;
}

/** cos and sin of 2π·turns/of, exact for large whole numbers. */
function turned(turns: number, of: number): readonly [number, number] {
  const angle = (2 * Math.PI * (turns % of)) / of;
  return [Math.cos(angle), Math.sin(angle)];
}

/** The first stage, of lines whose entries from `rows` on are zero: a real part and an imaginary one for each k₁. */
export function firstAnalysis(factor: number, rows: number): Matrices {
  const half = halfOf(factor);
  const values = new Float32Array(2 * half * rows);
  for (let k = 0; k < half; k++) {
    for (let n = 0; n < rows; n++) {
      const [cos, sin] = turned(n * k, factor);
      values[2 * k * rows + n] = cos;
      values[(2 * k + 1) * rows + n] = -sin;
    }
  }
  return { shape: [1, 2 * half, rows], values };
}

/** Its way back for a transform of `length` numbers, to the first `rows` entries. */
export function firstSynthesis(factor: number, length: number, rows: number): Matrices {
  const half = halfOf(factor);
  const values = new Float32Array(2 * half * rows);
  for (let n = 0; n < rows; n++) {
    for (let k = 0; k < half; k++) {
      const [cos, sin] = turned(n * k, factor);
      // These two contain their own mirror images.
      const weight = (k === 0 || 2 * k === factor ? 1 : 2) / length;
      values[(n * half + k) * 2] = weight * cos;
      values[(n * half + k) * 2 + 1] = -weight * sin;
    }
  }
  return { shape: [1, rows, 2 * half], values };
}

/** Each stage after the first. The way back is the transposes, in the opposite order. */
export function laterStages(factors: readonly number[]): Matrices[] {
  const [first = 1, ...later] = factors;
  let before = first;
  // The frequency that a group stands for, as far as it is known.
  let known = Array.from({ length: halfOf(first) }, (_, k) => k);
  return later.map((factor) => {
    const all = before * factor;
    const wide = 2 * factor;
    const values = new Float32Array(known.length * wide * wide);
    known.forEach((low, group) => {
      for (let k = 0; k < factor; k++) {
        for (let n = 0; n < factor; n++) {
          const [cos, sin] = turned(n * (low + before * k), all);
          const real = (group * wide + 2 * k) * wide + n;
          values[real] = cos;
          values[real + factor] = sin;
          values[real + wide] = -sin;
          values[real + wide + factor] = cos;
        }
      }
    });
    const stage: Matrices = { shape: [known.length, wide, wide], values };
    known = known.flatMap((low) => Array.from({ length: factor }, (_, k) => low + before * k));
    before = all;
    return stage;
  });
}

function transposed({ shape: [groups, outputs, inputs], values }: Matrices): Matrices {
  const result = new Float32Array(values.length);
  for (let g = 0; g < groups; g++) {
    for (let o = 0; o < outputs; o++) {
      for (let i = 0; i < inputs; i++) {
        result[(g * inputs + i) * outputs + o] = values[(g * outputs + o) * inputs + i] ?? 0;
      }
    }
  }
  return { shape: [groups, inputs, outputs], values: result };
}

/** Matrices on the device, `[groups, outputs, inputs]`, in the order in which they are applied. */
export interface Transform {
  readonly forth: readonly Tensor3D[];
  readonly back: readonly Tensor3D[];
}

/** Most matrices, or pairs of them, that stay on the device. */
const CACHED = 48;

/** The stages' matrices on the device, made once and kept while they are used. */
export class FourierStages {
  readonly #cache = new Map<string, Transform>();

  /** To the spectrum of a line of which the first `rows` of the first factor's entries count, and back to these. */
  get(factors: readonly number[], rows: number): Transform {
    const [first = 1] = factors;
    const length = lengthOf(factors);
    const ends = this.#made(`${first} ${length} ${rows}`, () => ({
      forth: [firstAnalysis(first, rows)],
      back: [firstSynthesis(first, length, rows)],
    }));
    const later = this.#made(factors.join('·'), () => {
      const stages = laterStages(factors);
      return { forth: stages, back: stages.map(transposed).reverse() };
    });
    return { forth: [...ends.forth, ...later.forth], back: [...later.back, ...ends.back] };
  }

  #made(key: string, make: () => { forth: Matrices[]; back: Matrices[] }): Transform {
    const found = this.#cache.get(key);
    if (found !== undefined) {
      // Moved to the end: the map's order is that of the last use.
      this.#cache.delete(key);
      this.#cache.set(key, found);
      return found;
    }
    const device = (matrices: Matrices[]): Tensor3D[] =>
      matrices.map(({ shape, values }) => keep(tensor3d(values, shape)));
    const { forth, back } = make();
    const made = { forth: device(forth), back: device(back) };
    this.#cache.set(key, made);
    return made;
  }

  /** Disposes what was not used for longest; call it between steps. */
  trim(most = CACHED): void {
    for (const [key, { forth, back }] of this.#cache) {
      if (this.#cache.size <= most) return;
      for (const matrices of [...forth, ...back]) matrices.dispose();
      this.#cache.delete(key);
    }
  }

  dispose(): void {
    this.trim(0);
  }
}
