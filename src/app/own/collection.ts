/** Samples that were made here so far, by class, and what they become. */
import type { Given, Made } from '../../own/protocol.ts';
import { inkOf, type Stroke } from '../draw/strokes.ts';

export const MOST_CLASSES = 10;
/** Fewer of a class leave too little to hold out. */
export const LEAST_MADE = 4;

export interface MadeSample {
  /** Index of its class. */
  readonly label: number;
  /** `[...grid, channels]`. */
  readonly values: Uint8Array;
}

export interface Collection {
  readonly names: readonly string[];
  readonly samples: readonly MadeSample[];
}

export const EMPTY_COLLECTION: Collection = { names: ['first', 'second'], samples: [] };

/** A way of making samples, in the words of its buttons. */
export interface Craft extends Pick<Made, 'name' | 'format' | 'channels'> {
  readonly grid: readonly [number, number];
  readonly verb: 'Draw' | 'Take';
  /** One sample. */
  readonly one: string;
}

export const DRAWING: Craft = {
  name: 'Drawings',
  format: 'Drawn by hand',
  grid: [28, 28],
  channels: 1,
  verb: 'Draw',
  one: 'drawing',
};

export const SNAPSHOT: Craft = {
  name: 'Snapshots',
  format: 'Taken by camera',
  grid: [32, 32],
  channels: 3,
  verb: 'Take',
  one: 'snapshot',
};

/** 255 is ink. */
export function drawnValues(strokes: readonly Stroke[]): Uint8Array {
  return Uint8Array.from(inkOf(strokes, DRAWING.grid), (ink) => Math.round(255 * ink));
}

/** Red, green and blue without the opacity, of which a camera knows nothing. */
export function snapshotValues(rgba: Uint8ClampedArray): Uint8Array {
  return Uint8Array.from(rgba.filter((_, i) => i % 4 < 3));
}

export const countOf = ({ samples }: Collection, label: number): number =>
  samples.filter((sample) => sample.label === label).length;

/** Without a class and its samples; those after it move up. */
export function withoutClass({ names, samples }: Collection, gone: number): Collection {
  return {
    names: names.filter((_, label) => label !== gone),
    samples: samples
      .filter(({ label }) => label !== gone)
      .map(({ label, values }) => ({ label: label > gone ? label - 1 : label, values })),
  };
}

/** What is still missing before it can be read, in words; null where nothing is. */
export function missingIn(collection: Collection, { verb }: Craft): string | null {
  const { names } = collection;
  const given = names.map((name) => name.trim());
  if (given.includes('')) return 'Give each class a name.';
  if (new Set(given).size < given.length) return 'Give each class a name of its own.';
  const few = given.filter((_, label) => countOf(collection, label) < LEAST_MADE);
  return few.length === 0 ? null : `${verb} at least ${LEAST_MADE} of each class; still too few of ${few.join(', ')}.`;
}

export function givenOf({ names, samples }: Collection, { name, format, grid, channels }: Craft): Given {
  const classes = names.map((own) => own.trim());
  return { type: 'made', made: { name, format, grid, channels, classes, samples } };
}
