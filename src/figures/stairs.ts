/** The grids of the blocks as bars, one under the other: a stair where the network downsamples. */
import type { Architecture } from '../architecture/architecture.ts';
import { formatRatio } from './format.ts';

export interface Stair {
  /** Length of the bar: the grid's mean extent, against the input's. */
  readonly length: number;
  /** Length of the input's bar. */
  readonly full: number;
  /** The ratio to the grid before, or empty where the grid stays. */
  readonly text: string;
  /** Whether the block resamples at all, an axis; a cut too mild to pay for itself is not run. */
  readonly resampled: readonly boolean[];
}

/** Grids may be real-valued, on their way to the next; what is written is of whole points. */
export function layoutStairs({ input, blocks }: Architecture, width: number): Stair[] {
  const full = Math.max(0, width - 1);
  let before: readonly number[] = input.grid;
  return blocks.map((block) => {
    const part = block.grid.reduce((sum, size, axis) => sum + size / (input.grid[axis] ?? size), 0) / block.grid.length;
    const ratios = before.map((size, axis) => Math.round(size) / Math.max(1, Math.round(block.grid[axis] ?? size)));
    if (block.kept) before = block.grid;
    const resampled = ratios.map((ratio) => block.kept && ratio !== 1);
    const text = resampled.includes(true) ? formatRatio(ratios) : '';
    return { length: Math.min(1, part) * full, full, text, resampled };
  });
}
