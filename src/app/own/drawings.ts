/** What was drawn so far, by class, and what it becomes. */
import type { Given } from '../../own/protocol.ts';
import { inkOf, type Stroke } from '../draw/strokes.ts';

export const SIDE = 28;
export const MOST_CLASSES = 10;
/** Fewer of a class leave too little to hold out. */
export const LEAST_DRAWN = 4;

export interface Drawing {
  /** Index of its class. */
  readonly label: number;
  /** `[SIDE, SIDE]`, 255 is ink. */
  readonly values: Uint8Array;
}

export interface Drawings {
  readonly names: readonly string[];
  readonly drawn: readonly Drawing[];
}

export const EMPTY_DRAWINGS: Drawings = { names: ['first', 'second'], drawn: [] };

export function drawingOf(label: number, strokes: readonly Stroke[]): Drawing {
  return { label, values: Uint8Array.from(inkOf(strokes, [SIDE, SIDE]), (ink) => Math.round(255 * ink)) };
}

export const countOf = ({ drawn }: Drawings, label: number): number =>
  drawn.filter((drawing) => drawing.label === label).length;

/** Without a class and its drawings; those after it move up. */
export function withoutClass({ names, drawn }: Drawings, gone: number): Drawings {
  return {
    names: names.filter((_, label) => label !== gone),
    drawn: drawn
      .filter(({ label }) => label !== gone)
      .map(({ label, values }) => ({ label: label > gone ? label - 1 : label, values })),
  };
}

/** What is still missing before it can be read, in words; null where nothing is. */
export function missingIn(drawings: Drawings): string | null {
  const { names } = drawings;
  const given = names.map((name) => name.trim());
  if (given.includes('')) return 'Give each class a name.';
  if (new Set(given).size < given.length) return 'Give each class a name of its own.';
  const few = given.filter((_, label) => countOf(drawings, label) < LEAST_DRAWN);
  return few.length === 0 ? null : `Draw at least ${LEAST_DRAWN} of each class; still too few of ${few.join(', ')}.`;
}

export function givenOf({ names, drawn }: Drawings): Given {
  const classes = names.map((name) => name.trim());
  const made = { name: 'Drawings', format: 'Drawn by hand', grid: [SIDE, SIDE], channels: 1, classes, samples: drawn };
  return { type: 'made', made };
}
