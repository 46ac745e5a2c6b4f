/** Shapes to start from, and the ranges that a shape may not leave. */
import { LEAST_CHANNELS, LEAST_GRID, LEAST_TAPS, type NetworkConfig } from './config.ts';
import { parameterLayout } from './parameters.ts';
import { integerSizes } from './sizes.ts';

/** The same cuts in every block. */
export interface UniformCuts {
  /** Taps on each block's own grid. */
  readonly taps: number;
  readonly resolution: number;
  readonly width: number;
  readonly depth: number;
}

export function uniformParameters(config: NetworkConfig, cuts: UniformCuts): Float64Array {
  const layout = parameterLayout(config);
  const parameters = new Float64Array(layout.size);
  for (let block = 0; block < layout.blocks; block++) {
    for (let axis = 0; axis < layout.dimensions; axis++) parameters[layout.resolution(block, axis)] = cuts.resolution;
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
  return uniformParameters(config, { taps: config.kernel, resolution: 1, width: 1, depth: 1 });
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
  const neutral = { taps: config.startKernel, resolution: config.startResolution, depth: config.startDepth };
  const at = (width: number): Float64Array => uniformParameters(config, { ...neutral, width });
  if (cost(at(1)) < target) {
    return bisect((s) => {
      const mix = (from: number, to: number): number => from + s * (to - from);
      return uniformParameters(config, {
        taps: mix(neutral.taps, config.kernel),
        resolution: mix(neutral.resolution, 1),
        depth: mix(neutral.depth, 1),
        width: 1,
      });
    });
  }
  if (cost(at(NARROWEST)) <= target) return bisect((s) => at(NARROWEST + s * (1 - NARROWEST)));
  const least = uniformParameters(config, { taps: LEAST_TAPS, resolution: 0.3, width: 0, depth: 0 });
  if (cost(least) > target) {
    throw new RangeError(
      `The budget of ${target.toFixed(0)} MAC is under the smallest network's ${cost(least).toFixed(0)} MAC: raise it.`,
    );
  }
  return bisect((s) =>
    uniformParameters(config, {
      taps: LEAST_TAPS + s * (neutral.taps - LEAST_TAPS),
      resolution: 0.3 + s * (neutral.resolution - 0.3),
      depth: s * neutral.depth,
      width: s * NARROWEST,
    }),
  );

  function bisect(shape: (s: number) => Float64Array): Float64Array {
    let low = 0;
    let high = 1;
    for (let i = 0; i < 40; i++) {
      const middle = (low + high) / 2;
      if (cost(shape(middle)) > target) high = middle;
      else low = middle;
    }
    return shape(low);
  }
}
