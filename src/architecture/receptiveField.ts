/** How much of the input one point of the network's stream has seen. */
import type { Architecture } from './architecture.ts';

/**
 * After each block, in points of the input, an axis: r_l = r_{l−1} + (k_l − 1)·stride_l, at most the input's extent.
 * A block that is not run sees no further than the stream before it. Resampling itself is taken to see no further.
 * (Araujo, Norris and Sim, 2019, Computing Receptive Fields of Convolutional Neural Networks.)
 */
export function receptiveField({ input, blocks }: Architecture): number[][] {
  let field = input.grid.map(() => 1);
  return blocks.map(({ kept, kernel, stride }) => {
    if (kept) field = field.map((seen, axis) => seen + ((kernel[axis] ?? 1) - 1) * (stride[axis] ?? 1));
    return field.map((seen, axis) => Math.min(seen, input.grid[axis] ?? seen));
  });
}
