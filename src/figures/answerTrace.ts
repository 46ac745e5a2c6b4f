/** A signal with its delineation: the answer as bands behind it, and beneath it what is wrong and the truth. */
import { scaleLinear } from 'd3';
import type { FeatureMap } from '../engine/protocol.ts';
import { runsOf, type Run } from './answer.ts';
import { sequenceMarks, type Mark } from './axes.ts';
import { IGNORE, rectangle, type DenseOutput } from './output.ts';
import type { Box } from './network.ts';
import { layoutWaves } from './wave.ts';

export interface BandLabel {
  readonly label: number;
  readonly x: number;
}

export interface TraceLayout {
  readonly trace: Box;
  readonly wrong: Box;
  readonly truth: Box;
  /** A path a lane. */
  readonly lanes: readonly string[];
  /** A path a class. */
  readonly bands: readonly string[];
  readonly bandLabels: readonly BandLabel[];
  readonly truthBars: readonly string[];
  readonly truthLabels: readonly BandLabel[];
  readonly wrongPath: string;
  /** Positions, or seconds, along the signal. */
  readonly axis: readonly Mark[];
  readonly height: number;
}

const LEFT = 52;
const RIGHT = 8;
const LABELS = 16;
const LANE = 150;
const MOST_TRACE = 300;
const GAP = 6;
const WRONG = 8;
const TRUTH = 26;
const AXIS = 20;
/** Width of a letter of the bands' names, and the least room between two of them. */
const LETTER = 6.4;
const BETWEEN = 3;

/**
 * @param background the class that says that there is nothing; it gets no band
 * @param seconds how long the signal lasts, where that is known
 */
export function layoutTrace(
  input: FeatureMap,
  { classes, truth }: DenseOutput,
  names: readonly string[],
  background: number | null,
  seconds: number | null,
  width: number,
): TraceLayout {
  const across = { x: LEFT, width: Math.max(1, width - LEFT - RIGHT) };
  const trace = { ...across, y: LABELS, height: Math.min(MOST_TRACE, LANE + 40 * (input.channels - 1)) };
  const wrong = { ...across, y: trace.y + trace.height + GAP, height: WRONG };
  const strip = { ...across, y: wrong.y + wrong.height + GAP + LABELS, height: TRUTH };
  const { length } = classes;
  const x = scaleLinear([0, length], [across.x, across.x + across.width]);
  const shown = (labels: Uint8Array) =>
    runsOf(labels).filter(({ label }) => label !== background && label < names.length);
  const answerRuns = shown(classes);
  const truthRuns = shown(truth);
  const bars = (runs: readonly Run[], boxOf: (label: number) => { readonly y: number; readonly height: number }) =>
    names.map((_, label) => {
      const { y, height } = boxOf(label);
      return runs
        .filter((run) => run.label === label)
        .map(({ from, to }) => rectangle(x(from), y, x(to) - x(from), height))
        .join('');
    });
  const isWrong = truth.map((label, i) => Number(label !== IGNORE && label !== classes[i]));
  return {
    trace,
    wrong,
    truth: strip,
    lanes: layoutWaves(input, trace),
    bands: bars(answerRuns, () => trace),
    bandLabels: placeLabels(answerRuns, names, x),
    // Higher the later the class, so that the strip also reads without its colours.
    truthBars: bars(truthRuns, (label) => {
      const height = (strip.height * (label + 1)) / names.length;
      return { y: strip.y + strip.height - height, height };
    }),
    truthLabels: placeLabels(truthRuns, names, x),
    wrongPath: runsOf(isWrong)
      .filter(({ label }) => label === 1)
      .map(({ from, to }) => rectangle(x(from), wrong.y, x(to) - x(from), wrong.height))
      .join(''),
    axis: sequenceMarks(length, [across.x, across.x + across.width], seconds),
    height: strip.y + strip.height + AXIS,
  };
}

/** A name in the middle of each run, where it does not run into the one before. */
export function placeLabels(
  runs: readonly Run[],
  names: readonly string[],
  x: (position: number) => number,
): BandLabel[] {
  let free = -Infinity;
  return runs.flatMap(({ label, from, to }) => {
    const middle = x((from + to) / 2);
    const half = (LETTER * (names[label] ?? '').length) / 2;
    if (middle - half < free) return [];
    free = middle + half + BETWEEN;
    return [{ label, x: middle }];
  });
}
