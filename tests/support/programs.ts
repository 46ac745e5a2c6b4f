/** Operations on parts of leaves, where a backend has programs of its own for them and where it composes them. */
import {
  clone,
  keep,
  memory,
  mul,
  reshape,
  sum,
  tensor,
  tensor1d,
  tensor2d,
  tensor3d,
  tidy,
  type Tensor,
  type Tensor2D,
  type Tensor3D,
} from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { generatorShapes, maskedKernel, type GeneratorViews } from '../../src/dnarch/kernelNetwork.ts';
import { adamW, disposeWeightState, initialWeightState } from '../../src/dnarch/optimiser.ts';
import { random } from '../../src/dnarch/random.ts';
import { resample, SpectralBases } from '../../src/dnarch/spectral.ts';
import { branch, plainBranch } from '../../src/kernels/branch.ts';
import { crop, entryOf, Leaf, leafGradients, matrixOf, vectorOf, type View } from '../../src/kernels/leaf.ts';
import { maskedBatchNorm } from '../../src/kernels/normalisation.ts';
import { meanPool } from '../../src/kernels/pool.ts';
import { viewedProduct } from '../../src/kernels/products.ts';
import { programs } from '../../src/kernels/programs.ts';
import { distance, normals, numbersOf, sizeOf } from './numbers.ts';

type Sizes = readonly [number, number];

/** An operation on matrices, each the first rows and columns of a larger one, and on inputs. */
export interface Case {
  readonly parts: readonly { readonly whole: Sizes; readonly read: Sizes }[];
  readonly inputs: readonly (readonly number[])[];
  readonly operation: (views: View[], inputs: Tensor[]) => Tensor;
}

const whole = (rows: number, columns: number) => ({ whole: [rows, columns], read: [rows, columns] }) as const;

function draw(seed: number, size: number): Float32Array {
  return normals(random(seed, 61), size);
}

/** The value, and the gradients of Σ dy·value for a random dy: in the parts, then in the inputs. */
export async function evaluate({ parts, inputs, operation }: Case): Promise<number[][]> {
  const found = tidy(() => {
    const lengths = parts.map((part) => sizeOf(part.whole));
    const sizes = inputs.map(sizeOf);
    const total = (all: readonly number[]): number => all.reduce((a, b) => a + b, 0);
    const sources = [
      // A gate is never 0.
      { values: tensor1d(draw(1, total(lengths)).map((value) => value + Math.sign(value))), lengths },
      // Inputs are parts of a leaf too, so that their gradients come back in the same way.
      { values: tensor1d(draw(2, total(sizes))), lengths: sizes },
    ];
    const values: Tensor[] = [];
    const { gradients } = leafGradients(
      sources,
      ([own, other]) => {
        const views = parts.map((part, i) => crop(own!.view(i, part.whole[1]), ...part.read));
        const tensors = inputs.map((shape, i) => reshape(matrixOf(other!.view(i)), [...shape]));
        const y = operation(views, tensors);
        values.push(keep(clone(y)));
        return reshape(sum(mul(y, tensor(draw(3, y.size), y.shape))), [1]);
      },
      tensor1d([1]),
    );
    return [...values, ...gradients];
  });
  const numbers = await Promise.all(found.map(numbersOf));
  for (const one of found) one.dispose();
  return numbers;
}

const bases = [new SpectralBases(false), new SpectralBases(true)] as const;

/** Resamples the axes of `[batch, ...grid, channels]`, masked or not. */
export function resampling(
  shape: readonly number[],
  to: readonly (number | null)[],
  plan: 'assembled' | 'factored',
  masked: boolean,
  periodic = false,
): Case {
  const kept = to.map((size, axis) => Math.min(size ?? 1, shape[axis + 1] ?? 1));
  return {
    parts: kept.map((size) => whole(1, size)),
    inputs: [shape],
    operation: (masks, [x]) => {
      const axes = to.map((size, axis) =>
        size === null ? null : { plan, to: size, mask: masked ? masks[axis]! : null },
      );
      // A factor, so that the masks are read in any case.
      return mul(resample(bases[periodic ? 1 : 0], x!, axes), vectorOf(entryOf(masks[0]!, 0)));
    },
  };
}

