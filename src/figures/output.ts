/** What the network answers beside the truth: numbers and geometry, no colours. */
import type { ProbeOutput } from '../engine/protocol.ts';
import { relativeError } from './answerField.ts';
import { formatDecimal, formatPercent } from './format.ts';
import { sides, type Box } from './network.ts';

/** A label that is not counted. */
export const IGNORE = 255;

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

const UNKNOWN = 'the truth is not known';

/** The answer in words. */
export interface Verdict {
  /** A class and its share, or how much is right or wrong. */
  readonly says: string;
  /** The same as short as it goes: what, and how much. */
  readonly fact: readonly [string, string];
  /** Where there is one class a sample and the true one is known. */
  readonly choice: { readonly truth: string; readonly isRight: boolean } | null;
}

/** Whether there is a truth to compare with: of a sample of the user's own there is none. */
export function isKnown({ kind, truth }: ProbeOutput): boolean {
  switch (kind) {
    case 'classes':
      return truth >= 0;
    case 'dense':
      return truth.some((label) => label !== IGNORE);
    case 'field':
      return truth.some(Number.isFinite);
  }
}

export function verdictOf(output: ProbeOutput, classes: readonly string[]): Verdict {
  const known = isKnown(output);
  switch (output.kind) {
    case 'classes': {
      const { probabilities } = output;
      const most = probabilities.indexOf(Math.max(...probabilities));
      const answer = nameOf(classes, most);
      const says = `says ${answer} (${formatPercent(probabilities[most] ?? NaN, 0)})`;
      const choice = known ? { truth: nameOf(classes, output.truth), isRight: most === output.truth } : null;
      return { says, fact: ['says', answer], choice };
    }
    case 'dense': {
      const right = formatPercent(agreement(output), 0);
      return known
        ? { says: `${right} of the positions right`, fact: ['right', right], choice: null }
        : { says: UNKNOWN, fact: ['truth', 'not known'], choice: null };
    }
    case 'field': {
      const error = formatDecimal(relativeError(output));
      return known
        ? { says: `relative error ${error}`, fact: ['error', error], choice: null }
        : { says: UNKNOWN, fact: ['truth', 'not known'], choice: null };
    }
  }
}

export const nameOf = (classes: readonly string[], index: number): string => classes[index] ?? `class ${index}`;

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

export const rectangle = (x: number, y: number, width: number, height: number): string =>
  `M${x.toFixed(2)} ${y.toFixed(2)}h${width.toFixed(2)}v${height.toFixed(2)}h${(-width).toFixed(2)}z`;
