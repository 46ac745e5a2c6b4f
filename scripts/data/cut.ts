/** What each cutting script returns, and how its counts are checked. */
import type { Tensor } from '../../src/tasks/pack.ts';

export interface Cut {
  /** Name of the task; the pack is `data/<id>.pack`. */
  readonly id: string;
  readonly tensors: Readonly<Record<string, Tensor>>;
  /** Source, licence and what was done, kept in the pack's header. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly thumbnail: { readonly extension: 'png' | 'svg'; readonly bytes: Uint8Array };
  /** Lines for the person who cuts: counts and fractions. */
  readonly report: readonly string[];
}

/** Raw originals that are not what they should be; the message says which file. */
export class SourceError extends Error {
  override readonly name = 'SourceError';
}

/** Stops the cut where `fact` does not hold. */
export function check(fact: boolean, message: string): asserts fact {
  if (!fact) throw new SourceError(message);
}

/** How often each value from 0 to `classes` − 1 occurs; other values are not counted. */
export function histogram(labels: Uint8Array, classes: number): number[] {
  const counts = new Array<number>(classes).fill(0);
  for (const label of labels) {
    const before = counts[label];
    if (before !== undefined) counts[label] = before + 1;
  }
  return counts;
}

/** Mean and standard deviation of all values, in their own units. */
export function moments(values: Uint8Array | Int8Array): { readonly mean: number; readonly deviation: number } {
  let sum = 0;
  let squares = 0;
  for (const value of values) {
    sum += value;
    squares += value * value;
  }
  const mean = sum / values.length;
  return { mean, deviation: Math.sqrt(squares / values.length - mean * mean) };
}
