/** The budget's logarithmic slider: its position is the logarithm to base 10 of the budget. */
import { MIN_BUDGET } from './settings.ts';

/** A step of 0.02 is 4.7 % more or less. */
export const POSITION_RANGE = { min: -1.7, max: 0, step: 0.02 } as const;

export const positionOf = (budget: number): number => Math.log10(budget);

/** The budget at a position, to three significant digits. */
export function budgetAt(position: number): number {
  const budget = Number((10 ** position).toPrecision(3));
  return Math.min(1, Math.max(MIN_BUDGET, budget));
}

/** Where a share of the full cost lies along the slider, in percent of its length; at an end where it is beyond. */
export function percentAlong(share: number): number {
  const { min, max } = POSITION_RANGE;
  const part = (Math.log10(Math.max(1e-9, share)) - min) / (max - min);
  return 100 * Math.min(1, Math.max(0, part));
}
