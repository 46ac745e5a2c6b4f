/** Geometry of cost over time: what each block cost at each step, stacked, with the budget's line over it. */
import { area, curveStepAfter, line, max, scaleLinear, stack } from 'd3';
import type { Ticks } from './axes.ts';

export interface CostPoint {
  readonly step: number;
  readonly macs: number;
  readonly target: number;
  readonly blocks: readonly number[];
}

export interface CostBand {
  /** Index of the block; -1 for what lies outside the blocks. */
  readonly block: number;
  readonly path: string;
  /** Where its label goes, at the newest step; null where the band is too thin for one. */
  readonly label: number | null;
}

export interface CostLayout {
  readonly bands: readonly CostBand[];
  readonly target: string;
  readonly x: Ticks;
  readonly y: Ticks;
}

const MIN_LABEL = 11;

/** Lays out in a box of `width` × `height` pixels, whose origin is the top left of the plot. */
export function layoutCost(points: readonly CostPoint[], width: number, height: number): CostLayout {
  const last = points.at(-1);
  const x = scaleLinear([points[0]?.step ?? 0, Math.max(last?.step ?? 0, (points[0]?.step ?? 0) + 20)], [0, width]);
  const top = max(points, (point) => Math.max(point.macs, point.target)) ?? 1;
  const y = scaleLinear([0, top * 1.05], [height, 0]);
  const keys = [-1, ...(last?.blocks ?? []).keys()];
  const stacked = stack<unknown, CostPoint, number>()
    .keys(keys)
    .value(({ macs, blocks }, key) => (key >= 0 ? (blocks[key] ?? 0) : Math.max(0, macs - sum(blocks))));
  const toArea = area<readonly [number, number]>();
  const bands = stacked([...points]).map((series): CostBand => {
    const path = toArea
      .x((_, i) => x(points[i]?.step ?? 0))
      .y0(([low]) => y(low))
      .y1(([, high]) => y(high))(series.map(([low, high]) => [low, high] as const));
    const end = series.at(-1);
    const thick = end === undefined ? 0 : y(end[0]) - y(end[1]);
    const label = end === undefined || thick < MIN_LABEL ? null : (y(end[0]) + y(end[1])) / 2;
    return { block: series.key, path: path ?? '', label };
  });
  const toTarget = line<CostPoint>(
    (point) => x(point.step),
    (point) => y(point.target),
  ).curve(curveStepAfter);
  return {
    bands,
    target: toTarget(points) ?? '',
    x: x.ticks(5).map((value) => ({ value, at: x(value) })),
    y: y.ticks(4).map((value) => ({ value, at: y(value) })),
  };
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
