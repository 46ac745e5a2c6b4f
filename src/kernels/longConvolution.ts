/**
 * Depthwise 'same' convolution of sequences by way of their spectra, for kernels so long that this costs less than the sum over
 * their taps: as `depthwise2d` and `periodicDepthwise2d` define it, to rounding, in O(N·√N) or less instead of O(N·K).
 *
 * With X, H and G the spectra of the input, of the kernel with tap 0 at entry 0, and of the value's gradient, the value is the way
 * back from X·H̄, the input's gradient that from G·H, and the kernel's that from Σ X·Ḡ over the batch.
 */
import {
  add,
  concat,
  ones,
  pad,
  reshape,
  slice,
  tile,
  type Tensor,
  type Tensor2D,
  type Tensor3D,
  type Tensor4D,
} from '@tensorflow/tfjs-core';
import { differentiable } from './differentiable.ts';
import { lengthOf, type FourierStages } from './fourierStages.ts';
import { complexProduct, groupedProduct } from './grouped.ts';
import { transposedProduct } from './products.ts';

/** Taps on either side of the middle one that reach from one end of a line to the other at most. */
const reachOf = (taps: number, points: number): number => Math.min((taps - 1) / 2, points - 1);

/**
 * `[batch, points, channels]`, `[taps, channels]` → the input's shape; taps are odd. The transform has the product of `factors`
 * entries: the points and (taps − 1)/2 zeros at least. On a ring it is the points exactly or, where they have no such factors, the
 * points and taps − 1 copies.
 */
export function longConvolution(
  stages: FourierStages,
  x: Tensor3D,
  kernel: Tensor2D,
  factors: readonly number[],
  periodic: boolean,
): Tensor3D {
  const [batch, points, channels] = x.shape;
  const [taps] = kernel.shape;
  const length = lengthOf(factors);
  if (periodic && length !== points) {
    const border = (taps - 1) / 2;
    const part = (from: number): Tensor3D => slice(x, [0, from, 0], [batch, border, channels]);
    const around = border === 0 ? x : concat([part(points - border), x, part(0)], 1);
    return slice(cyclic(stages, around, kernel, factors), [0, border, 0], [batch, points, channels]);
  }
  if (periodic) return cyclic(stages, x, kernel, factors);
  const reach = reachOf(taps, points);
  const reaching = slice(kernel, [(taps - 1) / 2 - reach, 0], [2 * reach + 1, channels]);
  return cyclic(stages, x, reaching, factors);
}

/** On a ring of as many entries as the transform has, of which those beyond the points are zero and are not looked at. */
function cyclic(stages: FourierStages, x: Tensor3D, kernel: Tensor2D, factors: readonly number[]): Tensor3D {
  const [, points, channels] = x.shape;
  const [taps] = kernel.shape;
  const length = lengthOf(factors);
  const shortest = length / (factors[0] ?? 1);
  const lines = stages.get(factors, Math.ceil(points / shortest));
  const whole = stages.get(factors, factors[0] ?? 1);
  const forth = (line: Tensor3D): Tensor4D => {
    const missing = Math.ceil(points / shortest) * shortest - points;
    return toSpectrum(
      missing === 0
        ? line
        : pad(line, [
            [0, 0],
            [0, missing],
            [0, 0],
          ]),
      lines.forth,
    );
  };
  const back = (spectrum: Tensor4D): Tensor3D => {
    const line = fromSpectrum(spectrum, lines.back);
    return line.shape[1] === points ? line : slice(line, [0, 0, 0], [line.shape[0], points, channels]);
  };
  return differentiable<Tensor3D, [Tensor4D, Tensor4D]>(
    [x, kernel],
    () => {
      const spectrum = forth(x);
      const response = toSpectrum(reshape(onRing(kernel, length), [1, length, channels]), whole.forth);
      return { value: back(complexProduct(spectrum, response, true)), saved: [spectrum, response] };
    },
    (dy, [spectrum, response]) => {
      const slopes = forth(dy);
      const each = complexProduct(spectrum, slopes, true);
      const ring: Tensor2D = reshape(fromSpectrum(sumOfBatch(each), whole.back), [length, channels]);
      return [back(complexProduct(slopes, response, false)), fromRing(ring, taps)];
    },
  );
}

/** `[lines, entries, channels]` → `[lines, bins, 2, channels]`: real parts and imaginary parts. */
function toSpectrum(line: Tensor3D, stages: readonly Tensor3D[]): Tensor4D {
  return through(line, stages, (y, [lines, bins, channels]) => reshape(y, [lines, bins / 2, 2, channels]));
}

function fromSpectrum(spectrum: Tensor4D, stages: readonly Tensor3D[]): Tensor3D {
  return through(spectrum, stages, (y, shape) => reshape(y, shape));
}

function through<T>(
  x: Tensor,
  stages: readonly Tensor3D[],
  shaped: (y: Tensor, shape: [lines: number, entries: number, channels: number]) => T,
): T {
  const [lines = 1] = x.shape;
  const channels = x.shape[x.rank - 1] ?? 1;
  const y = stages.reduce<Tensor>((y, stage) => {
    const [groups, , inner] = stage.shape;
    return groupedProduct(reshape(y, [lines, groups, inner, y.size / lines / groups / inner]), stage);
  }, x);
  return shaped(y, [lines, y.size / lines / channels, channels]);
}

function sumOfBatch(x: Tensor4D): Tensor4D {
  const [batch, ...each] = x.shape;
  if (batch === 1) return x;
  return reshape(transposedProduct(ones([batch, 1]), reshape(x, [batch, x.size / batch])), [1, ...each]);
}

/** The taps round a ring of `length` entries, the middle one at entry 0; those that fall on the same entry are added. */
function onRing(kernel: Tensor2D, length: number): Tensor2D {
  const [taps, channels] = kernel.shape;
  const turns = Math.ceil(taps / length);
  const filled: Tensor2D = pad(kernel, [
    [0, turns * length - taps],
    [0, 0],
  ]);
  const turn = (i: number): Tensor2D => slice(filled, [i * length, 0], [length, channels]);
  let ring = turn(0);
  for (let i = 1; i < turns; i++) ring = add(ring, turn(i));
  return rotated(ring, ((taps - 1) / 2) % length);
}

/** Each tap's entry of the ring. */
function fromRing(ring: Tensor2D, taps: number): Tensor2D {
  const [length, channels] = ring.shape;
  const begun = rotated(ring, (length - (((taps - 1) / 2) % length)) % length);
  const turns = Math.ceil(taps / length);
  return slice(turns === 1 ? begun : tile(begun, [turns, 1]), [0, 0], [taps, channels]);
}

/** Entry `first` comes first. */
function rotated(ring: Tensor2D, first: number): Tensor2D {
  const [length, channels] = ring.shape;
  if (first === 0) return ring;
  return concat([slice(ring, [first, 0], [length - first, channels]), slice(ring, [0, 0], [first, channels])], 0);
}
