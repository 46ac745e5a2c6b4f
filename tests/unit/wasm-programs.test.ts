/** Programs that read parameters in place, beside the composed forms in plain JavaScript; at sizes that vectors of four do not fit. */
import { memory, tensor1d, tensor2d } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { Leaf } from '../../src/kernels/leaf.ts';
import { programs } from '../../src/kernels/programs.ts';
import { switchBackend } from '../support/backend.ts';
import { distance } from '../support/numbers.ts';
import {
  agree,
  bases,
  branching,
  CASES,
  evaluate,
  generating,
  multiplying,
  norming,
  optimise,
  resampling,
  type Case,
} from '../support/programs.ts';

const SIZES = [1, 2, 3, 5, 17];

const ALL: readonly (readonly [string, Case])[] = [
  ...CASES,
  ...SIZES.flatMap((n): [string, Case][] => [
    [`a product of 1 row, of ${n} columns with 6`, multiplying(1, n, 6, true)],
    [`a product of 70 rows, of 5 columns with ${n}`, multiplying(70, 5, n, true)],
    [`a product of ${n} rows and columns`, multiplying(n, n, n, false)],
    [`a norm of ${n} channels`, norming(7, n)],
    [`a branch of ${n} inner channels`, branching(9, [4, n, 3, 4], 3)],
    [`a branch to ${n} channels from a wider shortcut`, branching(130, [18, 7, n, 18], 2)],
    [`a branch to ${n} channels from a narrower shortcut`, branching(3, [1, 6, n, 1], null)],
    [`a kernel of ${n} channels`, generating([n, 3], n, n + 1)],
    [`resampling of ${n} channels at once`, resampling([3, 7, n], [4], 'assembled', true)],
    [`resampling of ${n} channels by coefficients`, resampling([2, 7, 6, n], [4, 9], 'factored', true)],
    [`resampling of ${n} lines`, resampling([n, 9, 1], [3], 'assembled', true)],
  ]),
  ['a norm of one row', norming(1, 5)],
  ['resampling of many lines', resampling([700, 5, 5], [3], 'assembled', true)],
];

const expected: number[][][] = [];
let optimised: number[] = [];

beforeAll(async () => {
  await switchBackend('cpu');
  expect(programs()).toBeNull();
  for (const [, own] of ALL) expected.push(await evaluate(own));
  optimised = await optimise();
  for (const own of bases) own.dispose();
  await switchBackend('wasm');
});

it('has programs that read in place', () => {
  expect(programs()).not.toBeNull();
});

describe('beside the composed form', () => {
  it.each(ALL.map(([name, own], i) => [name, own, i] as const))('%s', async (_, own, i) => {
    agree(await evaluate(own), expected[i]!, 2e-5);
  });

  it('the optimiser', async () => {
    expect(distance(await optimise(), optimised)).toBeLessThan(1e-6);
  });
});

it('leaves no tensor behind', async () => {
  const before = memory().numTensors;
  for (const [, own] of ALL) await evaluate(own);
  expect(memory().numTensors).toBe(before);
});

it('says so where a gradient is asked for that has no place', () => {
  const leaf = new Leaf(tensor1d([1, 2]), [2]);
  expect(() => programs()?.add(leaf.view(0), tensor2d([[1, 2]]))).toThrow(/no place for a gradient/);
  leaf.values.dispose();
});
