/** Our WebGPU programs beside slow loops and the composed forms; tiny tensors, for the adapter may be a software one. */
import {
  engine,
  env,
  gather,
  memory,
  reshape,
  tensor,
  tensor1d,
  tidy,
  zeros,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  type Tensor3D,
  type Tensor4D,
} from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { bandPlaces, bandTable, resamplingBand } from '../../src/dnarch/band.ts';
import { random } from '../../src/dnarch/random.ts';
import { activateBackend } from '../../src/engine/backends.ts';
import type { BackendName } from '../../src/engine/protocol.ts';
import { banded, DeviceBand } from '../../src/kernels/banded.ts';
import { depthwise2d } from '../../src/kernels/depthwise.ts';
import { FourierStages } from '../../src/kernels/fourierStages.ts';
import { longConvolution } from '../../src/kernels/longConvolution.ts';
import {
  BAND_ROWS,
  BANDED,
  BANDED_SLOPE,
  COMPLEX_PRODUCT,
  DEPTHWISE,
  DEPTHWISE_KERNEL_GRADIENT,
  GROUPED_PRODUCT,
  hasKernel,
} from '../../src/kernels/names.ts';
import { periodicDepthwise2d } from '../../src/kernels/periodic.ts';
import { compiledDuring } from '../support/gpu.ts';
import { distance, normals, numbersOf, sizeOf } from '../support/numbers.ts';
import { slowBanded, slowDepthwise, type Values } from '../support/slow.ts';

async function activate(name: BackendName): Promise<void> {
  await activateBackend(name, { simd: '', plain: '' });
  // Else small tensors are left to the processor, and these are all small.
  if (name === 'webgpu') env().set('WEBGPU_CPU_FORWARD', false);
}

function draw(seed: number, shape: readonly number[]): Values {
  return { shape, values: normals(random(seed, 60), sizeOf(shape)) };
}

const toTensor = ({ shape, values }: Values): Tensor => tensor(values, [...shape]);

/** The value, and the gradients of Σ dy·value, as numbers. */
async function evaluate(
  operation: (...inputs: never[]) => Tensor,
  inputs: readonly Values[],
  dy: Values,
): Promise<{ value: number[]; gradients: number[][] }> {
  const before = memory().numTensors;
  const { value, grads } = tidy(() => {
    const leaves = inputs.map(toTensor);
    return engine().gradients(() => operation(...(leaves as never[])), leaves, toTensor(dy));
  });
  const result = { value: await numbersOf(value), gradients: await Promise.all(grads.map(numbersOf)) };
  for (const one of [value, ...grads]) one.dispose();
  expect(memory().numTensors).toBe(before);
  return result;
}

/** Its numbers made, so that they are not counted as tensors left behind. */
function bandOf(from: number, to: number, periodic: boolean): DeviceBand {
  const band = new DeviceBand(bandPlaces(from, to, periodic), bandTable(from, to, Math.min(1, to / from), periodic));
  tidy(() => band.times(zeros([1, from, 1])));
  return band;
}

beforeAll(() => activate('webgpu'));

it('has our programs', () => {
  const ours = [
    BAND_ROWS,
    BANDED,
    BANDED_SLOPE,
    COMPLEX_PRODUCT,
    DEPTHWISE,
    DEPTHWISE_KERNEL_GRADIENT,
    GROUPED_PRODUCT,
  ];
  expect(ours.filter((name) => !hasKernel(name))).toEqual([]);
});

it('uploads what is used after it, whatever buffer of the pool it comes into', async () => {
  const before = memory().numTensors;
  // More of them than are submitted together; each gives its buffer back while it may still be waiting.
  const results = Array.from({ length: 50 }, (_, i) =>
    tidy(() => {
      const indices = tensor1d([i % 4, 3 - (i % 4)], 'int32');
      return gather(tensor1d([i, i + 0.5, i + 1, i + 1.5]), indices);
    }),
  );
  for (const [i, result] of results.entries()) {
    expect(await numbersOf(result)).toEqual([i % 4, 3 - (i % 4)].map((at) => i + at / 2));
    result.dispose();
  }
  expect(memory().numTensors).toBe(before);
});

type Shape = [number, number, number, number];