export function branching(
  lines: number,
  widths: readonly [number, number, number, number],
  samples: number | null,
): Case {
  const [width, inner, outer, shortcut] = widths;
  return {
    parts: [
      { whole: [width + 2, inner + 3], read: [width, inner] },
      { whole: [1, inner + 3], read: [1, inner] },
      { whole: [inner + 3, outer + 1], read: [inner, outer] },
      whole(1, inner),
      whole(1, 4),
    ],
    inputs: [
      [lines, width],
      [lines, shortcut],
    ],
    operation: ([mix1, bias1, mix2, mask, gates], [x, own]) => {
      const views = { mix1: mix1!, bias1: bias1!, mix2: mix2!, mask: mask!, gate: entryOf(gates!, 2) };
      const dropout =
        samples === null
          ? null
          : tensor3d(
              draw(4, samples * inner).map((value) => (value > 0 ? 2 : 0)),
              [samples, 1, inner],
            );
      return branch(x as Tensor2D, own as Tensor2D, views, dropout);
    },
  };
}

export function generating(taps: readonly number[], channels: number, most: number): Case {
  const shapes = Object.entries(generatorShapes(taps.length, most));
  return {
    parts: [
      ...shapes.map(([, shape]) => whole(shape.length === 1 ? 1 : shape[0], shape.at(-1)!)),
      ...taps.map((size) => whole(1, size)),
    ],
    inputs: [[1]],
    operation: (views, [factor]) => {
      const generator = Object.fromEntries(shapes.map(([name], i) => [name, views[i]])) as unknown as GeneratorViews;
      const window = {
        taps,
        reach: taps.map((size) => 0.6 * size),
        masks: views.slice(shapes.length),
        amplitude: 0.3,
      };
      return mul(maskedKernel(generator, window, channels), factor!);
    },
  };
}

export function norming(lines: number, channels: number): Case {
  return {
    parts: [{ whole: [1, channels + 2], read: [1, channels] }, whole(1, channels), whole(1, channels)],
    inputs: [[lines, channels]],
    operation: ([scale, shift, mask], [x]) =>
      maskedBatchNorm(x as Tensor2D, { scale: scale!, shift: shift!, mask: mask! }),
  };
}

export function multiplying(lines: number, inner: number, outer: number, withBias: boolean, constant = false): Case {
  return {
    parts: [
      { whole: [inner + 1, outer + 2], read: [inner, outer] },
      { whole: [1, outer + 2], read: [1, outer] },
    ],
    inputs: [constant ? [1] : [lines, inner]],
    operation: ([w, bias], [x]) => {
      const own = withBias ? bias! : null;
      if (!constant) return viewedProduct(x as Tensor2D, w!, own);
      return mul(viewedProduct(tensor2d(draw(5, lines * inner), [lines, inner]), w!, own, true), x!);
    },
  };
}

function pooling(batch: number, points: number, channels: number): Case {
  return {
    parts: [whole(1, 1)],
    inputs: [[batch, points, channels]],
    operation: ([factor], [x]) => mul(meanPool(x as Tensor3D), vectorOf(factor!)),
  };
}

export const CASES: readonly (readonly [string, Case])[] = [
  ['a product', multiplying(13, 6, 5, false)],
  ['a product with a bias, of many lines', multiplying(700, 9, 17, true)],
  ['a product of one column with a constant', multiplying(3, 1, 1, true, true)],
  ['a norm', norming(11, 5)],
  ['a norm of many lines and one channel', norming(900, 1)],
  ['a norm of more channels than a workgroup has', norming(40, 70)],
  ['a branch', branching(10, [5, 6, 7, 7], null)],
  ['a branch that grows wider, with dropout', branching(12, [3, 9, 8, 3], 4)],
  ['a branch that grows narrower, of many lines', branching(600, [8, 70, 2, 8], null)],
  ['the mean of many points', pooling(3, 40, 5)],
  ['a kernel of a sequence', generating([9], 5, 7)],
  ['a kernel of a sequence with more taps than workgroups', generating([151], 3, 3)],
  ['a kernel of an image', generating([5, 3], 70, 72)],
  ['a kernel of an image with more taps than workgroups', generating([9, 11], 2, 2)],
  ['resampling at once', resampling([2, 12, 3], [7], 'assembled', true)],
  ['resampling by coefficients', resampling([2, 12, 3], [7], 'factored', true)],
  ['resampling of both axes', resampling([2, 9, 12, 3], [4, 11], 'assembled', true)],
  ['resampling of the second axis', resampling([3, 5, 12, 2], [null, 7], 'factored', true)],
  ['resampling to a finer torus', resampling([1, 6, 7, 2], [9, 8], 'assembled', false, true)],
  ['resampling of a ring', resampling([2, 14, 1], [9], 'factored', true, true)],
];

