/**
 * How a block convolves, and what that costs: tap by tap, or by way of spectra (`kernels/longConvolution.ts`), which pays where
 * a sequence's kernel is long.
 */
import { NUMBERS, product, type Algebra } from './algebra.ts';

/** The factors of a transform's length, the first stage's first; direct convolutions have none. */
export type ConvolutionPlan =
  { readonly algorithm: 'direct' } | { readonly algorithm: 'spectral'; readonly factors: readonly number[] };

/**
 * The time that a multiply–accumulate by way of spectra takes, by the number of stages, where a direct one takes 1: as measured in
 * WebAssembly (docs/method.md), with a little in favour of the direct way, which is better on an emulated GPU. What takes least
 * by that is run. None is below 1, so that no plan is run that costs more than the direct one.
 */
export const STAGE_FACTORS: Readonly<Record<2 | 3, number>> = { 2: 1.2, 3: 1.7 };

export interface ConvolutionSizes<T> {
  readonly grid: readonly T[];
  readonly kernel: readonly T[];
  readonly channels: T;
  /** Whether sizes are what is run, or real numbers between. */
  readonly whole: boolean;
  readonly periodic: boolean;
  /** The kernel's spectrum is made once a batch. */
  readonly batch: number;
}

interface Cost<T> {
  readonly plan: ConvolutionPlan;
  readonly macs: T;
}

/** The cost for a sample. With the sizes that are run the plan is the one that is run; with real ones the likeliest. */
export function convolutionCost<T>(a: Algebra<T>, sizes: ConvolutionSizes<T>): Cost<T> {
  const direct = product(a, [...sizes.grid, ...sizes.kernel, sizes.channels]);
  const best = spectralPlan(a, sizes);
  if (best === null) return { plan: { algorithm: 'direct' }, macs: direct };
  const { macs, last } = spectralCost(a, best.lines, best.leading, sizes.whole, sizes.batch);
  const plan = { algorithm: 'spectral', factors: [...best.leading, Math.ceil(a.value(last))] } as const;
  return { plan, macs: a.multiply(sizes.channels, macs) };
}

/** What is transformed: lines of so many entries, in a transform of at least, or exactly, so many. */
interface Lines<T> {
  readonly points: T;
  readonly length: T;
}

interface Candidate<T> {
  readonly lines: Lines<T>;
  /** All factors but the last one, which the length gives. */
  readonly leading: readonly number[];
}

/** The quickest way by spectra, where that is quicker than the direct one. */
function spectralPlan<T>(a: Algebra<T>, sizes: ConvolutionSizes<T>): Candidate<T> | null {
  const [points, taps] = [sizes.grid[0], sizes.kernel[0]];
  if (points === undefined || taps === undefined || sizes.grid.length > 1) return null;
  const count = a.value(points);
  const border = a.multiply(a.constant(0.5), a.add(taps, a.constant(-1)));
  // Beyond the other end there is nothing to reach.
  const reach = a.value(border) < count - 1 ? border : a.add(points, a.constant(-1));
  const around = a.add(points, a.multiply(a.constant(2), border));
  const open = sizes.periodic ? { points: around, length: around } : { points, length: a.add(points, reach) };
  // A ring goes round by itself where its points have factors.
  const ring = sizes.periodic ? { points, length: points } : null;
  let best: Candidate<T> | null = null;
  let least = count * a.value(taps);
  const consider = (lines: Lines<T>, exact: boolean): void => {
    const values = { points: a.value(lines.points), length: a.value(lines.length) };
    for (const leading of leadingFactors(values, least, exact)) {
      const cost = spectralCost(NUMBERS, values, leading, sizes.whole, sizes.batch);
      if (cost.last < 2) continue;
      const time = cost.macs * STAGE_FACTORS[leading.length === 1 ? 2 : 3];
      if (time >= least) continue;
      least = time;
      best = { lines, leading };
    }
  };
  if (ring !== null) consider(ring, true);
  consider(open, false);
  return best;
}

/** How far from the best real-valued factors whole ones are looked for; on a ring, whose factors have to divide it, further. */
const NEAR = 1.4;
const FAR = 3;

/** Leading factors that may take less than `least`, near the best ones by the leading terms of the cost. */
function leadingFactors({ points, length }: Lines<number>, least: number, exact: boolean): number[][] {
  const found: number[][] = [];
  const near = (best: number): number[] => {
    const spread = exact ? FAR : NEAR;
    const from = Math.max(2, Math.floor(best / spread));
    return Array.from({ length: Math.ceil(best * spread) - from + 1 }, (_, i) => from + i);
  };
  const divides = (factor: number): boolean => !exact || Math.round(length) % factor === 0;
  // There and back at least 2·(P·L₁ + 2L²/L₁) in two stages, 2·(P·L₁ + 4L·√(L/L₁)) in three.
  if (4 * Math.SQRT2 * length * Math.sqrt(points) * STAGE_FACTORS[2] < least) {
    for (const first of near(Math.SQRT2 * (length / Math.sqrt(points)))) if (divides(first)) found.push([first]);
  }
  if (6 * Math.cbrt(4 * points) * length * STAGE_FACTORS[3] < least) {
    for (const first of near(Math.cbrt(4) * (length / Math.cbrt(points * points)))) {
      if (!divides(first)) continue;
      for (const second of near(Math.sqrt(length / first))) if (divides(first * second)) found.push([first, second]);
    }
  }
  return found;
}

/** Of one channel: the input's transform and the way back a sample, the kernel's transform a batch. */
function spectralCost<T>(
  a: Algebra<T>,
  { points, length }: Lines<T>,
  leading: readonly number[],
  whole: boolean,
  batch: number,
): { readonly macs: T; readonly last: T } {
  const [first = 1, second] = leading;
  const all = first * (second ?? 1);
  // By a division of whole numbers: what divides is not rounded up.
  const last = whole ? a.constant(Math.ceil(a.value(length) / all)) : a.multiply(length, a.constant(1 / all));
  const half = Math.floor(first / 2) + 1;
  const row = a.multiply(a.constant(second ?? 1), last);
  const entries = whole ? a.multiply(a.constant(Math.ceil(a.value(points) / a.value(row))), row) : points;
  const squared = a.multiply(last, last);
  // Complex products are four real ones.
  const later =
    second === undefined
      ? a.multiply(a.constant(4 * half), squared)
      : a.add(
          a.multiply(a.constant(4 * half * second * second), last),
          a.multiply(a.constant(4 * half * second), squared),
        );
  const line = a.add(a.multiply(a.constant(2 * half), entries), later);
  const kernel = a.add(a.multiply(a.constant(2 * half * first), row), later);
  return { last, macs: a.add(a.multiply(a.constant(2), line), a.multiply(a.constant(1 / batch), kernel)) };
}
