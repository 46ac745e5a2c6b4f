/** Shapes to start from, and the ranges that a shape may not leave. */
import { LEAST_CHANNELS, LEAST_GRID, LEAST_TAPS, type NetworkConfig } from './config.ts';
import { parameterLayout } from './parameters.ts';
import { integerSizes } from './sizes.ts';

/** The same cuts in every block. */
export interface UniformCuts {
  /** Taps on each block's own grid. */
  readonly taps: number;
  /** A cut a block, the last one for all blocks after it. */
  readonly resolution: readonly number[];
  readonly width: number;
  readonly depth: number;
}

export function uniformParameters(config: NetworkConfig, cuts: UniformCuts): Float64Array {
  return cutParameters(config, cuts, (block) => entryOf(cuts.resolution, block));
}

/** The entry of that block, or the last one. */
const entryOf = (cuts: readonly number[], block: number): number => cuts[block] ?? cuts.at(-1) ?? 1;

/** The same cuts in every block, but for its resolution. */
export function cutParameters(
  config: NetworkConfig,
  cuts: Omit<UniformCuts, 'resolution'>,
  resolution: (block: number) => number,
): Float64Array {
  const layout = parameterLayout(config);
  const parameters = new Float64Array(layout.size);
  for (let block = 0; block < layout.blocks; block++) {
    for (let axis = 0; axis < layout.dimensions; axis++) parameters[layout.resolution(block, axis)] = resolution(block);
    parameters[layout.inner(block)] = cuts.width;
    parameters[layout.outer(block)] = cuts.width;
  }
  parameters[layout.depth] = cuts.depth;
  for (const [block, sizes] of integerSizes(config, parameters).blocks.entries()) {
    for (const [axis, size] of sizes.grid.entries()) {
      parameters[layout.kernel(block, axis)] = (cuts.taps * (config.grid[axis] ?? size)) / size / config.kernel;
    }
  }
  return project(config, parameters);
}

/** All blocks, channels and taps on the full grid: the unmasked network. */
export function fullParameters(config: NetworkConfig): Float64Array {
  return uniformParameters(config, { taps: config.kernel, resolution: [1], width: 1, depth: 1 });
}

/** Clamps one parameter in place. */
function clamp(parameters: Float64Array, index: number, low: number, high: number): void {
  parameters[index] = Math.min(high, Math.max(low, parameters[index] ?? 0));
}

/**
 * Puts every parameter back into its range, in place: past it, neither force could bring it back (METHOD §10).
 * Kernels are bounded in taps of their block's current grid.
 */
export function project(config: NetworkConfig, parameters: Float64Array): Float64Array {
  const layout = parameterLayout(config);
  for (let block = 0; block < layout.blocks; block++) {
    clamp(parameters, layout.inner(block), LEAST_CHANNELS / config.inner, 1);
    clamp(parameters, layout.outer(block), LEAST_CHANNELS / config.outer, 1);
    for (let axis = 0; axis < layout.dimensions; axis++) {
      clamp(parameters, layout.resolution(block, axis), LEAST_GRID / (config.grid[axis] ?? LEAST_GRID), 1);
    }
  }
  clamp(parameters, layout.depth, 1 / layout.blocks, 1);
  for (const [block, sizes] of integerSizes(config, parameters).blocks.entries()) {
    for (const [axis, size] of sizes.grid.entries()) {
      const taps = (config.kernel * size) / (config.grid[axis] ?? size);
      const most = Math.min(config.kernel, 2 * size - 1);
      clamp(parameters, layout.kernel(block, axis), LEAST_TAPS / taps, most / taps);
    }
  }
  return parameters;
}

/** Narrowest width that a neutral start takes before it gives up other sizes as well. */
const NARROWEST = 0.25;

/**
 * The neutral shape whose cost is `target` (MAC a sample): the task's start kernel, cuts and depth in every block, and the
 * width that the target leaves. Where no width does it, all sizes move together towards the full network or the least.
 * @throws RangeError where even the smallest network costs more than the target.
 */
