/** A signal that runs to the right, a lane a channel: as a line or, where it is finer than the pixels, its envelope. */
import { line } from 'd3';
import type { FeatureMap } from '../engine/protocol.ts';
import { channelValues, rangeOf } from './answer.ts';
import type { Box } from './network.ts';

/** More channels than these are read better as a heat map. */
export const MOST_LANES = 6;

/** A path a channel. Each lane holds its own channel from the least value to the largest. */
export function layoutWaves({ channels, values }: FeatureMap, box: Box): string[] {
  const lanes = Math.min(channels, MOST_LANES);
  const breadth = box.height / lanes;
  return Array.from({ length: lanes }, (_, lane) =>
    layoutCourse(channelValues(values, channels, lane), {
      ...box,
      y: box.y + (lane + 0.06) * breadth,
      height: 0.88 * breadth,
    }),
  );
}

/** Values from left to right in a box, bottom to top from the least of `range` to its largest. */
export function layoutCourse(values: Float32Array | Int8Array, box: Box, range = rangeOf(values)): string {
  const [low, high] = range;
  const toLine = line<readonly [number, number]>(
    ([at]) => box.x + ((at + 0.5) * box.width) / values.length,
    ([, value]) => box.y + (box.height * (high - value)) / (high - low),
  )
    .defined(([, value]) => Number.isFinite(value))
    .digits(1);
  return toLine(envelope(values, Math.max(1, Math.floor(box.width)))) ?? '';
}

/** All values with their places or, of so many columns, the least and the largest of each in the order they come in. */
export function envelope(values: ArrayLike<number>, columns: number): [number, number][] {
  const { length } = values;
  if (length <= 2 * columns) return Array.from(values, (value, i) => [i, value]);
  return Array.from({ length: columns }, (_, column) => {
    const from = Math.floor((column * length) / columns);
    const to = Math.floor(((column + 1) * length) / columns);
    let [least, most] = [from, from];
    for (let i = from; i < to; i++) {
      if (values[i]! < values[least]!) least = i;
      if (values[i]! > values[most]!) most = i;
    }
    const middle = (from + to - 1) / 2;
    const ends = [least, most].sort((a, b) => a - b);
    return ends.map((i): [number, number] => [middle, values[i]!]);
  }).flat();
}
