/**
 * The kernel network ψ: [−1, 1]^d → R^C (METHOD §2): a MAGNet (FlexConv, arXiv 2110.08059), i.e. a product of
 * anisotropic Gabor filters g_l(x) = exp(−½ Σ_a (γ_la·x_a − δ_la)²) · sin(ω_l·x + φ_l), mixed in between:
 * h_0 = g_0, h_l = g_l ⊙ (U_l·h_{l−1} + u_l), ψ = V·h + v.
 *
 * All filters' phases and envelopes are made at once, side by side in the columns `[taps, filters · hidden]`.
 */
import { add, exp, matMul, mul, reshape, sin, square, sub, tensor2d, type Tensor2D } from '@tensorflow/tfjs-core';
import { differentiable } from '../kernels/differentiable.ts';
import { anchorGradients, anchorOf, crop, matrixOf, vectorOf, type View } from '../kernels/leaf.ts';
import { cut } from '../kernels/pieces.ts';
import { programs } from '../kernels/programs.ts';
import { GENERATOR } from './config.ts';
import type { Random } from './random.ts';

/** Shapes of the kernel network's weights for `d` spatial axes and at most `channels` channels. */
export function generatorShapes(d: number, channels: number) {
  const { hidden, filters } = GENERATOR;
  return {
    frequency: [d, filters * hidden],
    phase: [filters * hidden],
    steepness: [d, filters * hidden],
    centre: [d, filters * hidden],
    mixing: [(filters - 1) * hidden, hidden],
    mixingBias: [filters - 1, hidden],
    output: [hidden, channels],
    outputBias: [channels],
  } as const;
}

type GeneratorName = keyof ReturnType<typeof generatorShapes>;
export type GeneratorViews = Readonly<Record<GeneratorName, View>>;
export type GeneratorValues = Readonly<Record<GeneratorName, Float32Array>>;

/** ψ at `points`, `[taps, d]`, for the first `channels` channels → `[taps, channels]`. */
export function generateKernel(weights: GeneratorViews, points: Tensor2D, channels: number): Tensor2D {
  const { hidden, filters } = GENERATOR;
  const phases = add(matMul(points, matrixOf(weights.frequency)), vectorOf(weights.phase));
  let exponent: Tensor2D | null = null;
  const coordinates = cut(points, points.shape[1], 1);
  const steepness = cut(matrixOf(weights.steepness), coordinates.length);
  const centres = cut(matrixOf(weights.centre), coordinates.length);
  for (const [axis, coordinate] of coordinates.entries()) {
    const distance: Tensor2D = square(sub(mul(coordinate, steepness[axis] ?? 0), centres[axis] ?? 0));
    exponent = exponent === null ? distance : add(exponent, distance);
  }
  const gabor = cut(mul(exp(mul(exponent ?? 0, -0.5)), sin(phases)), filters, 1);
  const mixing = cut(matrixOf(weights.mixing), filters - 1);
  const biases = cut(matrixOf(weights.mixingBias), filters - 1);
  let h = gabor[0]!;
  for (let l = 1; l < filters; l++) {
    h = mul(gabor[l]!, add(matMul(h, mixing[l - 1]!), biases[l - 1]!));
  }
  const output = matrixOf(crop(weights.output, hidden, channels));
  return add(matMul(h, output), matrixOf(crop(weights.outputBias, 1, channels)));
}

/** The part of a kernel that is looked at: its taps, how many of them from the centre are coordinate 1, and a mask, an axis. */
export interface KernelWindow {
  readonly taps: readonly number[];
  readonly reach: readonly number[];
  readonly masks: readonly View[];
  readonly amplitude: number;
}

/** amplitude·mask ⊙ ψ on a lattice of taps, for the first `channels` channels → `[taps, channels]`. */
export function maskedKernel(weights: GeneratorViews, window: KernelWindow, channels: number): Tensor2D {
  const own = programs();
  if (own === null) {
    const [height, width] = planeOf(window.taps);
    const values = generateKernel(weights, tensor2d(lattice(window.taps, window.reach)), channels);
    const across = mul(reshape(vectorOf(window.masks.at(-1)!), [1, width]), window.amplitude);
    const whole = window.masks.length === 1 ? across : mul(reshape(vectorOf(window.masks[0]!), [height, 1]), across);
    return mul(values, reshape(whole, [-1, 1]));
  }
  const { frequency: generator, output, outputBias } = weights;
  const views = { ...window, ...GENERATOR, generator, output, outputBias, channels };
  return differentiable<Tensor2D, []>(
    anchorOf(generator),
    () => ({ value: own.kernel(views), saved: [] }),
    (dy) => {
      own.addKernelGradient(views, dy);
      return anchorGradients(generator);
    },
  );
}

