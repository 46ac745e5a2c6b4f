/**
 * Settling (METHOD §10): the sizes are rounded to what is run and fitted to the budget by single channels, so that the
 * weights can finish on an architecture that no longer moves.
 */
import { integerCost } from './budget.ts';
import type { NetworkConfig } from './config.ts';
import { parameterLayout } from './parameters.ts';
import { integerSizes } from './sizes.ts';

/** How near the budget the fit tries to come. */
const CLOSE = 0.01;

/** The depth's cut on the boundary of the blocks that are run. */
export function roundDepth(config: NetworkConfig, parameters: Float64Array): Float64Array {
  const rounded = parameters.slice();
  rounded[parameterLayout(config).depth] = integerSizes(config, parameters).kept / config.blocks;
  return rounded;
}

/**
 * Parameters rounded to the sizes that are run, with single channels added or taken until the integer cost is within 1 % of
 * `target`. A one-sided budget leaves alone what is under it. `widths` false only rounds.
 */
export function settleParameters(
  config: NetworkConfig,
  parameters: Float64Array,
  target: number,
  { oneSided, widths }: { readonly oneSided: boolean; readonly widths: boolean },
): Float64Array {
  const layout = parameterLayout(config);
  const sizes = integerSizes(config, parameters);
  let settled = roundDepth(config, parameters);
  for (const [block, size] of sizes.blocks.entries()) {
    settled[layout.inner(block)] = size.inner / config.inner;
    settled[layout.outer(block)] = size.outer / config.outer;
  }
  const distance = (candidate: Float64Array): number => {
    const excess = Math.log(integerCost(config, candidate) / target);
    return oneSided ? Math.max(0, excess) : Math.abs(excess);
  };
  let best = distance(settled);
  while (widths && best > CLOSE) {
    let nearest: Float64Array | null = null;
    for (let block = 0; block < sizes.kept; block++) {
      for (const [index, most] of [
        [layout.inner(block), config.inner],
        [layout.outer(block), config.outer],
      ] as const) {
        for (const change of [-1, 1]) {
          const channels = Math.round((settled[index] ?? 0) * most) + change;
          if (channels < 2 || channels > most) continue;
          const candidate = settled.slice();
          candidate[index] = channels / most;
          const reached = distance(candidate);
          if (reached < best) {
            best = reached;
            nearest = candidate;
          }
        }
      }
    }
    if (nearest === null) break;
    settled = nearest;
  }
  return settled;
}
