/** Geometry of a learning curve: a value over the steps, in training and on held-out data. */
import { extent, line, scaleLinear } from 'd3';
import type { Ticks } from './axes.ts';

export interface CurvePoint {
  readonly step: number;
  readonly value: number;
}

export interface CurvesLayout {
  /** One path a series, in the order given. */
  readonly paths: readonly string[];
  /** The newest point of each series, or null where it has none. */
  readonly ends: readonly ({ readonly x: number; readonly y: number } | null)[];
  readonly x: Ticks;
  readonly y: Ticks;
}

/** Series that share axes; `range` fixes the vertical axis, else it holds all values and zero. */
export function layoutCurves(
  series: readonly (readonly CurvePoint[])[],
  width: number,
  height: number,
  range?: readonly [number, number],
): CurvesLayout {
  const finite = series.map((points) => points.filter(({ value }) => Number.isFinite(value)));
  const [first = 0, last = 0] = extent(finite.flat(), ({ step }) => step);
  const x = scaleLinear([first, Math.max(last, first + 20)], [0, width]);
  const [, most = 1] = extent(finite.flat(), ({ value }) => value);
  const y = scaleLinear(range ?? [0, Math.max(1e-6, most)], [height, 0]);
  const toLine = line<CurvePoint>(
    (point) => x(point.step),
    (point) => y(point.value),
  );
  return {
    paths: finite.map((points) => toLine(points) ?? ''),
    ends: finite.map((points) => {
      const end = points.at(-1);
      return end === undefined ? null : { x: x(end.step), y: y(end.value) };
    }),
    x: x.ticks(4).map((value) => ({ value, at: x(value) })),
    y: y.ticks(3).map((value) => ({ value, at: y(value) })),
  };
}

/** A running mean over about a fortieth of the points, so that a noisy series shows its course. */
export function smooth(points: readonly CurvePoint[], span = 2 + points.length / 40): CurvePoint[] {
  const keep = Math.exp(-1 / span);
  let mean = 0;
  let weight = 0;
  return points.flatMap(({ step, value }) => {
    if (!Number.isFinite(value)) return [];
    mean = keep * mean + (1 - keep) * value;
    weight = keep * weight + (1 - keep);
    return [{ step, value: mean / weight }];
  });
}
