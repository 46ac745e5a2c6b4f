/** The kernels that a network convolves with, for looking at them. */
import { tensor1d, tidy, type Tensor } from '@tensorflow/tfjs-core';
import { viewOf } from '../kernels/leaf.ts';
import { readAndDispose } from '../kernels/reading.ts';
import { gaussianMask } from './masks.ts';
import { maskLeaf } from './maskPack.ts';
import { blockKernel, refined } from './network.ts';
import { parameterLayout } from './parameters.ts';
import { halfWidth } from './sizes.ts';
import type { Training } from './training.ts';
import { viewWeights, weightLeaf } from './weights.ts';

export interface SampledKernel {
  readonly block: number;
  /** Taps, an axis. */
  readonly size: readonly number[];
  readonly channels: number;
  /** `[...size, channels]`, row-major, masked. */
  readonly values: Float32Array;
  /** The first channel between the outermost taps: every `fineness`-th of the values, `[...size]`, is a tap. */
  readonly fine: { readonly fineness: number; readonly size: readonly number[]; readonly values: Float32Array };
}

/** Points that a finely sampled kernel of a sequence has at most. */
const MOST_POINTS = 512;

function finenessOf(taps: readonly number[]): number {
  if (taps.length > 1) return 4;
  return [4, 2].find((fineness) => refined(taps, fineness).every((points) => points <= MOST_POINTS)) ?? 1;
}

/** Masked kernels of the kept blocks, at most `most` channels each; read asynchronously, all at once. */
export async function sampleKernels(training: Training, most: number): Promise<SampledKernel[]> {
  const { config, layout, parameters, weights } = training;
  const context = training.forwardContext((_, x) => x);
  const { sizes, pack } = context;
  const owners = parameterLayout(config);
  const blocks = pack.blocks.map((_, block) => {
    const size = sizes.blocks[block]?.kernel ?? [];
    const fineness = finenessOf(size);
    // A block reads the stream as the block before leaves it; the first, as wide as itself.
    const channels = Math.min(most, sizes.blocks[Math.max(0, block - 1)]?.outer ?? 1);
    return { block, size, channels, fineness, fineSize: refined(size, fineness) };
  });
  const parts = tidy(() => {
    const named = viewWeights(layout, weightLeaf(layout, weights));
    const leaf = maskLeaf(pack, tensor1d(pack.values));
    return blocks.flatMap(({ block, channels, fineness, fineSize }): Tensor[] => {
      const { generator } = named.block(block);
      const masks = (pack.blocks[block]?.kernel ?? []).map((part) => leaf.view(part));
      const fineMasks = fineSize.map((points, axis) => {
        const grid = sizes.blocks[block]?.grid[axis] ?? 1;
        const half = halfWidth(config, parameters[owners.kernel(block, axis)] ?? 0, axis, grid);
        return viewOf(tensor1d(gaussianMask(half * fineness, points).values));
      });
      const kernel = blockKernel(context, block, generator, masks, channels);
      const fine = blockKernel(context, block, generator, fineMasks, 1, fineness);
      return [kernel, fine];
    });
  });
  const read = await readAndDispose(parts);
  const next = (): Float32Array => read.shift() ?? new Float32Array();
  return blocks.map(({ block, size, channels, fineness, fineSize }) => {
    const values = next();
    return { block, size, channels, values, fine: { fineness, size: fineSize, values: next() } };
  });
}
