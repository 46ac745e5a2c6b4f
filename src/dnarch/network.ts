/**
 * The network (METHOD §6), one class of it for sequences and images, classes and dense prediction:
 * lift, then `x ← shortcut(x) + m_D · mix₂(m ⊙ gelu(mix₁(conv_ψ(m ⊙ norm(x)))))` on a stream that each block may resample,
 * then norm and head. What lies under a mask's threshold is not there: slices, fewer taps, smaller grids, fewer blocks.
 *
 * Masks cost nothing on the large tensors: a channel's mask is folded into the scale and shift of the norm before it or
 * the rows of the matrix after it, a block's gate into its last matrix.
 */
import { cast, reshape, type Tensor, type Tensor2D, type Tensor3D, type Tensor4D } from '@tensorflow/tfjs-core';
import { NUMBERS } from '../architecture/algebra.ts';
import { convolutionCost } from '../architecture/convolution.ts';
import { gridResampling, liftCost } from '../architecture/cost.ts';
import { depthwise2d } from '../kernels/depthwise.ts';
import { branch } from '../kernels/branch.ts';
import { embed } from '../kernels/embedding.ts';
import type { FourierStages } from '../kernels/fourierStages.ts';
import { crop, entryOf, matrixOf, vectorOf, type Leaf, type View } from '../kernels/leaf.ts';
import { longConvolution } from '../kernels/longConvolution.ts';
import { periodicDepthwise2d } from '../kernels/periodic.ts';
import { meanPool } from '../kernels/pool.ts';
import { viewedProduct } from '../kernels/products.ts';
import type { NormViews } from '../kernels/programs.ts';
import { costContext } from './budget.ts';
import { pointsOf, type NetworkConfig } from './config.ts';
import { maskedKernel, planeOf, type GeneratorViews } from './kernelNetwork.ts';
import { gaussianMask } from './masks.ts';
import type { MaskPack } from './maskPack.ts';
import { parameterLayout } from './parameters.ts';
import { halfWidth, integerSizes, type IntegerSizes } from './sizes.ts';
import { resample, type SpectralBases } from './spectral.ts';
import { viewWeights, type WeightLayout } from './weights.ts';

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
export type Normalise = (site: number, x: Tensor2D, views: NormViews) => Tensor2D;

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
 * One forward pass with the leaves of the weights and of the mask entries: input `[batch, ...grid, channels]` (one channel where it is
 * tokens) → logits `[batch, outputs]`, or `[batch · points, outputs]` for dense prediction.
 */
