/** Geometry of cost over time: what each block cost at each step, stacked, with the budget's line over it. */
import { curveStepAfter, line, max, scaleLinear } from 'd3';
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
const FINEST = 5;

/** Lays out in a box of `height` pixels over the axis, whose origin is the top left of the plot. */
export function layoutCost(all: readonly CostPoint[], axis: StepAxis, height: number): CostLayout {
  const points = thin(all, axis, FINEST);
  const top = max(points, (point) => Math.max(point.macs, point.target)) ?? 1;
  const y = scaleLinear([0, Math.max(1, top) * 1.05], [height, 0]);
  const keys = [-1, ...(points.at(-1)?.blocks ?? []).keys()];
  const steps = points.map(({ step }) => pixelOf(axis, step).toFixed(1));
  const totals = points.map(() => 0);
  // The upper edge of a band is the lower one of the next: each is written once.
  let lower = steps.map((x) => `${x} ${height}`);
  const bands = keys.map((block): CostBand => {
    const low = totals.at(-1) ?? 0;
    const upper = points.map((point, i) => `${steps[i]!} ${y((totals[i]! += costOf(point, block))).toFixed(1)}`);
    const path = points.length === 0 ? '' : `M${upper.join('L')}L${lower.reverse().join('L')}Z`;
    lower = upper;
    const [from, to] = [y(low), y(totals.at(-1) ?? 0)];
    return { block, path, label: from - to < MIN_LABEL ? null : (from + to) / 2 };
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