/** Grids and kernels; the kernel's channels are the grid's. */
const CONVOLUTIONS: [string, Shape, [number, number]][] = [
  ['even, 2-D', [2, 6, 10, 5], [3, 5]],
  ['odd, 2-D, of one channel', [3, 5, 9, 1], [5, 3]],
  ['of many channels', [2, 4, 7, 67], [3, 3]],
  ['1-D', [3, 1, 21, 4], [1, 7]],
  ['one tap', [2, 3, 4, 3], [1, 1]],
  ['a kernel longer than the grid', [2, 3, 4, 6], [5, 7]],
  ['a kernel as long as any that reaches over a line', [2, 1, 19, 3], [1, 37]],
  ['a kernel far wider than high', [1, 9, 11, 2], [1, 21]],
];

const depthwise = (x: Tensor4D, kernel: Tensor3D): Tensor => depthwise2d(x, kernel);
const periodic = (x: Tensor4D, kernel: Tensor3D): Tensor => periodicDepthwise2d(x, kernel);

describe('depthwise convolution', () => {
  it.each(CONVOLUTIONS)('equals slow loops, gradients included: %s', async (_, shape, taps) => {
    const [x, kernel, dy] = [draw(1, shape), draw(2, [...taps, shape[3]]), draw(3, shape)];
    const slow = slowDepthwise(x, kernel, dy.values, false);
    const { value, gradients } = await evaluate(depthwise, [x, kernel], dy);
    expect(distance(value, slow.y)).toBeLessThan(1e-5);
    expect(distance(gradients[0]!, slow.dx)).toBeLessThan(1e-5);
    expect(distance(gradients[1]!, slow.dk)).toBeLessThan(1e-5);
  });

  it('equals slow loops where it goes round', async () => {
    const [x, kernel, dy] = [draw(4, [2, 5, 6, 3]), draw(5, [3, 7, 3]), draw(6, [2, 5, 6, 3])];
    const slow = slowDepthwise(x, kernel, dy.values, true);
    const { value, gradients } = await evaluate(periodic, [x, kernel], dy);
    expect(distance(value, slow.y)).toBeLessThan(1e-5);
    expect(distance(gradients[0]!, slow.dx)).toBeLessThan(1e-5);
    expect(distance(gradients[1]!, slow.dk)).toBeLessThan(1e-5);
  });

  it.each([
    [2, 3],
    [1, 1],
    [11, 3],
  ])(
    'sums the kernel’s gradient over more rows than there are slices: %i channels, kernel %i',
    async (channels, size) => {
      const shape = [60, 9, 3, channels];
      const [x, kernel, dy] = [draw(7, shape), draw(8, [size, size, channels]), draw(9, shape)];
      const { gradients } = await evaluate(depthwise, [x, kernel], dy);
      expect(distance(gradients[1]!, slowDepthwise(x, kernel, dy.values, false).dk)).toBeLessThan(1e-5);
    },
  );

  it('compiles nothing new for another grid, kernel, batch or number of channels', async () => {
    const compiled = await compiledDuring(async () => {
      for (const [, shape, [height, width]] of CONVOLUTIONS) {
        const [batch, rows, columns, channels] = shape;
        const other = [batch + 1, rows, columns + 1, channels + 2];
        const kernel = draw(10, [height, width + 2, channels + 2]);
        await evaluate(depthwise, [draw(11, other), kernel], draw(12, other));
      }
    });
    expect(compiled).toBe(0);
  });
});

describe.each([false, true])('the product with a band, periodic %s', (periodic) => {
  it.each([
    [70, 40, 2, 5],
    [41, 33, 1, 1],
    [40, 71, 3, 4],
    [70, 2, 2, 6],
  ])('equals slow loops, gradients included: %i to %i, %i before, %i after', async (from, to, before, after) => {
    const rows = resamplingBand(from, to, Math.min(1, to / from), periodic);
    const band = bandOf(from, to, periodic);
    const [x, dy] = [draw(13, [before, from, after]), draw(14, [before, to, after])];
    const operation = (x: Tensor3D, epsilon: Tensor1D): Tensor => banded(x, band, epsilon);
    const zero = { shape: [1], values: Float32Array.of(0) };
    const { value, gradients } = await evaluate(operation, [x, zero], dy);
    band.dispose();
    const slow = slowBanded(rows, x, dy.values);
    expect(distance(value, slow.y)).toBeLessThan(1e-5);
    expect(distance(gradients[0]!, slow.dx)).toBeLessThan(1e-5);
    expect(gradients[1]![0]).toBeCloseTo(slow.slope, 2);
  });
});

