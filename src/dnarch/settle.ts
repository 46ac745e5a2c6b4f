/**
 * Settling (METHOD §10): the sizes are rounded to what is run and fitted to the budget by single channels, so that the
 * weights can finish on an architecture that no longer moves.
 */
import { integerCost } from './budget.ts';
import { LEAST_CHANNELS, type NetworkConfig } from './config.ts';
import { parameterLayout } from './parameters.ts';
import { project } from './shapes.ts';
import { integerSizes } from './sizes.ts';

/** How near the budget the fit tries to come. */
const CLOSE = 0.01;

/** The depth's cut on the boundary of the blocks that are run. */
export function roundDepth(config: NetworkConfig, parameters: Float64Array): Float64Array {
  const rounded = parameters.slice();
  rounded[parameterLayout(config).depth] = integerSizes(config, parameters).kept / config.blocks;
  return rounded;
}

export interface SettleOptions {
  /** What is under the budget stays there. */
  readonly oneSided: boolean;
  /** Whether channels, and taps, may be added or taken to come closer to the budget. */
  readonly widths: boolean;
  readonly kernels: boolean;
}

/**
 * Parameters rounded to the sizes that are run, with single channels added or taken until the integer cost is within 1 % of
 * `target`; where no channel brings it nearer, since the widths are at an end of their range, with the taps of single kernels.
 */
export function settleParameters(
  config: NetworkConfig,
  parameters: Float64Array,
  target: number,
  { oneSided, widths, kernels }: SettleOptions,
): Float64Array {
  const layout = parameterLayout(config);
  let settled = roundDepth(config, parameters);
  for (const [block, size] of integerSizes(config, parameters).blocks.entries()) {
    settled[layout.inner(block)] = size.inner / config.inner;
    settled[layout.outer(block)] = size.outer / config.outer;
  }
  const distance = (candidate: Float64Array): number => {
    const excess = Math.log(integerCost(config, candidate) / target);
    return oneSided ? Math.max(0, excess) : Math.abs(excess);
  };
  for (;;) {
    const now = distance(settled);
    if (now <= CLOSE) return settled;
    const nearest = (candidates: Float64Array[]): Float64Array | undefined => {
      const reached = candidates.map((candidate) => [distance(candidate), candidate] as const);
      const best = reached.reduce<readonly [number, Float64Array | undefined]>(
        (least, next) => (next[0] < least[0] ? next : least),
        [now, undefined],
      );
      return best[1];
    };
    const next =
      (widths ? nearest(channelSteps(config, settled)) : undefined) ??
      (kernels ? nearest(tapSteps(config, settled)) : undefined);
    if (next === undefined) return settled;
    settled = next;
  }
}

/** The architectures that differ in one channel of a kept block. */
function channelSteps(config: NetworkConfig, parameters: Float64Array): Float64Array[] {
  const layout = parameterLayout(config);
  const { blocks, kept } = integerSizes(config, parameters);
  return blocks
    .slice(0, kept)
    .flatMap(({ inner, outer }, block) =>
      [-1, 1].flatMap((change) => [
        ...(inner + change >= LEAST_CHANNELS && inner + change <= config.inner
          ? [parameters.with(layout.inner(block), (inner + change) / config.inner)]
          : []),
        ...(outer + change >= LEAST_CHANNELS && outer + change <= config.outer
          ? [parameters.with(layout.outer(block), (outer + change) / config.outer)]
          : []),
      ]),
    );
}

/** The architectures whose kernel is two taps larger or smaller along one axis of a kept block. */
function tapSteps(config: NetworkConfig, parameters: Float64Array): Float64Array[] {
  const layout = parameterLayout(config);
  const { blocks, kept } = integerSizes(config, parameters);
  return blocks.slice(0, kept).flatMap(({ kernel, grid }, block) =>
    kernel.flatMap((taps, axis) =>
      [-2, 2].flatMap((change) => {
        const size = grid[axis] ?? 1;
        const wanted = taps + change;
        if (wanted < 3 || wanted > Math.min(config.kernel, 2 * size - 1)) return [];
        const extent = (wanted * (config.grid[axis] ?? size)) / size / config.kernel;
        // At an end of its range the extent is exactly that end.
        return [project(config, parameters.with(layout.kernel(block, axis), extent))];
      }),
    ),
  );
}