/** Gradients that no part or input has stay zeros, which have no direction. */
function agree(found: readonly number[][], expected: readonly number[][], tolerance: number): void {
  expect(found.map(({ length }) => length)).toEqual(expected.map(({ length }) => length));
  found.forEach((values, i) => {
    const other = expected[i]!;
    if (other.every((value) => value === 0)) expect(values.every((value) => value === 0)).toBe(true);
    else expect(distance(values, other)).toBeLessThan(tolerance);
  });
}

/** Branches in inference: samples, points, and channels of x, within, of the result and of the shortcut. */
const PLAIN_BRANCHES = [
  [3, 5, 6, 7, 4, 4],
  [2, 70, 5, 9, 17, 3],
  [2, 130, 1, 3, 2, 8],
  [1, 1, 4, 1, 1, 1],
] as const;

async function branchPlainly([samples, points, width, inner, outer, shortcut]: (typeof PLAIN_BRANCHES)[number]) {
  const lengths = [width * inner, points * inner, inner * outer];
  const total = lengths.reduce((a, b) => a + b, 0);
  const y = tidy(() => {
    const leaf = new Leaf(tensor1d(draw(9, total).map((value) => 5 * value)), lengths);
    const lines = (seed: number, columns: number): Tensor2D =>
      tensor2d(draw(seed, samples * points * columns), [samples * points, columns]);
    const views = { mix1: leaf.view(0, inner), bias: leaf.view(1, inner), mix2: leaf.view(2, outer) };
    return plainBranch(lines(10, width), lines(11, shortcut), views);
  });
  const numbers = await numbersOf(y);
  y.dispose();
  return numbers;
}

/** Some steps of the optimiser, one of them clipped. */
async function optimise(): Promise<number[]> {
  const size = 150;
  let state = initialWeightState(draw(6, size));
  const decay = tensor1d(draw(7, size).map((value) => (value > 0 ? 0.1 : 0)));
  for (const [i, scale] of [0.01, 1, 0.02].entries()) {
    const gradient = tensor1d(draw(8 + i, size).map((value) => value * scale));
    state = adamW(state, gradient, { learningRate: 0.05, decay, step: i + 1 });
    gradient.dispose();
  }
  const weights = (await numbersOf(state.weights)).slice(0, size);
  disposeWeightState(state);
  decay.dispose();
  return weights;
}

/**
 * Tests that the programs of a backend give what the composed forms do in plain JavaScript, leave nothing behind and refuse a leaf
 * without a sink. `tolerance` is a case's, by its name.
 */
export function testPrograms(
  cases: readonly (readonly [string, Case])[],
  activate: { readonly composed: () => Promise<void>; readonly own: () => Promise<void> },
  tolerance: (name: string) => number,
): void {
  const expected: number[][][] = [];
  const branched: number[][] = [];
  let optimised: number[] = [];

  beforeAll(async () => {
    await activate.composed();
    expect(programs()).toBeNull();
    for (const [, own] of cases) expected.push(await evaluate(own));
    for (const sizes of PLAIN_BRANCHES) branched.push(await branchPlainly(sizes));
    optimised = await optimise();
    for (const own of bases) own.dispose();
    await activate.own();
  });

  it('has programs that read in place', () => {
    expect(programs()).not.toBeNull();
  });

  describe('beside the composed form', () => {
    it.each(cases.map(([name, own], i) => [name, own, i] as const))('%s', async (name, own, i) => {
      agree(await evaluate(own), expected[i]!, tolerance(name));
    });

    it.each(PLAIN_BRANCHES.map((sizes, i) => [sizes, i] as const))('a branch in inference, %s', async (sizes, i) => {
      const found = await branchPlainly(sizes);
      expect(found).toHaveLength(sizes[0] * sizes[1] * sizes[4]);
      expect(distance(found, branched[i]!)).toBeLessThan(2e-5);
    });

    it('the optimiser', async () => {
      expect(distance(await optimise(), optimised)).toBeLessThan(1e-6);
    });
  });

  it('leaves no tensor behind', async () => {
    const before = memory().numTensors;
    for (const [, own] of cases) await evaluate(own);
    for (const sizes of PLAIN_BRANCHES) await branchPlainly(sizes);
    expect(memory().numTensors).toBe(before);
  });

  it('says so where a gradient is asked for that has no place', () => {
    const leaf = new Leaf(tensor1d([1, 2]), [2]);
    expect(() => programs()?.add(leaf.view(0), tensor2d([[1, 2]]))).toThrow(/no place for a gradient/);
    leaf.values.dispose();
  });
}
