/** A signal that runs down the page, a lane a channel. */
import { line } from 'd3';
import type { FeatureMap } from '../engine/protocol.ts';
import type { Box } from './network.ts';

/** More channels than this would leave lanes too narrow to read; the others are not drawn. */
const LANES = 6;
const LARGEST_BYTE = 127;

export function layoutTraces({ grid, channels, values }: FeatureMap, room: Box): string[] {
  const lanes = Math.min(channels, LANES);
  const length = grid[0] ?? 1;
  const breadth = room.width / lanes;
  return Array.from({ length: lanes }, (_, lane) => {
    const middle = room.x + (lane + 0.5) * breadth;
    const toLine = line<number>(
      (value) => middle + (0.47 * breadth * value) / LARGEST_BYTE,
      (_value, i) => room.y + ((i + 0.5) * room.height) / length,
    ).digits(1);
    return toLine(Array.from({ length }, (_value, i) => values[i * channels + lane] ?? 0)) ?? '';
  });
}
