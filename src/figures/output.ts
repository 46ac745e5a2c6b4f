/** What the network answers beside the truth: numbers and geometry, no colours. */
import type { ProbeOutput } from '../engine/protocol.ts';
import { sides, type Box } from './network.ts';

/** A label that is not counted. */
const IGNORE = 255;

export type ClassesOutput = Extract<ProbeOutput, { kind: 'classes' }>;
export type DenseOutput = Extract<ProbeOutput, { kind: 'dense' }>;

export interface RankedClass {
  readonly index: number;
  readonly probability: number;
  readonly isTruth: boolean;
}

/** The `count` most probable classes, most probable first; the truth takes the last place where it is not among them. */
export function topClasses({ probabilities, truth }: ClassesOutput, count: number): RankedClass[] {
  const ranked = Array.from(probabilities, (probability, index) => ({
    index,
    probability,
    isTruth: index === truth,
  })).sort((a, b) => b.probability - a.probability || a.index - b.index);
  const top = ranked.slice(0, count);
  const own = ranked.find(({ isTruth }) => isTruth);
  return own === undefined || top.includes(own) ? top : [...top.slice(0, -1), own];
}

/** Part of the counted positions that are right; NaN where none is counted. */
export function agreement({ classes, truth }: DenseOutput): number {
  let [right, counted] = [0, 0];
  truth.forEach((label, i) => {
    if (label === IGNORE) return;
    counted += 1;
    if (label === classes[i]) right += 1;
  });
  return right / counted;
}

/** Truth and answer beside each other or, where that makes them larger, one above the other. */
export interface DenseLayout {
  readonly truth: Box;
  readonly answer: Box;
}

const GAP = 8;
/** Room above a mask for its caption. */
export const CAPTION = 16;

/** Images: two masks at one scale. Sequences: two strips, back to back, so that what is right is mirrored. */
export function layoutDense(grid: readonly number[], room: Box): DenseLayout {
  const [tall, wide] = sides(grid);
  if (grid.length === 1) {
    const width = (room.width - 2) / 2;
    return { truth: { ...room, width }, answer: { ...room, x: room.x + width + 2, width } };
  }
  const beside = Math.min((room.width - GAP) / 2 / wide, room.height / tall);
  const above = Math.min(room.width / wide, (room.height - CAPTION) / 2 / tall);
  const unit = Math.max(beside, above);
  const size = { width: wide * unit, height: tall * unit };
  const truth = { x: room.x, y: room.y + room.height - size.height, ...size };
  if (beside >= above) return { truth, answer: { ...truth, x: room.x + size.width + GAP } };
  return { truth: { ...truth, y: truth.y - size.height - CAPTION }, answer: truth };
}

/** A path a class over the runs of equal class. Labels that are not counted leave a gap. */
export function layoutMask(labels: Uint8Array, grid: readonly number[], box: Box, count: number): string[] {
  const [rows, columns] = sides(grid);
  const pitch = { x: box.width / columns, y: box.height / rows };
  const paths = Array.from({ length: count }, () => '');
  for (let row = 0; row < rows; row++) {
    for (let start = 0, end = 0; start < columns; start = end) {
      const label = labels[row * columns + start] ?? IGNORE;
      while (end < columns && (labels[row * columns + end] ?? IGNORE) === label) end++;
      if (label >= count) continue;
      paths[label]! += rectangle(box.x + start * pitch.x, box.y + row * pitch.y, (end - start) * pitch.x, pitch.y);
    }
  }
  return paths;
}

/**
 * As `layoutMask` for a sequence, whose bands get the broader the later their class comes, so that the strip also reads
 * without its colours. `side` is where the bands begin.
 */
export function layoutStrip(labels: Uint8Array, box: Box, count: number, side: 'left' | 'right'): string[] {
  const pitch = box.height / labels.length;
  const paths = Array.from({ length: count }, () => '');
  for (let start = 0, end = 0; start < labels.length; start = end) {
    const label = labels[start] ?? IGNORE;
    while (end < labels.length && labels[end] === label) end++;
    if (label >= count) continue;
    const width = (box.width * (label + 1)) / count;
    const x = side === 'left' ? box.x : box.x + box.width - width;
    paths[label]! += rectangle(x, box.y + start * pitch, width, (end - start) * pitch);
  }
  return paths;
}

const rectangle = (x: number, y: number, width: number, height: number): string =>
  `M${x.toFixed(2)} ${y.toFixed(2)}h${width.toFixed(2)}v${height.toFixed(2)}h${(-width).toFixed(2)}z`;
