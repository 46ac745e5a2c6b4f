/** Learning rates over a run (METHOD §8, §10), as factors in [0, 1]. */

/** Fractions of a run of given length after which depth, and then all sizes, are fixed. */
export const FREEZE_DEPTH_AT = 0.45;
export const SETTLE_AT = 0.6;
/** Steps in which the weights of an open-ended run finish once it has settled. */
export const FINISH_STEPS = 400;
/** Steps of warm-up of an open-ended run. */
const WARM_UP = 50;

/** Where a run stands: steps done before this one, its length if it has one, and when it settled. */
export interface Progress {
  readonly step: number;
  readonly steps: number | null;
  readonly settledAt: number | null;
}

function cosine(progress: number): number {
  return 0.5 * (1 + Math.cos(Math.PI * Math.min(1, Math.max(0, progress))));
}

/** 10 % warm-up, then a cosine to zero over the run; open-ended runs stay level until they settle. */
export function weightFactor({ step, steps, settledAt }: Progress): number {
  const warm = Math.min(1, (step + 1) / (steps === null ? WARM_UP : Math.max(1, 0.1 * steps)));
  if (steps !== null) return warm * cosine(step / steps);
  return warm * (settledAt === null ? 1 : 0.02 + 0.98 * cosine((step - settledAt) / FINISH_STEPS));
}

/**
 * The architecture's, level until the sizes are fixed. In a run of given length it waits for the weights' warm-up, since what untrained
 * weights ask for is not what trained ones do, and has a warm-up of its own as long.
 */
export function maskFactor({ step, steps }: Progress): number {
  if (steps === null) return Math.min(1, (step + 1) / WARM_UP);
  const warm = Math.max(1, 0.1 * steps);
  return Math.min(1, Math.max(0, (step + 1 - warm) / warm));
}
