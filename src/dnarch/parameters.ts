/**
 * The architecture's parameters: a few dozen numbers that live on the host, in one flat array.
 *
 * Block l has, in this order: the extent of its kernel an axis (taps on the full grid, as a fraction of the most), the
 * cut of its resampling an axis, the cuts of its inner and outer width. The depth's cut comes last.
 */
import type { Axis, LearnedAxes, NetworkConfig } from './config.ts';

export interface ParameterLayout {
  readonly size: number;
  readonly dimensions: number;
  readonly blocks: number;
  kernel(block: number, axis: number): number;
  resolution(block: number, axis: number): number;
  inner(block: number): number;
  outer(block: number): number;
  readonly depth: number;
}

export function parameterLayout(config: Pick<NetworkConfig, 'grid' | 'blocks'>): ParameterLayout {
  const d = config.grid.length;
  const stride = 2 * d + 2;
  return {
    size: stride * config.blocks + 1,
    dimensions: d,
    blocks: config.blocks,
    kernel: (block, axis) => stride * block + axis,
    resolution: (block, axis) => stride * block + d + axis,
    inner: (block) => stride * block + 2 * d,
    outer: (block) => stride * block + 2 * d + 1,
    depth: stride * config.blocks,
  };
}

/** Which axis of the method a parameter belongs to. */
export function axisOf(layout: ParameterLayout, index: number): Axis {
  if (index === layout.depth) return 'D';
  const within = index % (2 * layout.dimensions + 2);
  if (within < layout.dimensions) return 'K';
  return within < 2 * layout.dimensions ? 'R' : 'W';
}

/** 1 for the parameters that learn, 0 for the others. */
export function learnedParameters(layout: ParameterLayout, learn: LearnedAxes): Float64Array {
  return Float64Array.from({ length: layout.size }, (_, i) => (learn[axisOf(layout, i)] ? 1 : 0));
}
