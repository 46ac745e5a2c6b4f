/** Images to another size: cut to its shape about the centre, then averaged down or interpolated up. */
import { MOST_LENGTH } from './limits.ts';
import type { Values } from './samples.ts';

/** Sides that images without a size of their own are brought to. */
const SIDES = [28, 32, 48, 64] as const;
const LARGEST = SIDES[SIDES.length - 1]!;

/** `[height, width]`. */
export type Size = readonly [number, number];

/**
 * The size to train at: the images' own where it is one and small, else the largest square of a few that all have.
 * @param sizes of the images
 */
export function trainingSize(sizes: readonly Size[]): Size {
  const [first = [SIDES[0], SIDES[0]]] = sizes;
  const [height, width] = first;
  if (Math.max(height, width) <= LARGEST && sizes.every((size) => size[0] === height && size[1] === width))
    return first;
  const least = sizes.reduce((smallest, size) => Math.min(smallest, ...size), MOST_LENGTH);
  const side = SIDES.findLast((candidate) => candidate <= least) ?? SIDES[0];
  return [side, side];
}

/** For each place along an axis: the first place that it is made of, and the weights of that and the next ones. */
interface Axis {
  readonly starts: Int32Array;
  /** `[places, taps]`. */
  readonly weights: Float32Array;
  readonly taps: number;
}

function axisOf(size: number, cut: number, places: number): Axis {
  const step = cut / places;
  const from = (size - cut) / 2;
  const taps = Math.ceil(Math.max(step, 1)) + 1;
  const starts = new Int32Array(places);
  const weights = new Float32Array(places * taps);
  for (let place = 0; place < places; place++) {
    const low = from + place * step;
    const centre = low + step / 2 - 0.5;
    const start = Math.floor(step >= 1 ? low + 1e-9 : centre);
    starts[place] = start;
    for (let tap = 0; tap < taps; tap++) {
      const at = start + tap;
      const overlap = Math.min(at + 1, low + step) - Math.max(at, low);
      weights[place * taps + tap] = step >= 1 ? Math.max(0, overlap) / step : Math.max(0, 1 - Math.abs(at - centre));
    }
  }
  return { starts, weights, taps };
}

/** A resampling that can be used again for all images of one size. */
export interface Resampling {
  readonly from: Size;
  readonly to: Size;
  readonly rows: Axis;
  readonly columns: Axis;
  /** The part of the image that is kept, `[height, width]`. */
  readonly cut: Size;
}

export function resampling(from: Size, to: Size): Resampling {
  const scale = Math.min(from[0] / to[0], from[1] / to[1]);
  const cut: Size = [to[0] * scale, to[1] * scale];
  return { from, to, cut, rows: axisOf(from[0], cut[0], to[0]), columns: axisOf(from[1], cut[1], to[1]) };
}

/**
 * Writes the image at `source`, `[height, width, channels]`, to `target` at its size.
 * @param at where the images begin in their arrays
 */
export function resample(
  { from, to, rows, columns }: Resampling,
  channels: number,
  source: Values | Uint8ClampedArray,
  target: Values,
  at: { readonly source: number; readonly target: number },
): void {
  const whole = !(target instanceof Float32Array);
  const last = [from[0] - 1, from[1] - 1] as const;
  for (let row = 0; row < to[0]; row++) {
    for (let column = 0; column < to[1]; column++) {
      for (let channel = 0; channel < channels; channel++) {
        let sum = 0;
        for (let y = 0; y < rows.taps; y++) {
          const weight = rows.weights[row * rows.taps + y]!;
          if (weight === 0) continue;
          const line = Math.min(last[0], Math.max(0, rows.starts[row]! + y)) * from[1];
          for (let x = 0; x < columns.taps; x++) {
            const place = line + Math.min(last[1], Math.max(0, columns.starts[column]! + x));
            sum +=
              weight * columns.weights[column * columns.taps + x]! * source[at.source + place * channels + channel]!;
          }
        }
        target[at.target + (row * to[1] + column) * channels + channel] = whole ? Math.round(sum) : sum;
      }
    }
  }
}

/** The same for labels, which cannot be mixed: each place takes the nearest. */
export function pickNearest(
  { from, to, cut }: Resampling,
  source: Uint8Array,
  target: Uint8Array,
  at: { readonly source: number; readonly target: number },
): void {
  const place = (axis: 0 | 1, index: number): number =>
    Math.floor((from[axis] - cut[axis]) / 2 + ((index + 0.5) * cut[axis]) / to[axis]);
  for (let row = 0; row < to[0]; row++) {
    for (let column = 0; column < to[1]; column++) {
      const picked = source[at.source + place(0, row) * from[1] + place(1, column)]!;
      target[at.target + row * to[1] + column] = picked;
    }
  }
}
