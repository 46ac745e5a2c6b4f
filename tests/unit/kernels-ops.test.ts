/** The operations with gradients of our own, beside slow loops and finite differences, on both backends of Node. */
import {
  add,
  engine,
  mul,
  reshape,
  tensor,
  tensor1d,
  tensor2d,
  tidy,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  type Tensor3D,
  type Tensor4D,
} from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { random } from '../../src/dnarch/random.ts';
import { depthwise2d } from '../../src/kernels/depthwise.ts';
import { embed } from '../../src/kernels/embedding.ts';
import { gelu } from '../../src/kernels/gelu.ts';
import { batchNorm, fixedNorm, moments } from '../../src/kernels/normalisation.ts';
import { crossEntropy, overlap, relativeError } from '../../src/kernels/objectives.ts';
import { periodicDepthwise2d } from '../../src/kernels/periodic.ts';
import { cut } from '../../src/kernels/pieces.ts';
import { meanPool } from '../../src/kernels/pool.ts';
import { affine, columnSums, product } from '../../src/kernels/products.ts';
import { switchBackend } from '../support/backend.ts';
import { distance, normals, numbersOf, range, sizeOf, slope } from '../support/numbers.ts';
import { slowDepthwise, type Values } from '../support/slow.ts';

function normalValues(seed: number, ...shapes: (readonly number[])[]): Values[] {
  const draw = random(seed, 9);
  return shapes.map((shape) => ({ shape, values: normals(draw, sizeOf(shape)) }));
}

const toTensor = ({ shape, values }: Values): Tensor => tensor(values, [...shape]);
const toMatrix = ({ shape, values }: Values): Tensor2D => tensor2d(values, [shape[0] ?? 1, shape[1] ?? 1]);

type Operation = (...inputs: never[]) => Tensor;

const apply = (operation: Operation, inputs: readonly Tensor[]): Tensor => operation(...(inputs as never[]));

/** The gradients of Σ w·operation(inputs) in the inputs; the weights w are `upstream`. */
async function gradientsOf(operation: Operation, inputs: readonly Values[], upstream: Values): Promise<number[][]> {
  const grads = tidy(() => {
    const leaves = inputs.map(toTensor);
    return engine().gradients(() => apply(operation, leaves), leaves, toTensor(upstream)).grads;
  });
  return Promise.all(grads.map(numbersOf));
}

/** Finite differences of the same, entry by entry. */
async function differencesOf(operation: Operation, inputs: readonly Values[], upstream: Values): Promise<number[][]> {
  const all: number[][] = [];
  for (const [index, input] of inputs.entries()) {
    const own: number[] = [];
    for (const [i, x] of input.values.entries()) {
      const at = async (value: number): Promise<number> => {
        const moved = input.values.slice();
        moved[i] = value;
        const replaced = inputs.with(index, { ...input, values: moved });
        const output = await numbersOf(tidy(() => apply(operation, replaced.map(toTensor))));
        return output.reduce((total, y, j) => total + y * (upstream.values[j] ?? 0), 0);
      };
      own.push(await slope(at, x, 0.03));
    }
    all.push(own);
  }
  return all;
}