export function forward(run: Forward, weights: Leaf, masks: Leaf, input: Tensor): Tensor2D {
  const { config, sizes, pack } = run;
  const w = viewWeights(run.layout, weights);
  const mask = (part: number): View => masks.view(part);
  const [batch = 1] = input.shape;
  const kept = sizes.blocks.slice(0, sizes.kept);
  const gates = mask(pack.gates);
  let width = kept[0]?.outer ?? 1;
  let streamMask = mask(pack.blocks[0]?.outer ?? 0);
  let grid: readonly number[] = config.grid;
  const table = crop(w.lift, config.channels, width);
  const first = kept[0];
  const early = first !== undefined && liftCost(NUMBERS, costContext(config), first).resampledFirst;
  let x: Tensor2D = config.tokens
    ? embed(cast(reshape(input, [-1]), 'int32'), matrixOf(table))
    : reshape(input, [-1, config.channels]);
  if (!config.tokens && !early) x = viewedProduct(x, table, null, true);
  const norm = (site: number, scale: View, shift: View): Tensor2D =>
    run.normalise(site, x, { scale: crop(scale, 1, width), shift: crop(shift, 1, width), mask: streamMask });

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
      const cut = own.cuts[axis] ?? null;
      return plan === 'banded' && cut !== null
        ? ({ plan, band: run.bases.band(axis, grid[axis] ?? to, to, cut), epsilon: vectorOf(mask(position)) } as const)
        : ({ plan: plan === 'banded' ? 'factored' : plan, to, mask: mask(position) } as const);
    });
    x = reshape(resample(run.bases, reshape(x, [batch, ...grid, channels]), axes), [-1, channels]);
    if (index === 0 && early) x = viewedProduct(x, table, null);
    grid = size.grid;
    const kernel = blockKernel(run, index, block.generator, own.kernel.map(mask), width);
    const convolved = convolve(run.bases.stages, config, norm(index, block.scale, block.shift), kernel, grid);
    const { inner, outer } = size;
    const mixing = {
      mix1: crop(block.mix1, width, inner),
      bias1: crop(block.bias1, 1, inner),
      mix2: crop(block.mix2, inner, outer),
      mask: mask(own.inner),
      gate: entryOf(gates, index),
    };
    x = branch(convolved, x, mixing, run.dropout === null ? null : run.dropout(index, inner));
    width = size.outer;
    streamMask = mask(own.outer);
    run.observe?.(index, before, { x, grid });
  }

  const normed = norm(config.blocks, w.scale, w.shift);
  const weightsOut = crop(w.head, width, config.outputs);
  if (config.kind === 'classes') {
    return viewedProduct(meanPool(reshape(normed, [batch, -1, width])), weightsOut, w.headBias);
  }
  // The head is pointwise and upsampling keeps constants, so the order is free: fewer channels are upsampled this way.
  const coarse = viewedProduct(normed, weightsOut, w.headBias);
  const changed = grid.map((n, axis) => n < (config.grid[axis] ?? n));
  const { plans } = gridResampling(NUMBERS, grid, config.grid, changed, config.outputs, config.batch);
  const axes = config.grid.map((to, axis) => {
    const plan = plans[axis] ?? null;
    if (plan === null) return null;
    return plan === 'banded'
      ? ({ plan, band: run.bases.band(axis, grid[axis] ?? to, to, 1), epsilon: null } as const)
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
  generator: GeneratorViews,
  masks: readonly View[],
  channels: number,
  fineness = 1,
): Tensor3D {
  const size = sizes.blocks[index];
  const scale = scales[index];
  if (size === undefined || scale === undefined) throw new Error(`There is no block ${index}.`);
  // In taps of this grid; the same ψ at a coarser grid is evaluated at fewer points.
  const reach = scale.reach.map((taps, axis) => (taps * (size.grid[axis] ?? 1)) / (config.grid[axis] ?? 1));
  const taps = refined(size.kernel, fineness);
  // Scaled by the grid's spacing, so that a coarser sum over the same extent keeps its magnitude.
  const spacing = size.grid.reduce((ratio, n, axis) => ratio * ((scale.grid[axis] ?? n) / n), 1);
  const window = {
    taps,
    reach: reach.map((steps) => steps * fineness),
    masks,
    amplitude: scale.amplitude * spacing,
  };
  return reshape(maskedKernel(generator, window, channels), [...planeOf(taps), channels]);
}

/** Points between the outermost taps, an axis, with every step divided into `fineness`. */
export function refined(taps: readonly number[], fineness: number): number[] {
  return taps.map((count) => (count - 1) * fineness + 1);
}

/** `[samples · points, channels]` of a grid, in the cheaper way: `[height, width, channels]` → the input's shape. */
export function convolve(
  stages: FourierStages,
  { periodic, batch }: Pick<NetworkConfig, 'periodic' | 'batch'>,
  x: Tensor2D,
  kernel: Tensor3D,
  grid: readonly number[],
): Tensor2D {
  const channels = x.shape[1];
  const taps = kernel.shape.slice(2 - grid.length, 2);
  const sizes = { grid, kernel: taps, channels, whole: true, periodic, batch };
  const { plan } = convolutionCost(NUMBERS, sizes);
  if (plan.algorithm === 'spectral') {
    const lines: Tensor3D = reshape(x, [-1, pointsOf(grid), channels]);
    const line: Tensor2D = reshape(kernel, [-1, channels]);
    return reshape(longConvolution(stages, lines, line, plan.factors, periodic), [-1, channels]);
  }
  const image: Tensor4D = reshape(x, [-1, ...planeOf(grid), channels]);
  return reshape((periodic ? periodicDepthwise2d : depthwise2d)(image, kernel), [-1, channels]);
}
