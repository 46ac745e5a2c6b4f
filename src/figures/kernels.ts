/** Geometry of the sampled kernels: tiles of one extent for all blocks, so that sizes can be compared by eye. */
import { line } from 'd3';
import type { KernelSample } from '../engine/protocol.ts';
import type { Box } from './network.ts';

/** Extents that tiles may have, in taps: few, so that the scale seldom changes. */
const EXTENTS = [7, 11, 15, 21, 31, 45, 63, 95, 127, 191, 255, 383, 511, 767, 1023];

/** Taps across a tile: the least of the ladder that holds every kernel. */
export function extentOf(sizes: readonly (readonly number[])[]): number {
  const largest = Math.max(1, ...sizes.flat());
  return EXTENTS.find((extent) => extent >= largest) ?? largest;
}

/** The kernel's box in the middle of a tile; a sequence's kernel has the tile's full height. */
export function layoutKernel(size: readonly number[], extent: number, width: number, height: number): Box {
  const [first = 1, second] = size;
  const boxWidth = (width * (second ?? first)) / extent;
  const boxHeight = second === undefined ? height : (height * first) / extent;
  return { x: (width - boxWidth) / 2, y: (height - boxHeight) / 2, width: boxWidth, height: boxHeight };
}

/** The values of one channel of `[taps..., channels]`, divided by the sample's largest magnitude. */
export function channelOf(sample: KernelSample, channel: number): number[] {
  const taps = sample.size.reduce((product, size) => product * size, 1);
  let largest = 0;
  for (const value of sample.values) largest = Math.max(largest, Math.abs(value));
  const scale = largest > 0 ? 1 / largest : 0;
  return Array.from({ length: taps }, (_, tap) => (sample.values[tap * sample.channels + channel] ?? 0) * scale);
}

/** A sequence's kernel as a line through its taps, zero in the middle of the height. */
export function layoutKernelLine(values: readonly number[], box: Box): string {
  const pitch = box.width / Math.max(1, values.length);
  const toLine = line<number>(
    (_, tap) => box.x + (tap + 0.5) * pitch,
    (value) => box.y + (box.height / 2) * (1 - 0.94 * value),
  );
  return toLine(values) ?? '';
}
