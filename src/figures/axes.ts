/** Axes of charts over the steps of a run: pixels of a step, and the step of a pixel. */
import { scaleLinear } from 'd3';
import type { StepRange } from './focus.ts';

/** Marks of an axis. */
export type Ticks = readonly { readonly value: number; readonly at: number }[];

export interface AtStep {
  readonly step: number;
}

export interface StepAxis {
  readonly first: number;
  readonly last: number;
  /** Length in pixels. */
  readonly width: number;
}

/** Fewer steps than this do not fill an axis, so that the first ones do not race. */
const MIN_STEPS = 20;

/** The axis of `range`, or of all points where it is null. Points are in order of their steps, here and below. */
export function stepAxis(points: readonly AtStep[], width: number, range: StepRange | null = null): StepAxis {
  if (range !== null) return { first: range[0], last: Math.max(range[1], range[0] + 1), width };
  const first = points[0]?.step ?? 0;
  return { first, last: Math.max(points.at(-1)?.step ?? 0, first + MIN_STEPS), width };
}

export const pixelOf = ({ first, last, width }: StepAxis, step: number): number =>
  ((step - first) / (last - first)) * width;

/** The step at a pixel; what lies outside the axis counts as its end. */
export function stepAt({ first, last, width }: StepAxis, pixel: number): number {
  const part = width > 0 ? Math.min(1, Math.max(0, pixel / width)) : 0;
  return first + part * (last - first);
}

/** Marks at whole steps. */
export function stepTicks(axis: StepAxis): Ticks {
  const count = Math.max(2, Math.min(6, axis.width / 90));
  return scaleLinear([axis.first, axis.last], [0, axis.width])
    .ticks(count)
    .filter(Number.isInteger)
    .map((value) => ({ value, at: pixelOf(axis, value) }));
}

/** A mark with what is written at it. */
export interface Mark {
  readonly at: number;
  readonly text: string;
}

/**
 * Marks along a sequence that is drawn from `from` to `to`, both in pixels: at whole positions or, of one over time, in
 * seconds.
 * @param seconds how long it lasts; null where it is none over time
 */
export function sequenceMarks(length: number, [from, to]: readonly [number, number], seconds: number | null): Mark[] {
  const scale = scaleLinear([0, seconds ?? length], [from, to]);
  const count = Math.max(2, Math.min(8, (to - from) / 80));
  const format = scale.tickFormat(count, '~f');
  const ticks = scale.ticks(count).filter((value) => seconds !== null || Number.isInteger(value));
  return ticks.map((value) => ({ at: scale(value), text: seconds === null ? String(value) : `${format(value)} s` }));
}

/** Index of the point nearest to `step`; -1 where there is none. */
export function nearestIndex(points: readonly AtStep[], step: number): number {
  const after = firstFrom(points, step);
  const before = after - 1;
  if (after >= points.length) return before;
  if (before < 0) return after;
  return (points[after]?.step ?? 0) - step < step - (points[before]?.step ?? 0) ? after : before;
}

/** Index of the newest point at or before `step`; -1 where there is none. */
export const newestIndex = (points: readonly AtStep[], step: number): number =>
  firstWhere(points, (own) => own > step) - 1;

/** Index of the first point at or after `step`. */
const firstFrom = (points: readonly AtStep[], step: number): number => firstWhere(points, (own) => own >= step);

/** Index of the first point whose step, like all after it, is `beyond`. */
function firstWhere(points: readonly AtStep[], beyond: (step: number) => boolean): number {
  let [low, high] = [0, points.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (beyond(points[middle]?.step ?? Infinity)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/**
 * The points on an axis and one beyond each end, thinned to about one in `pixels`. Which ones stay depends on their
 * steps alone, so that a growing chart does not shimmer.
 */
export function thin<T extends AtStep>(points: readonly T[], { first, last, width }: StepAxis, pixels: number): T[] {
  const from = Math.max(0, newestIndex(points, first));
  const to = Math.min(points.length - 1, firstFrom(points, last));
  const most = Math.max(2, width / pixels);
  const stride = 2 ** Math.max(0, Math.ceil(Math.log2((last - first) / most)));
  const kept: T[] = [];
  let cell = NaN;
  for (let i = from; i <= to; i++) {
    const point = points[i]!;
    const own = Math.floor(point.step / stride);
    if (own !== cell || i === to) kept.push(point);
    cell = own;
  }
  return kept;
}
