/** Which picture an answer asks for, and the geometry that these pictures share. */
import type { FeatureMap, Probe } from '../engine/protocol.ts';
import { sides, type Box } from './network.ts';

/** One class a sample of a picture, a signal or tokens; a class a position of a signal or a picture; a field over either. */
export type AnswerKind = 'picture' | 'wave' | 'tokens' | 'trace' | 'mask' | 'line' | 'field';

export function answerKind({ input, tokens, output }: Pick<Probe, 'input' | 'tokens' | 'output'>): AnswerKind {
  const flat = input.grid.length === 1;
  switch (output.kind) {
    case 'classes':
      return tokens !== null ? 'tokens' : flat ? 'wave' : 'picture';
    case 'dense':
      return flat ? 'trace' : 'mask';
    case 'field':
      return flat ? 'line' : 'field';
  }
}

/** Pictures beside each other, each under a caption. */
export interface Tiles {
  readonly boxes: readonly Box[];
  readonly height: number;
}

/** Room above a tile for its caption, and between two tiles. */
export const TILE_CAPTION = 20;
const TILE_GAP = 14;
const MIN_TILE = 130;
const MAX_TILE = 280;

/** Tiles of one scale, evenly in rows, as large as the width allows. */
export function layoutTiles(count: number, grid: readonly number[], width: number): Tiles {
  const [tall, wide] = sides(grid);
  const fitting = Math.max(1, Math.min(count, Math.floor((width + TILE_GAP) / (MIN_TILE + TILE_GAP))));
  const columns = Math.ceil(count / Math.ceil(count / fitting));
  const room = (width - (columns - 1) * TILE_GAP) / columns;
  const unit = Math.min(room / wide, MAX_TILE / Math.max(tall, wide));
  const size = { width: wide * unit, height: tall * unit };
  const pitch = size.height + TILE_CAPTION + TILE_GAP;
  const boxes = Array.from({ length: count }, (_, i) => ({
    x: (i % columns) * (size.width + TILE_GAP),
    y: Math.floor(i / columns) * pitch + TILE_CAPTION,
    ...size,
  }));
  return { boxes, height: Math.ceil(count / columns) * pitch - TILE_GAP };
}

/** A stretch of one label, from its first position to the one after its last. */
export interface Run {
  readonly label: number;
  readonly from: number;
  readonly to: number;
}

export function runsOf(labels: ArrayLike<number>): Run[] {
  const runs: Run[] = [];
  for (let from = 0, to = 0; from < labels.length; from = to) {
    const label = labels[from] ?? 0;
    while (to < labels.length && labels[to] === label) to++;
    runs.push({ label, from, to });
  }
  return runs;
}

/** One channel of values that lie `[...grid, channels]`. */
export const channelValues = <T extends Float32Array | Int8Array>(values: T, channels: number, channel: number): T =>
  values.filter((_, i) => i % channels === channel) as T;

/** The mean of a map's channels at each point, from 0 (the least) to 255. */
export function greyOf({ grid, channels, values }: FeatureMap): Uint8Array {
  const points = grid.reduce((a, b) => a * b, 1);
  const means = new Float32Array(points);
  for (let i = 0; i < points * channels; i++) means[Math.floor(i / channels)]! += values[i] ?? 0;
  return toBytes(means, rangeOf(means));
}

/** Least and largest value; never the same, so that it can be divided by their difference. */
export function rangeOf(...series: readonly Iterable<number>[]): [number, number] {
  let [low, high] = [Infinity, -Infinity];
  for (const values of series) {
    for (const value of values) {
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  if (low > high) return [0, 1];
  return low === high ? [low - 0.5, high + 0.5] : [low, high];
}

/** Values from `low` to `high` as 0 to 255; what lies beyond counts as the end. */
export const toBytes = (values: ArrayLike<number>, [low, high]: readonly [number, number]): Uint8Array =>
  Uint8Array.from(values, (value) => Math.round(255 * Math.min(1, Math.max(0, (value - low) / (high - low)))));
