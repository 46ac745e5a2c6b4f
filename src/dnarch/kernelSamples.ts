/** The kernels that a network convolves with, for looking at them. */
import { concat, reshape, split, tensor1d, tidy, type Tensor1D } from '@tensorflow/tfjs-core';
import { blockKernel } from './network.ts';
import type { Training } from './training.ts';
import { cutWeights } from './weights.ts';

export interface SampledKernel {
  readonly block: number;
  /** Taps, an axis. */
  readonly size: readonly number[];
  readonly channels: number;
  /** `[...size, channels]`, row-major, masked. */
  readonly values: Float32Array;
}

/** Masked kernels of the kept blocks, at most `most` channels each; one asynchronous readback. */
export async function sampleKernels(training: Training, most: number): Promise<SampledKernel[]> {
  const { layout, weights } = training;
  const context = training.forwardContext((_, x) => x);
  const { sizes, pack } = context;
  const blocks = pack.blocks.map((_, block) => ({
    block,
    size: sizes.blocks[block]?.kernel ?? [],
    // A block reads the stream as the block before leaves it; the first, as wide as itself.
    channels: Math.min(most, sizes.blocks[Math.max(0, block - 1)]?.outer ?? 1),
  }));
  const packed = tidy(() => {
    const named = cutWeights(layout, weights);
    const pieces: Tensor1D[] = split(tensor1d(pack.values), [...pack.lengths]);
    const flat = blocks.map(({ block, channels }): Tensor1D => {
      const masks = (pack.blocks[block]?.kernel ?? []).map((index) => pieces[index]!);
      const kernel = blockKernel(context, block, named.block(block).generator, masks, channels);
      return reshape(kernel, [-1]);
    });
    return concat(flat);
  });
  const data = await packed.data<'float32'>();
  packed.dispose();
  let offset = 0;
  return blocks.map(({ block, size, channels }) => {
    const length = size.reduce((a, b) => a * b, channels);
    offset += length;
    return { block, size, channels, values: data.slice(offset - length, offset) };
  });
}