/** Height and width of a grid or kernel; a sequence is one row. */
export function planeOf(sizes: readonly number[]): [number, number] {
  return sizes.length === 1 ? [1, sizes[0] ?? 1] : [sizes[0] ?? 1, sizes[1] ?? 1];
}

/** The same at one point in plain numbers, written straight from the equation; all channels. */
export function kernelAt(weights: GeneratorValues, point: readonly number[]): number[] {
  const { hidden, filters } = GENERATOR;
  const columns = filters * hidden;
  const filter = (l: number, i: number): number => {
    const column = l * hidden + i;
    let phase = weights.phase[column] ?? 0;
    let exponent = 0;
    for (const [axis, x] of point.entries()) {
      phase += x * (weights.frequency[axis * columns + column] ?? 0);
      const u = x * (weights.steepness[axis * columns + column] ?? 0) - (weights.centre[axis * columns + column] ?? 0);
      exponent += u * u;
    }
    return Math.exp(-exponent / 2) * Math.sin(phase);
  };
  let h = Array.from({ length: hidden }, (_, i) => filter(0, i));
  for (let l = 1; l < filters; l++) {
    const before = h;
    h = Array.from({ length: hidden }, (_, i) => {
      const mixed = before.reduce(
        (sum, value, j) => sum + value * (weights.mixing[((l - 1) * hidden + j) * hidden + i] ?? 0),
        weights.mixingBias[(l - 1) * hidden + i] ?? 0,
      );
      return filter(l, i) * mixed;
    });
  }
  const channels = weights.outputBias.length;
  return Array.from(weights.outputBias, (bias, c) =>
    h.reduce((sum, value, j) => sum + value * (weights.output[j * channels + c] ?? 0), bias),
  );
}

/**
 * Initial weights. The filters' frequencies add up to at most π rad a tap, the Nyquist frequency of the initial grid,
 * where the initial kernel of `taps` taps spans [−1, 1]; the output's standard deviation over those taps is 1.
 *
 * Half of the filters are as long as that kernel. Were all, a mask that opens would find nothing behind: the others are wider and
 * slower, log-uniformly up to the `most` taps that the kernel may come to have on that grid.
 */
export function initialGenerator(
  random: Random,
  d: number,
  channels: number,
  taps: readonly number[],
  most: readonly number[],
): GeneratorValues {
  const { hidden, filters } = GENERATOR;
  const columns = filters * hidden;
  const fill = (length: number, draw: (i: number) => number): Float32Array =>
    Float32Array.from({ length }, (_, i) => draw(i));
  const bound = (i: number): number => (Math.PI * (taps[Math.floor(i / columns)] ?? 1)) / 2 / filters;
  const widening = fill(columns, () => Math.max(0, random.uniform(-1, 1)));
  const narrowing = (i: number): number => {
    const axis = Math.floor(i / columns);
    return Math.min(1, (taps[axis] ?? 1) / (most[axis] ?? 1)) ** (widening[i % columns] ?? 0);
  };
  const steepness = fill(d * columns, () => random.uniform(0.3, 1.5));
  const weights: GeneratorValues = {
    frequency: fill(d * columns, (i) => narrowing(i) * random.uniform(-bound(i), bound(i))),
    phase: fill(columns, () => random.uniform(-Math.PI, Math.PI)),
    steepness: steepness.map((value, i) => narrowing(i) * value),
    centre: fill(d * columns, (i) => random.uniform(-1, 1) * (steepness[i] ?? 0)),
    mixing: fill((filters - 1) * hidden * hidden, () => random.normal() / Math.sqrt(hidden)),
    mixingBias: fill((filters - 1) * hidden, () => random.normal()),
    output: fill(hidden * channels, () => random.normal() / Math.sqrt(hidden)),
    outputBias: new Float32Array(channels),
  };
  const samples = lattice(
    taps,
    taps.map((n) => Math.max(1, n / 2)),
  ).flatMap((point) => kernelAt(weights, point));
  const mean = samples.reduce((a, b) => a + b, 0) / samples.length;
  const deviation = Math.sqrt(samples.reduce((a, b) => a + (b - mean) ** 2, 0) / samples.length);
  return { ...weights, output: weights.output.map((value) => value / deviation) };
}

/** Coordinates of the taps of a kernel in row-major order; `reach` taps from the centre is coordinate 1. */
export function lattice(taps: readonly number[], reach: readonly number[]): number[][] {
  return taps.reduce<number[][]>(
    (points, count, axis) =>
      points.flatMap((point) =>
        Array.from({ length: count }, (_, i) => [...point, (i - (count - 1) / 2) / (reach[axis] ?? 1)]),
      ),
    [[]],
  );
}
