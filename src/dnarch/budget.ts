/**
 * The budget (METHOD §7): `L_cost = (ln C/C_target)²`, or one-sided `max(0, ln C/C_target)²`.
 *
 * The cost enters by its integer value, the gradient is the real form's (straight-through). Everything here is plain
 * numbers on the host: not one tensor operation is spent on the budget.
 */
import { duals, NUMBERS } from '../architecture/algebra.ts';
import { networkCost, type CostContext } from '../architecture/cost.ts';
import { GENERATOR, SNAP, type NetworkConfig } from './config.ts';
import { parameterLayout } from './parameters.ts';
import { fullParameters } from './shapes.ts';
import { integerSizes, realSizes } from './sizes.ts';

export function costContext(config: NetworkConfig): CostContext {
  return { ...config, generator: GENERATOR };
}

/** Multiply–accumulates a sample of what is run. */
export function integerCost(config: NetworkConfig, parameters: Float64Array): number {
  const sizes = integerSizes(config, parameters);
  return networkCost(NUMBERS, costContext(config), sizes.blocks.slice(0, sizes.kept)).total;
}

/** The same from the real-valued sizes. */
export function realCost(config: NetworkConfig, parameters: Float64Array): number {
  return networkCost(NUMBERS, costContext(config), realSizes(NUMBERS, config, [...parameters])).total;
}

/** Cost of the unmasked network: all blocks, channels and taps on the full grid. */
export function fullCost(config: NetworkConfig): number {
  return integerCost(config, fullParameters(config));
}

/** ∂ ln C/∂parameter of the real-valued cost. */
export function logCostGradient(config: NetworkConfig, parameters: Float64Array): Float64Array {
  const layout = parameterLayout(config);
  const algebra = duals(layout.size);
  const variables = Array.from(parameters, (value, i) => algebra.variable(value, i));
  const cost = networkCost(algebra, costContext(config), realSizes(algebra, config, variables)).total;
  const gradient = cost.gradient.map((g) => g / cost.value);
  // An identity resampling has no derivative; it gets the slope of the line to the mildest one that runs, which is what
  // that would really save, so that it can become a stride. Where that would cost more there is nothing to gain.
  for (let block = 0; block < layout.blocks; block++) {
    for (let axis = 0; axis < layout.dimensions; axis++) {
      const index = layout.resolution(block, axis);
      if ((parameters[index] ?? 0) < SNAP) continue;
      const changed = parameters.slice();
      changed[index] = SNAP - 1e-6;
      gradient[index] = Math.max(0, Math.log(cost.value / realCost(config, changed)) / (1 - SNAP));
    }
  }
  return gradient;
}

export interface Budget {
  /** Multiply–accumulates a sample. */
  readonly target: number;
  readonly lambda: number;
  readonly oneSided: boolean;
}

export interface BudgetForce {
  readonly macs: number;
  /** λ·L_cost. */
  readonly loss: number;
  /** Its gradient in the parameters. */
  readonly gradient: Float64Array;
}

export function budgetForce(config: NetworkConfig, parameters: Float64Array, budget: Budget): BudgetForce {
  const macs = integerCost(config, parameters);
  const excess = Math.log(macs / budget.target);
  const pull = budget.oneSided ? Math.max(0, excess) : excess;
  const gradient = logCostGradient(config, parameters).map((g) => budget.lambda * 2 * pull * g);
  return { macs, loss: budget.lambda * pull * pull, gradient };
}
