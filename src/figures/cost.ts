/** Geometry of cost over time: what each block cost at each step, stacked, with the budget's line over it. */
import { area, curveStepAfter, line, max, scaleLinear, stack } from 'd3';
import { pixelOf, stepTicks, thin, type StepAxis, type Ticks } from './axes.ts';

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

const MIN_LABEL = 12;
/** Points nearer than this many pixels are not told apart. */
const FINEST = 3;

/** Lays out in a box of `height` pixels over the axis, whose origin is the top left of the plot. */
export function layoutCost(all: readonly CostPoint[], axis: StepAxis, height: number): CostLayout {
  const points = thin(all, axis, FINEST);
  const top = max(points, (point) => Math.max(point.macs, point.target)) ?? 1;
  const y = scaleLinear([0, Math.max(1, top) * 1.05], [height, 0]);
  const stacked = stack<unknown, CostPoint, number>()
    .keys([-1, ...(points.at(-1)?.blocks ?? []).keys()])
    .value(costOf);
  const toArea = area<readonly [number, number]>().digits(1);
  const bands = stacked(points).map((series): CostBand => {
    const path = toArea
      .x((_, i) => pixelOf(axis, points[i]?.step ?? 0))
      .y0(([low]) => y(low))
      .y1(([, high]) => y(high))(series.map(([low, high]) => [low, high] as const));
    const end = series.at(-1);
    const thick = end === undefined ? 0 : y(end[0]) - y(end[1]);
    const label = end === undefined || thick < MIN_LABEL ? null : (y(end[0]) + y(end[1])) / 2;
    return { block: series.key, path: path ?? '', label };
  });
  const toTarget = line<CostPoint>(
    (point) => pixelOf(axis, point.step),
    (point) => y(point.target),
  )
    .curve(curveStepAfter)
    .digits(1);
  return {
    bands,
    target: toTarget(points) ?? '',
    x: stepTicks(axis),
    y: y.ticks(4).map((value) => ({ value, at: y(value) })),
  };
}

/** What a block cost at a step; with -1, what lies outside the blocks. */
export function costOf({ macs, blocks }: CostPoint, block: number): number {
  if (block >= 0) return blocks[block] ?? 0;
  return Math.max(0, macs - blocks.reduce((total, value) => total + value, 0));
}
