/** Medians and spread. */

export interface Spread {
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

export function spread(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (position: number): number => sorted[position] ?? NaN;
  const middle = (sorted.length - 1) / 2;
  const median = (at(Math.floor(middle)) + at(Math.ceil(middle))) / 2;
  return { median, least: at(0), most: at(sorted.length - 1) };
}

/** How many times longer the others took, round by round: what disturbs a round disturbs both. */
export function ratios(others: readonly number[], own: readonly number[]): Spread {
  return spread(others.slice(0, own.length).map((value, round) => value / (own[round] ?? NaN)));
}

/** p where y grows as x^p. */
export function exponent(timesX: number, timesY: number): number {
  return Math.log(timesY) / Math.log(timesX);
}
