/**
 * The sizes of a network, in the two forms that must agree (METHOD §1, §10): integers, which are run, and real numbers
 * from the masks' closed forms, which carry the cost's gradient.
 */
import type { Algebra } from '../architecture/algebra.ts';
import type { BlockSizes } from '../architecture/cost.ts';
import { LEAST_CHANNELS, LEAST_GRID, SNAP, type NetworkConfig } from './config.ts';
import { kernelTaps, keptEntries } from './masks.ts';
import { parameterLayout } from './parameters.ts';

export interface IntegerSizes {
  /** One entry a possible block; those beyond `kept` are what they would be. Presence is 1 or 0. */
  readonly blocks: readonly BlockSizes<number>[];
  /** Blocks that are run: always a prefix. */
  readonly kept: number;
}

/** Real half-width in taps of a kernel of `extent` (fraction of the most taps, on the full grid) on a grid of `size`. */
export function halfWidth(config: NetworkConfig, extent: number, axis: number, size: number): number {
  return (extent * config.kernel * size) / (config.grid[axis] ?? size) / 2;
}

/** The sizes that are run. */
export function integerSizes(config: NetworkConfig, parameters: Float64Array): IntegerSizes {
  const layout = parameterLayout(config);
  const at = (index: number): number => parameters[index] ?? 0;
  const kept = keptEntries(at(layout.depth), config.blocks, 1);
  let grid: readonly number[] = config.grid;
  const blocks = Array.from({ length: config.blocks }, (_, block) => {
    const before = grid;
    grid = before.map((size, axis) => {
      const cut = at(layout.resolution(block, axis));
      return cut < SNAP ? keptEntries(cut, size, Math.min(size, LEAST_GRID)) : size;
    });
    return {
      presence: block < kept ? 1 : 0,
      grid,
      resampled: grid.map((size, axis) => size !== before[axis]),
      kernel: grid.map((size, axis) => kernelTaps(halfWidth(config, at(layout.kernel(block, axis)), axis, size))),
      inner: keptEntries(at(layout.inner(block)), config.inner, LEAST_CHANNELS),
      outer: keptEntries(at(layout.outer(block)), config.outer, LEAST_CHANNELS),
      whole: true,
    };
  });
  return { blocks, kept };
}

/** The blocks that count in the real-valued cost, the last of them by its fraction; `parameters` in any algebra. */
export function realSizes<T>(a: Algebra<T>, config: NetworkConfig, parameters: readonly T[]): BlockSizes<T>[] {
  const layout = parameterLayout(config);
  const at = (index: number): T => parameters[index] ?? a.constant(0);
  const scaled = (value: T, factor: number): T => a.multiply(value, a.constant(factor));
  const depth = scaled(at(layout.depth), config.blocks);
  const count = Math.min(config.blocks, Math.ceil(a.value(depth) - 1e-9));
  let grid: readonly T[] = config.grid.map((n) => a.constant(n));
  return Array.from({ length: Math.max(1, count) }, (_, block) => {
    const before = grid;
    const resampled = before.map((_, axis) => a.value(at(layout.resolution(block, axis))) < SNAP);
    grid = before.map((size, axis) =>
      resampled[axis] === true ? a.multiply(at(layout.resolution(block, axis)), size) : size,
    );
    return {
      presence: block < count - 1 ? a.constant(1) : a.add(depth, a.constant(-block)),
      grid,
      resampled,
      kernel: grid.map((size, axis) =>
        scaled(a.multiply(at(layout.kernel(block, axis)), size), config.kernel / (config.grid[axis] ?? 1)),
      ),
      inner: scaled(at(layout.inner(block)), config.inner),
      outer: scaled(at(layout.outer(block)), config.outer),
      whole: false,
    };
  });
}
