/**
 * The network (METHOD §6), one class of it for sequences and images, classes and dense prediction:
 * lift, then `x ← shortcut(x) + m_D · mix₂(m ⊙ gelu(mix₁(conv_ψ(m ⊙ norm(x)))))` on a stream that each block may resample,
 * then norm and head. What lies under a mask's threshold is not there: slices, fewer taps, smaller grids, fewer blocks.
 *
 * Masks cost nothing on the large tensors: a channel's mask is folded into the scale and shift of the norm before it or
 * the rows of the matrix after it, a block's gate into its last matrix.
 */
import {
  add,
  cast,
  mul,
  pad,
  reshape,
  slice,
  split,
  tensor2d,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  type Tensor3D,
  type Tensor4D,
} from '@tensorflow/tfjs-core';
import { NUMBERS } from '../architecture/algebra.ts';
import { gridResampling, liftCost } from '../architecture/cost.ts';
import { depthwise2d } from '../kernels/depthwise.ts';
import { embed } from '../kernels/embedding.ts';
import { gelu } from '../kernels/gelu.ts';
import { periodicDepthwise2d } from '../kernels/periodic.ts';
import { cut } from '../kernels/pieces.ts';
import { meanPool } from '../kernels/pool.ts';
import { affine, product } from '../kernels/products.ts';
import { costContext } from './budget.ts';
import type { NetworkConfig } from './config.ts';
import { generateKernel, lattice, type GeneratorTensors } from './kernelNetwork.ts';
import { gaussianMask } from './masks.ts';
import type { MaskPack } from './maskPack.ts';
import { parameterLayout } from './parameters.ts';
import { halfWidth, integerSizes, type IntegerSizes } from './sizes.ts';
import { resample, type SpectralBases } from './spectral.ts';
import { cutWeights, type BlockTensors, type WeightLayout } from './weights.ts';

/** What is fixed at the start of a run about each block's kernel (METHOD §2, §10). */
export interface KernelScale {
  /** Taps of the full grid from the centre to coordinate 1 of the kernel network, an axis. */
  readonly reach: readonly number[];
  /** Points of the grid that the block started on, an axis. */
  readonly grid: readonly number[];
  /** Amplitude: the masked kernel's norm is 1 at the start. */
  readonly amplitude: number;
}

export function kernelScales(config: NetworkConfig, parameters: Float64Array): KernelScale[] {
  const layout = parameterLayout(config);
  return integerSizes(config, parameters).blocks.map(({ grid, kernel }, block) => {
    const energy = kernel.map((taps, axis) => {
      const half = halfWidth(config, parameters[layout.kernel(block, axis)] ?? 0, axis, grid[axis] ?? 1);
      return gaussianMask(half, taps).values.reduce((sum, m) => sum + m * m, 0);
    });
    return {
      reach: kernel.map((taps, axis) => ((taps / 2) * (config.grid[axis] ?? 1)) / (grid[axis] ?? 1)),
      grid,
      amplitude: 1 / Math.sqrt(energy.reduce((a, b) => a * b, 1)),
    };
  });
}

/** Normalises the stream at one site: a block's number, or the number of blocks for the head. */
export type Normalise = (site: number, x: Tensor2D, scale: Tensor1D, shift: Tensor1D) => Tensor2D;

/** The residual stream somewhere in the network. */
export interface Stream {
  /** `[batch · points, channels]`. */
  readonly x: Tensor2D;
  readonly grid: readonly number[];
}

export interface Forward {
  readonly config: NetworkConfig;
  readonly layout: WeightLayout;
  readonly sizes: IntegerSizes;
  readonly pack: MaskPack;
  readonly scales: readonly KernelScale[];
  readonly bases: SpectralBases;
  readonly normalise: Normalise;
  /** Dropout of a block's inner channels, `[batch, 1, inner]`, already scaled; null for none. */
  readonly dropout: ((block: number, channels: number) => Tensor3D) | null;
  /** Is shown the stream that each block gets, before its resampling, and the one that it leaves. */
  readonly observe?: (block: number, before: Stream, after: Stream) => void;
}