describe.each(['cpu', 'wasm'] as const)('on %s', (backend) => {
  beforeAll(() => switchBackend(backend));

  describe.each([
    ['with zeros beyond an end', depthwise2d, false],
    ['that goes round', periodicDepthwise2d, true],
  ] as const)('a depthwise convolution %s', (_, convolution, periodic) => {
    it.each([
      ['square', [2, 6, 6, 3], [3, 3]],
      ['wider than high', [2, 5, 8, 2], [3, 5]],
      ['higher than wide', [1, 7, 4, 5], [5, 1]],
      ['of a sequence', [3, 1, 11, 4], [1, 7]],
      ['larger than the image', [2, 3, 4, 4], [5, 7]],
      ['of many channels', [2, 6, 5, 13], [3, 5]],
      ['with a channel', [2, 5, 5, 1], [3, 3]],
      ['of one tap', [2, 3, 4, 2], [1, 1]],
    ])('equals its definition, gradients included: kernel %s', async (_, shape, taps) => {
      const channels = shape[3] ?? 1;
      const [x, kernel, dy] = normalValues(1, shape, [...taps, channels], shape) as [Values, Values, Values];
      const slow = slowDepthwise(x, kernel, dy.values, periodic);
      const operation = (a: Tensor4D, b: Tensor3D): Tensor => convolution(a, b);
      const y = await numbersOf(apply(operation, [x, kernel].map(toTensor)));
      const [dx = [], dk = []] = await gradientsOf(operation, [x, kernel], dy);
      expect(distance(y, slow.y)).toBeLessThan(1e-5);
      expect(distance(dx, slow.dx)).toBeLessThan(1e-5);
      expect(distance(dk, slow.dk)).toBeLessThan(1e-5);
    });
  });

  it('a convolution that goes round turns with its input', async () => {
    const [x, kernel] = normalValues(8, [1, 1, 6, 1], [1, 5, 1]) as [Values, Values];
    const turn = (values: ArrayLike<number>): number[] => [
      ...Array.from(values).slice(2),
      ...Array.from(values).slice(0, 2),
    ];
    const run = ({ shape, values }: Values): Promise<number[]> =>
      numbersOf(periodicDepthwise2d(toTensor({ shape, values }) as Tensor4D, toTensor(kernel) as Tensor3D));
    const y = await run(x);
    expect(distance(await run({ ...x, values: Float32Array.from(turn(x.values)) }), turn(y))).toBeLessThan(1e-6);
  });

  it.each([
    [3, 5],
    [9, 2],
  ])('embed looks up rows, and gives each the sum of the gradients at its places: %i by %i', async (entries, width) => {
    const [table, dy] = normalValues(9, [entries, width], [6, width]) as [Values, Values];
    // One row comes thrice, one that is in the table not at all.
    const indices = [2, 0, 2, entries - 1, 2, 0];
    const operation = (rows: Tensor2D): Tensor => embed(tensor1d(indices, 'int32'), rows);
    const rowOf = ({ values }: Values, row: number): number[] => [...values.subarray(row * width, (row + 1) * width)];
    expect(await numbersOf(operation(toMatrix(table)))).toEqual(indices.flatMap((row) => rowOf(table, row)));
    const [gradient = []] = await gradientsOf(operation, [table], dy);
    const expected = new Array<number>(entries * width).fill(0);
    indices.forEach((row, place) =>
      rowOf(dy, place).forEach((value, c) => (expected[row * width + c] = (expected[row * width + c] ?? NaN) + value)),
    );
    expect(distance(gradient, expected)).toBeLessThan(1e-6);
    expect(gradient.slice(width, 2 * width)).toEqual(new Array<number>(width).fill(0));
  });

  it.each<[string, Operation, number[][], number[]]>([
    [
      'batchNorm',
      (x: Tensor2D, a: Tensor2D, b: Tensor2D) => batchNorm(x, a, b),
      [
        [6, 3],
        [1, 3],
        [1, 3],
      ],
      [6, 3],
    ],
    ['gelu', (x: Tensor2D) => gelu(x), [[5, 4]], [5, 4]],
    ['affine', (x: Tensor2D, w: Tensor2D, b: Tensor1D) => affine(x, w, b), [[4, 3], [3, 5], [5]], [4, 5]],
    [
      'product',
      (x: Tensor2D, w: Tensor2D) => product(x, w),
      [
        [4, 3],
        [3, 5],
      ],
      [4, 5],
    ],
    ['meanPool', (x: Tensor3D) => meanPool(x), [[2, 5, 3]], [2, 3]],
    ['one piece', (x: Tensor2D) => mul(cut(x, 1)[0]!, x), [[4, 3]], [4, 3]],
    [
      'three pieces',
      (x: Tensor2D) => {
        const [a, b, c] = cut(x, 3, 1);
        return add(mul(a!, b!), c!);
      },
      [[4, 6]],
      [4, 2],
    ],
  ])('%s has the gradients of finite differences', async (_, operation, shapes, output) => {
    const inputs = normalValues(2, ...shapes);
    const [upstream] = normalValues(3, output) as [Values];
    const gradients = await gradientsOf(operation, inputs, upstream);
    const differences = await differencesOf(operation, inputs, upstream);
    expect(gradients).toHaveLength(inputs.length);
    gradients.forEach((gradient, i) => expect(distance(gradient, differences[i] ?? [])).toBeLessThan(2e-4));
  });

  it.each([
    [131, 9, 11],
    [64, 4, 4],
    [6, 5, 7],
    [4, 1, 12],
  ])('x·w + b equals its definition, gradients included: %i×%i by %i', async (rows, inner, columns) => {
    const shapes = [[rows, inner], [inner, columns], [columns], [rows, columns]];
    const [x, w, b, dy] = normalValues(7, ...shapes) as [Values, Values, Values, Values];
    const sum = (n: number, term: (i: number) => number): number => range(n).reduce((total, i) => total + term(i), 0);
    const at = ({ values, shape }: Values, i: number, j: number): number => values[i * (shape[1] ?? 1) + j] ?? NaN;
    const table = (n: number, m: number, entry: (i: number, j: number) => number): number[] =>
      range(n).flatMap((i) => range(m).map((j) => entry(i, j)));
    const operation = (x: Tensor2D, w: Tensor2D, b: Tensor1D): Tensor => affine(x, w, b);
    const y = await numbersOf(apply(operation, [x, w, b].map(toTensor)));
    const [dx = [], dw = [], db = []] = await gradientsOf(operation, [x, w, b], dy);
    const expected = table(rows, columns, (r, o) => at(b, o, 0) + sum(inner, (i) => at(x, r, i) * at(w, i, o)));
    expect(distance(y, expected)).toBeLessThan(1e-5);
    const inX = table(rows, inner, (r, i) => sum(columns, (o) => at(dy, r, o) * at(w, i, o)));
    expect(distance(dx, inX)).toBeLessThan(1e-5);
    const inW = table(inner, columns, (i, o) => sum(rows, (r) => at(x, r, i) * at(dy, r, o)));
    expect(distance(dw, inW)).toBeLessThan(1e-5);
    const inB = range(columns).map((o) => sum(rows, (r) => at(dy, r, o)));
    expect(distance(db, inB)).toBeLessThan(1e-5);
  });

  it('crossEntropy gives loss, share of right rows, and the loss’s gradient alone', async () => {
    const [logits] = normalValues(4, [5, 3]) as [Values];
    const weights = [0.25, 0.25, 0, 0.25, 0.25];
    const labels = [0, 2, 1, 1, 0];
    const target = tensor2d(labels.map((label, row) => [0, 1, 2].map((c) => (c === label ? (weights[row] ?? 0) : 0))));
    const operation = (x: Tensor2D): Tensor => crossEntropy(x, target, tensor2d(weights, [5, 1]));
    let loss = 0;
    let right = 0;
    labels.forEach((label, row) => {
      const own = [...logits.values.subarray(3 * row, 3 * row + 3)];
      const chance = Math.exp(own[label] ?? 0) / own.reduce((total, value) => total + Math.exp(value), 0);
      loss -= (weights[row] ?? 0) * Math.log(chance);
      if (own.every((value) => value <= (own[label] ?? 0))) right += weights[row] ?? 0;
    });
    const [value = NaN, share = NaN] = await numbersOf(operation(toMatrix(logits)));
    expect(value).toBeCloseTo(loss, 5);
    expect(share).toBeCloseTo(right, 6);
    // The share of right rows is piecewise constant: its weight must not reach the gradient.
    const upstream: Values = { shape: [2], values: Float32Array.of(2, 5) };
    const [gradient = []] = await gradientsOf(operation, [logits], upstream);
    const onlyLoss: Values = { shape: [2], values: Float32Array.of(2, 0) };
    const [differences = []] = await differencesOf(operation, [logits], onlyLoss);
    expect(distance(gradient, differences)).toBeLessThan(2e-4);
    expect(gradient.slice(6, 9)).toEqual([0, 0, 0]);
  });

  it('overlap gives the loss of crossEntropy, and counts the last class’s intersection and union', async () => {
    // Answers 1 1 0 0 1, truths 1 0 1 0 1; the last row does not count: one in both of three in either.
    const logits = [-1, 1, 0, 2, 3, 1, 1, -1, -2, 4];
    const weights = [0.25, 0.25, 0.25, 0.25, 0];
    const target = tensor2d([1, 0, 1, 0, 1].map((label, row) => [0, 1].map((c) => (c === label ? weights[row]! : 0))));
    const weight = tensor2d(weights, [5, 1]);
    const [loss, iou] = await numbersOf(overlap(tensor2d(logits, [5, 2]), target, weight));
    const [expected, share] = await numbersOf(crossEntropy(tensor2d(logits, [5, 2]), target, weight));
    expect(loss).toBe(expected);
    expect(iou).toBeCloseTo(1 / 3, 6);
    expect(share).toBeCloseTo(2 / 4, 6);
    // Where the last class is neither there nor answered there is nothing to divide by.
    const nothing = await numbersOf(overlap(tensor2d([[1, 0]]), tensor2d([[1, 0]]), tensor2d([[1]])));
    expect(nothing[1]).toBe(0);
    const upstream: Values = { shape: [2], values: Float32Array.of(2, 5) };
    const values: Values = { shape: [5, 2], values: Float32Array.from(logits) };
    const [gradient] = await gradientsOf((x: Tensor2D) => overlap(x, target, weight), [values], upstream);
    const [same] = await gradientsOf((x: Tensor2D) => crossEntropy(x, target, weight), [values], upstream);
    expect(gradient).toEqual(same);
  });

  it('relativeError is the mean of the samples’ ‖û − u‖/‖u‖, once as the loss and once as the measure', async () => {
    // Two samples of two rows with two channels: ‖u‖ is 5 and 2, ‖û − u‖ 3 and 1.
    const target = tensor2d([3, 0, 0, 4, 2, 0, 0, 0], [4, 2]);
    const values = tensor2d([3, 3, 0, 4, 2, 0, -1, 0], [4, 2]);
    const weights = tensor2d([1 / (2 * 5), 1 / (2 * 2)], [2, 1]);
    const [loss, measure] = await numbersOf(relativeError(values, target, weights));
    expect(loss).toBeCloseTo((3 / 5 + 1 / 2) / 2, 6);
    expect(measure).toBe(loss);
  });

  it('relativeError has the gradient of finite differences, finite also where there is no error', async () => {
    const [values, u] = normalValues(10, [6, 2], [6, 2]) as [Values, Values];
    const target = toMatrix(u);
    const weights = tensor2d([0.2, 0.05, 0.1], [3, 1]);
    const operation = (x: Tensor2D): Tensor => relativeError(x, target, weights);
    const [gradient = []] = await gradientsOf(operation, [values], { shape: [2], values: Float32Array.of(2, 5) });
    const onlyLoss: Values = { shape: [2], values: Float32Array.of(2, 0) };
    const [differences = []] = await differencesOf(operation, [values], onlyLoss);
    expect(distance(gradient, differences)).toBeLessThan(2e-4);
    const [flat = []] = await gradientsOf(operation, [u], onlyLoss);
    expect(flat).toEqual(new Array<number>(12).fill(0));
  });

  it('batchNorm gives columns of given mean and deviation; fixedNorm with the same moments the same', async () => {
    const [x] = normalValues(5, [50, 3]) as [Values];
    const values = x.values.map((value, i) => value * [1, 4, 0.1][i % 3]! + [5, -2, 0][i % 3]!);
    const input = toMatrix({ ...x, values });
    const scale = tensor2d([[2, -1, 0.5]]);
    const shift = tensor2d([[1, 0, -3]]);
    const normed = await numbersOf(batchNorm(input, scale, shift));
    for (const [column, [deviation, mean]] of (
      [
        [2, 1],
        [1, 0],
        [0.5, -3],
      ] as const
    ).entries()) {
      const own = normed.filter((_, i) => i % 3 === column);
      const average = own.reduce((a, b) => a + b, 0) / own.length;
      expect(average).toBeCloseTo(mean, 4);
      expect(Math.sqrt(own.reduce((a, b) => a + (b - average) ** 2, 0) / own.length)).toBeCloseTo(deviation, 2);
    }
    expect(distance(await numbersOf(fixedNorm(input, moments(input), { scale, shift })), normed)).toBeLessThan(1e-5);
  });

  it('gelu, affine, columnSums and meanPool have the values of their equations', async () => {
    const [x, w, b] = normalValues(6, [4, 3], [3, 2], [2]) as [Values, Values, Values];
    const at = (row: number, column: number): number => x.values[row * 3 + column] ?? 0;
    const matrix = toMatrix(x);
    const activated = [...x.values].map((value) => value / (1 + Math.exp(-1.702 * value)));
    expect(distance(await numbersOf(gelu(matrix)), activated)).toBeLessThan(1e-6);
    const expected = [0, 1, 2, 3].flatMap((row) =>
      [0, 1].map((o) => [0, 1, 2].reduce((t, i) => t + at(row, i) * (w.values[i * 2 + o] ?? 0), b.values[o] ?? 0)),
    );
    expect(distance(await numbersOf(affine(matrix, toMatrix(w), tensor1d(b.values))), expected)).toBeLessThan(1e-6);
    const sums = [0, 1, 2].map((c) => at(0, c) + at(1, c) + at(2, c) + at(3, c));
    expect(distance(await numbersOf(columnSums(matrix)), sums)).toBeLessThan(1e-6);
    const pooled = meanPool(reshape(matrix, [2, 2, 3]));
    const means = [0, 2].flatMap((row) => [0, 1, 2].map((c) => (at(row, c) + at(row + 1, c)) / 2));
    expect(distance(await numbersOf(pooled), means)).toBeLessThan(1e-6);
  });
});
