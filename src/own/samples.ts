/** What every reader returns: samples with labels by index, before they are fitted, split and scaled. */
import { MOST_CLASSES, grouped } from './limits.ts';
import { OwnDataError } from './own.ts';
import { firstFew } from './reading.ts';
import type { Sampling } from '../tasks/task.ts';

export type Values = Uint8Array | Int8Array | Float32Array;

/** Samples and their labels, in the layout of a `Split`. */
export interface Part {
  readonly count: number;
  /** `[count, ...grid, channels]`. */
  readonly inputs: Values;
  /** `[count]` of classes, `[count, ...grid]` of dense classes, `[count, ...grid, names.length]` of fields. */
  readonly labels: Uint8Array | Float32Array;
}

export interface Samples {
  /** For people. */
  readonly format: string;
  readonly kind: 'classes' | 'dense' | 'field';
  /** Names of the classes by index, some of which may have no samples; of a field, of its channels. */
  readonly names: readonly string[];
  readonly grid: readonly number[];
  readonly channels: number;
  /** Of sequences over time, where it is known. */
  readonly sampling?: Sampling;
  readonly train: Part;
  /** Where the data come split. */
  readonly test: Part | null;
}

/** Which half a file or folder belongs to by its name; validation data serve as test data where there are none. */
export type Half = 'train' | 'test' | 'validation';

export function halfOf(word: string): Half | null {
  switch (word.toLowerCase()) {
    case 'train':
    case 'training':
      return 'train';
    case 'test':
    case 'testing':
    case 't10k':
      return 'test';
    case 'val':
    case 'valid':
    case 'validation':
      return 'validation';
    default:
      return null;
  }
}

/** The half that a file's name or a folder above it speaks of: `data_TRAIN.tsv`, `test/a.csv`. */
export function halfOfPath(path: string): Half | null {
  const words = path.replace(/\.\w+$/, '').split(/[^A-Za-z0-9]+/);
  return words.map(halfOf).findLast((half) => half !== null) ?? null;
}

/**
 * Which of the halves found are used, and as what.
 * @param found the half of each thing, null where it says nothing
 * @returns for each thing the half that it goes to, or null where it is left out
 */
export function useHalves(found: readonly (Half | null)[]): readonly ('train' | 'test' | null)[] {
  const held = found.includes('test') ? 'test' : 'validation';
  // Without training data nothing is split: all of it is one set.
  const split = found.some((half) => half === 'train' || half === null) && found.includes(held);
  return found.map((half) => {
    if (!split || half === null || half === 'train') return 'train';
    return half === held ? 'test' : null;
  });
}

/** By number where all are numbers, else by letters, the same on every machine. */
export function sortNames(names: Iterable<string>): string[] {
  const sorted = [...names];
  const numbers = sorted.every((name) => name.trim() !== '' && Number.isFinite(Number(name)));
  return sorted.sort((a, b) => (numbers ? Number(a) - Number(b) : 0) || (a < b ? -1 : a > b ? 1 : 0));
}

/**
 * Indices for labels as they are written.
 * @param file for messages
 * @param written the labels of all samples
 * @param given names that the user or the data give, by label or in the order of the labels
 * @throws OwnDataError where there are too many classes, or not as many as names
 */
export function codeLabels(
  file: string,
  written: readonly string[],
  given?: readonly string[],
): { readonly names: readonly string[]; readonly codes: Uint8Array } {
  const found = sortNames(new Set(written));
  checkClasses(file, found.length);
  const codes = new Map(found.map((name, index) => [name, index]));
  const byValue = given !== undefined && found.every((name) => isIndex(name, given.length));
  const code = (label: string): number => (byValue ? Number(label) : (codes.get(label) ?? 0));
  if (given !== undefined && !byValue) checkNames(given, found);
  return { names: given ?? found, codes: Uint8Array.from(written, code) };
}

/** @throws OwnDataError where labels as bytes could not tell so many classes. */
export function checkClasses(file: string, classes: number): void {
  if (classes <= MOST_CLASSES) return;
  throw new OwnDataError(
    `${file}: ${grouped(classes)} different labels were found, over ${MOST_CLASSES}; ` +
      'say which column or array holds the labels, or give fewer classes',
  );
}

/** @throws OwnDataError where the names that are given are not as many as the classes */
export function checkNames(given: readonly string[], found: readonly string[]): void {
  if (given.length === found.length) return;
  const counts = `${found.length} classes were found (${firstFew(found)})`;
  throw new OwnDataError(`${counts}, but the names of ${given.length} were given; give one name each`);
}

function isIndex(label: string, length: number): boolean {
  const value = Number(label);
  return label.trim() !== '' && Number.isInteger(value) && value >= 0 && value < length;
}

/** Number of values: `[2, 3]` holds 6. */
export function volume(shape: readonly number[]): number {
  return shape.reduce((product, extent) => product * extent, 1);
}

/** An array of the same type. */
export function like<T extends Values>(values: T, length: number): T;
export function like(values: Values, length: number): Values {
  if (values instanceof Float32Array) return new Float32Array(length);
  return values instanceof Int8Array ? new Int8Array(length) : new Uint8Array(length);
}

/** `28 × 28`. */
export function shapeInWords(shape: readonly number[]): string {
  return shape.join(' × ');
}