/**
 * One forward pass: weights `[size]`, mask entries `[entries]`, input `[batch, ...grid, channels]` (one channel where it is
 * tokens) → logits `[batch, outputs]`, or `[batch · points, outputs]` for dense prediction.
 */
export function forward(run: Forward, weights: Tensor1D, masks: Tensor1D, input: Tensor): Tensor2D {
  const { config, sizes, pack } = run;
  const w = cutWeights(run.layout, weights);
  const pieces: Tensor1D[] = split(masks, [...pack.lengths]);
  const mask = (index: number): Tensor1D => pieces[index]!;
  const [batch = 1] = input.shape;
  const kept = sizes.blocks.slice(0, sizes.kept);
  const gates = cut(mask(pack.gates), sizes.kept);
  let width = kept[0]?.outer ?? 1;
  let streamMask = mask(pack.blocks[0]?.outer ?? 0);
  let grid: readonly number[] = config.grid;
  const table = columns(w.lift, config.channels, width);
  const first = kept[0];
  const early = first !== undefined && liftCost(NUMBERS, costContext(config), first).resampledFirst;
  let x: Tensor2D = config.tokens
    ? embed(cast(reshape(input, [-1]), 'int32'), table)
    : reshape(input, [-1, config.channels]);
  if (!config.tokens && !early) x = product(x, table);
  const norm = (site: number, scale: Tensor1D, shift: Tensor1D): Tensor2D =>
    run.normalise(site, x, mul(head(scale, width), streamMask), mul(head(shift, width), streamMask));

  for (const [index, size] of kept.entries()) {
    const block = w.block(index);
    const own = pack.blocks[index];
    if (own === undefined) throw new Error(`Block ${index} has no masks.`);
    const before = { x, grid };
    const channels = x.shape[1];
    const { plans } = gridResampling(NUMBERS, grid, size.grid, size.resampled, channels, config.batch);
    const axes = size.grid.map((to, axis) => {
      const plan = plans[axis] ?? null;
      const position = own.resolution[axis] ?? null;
      if (plan === null || position === null) return null;
      const band = own.bands[axis] ?? null;
      return plan === 'banded' && band !== null
        ? ({ plan, band, epsilon: mask(position) } as const)
        : ({ plan: plan === 'banded' ? 'factored' : plan, to, mask: mask(position) } as const);
    });
    x = reshape(resample(run.bases, reshape(x, [batch, ...grid, channels]), axes), [-1, channels]);
    if (index === 0 && early) x = product(x, table);
    grid = size.grid;
    const kernel = blockKernel(run, index, block.generator, own.kernel.map(mask), width);
    const convolved = convolve(config, norm(index, block.scale, block.shift), kernel, batch, grid);
    const branch = mix(run, index, block, convolved, size, mask(own.inner), gates[index]!, batch);
    x = add(resize(x, size.outer), branch);
    width = size.outer;
    streamMask = mask(own.outer);
    run.observe?.(index, before, { x, grid });
  }

  const normed = norm(config.blocks, w.scale, w.shift);
  const weightsOut = columns(w.head, width, config.outputs);
  if (config.kind === 'classes') {
    return affine(meanPool(reshape(normed, [batch, -1, width])), weightsOut, w.headBias);
  }
  // The head is pointwise and upsampling keeps constants, so the order is free: fewer channels are upsampled this way.
  const coarse = affine(normed, weightsOut, w.headBias);
  const changed = grid.map((n, axis) => n < (config.grid[axis] ?? n));
  const { plans } = gridResampling(NUMBERS, grid, config.grid, changed, config.outputs, config.batch);
  const axes = config.grid.map((to, axis) => {
    const plan = plans[axis] ?? null;
    if (plan === null) return null;
    return plan === 'banded'
      ? ({ plan, band: run.bases.upwards(grid[axis] ?? to, to), epsilon: null } as const)
      : ({ plan, to, mask: null } as const);
  });
  return reshape(resample(run.bases, reshape(coarse, [batch, ...grid, config.outputs]), axes), [-1, config.outputs]);
}

