/**
 * Networks that nothing is learned of but their weights, to compare with at the same cost (METHOD §9), and the wrong shapes to
 * start from.
 */
import type { NetworkConfig } from './config.ts';
import { bracket, cutParameters, widen } from './shapes.ts';

/** What a person decides before the budget decides the width: taps on each block's own grid, and each block's cut. */
interface Plan {
  readonly taps: number;
  readonly resolution: (block: number) => number;
}

type Cost = (parameters: Float64Array) => number;

/**
 * The paper's baseline: all blocks at full resolution, with the kernel that a person would choose and one width, up to the
 * single channels that bring it to `target` (MAC a sample).
 * @throws RangeError where even two channels cost more.
 */
export function uniformOpponent(config: NetworkConfig, target: number, cost: Cost): Float64Array {
  return planned(config, 'uniform', { taps: config.handMade.taps, resolution: () => 1 }, target, cost);
}

/**
 * The task's hand-made shape: all blocks, its strides and taps, and the width that makes it cost `target` (MAC a sample).
 * @throws RangeError where even two channels cost more.
 */
export function handMadeParameters(config: NetworkConfig, target: number, cost: Cost): Float64Array {
  const { taps, strides } = config.handMade;
  return planned(config, 'hand-made', { taps, resolution: (block) => 1 / (strides[block] ?? 1) }, target, cost);
}

/**
 * A shape to be led out of: classes at full resolution, where a person would put strides; dense prediction at stride 2 from the first
 * block on, where the field keeps what is fine; with kernels half as large as a person's. It costs `target` (MAC a sample).
 * @throws RangeError where even two channels cost more.
 */
export function wrongParameters(config: NetworkConfig, target: number, cost: Cost): Float64Array {
  const resolution = (block: number): number => (config.kind === 'classes' || block > 0 ? 1 : 0.5);
  return planned(config, 'wrong', { taps: config.handMade.taps / 2, resolution }, target, cost);
}

/** The plan at the width that the target leaves. Where full width costs less, taps and grids grow towards the full network's. */
function planned(config: NetworkConfig, name: string, plan: Plan, target: number, cost: Cost): Float64Array {
  const at = (width: number, s = 0): Float64Array =>
    cutParameters(config, { taps: plan.taps + s * (config.kernel - plan.taps), width, depth: 1 }, (block) => {
      const cut = plan.resolution(block);
      return cut + s * (1 - cut);
    });
  if (cost(at(0)) > target) {
    throw new RangeError(`The ${name} network costs more than ${target.toFixed(0)} MAC: raise the budget.`);
  }
  // Taps and grids jump: of the shape that costs just too much, width is taken away.
  const grown = cost(at(1)) < target ? bracket((s) => cost(at(1, s)) > target)[1] : 0;
  const [width] = bracket((candidate) => cost(at(candidate, grown)) > target);
  return widen(config, at(width, grown), target, cost);
}
