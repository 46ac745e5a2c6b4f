/** ListOps (Nangia & Bowman, 2018) as the Long Range Arena draws it (Tay et al., arXiv:2011.04006, §2.1). */
import type { Random } from '../../dnarch/random.ts';

/** Padding, the ten digits, the four operators with their opening bracket, and what closes each. */
export const TOKENS = [
  '',
  '0',
  '1',
  '2',
  '3',
  '4',
  '5',
  '6',
  '7',
  '8',
  '9',
  '[MIN',
  '[MAX',
  '[MED',
  '[SM',
  ']',
] as const;

const DIGIT = 1;
const OPERATOR = 11;
const CLOSE = 15;
const OPERATOR_CHANCE = 0.25;

export interface ListOpsSettings {
  /** Depth of the deepest digits; that of the root is 1. */
  readonly depth: number;
  /** Most arguments of an operator; the least are 2. */
  readonly args: number;
  /** Only expressions of more than `longer` and less than `shorter` tokens are kept. */
  readonly longer: number;
  readonly shorter: number;
}

/** MIN, MAX, MED and SM: smallest, largest, median (the mean of the middle two cut to an integer), sum modulo 10. */
const OPERATORS: readonly ((values: readonly number[]) => number)[] = [
  (values) => Math.min(...values),
  (values) => Math.max(...values),
  (values) => {
    const sorted = values.toSorted((a, b) => a - b);
    const middle = sorted.length / 2;
    return Math.floor((sorted[Math.ceil(middle) - 1]! + sorted[Math.floor(middle)]!) / 2);
  },
  (values) => values.reduce((sum, value) => sum + value, 0) % 10,
];

/**
 * Draws expressions, none twice.
 * @returns a function that writes tokens into `out`, padded on the left, and gives the value from 0 to 9
 */
export function listOps({ depth, args, longer, shorter }: ListOpsSettings, draw: Random) {
  const tokens = new Uint8Array(shorter);
  const seen = new Set<string>();
  let length = 0;
  const upTo = (n: number): number => Math.floor(draw.uniform(0, n));

  /** Writes an expression behind what is there and gives its value, or null where it does not fit. */
  const grow = (level: number): number | null => {
    if (length >= shorter) return null;
    if (level >= depth || draw.uniform(0, 1) >= OPERATOR_CHANCE) {
      const digit = upTo(10);
      tokens[length++] = DIGIT + digit;
      return digit;
    }
    const operator = upTo(OPERATORS.length);
    tokens[length++] = OPERATOR + operator;
    const values = new Array<number>(2 + upTo(args - 1));
    for (let i = 0; i < values.length; i++) {
      const value = grow(level + 1);
      if (value === null) return null;
      values[i] = value;
    }
    if (length >= shorter) return null;
    tokens[length++] = CLOSE;
    return OPERATORS[operator]!(values);
  };

  return (out: Uint8Array): number => {
    for (;;) {
      length = 0;
      const value = grow(1);
      if (value === null || length <= longer || length >= shorter) continue;
      const written = tokens.subarray(0, length);
      const name = String.fromCharCode(...written);
      if (seen.has(name)) continue;
      seen.add(name);
      out.fill(0);
      out.set(written, out.length - length);
      return value;
    }
  };
}
