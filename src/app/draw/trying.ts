/** What a person draws, bends or types, as a sample for the network. No DOM in here. */
import type { Probe, Sample } from '../../engine/protocol.ts';
import type { Task } from '../../tasks/task.ts';
import { inkOf, type Stroke } from './strokes.ts';

export type Range = readonly [number, number];

/** How a sample of the task can be made here; null where it cannot. */
export type Way = 'picture' | 'curve' | 'text';

export function wayOf({ kind, grid, tokens, field }: Task): Way | null {
  if (tokens !== undefined) return 'text';
  if (grid.length === 1) return 'curve';
  return kind === 'classes' && field === undefined ? 'picture' : null;
}

/** Strokes as light on dark, from the least input to the largest, or the other way round. */
export function drawnSample(
  strokes: readonly Stroke[],
  { grid, channels }: Pick<Task, 'grid' | 'channels'>,
  range: Range,
  inverted: boolean,
): Sample {
  const [rows = 1, columns = 1] = grid;
  const ink = inkOf(strokes, [rows, columns]);
  const parts = Float32Array.from({ length: ink.length * channels }, (_, i) => ink[Math.floor(i / channels)] ?? 0);
  return { grid, channels, values: inRange(parts, range, inverted) };
}

/** Red, green, blue and opacity in 0 to 255, what is transparent on white; grey where there is one channel. */
export function pictureSample(
  rgba: Uint8ClampedArray,
  { grid, channels }: Pick<Task, 'grid' | 'channels'>,
  range: Range,
  inverted: boolean,
): Sample {
  const parts = Float32Array.from({ length: (rgba.length / 4) * channels }, (_, i) => {
    const pixel = 4 * Math.floor(i / channels);
    const opacity = (rgba[pixel + 3] ?? 255) / 255;
    const on = (value: number) => (opacity * value) / 255 + 1 - opacity;
    const [red, green, blue] = [0, 1, 2].map((colour) => on(rgba[pixel + colour] ?? 0));
    if (channels === 3) return [red, green, blue][i % 3] ?? 0;
    // Luma of BT.601, as pictures are made grey everywhere.
    return 0.299 * (red ?? 0) + 0.587 * (green ?? 0) + 0.114 * (blue ?? 0);
  });
  return { grid, channels, values: inRange(parts, range, inverted) };
}

/** The shown sequence in [0, 1] of the range, `[length, channels]`. */
export function curveOf({ values, largest }: Probe['input'], [low, high]: Range): Float32Array {
  return Float32Array.from(values, (value) => ((value / 127) * largest - low) / (high - low));
}

/** One channel of such a sequence. */
export const channelOf = (curve: Float32Array, channels: number, channel: number): Float32Array =>
  curve.filter((_, i) => i % channels === channel);

/** The sequence with another course of one channel. */
export const withChannel = (curve: Float32Array, course: Float32Array, channel: number): Float32Array => {
  const channels = curve.length / course.length;
  return curve.map((value, i) => (i % channels === channel ? (course[Math.floor(i / channels)] ?? value) : value));
};

/** A curve as a sample; the engine brings its length to the task's. */
export const curveSample = (curve: Float32Array, channels: number, range: Range): Sample => ({
  grid: [curve.length / channels],
  channels,
  values: inRange(curve, range, false),
});

function inRange(parts: Float32Array, [low, high]: Range, inverted: boolean): Float32Array {
  return parts.map((part) => low + (inverted ? 1 - part : part) * (high - low));
}

/** Tokens that stand for nothing: the first name of each vocabulary. */
const PADDING = 0;

/** Whether each token is a letter, or a word parted from others by spaces. */
const areLetters = (names: readonly string[]): boolean =>
  names.filter((name) => Array.from(name).length === 1).length > names.length / 2 && names.includes(' ');

/** The text of a sample, to be changed. */
export function textOf(tokens: Uint8Array, names: readonly string[]): string {
  const words = Array.from(tokens).flatMap((token) => (token === PADDING ? [] : [wordOf(names[token] ?? '')]));
  return words.join(areLetters(names) ? '' : ' ');
}

const wordOf = (name: string): string => (name === 'other' ? '·' : name);

export interface Typed {
  readonly sample: Sample;
  /** What is in no vocabulary, and was read as something else or left out. */
  readonly unknown: readonly string[];
  /** How many tokens there were too many. */
  readonly over: number;
}

/** Text as tokens; padded on the side on which the shown sample is. */
export function typedSample(text: string, { grid, tokens: names = [] }: Task, shown: Uint8Array): Typed {
  const length = grid[0] ?? 0;
  const known = new Map(names.map((name, index) => [name, index]));
  const words = areLetters(names)
    ? Array.from(text.toLowerCase())
    : text
        .toUpperCase()
        .split(/\s+/)
        .filter((word) => word !== '');
  const unknown = [...new Set(words.filter((word) => !known.has(word)))];
  const other = known.get('other');
  const found = words.flatMap((word) => known.get(word) ?? other ?? []);
  const values = new Float32Array(length).fill(PADDING);
  const kept = found.slice(0, length);
  values.set(kept, shown[0] === PADDING ? length - kept.length : 0);
  return { sample: { grid, channels: 1, values }, unknown, over: found.length - kept.length };
}
