/** Programs that read parameters in place, beside the composed forms in plain JavaScript; at sizes that vectors of four do not fit. */
import { switchBackend } from '../support/backend.ts';
import {
  branching,
  CASES,
  generating,
  multiplying,
  norming,
  resampling,
  testPrograms,
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

testPrograms(ALL, { composed: () => switchBackend('cpu'), own: () => switchBackend('wasm') }, () => 2e-5);
