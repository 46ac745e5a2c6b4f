/** What each cutting script returns, and how its originals and counts are checked. */
import { createHash } from 'node:crypto';
import type { Tensor } from '../../src/tasks/pack.ts';

export interface Cut {
  /** Name of the pack: `data/<id>.pack`. */
  readonly id: string;
  readonly tensors: Readonly<Record<string, Tensor>>;
  /** Source, licence and what was done, kept in the pack's header. */
  readonly metadata: Readonly<Record<string, string>>;
  /** Of the tasks that read the pack, by path. */
  readonly thumbnails: Readonly<Record<string, Uint8Array>>;
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

/** Stops the cut where the bytes are not those that were released. */
export function checkSum(name: string, bytes: Uint8Array, sha256: string): void {
  check(createHash('sha256').update(bytes).digest('hex') === sha256, `${name} is not as released`);
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
export function moments(values: Uint8Array | Int8Array | Float64Array): {
  readonly mean: number;
  readonly deviation: number;
} {
  let sum = 0;
  let squares = 0;
  for (const value of values) {
    sum += value;
    squares += value * value;
  }
  const mean = sum / values.length;
  return { mean, deviation: Math.sqrt(squares / values.length - mean * mean) };
}