export function neutralParameters(
  config: NetworkConfig,
  target: number,
  cost: (parameters: Float64Array) => number,
): Float64Array {
  const cuts = neutralCuts(config, target, cost);
  const at = (s: number, width = 1): Float64Array => {
    const own = cuts(s);
    return uniformParameters(config, { ...own, width: own.width * width });
  };
  if (cost(at(1)) <= target) return at(1);
  const [under, over] = bracket((s) => cost(at(s)) > target);
  // Grids and depth jump: of the shape that costs just too much, width is taken away.
  const narrowed = (width: number): Float64Array => at(over, width);
  let parameters = at(under);
  if (cost(narrowed(0)) <= target) parameters = narrowed(bracket((width) => cost(narrowed(width)) > target)[0]);
  return widen(config, parameters, target, cost);
}

/** Adds single channels in turn, for as long as one more costs something and keeps to the target. */
export function widen(
  config: NetworkConfig,
  parameters: Float64Array,
  target: number,
  cost: (parameters: Float64Array) => number,
): Float64Array {
  const layout = parameterLayout(config);
  let widened = parameters;
  let now = cost(widened);
  for (let before = -1; before < now;) {
    before = now;
    for (let block = 0; block < layout.blocks; block++) {
      for (const [index, most] of [
        [layout.inner(block), config.inner],
        [layout.outer(block), config.outer],
      ] as const) {
        const candidate = widened.with(index, Math.min(1, (widened[index] ?? 1) + 1 / most));
        const reached = cost(candidate);
        if (reached <= now || reached > target) continue;
        widened = candidate;
        now = reached;
      }
    }
  }
  return widened;
}

/** A family of shapes in [0, 1], from one that costs less than `target` to one that costs more if there is any. */
function neutralCuts(
  config: NetworkConfig,
  target: number,
  cost: (parameters: Float64Array) => number,
): (s: number) => UniformCuts {
  const neutral = { taps: config.startKernel, resolution: config.startResolution, depth: config.startDepth };
  const costAt = (width: number): number => cost(uniformParameters(config, { ...neutral, width }));
  const between = (low: UniformCuts, high: UniformCuts) => (s: number) => ({
    taps: low.taps + s * (high.taps - low.taps),
    resolution: Array.from({ length: config.blocks }, (_, block) => {
      const from = entryOf(low.resolution, block);
      return from + s * (entryOf(high.resolution, block) - from);
    }),
    width: low.width + s * (high.width - low.width),
    depth: low.depth + s * (high.depth - low.depth),
  });
  if (costAt(1) < target) {
    return between({ ...neutral, width: 1 }, { taps: config.kernel, resolution: [1], width: 1, depth: 1 });
  }
  if (costAt(NARROWEST) <= target) return between({ ...neutral, width: NARROWEST }, { ...neutral, width: 1 });
  // Resampling costs more than it saves where there is little to run on the smaller grid.
  const [least, leastCost] = [[0.3], neutral.resolution]
    .map((resolution) => ({ taps: LEAST_TAPS, resolution, width: 0, depth: 0 }))
    .map((own) => [own, cost(uniformParameters(config, own))] as const)
    .reduce((a, b) => (b[1] < a[1] ? b : a));
  if (leastCost > target) {
    throw new RangeError(
      `The budget of ${target.toFixed(0)} MAC is under the smallest network's ${leastCost.toFixed(0)} MAC: raise it.`,
    );
  }
  return between(least, { ...neutral, width: NARROWEST });
}

/** Where in [0, 1] something begins to be `over`: a point just under it and one just over it. Where it is not over at 1, both are 1. */
export function bracket(over: (s: number) => boolean): [number, number] {
  let low = 0;
  let high = 1;
  for (let i = 0; i < 40; i++) {
    const middle = (low + high) / 2;
    if (over(middle)) high = middle;
    else low = middle;
  }
  return [low, high];
}