/**
 * The kernel that a block convolves with, `[height, width, channels]`: ψ on the taps that survive, masked and scaled. A
 * `fineness` above 1 divides the steps between the outermost taps; the masks, one an axis, are then as dense.
 */
export function blockKernel(
  { config, sizes, scales }: Pick<Forward, 'config' | 'sizes' | 'scales'>,
  index: number,
  generator: GeneratorTensors,
  masks: readonly Tensor1D[],
  channels: number,
  fineness = 1,
): Tensor3D {
  const size = sizes.blocks[index];
  const scale = scales[index];
  if (size === undefined || scale === undefined) throw new Error(`There is no block ${index}.`);
  // In taps of this grid; the same ψ at a coarser grid is evaluated at fewer points.
  const reach = scale.reach.map((taps, axis) => (taps * (size.grid[axis] ?? 1)) / (config.grid[axis] ?? 1));
  const taps = refined(size.kernel, fineness);
  const points = lattice(
    taps,
    reach.map((steps) => steps * fineness),
  );
  const values = generateKernel(generator, tensor2d(points), channels);
  const [height, width] = taps.length === 1 ? [1, taps[0] ?? 1] : [taps[0] ?? 1, taps[1] ?? 1];
  // Scaled by the grid's spacing, so that a coarser sum over the same extent keeps its magnitude.
  const spacing = size.grid.reduce((ratio, n, axis) => ratio * ((scale.grid[axis] ?? n) / n), 1);
  const last = masks.at(-1)!;
  const across = mul(reshape(last, [1, width, 1]), scale.amplitude * spacing);
  const window = masks.length === 1 ? across : mul(reshape(masks[0]!, [height, 1, 1]), across);
  return mul(reshape(values, [height, width, channels]), window);
}

/** Points between the outermost taps, an axis, with every step divided into `fineness`. */
export function refined(taps: readonly number[], fineness: number): number[] {
  return taps.map((count) => (count - 1) * fineness + 1);
}

function convolve(
  { periodic }: NetworkConfig,
  x: Tensor2D,
  kernel: Tensor3D,
  batch: number,
  grid: readonly number[],
): Tensor2D {
  const channels = x.shape[1];
  const [height, width] = grid.length === 1 ? [1, grid[0] ?? 1] : [grid[0] ?? 1, grid[1] ?? 1];
  const image: Tensor4D = reshape(x, [batch, height, width, channels]);
  return reshape((periodic ? periodicDepthwise2d : depthwise2d)(image, kernel), [-1, channels]);
}

/** m_D · mix₂(m ⊙ gelu(mix₁(x))), with the masks folded into the second matrix. */
function mix(
  run: Forward,
  index: number,
  block: BlockTensors,
  x: Tensor2D,
  size: { readonly inner: number; readonly outer: number },
  innerMask: Tensor1D,
  gate: Tensor1D,
  batch: number,
): Tensor2D {
  const { inner, outer } = size;
  let hidden = gelu(affine(x, columns(block.mix1, x.shape[1], inner), head(block.bias1, inner)));
  if (run.dropout !== null) {
    hidden = reshape(mul(reshape(hidden, [batch, -1, inner]), run.dropout(index, inner)), [-1, inner]);
  }
  const rows = mul(reshape(innerMask, [inner, 1]), gate);
  return product(hidden, mul(columns(block.mix2, inner, outer), rows));
}

/** The first entries of a vector. */
function head(x: Tensor1D, size: number): Tensor1D {
  return x.shape[0] === size ? x : slice(x, [0], [size]);
}

/** The first rows and columns of a matrix. */
function columns(x: Tensor2D, rows: number, size: number): Tensor2D {
  return x.shape[0] === rows && x.shape[1] === size ? x : slice(x, [0, 0], [rows, size]);
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
