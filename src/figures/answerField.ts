/** A field that is answered, beside the true one: its scales, its error and its course. */
import { scaleLinear, tickStep } from 'd3';
import type { ProbeOutput } from '../engine/protocol.ts';
import { channelValues, rangeOf } from './answer.ts';
import type { Ticks } from './axes.ts';
import type { Box } from './network.ts';
import { layoutCourse } from './wave.ts';

export type FieldOutput = Extract<ProbeOutput, { kind: 'field' }>;

/** ‖û − u‖/‖u‖ over all channels. */
export function relativeError({ values, truth }: FieldOutput): number {
  let [error, size] = [0, 0];
  truth.forEach((own, i) => {
    error += ((values[i] ?? 0) - own) ** 2;
    size += own ** 2;
  });
  return Math.sqrt(error / size);
}

export interface FieldParts {
  readonly truth: Float32Array;
  readonly answer: Float32Array;
  readonly error: Float32Array;
  /** Least and largest value of the truth, where it is known: the scale that it shares with the answer. */
  readonly range: readonly [number, number];
  /** A round number that no error exceeds, so that the scale stays as long as the error is alike. */
  readonly mostError: number;
}

/** The first channel of a field. */
export function fieldParts({ values, truth, channels }: FieldOutput): FieldParts {
  const own = channelValues(truth, channels, 0);
  const answer = channelValues(values, channels, 0);
  const error = own.map((value, i) => (answer[i] ?? 0) - value);
  const [low, high] = rangeOf(error, [0]);
  const range = rangeOf(own.some(Number.isFinite) ? own : answer);
  return { truth: own, answer, error, range, mostError: roundUp(Math.max(-low, high)) };
}

/** The next of 1, 2, 5, 10, … times a power of ten. */
export function roundUp(value: number): number {
  if (value <= 0 || !Number.isFinite(value)) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  const part = [1, 2, 5, 10].find((most) => value <= most * power * (1 + 1e-9)) ?? 10;
  return Number((part * power).toPrecision(12));
}

/** A number at an axis, with the digits that its step needs. */
export function formatAt(value: number, range: readonly [number, number]): string {
  const step = tickStep(range[0], range[1], 4);
  const digits = Math.max(0, Math.min(6, Math.ceil(-Math.log10(step) - 1e-9)));
  return value.toFixed(digits).replace('-', '−');
}

/** A number with up to three digits that count. */
export const formatShort = (value: number): string => String(Number(value.toPrecision(3))).replace('-', '−');

export interface LineLayout {
  readonly plot: Box;
  readonly truth: string;
  readonly answer: string;
  /** The input, which has no unit here: from its least to its largest value over the whole height. */
  readonly input: string;
  readonly x: Ticks;
  readonly y: Ticks;
  readonly range: readonly [number, number];
  readonly height: number;
}

const MARGIN = { top: 8, right: 10, bottom: 24, left: 52 };
const HEIGHT = 270;

/** A field over one axis, which runs from 0 to 1. */
export function layoutLines({ truth, answer }: FieldParts, input: Int8Array, width: number): LineLayout {
  const plot = {
    x: MARGIN.left,
    y: MARGIN.top,
    width: Math.max(1, width - MARGIN.left - MARGIN.right),
    height: HEIGHT - MARGIN.top - MARGIN.bottom,
  };
  const y = scaleLinear(rangeOf(truth, answer), [plot.y + plot.height, plot.y]).nice(5);
  const range: [number, number] = [y.domain()[0] ?? 0, y.domain()[1] ?? 1];
  const x = scaleLinear([0, 1], [plot.x, plot.x + plot.width]);
  const inset = { ...plot, y: plot.y + 0.06 * plot.height, height: 0.88 * plot.height };
  return {
    plot,
    truth: layoutCourse(truth, plot, range),
    answer: layoutCourse(answer, plot, range),
    input: layoutCourse(input, inset),
    x: x.ticks(4).map((value) => ({ value, at: x(value) })),
    y: y.ticks(5).map((value) => ({ value, at: y(value) })),
    range,
    height: HEIGHT,
  };
}

/** Truth and answer of a sequence down the page, side by side in value, for the small cell of the network's picture. */
export function layoutSmallLines({ truth, answer }: FieldParts, room: Box): { truth: string; answer: string } {
  const range = rangeOf(truth, answer);
  const down = { x: room.y, y: -room.x - room.width, width: room.height, height: room.width };
  return { truth: turned(layoutCourse(truth, down, range)), answer: turned(layoutCourse(answer, down, range)) };
}

/** A path whose x and y change places: (x, y) becomes (−y, x). */
const turned = (path: string): string =>
  path.replaceAll(/(-?[\d.]+),(-?[\d.]+)/g, (_, x: string, y: string) => `${-Number(y)},${x}`);