it('a band’s product compiles nothing new for other sizes', async () => {
  const compiled = await compiledDuring(async () => {
    for (const [from, to] of [
      [50, 45],
      [32, 64],
    ] as const) {
      const band = bandOf(from, to, false);
      const operation = (x: Tensor3D, epsilon: Tensor1D): Tensor => banded(x, band, epsilon);
      const zero = { shape: [1], values: Float32Array.of(0) };
      await evaluate(operation, [draw(15, [2, from, 3]), zero], draw(16, [2, to, 3]));
      band.dispose();
    }
  });
  expect(compiled).toBe(0);
});

/** Batch, points, channels, taps; the transform's factors; whether it goes round. */
const LONG: [string, [number, number, number, number], number[], boolean][] = [
  ['in two stages', [2, 21, 5, 13], [6, 5], false],
  ['in three', [3, 31, 3, 25], [4, 4, 3], false],
  ['of one channel', [2, 14, 1, 9], [6, 3], false],
  ['on a ring with factors', [2, 24, 3, 13], [6, 4], true],
  ['on a ring of a prime number of points', [2, 19, 4, 9], [6, 5], true],
  ['of many lines, by a kernel longer than the sequence', [40, 13, 9, 25], [9, 3], false],
];

/** Beside slow loops; the stages are made before tensors are counted. */
async function expectLongConvolution(
  [batch, points, channels, taps]: [number, number, number, number],
  factors: number[],
  periodic: boolean,
): Promise<void> {
  const stages = new FourierStages();
  const shape = [batch, points, channels];
  const [x, kernel, dy] = [draw(31, shape), draw(32, [taps, channels]), draw(33, shape)];
  const operation = (x: Tensor3D, kernel: Tensor2D): Tensor => longConvolution(stages, x, kernel, factors, periodic);
  tidy(() => operation(...([x, kernel].map(toTensor) as [Tensor3D, Tensor2D])));
  const { value, gradients } = await evaluate(operation, [x, kernel], dy);
  stages.dispose();
  const flat = { ...x, shape: [batch, 1, points, channels] };
  const slow = slowDepthwise(flat, { ...kernel, shape: [1, taps, channels] }, dy.values, periodic);
  expect(distance(value, slow.y)).toBeLessThan(1e-5);
  expect(distance(gradients[0]!, slow.dx)).toBeLessThan(1e-5);
  expect(distance(gradients[1]!, slow.dk)).toBeLessThan(1e-5);
}

describe('the convolution by way of spectra', () => {
  it.each(LONG)('equals slow loops, gradients included: %s', async (_, sizes, factors, periodic) => {
    await expectLongConvolution(sizes, factors, periodic);
  });

  it('compiles no program of ours anew for other sizes', async () => {
    const compiled = await compiledDuring(() => expectLongConvolution([1, 26, 6, 11], [8, 5], false));
    expect(compiled).toBe(0);
  });
});

// Last, for they change the backend.
it('composed, it equals slow loops on webgl', async () => {
  await activate('webgl');
  for (const [, sizes, factors, periodic] of LONG.slice(1, 4)) await expectLongConvolution(sizes, factors, periodic);
  await activate('webgpu');
});

it('follows the composed forms', async () => {
  const rows = resamplingBand(48, 30, 30 / 48, false);
  let band = bandOf(48, 30, false);
  const [x, kernel, dy] = [draw(18, [2, 1, 48, 6]), draw(19, [1, 9, 6]), draw(20, [2, 30, 6])];
  const operation = (x: Tensor4D, kernel: Tensor3D): Tensor =>
    banded(reshape(depthwise2d(x, kernel), [2, 48, 6]), band, tensor1d([0]));
  const own = await evaluate(operation, [x, kernel], dy);
  band.dispose();
  await activate('cpu');
  expect(hasKernel(DEPTHWISE)).toBe(false);
  band = new DeviceBand(rows, rows);
  const composed = await evaluate(operation, [x, kernel], dy);
  band.dispose();
  expect(distance(own.value, composed.value)).toBeLessThan(1e-5);
  own.gradients.forEach((gradient, i) => expect(distance(gradient, composed.gradients[i]!)).toBeLessThan(1e-5));
});
