/** Geometry of a learning curve: a value over the steps, in training and on held-out data. */
import { line, max, scaleLinear } from 'd3';
import { pixelOf, stepTicks, thin, type StepAxis, type Ticks } from './axes.ts';

export interface CurvePoint {
  readonly step: number;
  readonly value: number;
}

export interface CurvesLayout {
  /** One path a series, in the order given. */
  readonly paths: readonly string[];
  /** The newest point of each series, or null where it has none on the axis. */
  readonly ends: readonly ({ readonly x: number; readonly y: number } | null)[];
  readonly x: Ticks;
  readonly y: Ticks;
}

/** Points nearer than this many pixels are not told apart. */
const FINEST = 2;

/** Series that share axes; `range` fixes the vertical axis, else it holds all values on the axis and zero. */
export function layoutCurves(
  series: readonly (readonly CurvePoint[])[],
  axis: StepAxis,
  height: number,
  range?: readonly [number, number],
): CurvesLayout {
  const finite = series.map((points) =>
    thin(
      points.filter(({ value }) => Number.isFinite(value)),
      axis,
      FINEST,
    ),
  );
  const most = max(finite.flat(), ({ value }) => value) ?? 1;
  const y = scaleLinear(range ?? [0, Math.max(1e-6, most)], [height, 0]);
  const toLine = line<CurvePoint>(
    (point) => pixelOf(axis, point.step),
    (point) => y(point.value),
  ).digits(1);
  return {
    paths: finite.map((points) => toLine(points) ?? ''),
    ends: finite.map((points) => {
      const end = points.at(-1);
      if (end === undefined || end.step < axis.first || end.step > axis.last) return null;
      return { x: pixelOf(axis, end.step), y: y(end.value) };
    }),
    x: stepTicks(axis),
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
