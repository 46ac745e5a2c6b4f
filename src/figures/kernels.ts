/** Geometry of the sampled kernels: tiles of one extent for all blocks, so that sizes can be compared by eye. */
import { line } from 'd3';
import type { KernelSample } from '../engine/protocol.ts';
import type { Box } from './network.ts';

/** Extents that tiles may have, in taps: few, so that the scale seldom changes. */
const EXTENTS = [7, 11, 15, 21, 31, 45, 63, 95, 127, 191, 255, 383, 511, 767, 1023];

/** Taps across a tile: the least of the ladder that holds every kernel. */
export function extentOf(sizes: readonly (readonly number[])[]): number {
  const largest = Math.max(1, ...sizes.flat().map(Math.round));
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
export function channelOf(sample: Pick<KernelSample, 'size' | 'channels' | 'values'>, channel: number): number[] {
  const taps = sample.size.reduce((product, size) => product * size, 1);
  const scale = unit(largestOf(sample.values));
  return Array.from({ length: taps }, (_, tap) => (sample.values[tap * sample.channels + channel] ?? 0) * scale);
}

export interface KernelValues {
  /** The continuous kernel of the first channel, in [-1, 1]. */
  readonly fine: readonly number[];
  /** One list a channel. */
  readonly channels: readonly (readonly number[])[];
}

/** Brings a sample into [-1, 1]; between its taps a kernel may be larger than at them. */
export const scaleOf = ({ values, fine }: Pick<KernelSample, 'values' | 'fine'>): number =>
  unit(Math.max(largestOf(values), largestOf(fine.values)));

export function valuesOf(sample: KernelSample): KernelValues {
  const { size, channels, values, fine } = sample;
  const taps = size.reduce((product, length) => product * length, 1);
  const scale = scaleOf(sample);
  return {
    fine: Array.from(fine.values, (value) => value * scale),
    channels: Array.from({ length: channels }, (_, channel) =>
      Array.from({ length: taps }, (_tap, tap) => (values[tap * channels + channel] ?? 0) * scale),
    ),
  };
}

const unit = (largest: number): number => (largest > 0 ? 1 / largest : 0);

function largestOf(values: Float32Array): number {
  let largest = 0;
  for (const value of values) largest = Math.max(largest, Math.abs(value));
  return largest;
}

/** Where the fine lattice of an image lies in the kernel's box: it ends at the outermost taps, half a cell out of its own. */
export function layoutFine({ size, fine }: Pick<KernelSample, 'size' | 'fine'>, box: Box): Box {
  const side = (start: number, length: number, axis: number) => {
    const taps = size[axis] ?? 1;
    const pitch = length / taps;
    const cell = pitch / fine.fineness;
    return { start: start + (pitch - cell) / 2, length: (fine.size[axis] ?? 1) * cell };
  };
  const [down, across] = [side(box.y, box.height, 0), side(box.x, box.width, 1)];
  return { x: across.start, y: down.start, width: across.length, height: down.length };
}

/** Taps closer than this many pixels are not marked, in images and on the line of a sequence. */
const MIN_PITCH = 3;
const MIN_LINE_PITCH = 1.6;

/** The taps of an image's kernel, as points of one path; empty where they are too dense for the eye. */
export function layoutLattice(size: readonly number[], box: Box): string {
  const [rows = 1, columns = 1] = size;
  const pitch = { x: box.width / columns, y: box.height / rows };
  if (Math.min(pitch.x, pitch.y) < MIN_PITCH) return '';
  let path = '';
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      path += `M${px(box.x + (column + 0.5) * pitch.x)} ${px(box.y + (row + 0.5) * pitch.y)}h0`;
    }
  }
  return path;
}

/** Whether the taps of a sequence's kernel can be told apart on its line. */
export const showsTaps = (taps: number, box: Box): boolean => box.width / taps >= MIN_LINE_PITCH;

/** Diameter of the dots: beads rather than a band where the taps are dense. */
export const dotOf = (size: readonly number[], { width }: Box): number =>
  Math.min(2, (0.55 * width) / (size[1] ?? size[0] ?? 1));

const px = (value: number): string => value.toFixed(1);

/** Largest value, as a part of half the height. */
const HIGHEST = 0.94;

/**
 * Sequences' kernels are laid out over x ∈ [0, 1] and y ∈ [-1, 1], downwards: a scale puts them into any box, so that
 * the paths stay while sizes move.
 */
export const UNIT_BOX: Box = { x: 0, y: -1, width: 1, height: 2 };

/** The taps of a sequence's kernel, each at its value. */
export const layoutTaps = (values: readonly number[]): string =>
  values.map((value, tap) => `M${unitX(tap, values.length)} ${unitY(value)}h0`).join('');

const unitX = (tap: number, taps: number): string => ((tap + 0.5) / taps).toFixed(4);
const unitY = (value: number): string => (-HIGHEST * value).toFixed(3);

/** A sequence's kernel as a line through its values, of which each has `cell` of the width, in the middle of it. */
export function layoutKernelLine(values: readonly number[], cell = 1 / values.length): string {
  const toLine = line<number>(
    (_, i) => 0.5 + (i - (values.length - 1) / 2) * cell,
    (value) => -HIGHEST * value,
  ).digits(4);
  return toLine(values) ?? '';
}

/** Puts what is laid out in `UNIT_BOX` into a box. */
export const intoBox = ({ x, y, width, height }: Box): string =>
  `translate(${px(x)} ${px(y + height / 2)}) scale(${width.toFixed(2)} ${px(height / 2)})`;

export interface SightLayout {
  /** The whole input. */
  readonly input: Box;
  /** What a point after the block sees of it, in its middle. */
  readonly field: Box;
  /** Whether that is all of it. */
  readonly all: boolean;
}

/** A receptive field inside the input's extent, in a square of `side` pixels; a sequence is a bar. */
export function layoutSight(field: readonly number[], input: readonly number[], side: number): SightLayout {
  const [tall = 1, wide] = input;
  const part = (axis: number) => Math.min(1, (field[axis] ?? 1) / (input[axis] ?? 1));
  const most = Math.max(tall, wide ?? 0);
  const size =
    wide === undefined
      ? { width: side, height: side / 4 }
      : { width: (side * wide) / most, height: (side * tall) / most };
  const frame = { x: (side - size.width) / 2, y: (side - size.height) / 2, ...size };
  const width = size.width * part(wide === undefined ? 0 : 1);
  const height = wide === undefined ? size.height : size.height * part(0);
  return {
    input: frame,
    field: { x: (side - width) / 2, y: (side - height) / 2, width, height },
    all: input.every((length, axis) => (field[axis] ?? 0) >= length),
  };
}
