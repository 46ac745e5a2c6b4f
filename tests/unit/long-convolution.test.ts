/** Convolutions by way of spectra, beside their definition and beside direct ones, gradients included. */
import {
  grads,
  memory,
  reshape,
  tensor2d,
  tensor3d,
  tidy,
  type Tensor2D,
  type Tensor3D,
  type Tensor,
} from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { random } from '../../src/dnarch/random.ts';
import { depthwise2d } from '../../src/kernels/depthwise.ts';
import { FourierStages, lengthOf } from '../../src/kernels/fourierStages.ts';
import { longConvolution } from '../../src/kernels/longConvolution.ts';
import { periodicDepthwise2d } from '../../src/kernels/periodic.ts';
import { switchBackend } from '../support/backend.ts';
import { distance, normals, numbersOf } from '../support/numbers.ts';
import { slowDepthwise } from '../support/slow.ts';

type Convolution = (x: Tensor3D, kernel: Tensor2D) => Tensor3D;

interface Case {
  readonly batch: number;
  readonly points: number;
  readonly channels: number;
  readonly taps: number;
}

const stages: FourierStages[] = [];
afterEach(() => {
  for (const own of stages.splice(0)) own.dispose();
});

function spectral(factors: readonly number[], periodic: boolean): Convolution {
  const own = new FourierStages();
  stages.push(own);
  return (x, kernel) => longConvolution(own, x, kernel, factors, periodic);
}

function direct(periodic: boolean): Convolution {
  return (x, kernel) => {
    const [batch, points, channels] = x.shape;
    const y = (periodic ? periodicDepthwise2d : depthwise2d)(
      reshape(x, [batch, 1, points, channels]),
      reshape(kernel, [1, kernel.shape[0], channels]),
    );
    return reshape(y, x.shape);
  };
}

function inputsOf({ batch, points, channels, taps }: Case) {
  const draw = random(points + taps, 91);
  return {
    x: normals(draw, batch * points * channels),
    kernel: normals(draw, taps * channels),
    dy: normals(draw, batch * points * channels),
  };
}

/** The value and both gradients. */
async function evaluate(convolution: Convolution, of: Case) {
  const { batch, points, channels, taps } = of;
  const { x, kernel, dy } = inputsOf(of);
  const shape: [number, number, number] = [batch, points, channels];
  const found = tidy((): Tensor[] => {
    const inputs = [tensor3d(x, shape), tensor2d(kernel, [taps, channels])] as const;
    const gradients = grads((a, b) => convolution(a as Tensor3D, b as Tensor2D))([...inputs], tensor3d(dy, shape));
    return [convolution(...inputs), ...gradients];
  });
  const [y = [], dx = [], dk = []] = await Promise.all(found.map(numbersOf));
  for (const tensor of found) tensor.dispose();
  return { y, dx, dk };
}

function expectAlike(
  found: Awaited<ReturnType<typeof evaluate>>,
  expected: Record<'y' | 'dx' | 'dk', ArrayLike<number>>,
) {
  expect(distance(found.y, expected.y)).toBeLessThan(1e-5);
  expect(distance(found.dx, expected.dx)).toBeLessThan(1e-5);
  expect(distance(found.dk, expected.dk)).toBeLessThan(1e-5);
}

describe.each(['cpu', 'wasm'] as const)('on %s', (backend) => {
  beforeAll(() => switchBackend(backend));

  it.each<[string, Case, number[], boolean]>([
    ['in one stage', { batch: 2, points: 9, channels: 4, taps: 5 }, [11], false],
    ['in two', { batch: 2, points: 21, channels: 4, taps: 13 }, [6, 5], false],
    ['in three', { batch: 3, points: 31, channels: 5, taps: 25 }, [4, 4, 3], false],
    ['with an odd first factor', { batch: 2, points: 20, channels: 4, taps: 11 }, [5, 5], false],
    ['with more zeros than it needs', { batch: 1, points: 17, channels: 6, taps: 7 }, [8, 8], false],
    ['of a prime number of points', { batch: 2, points: 23, channels: 7, taps: 11 }, [7, 4], false],
    ['by a kernel as long as the sequence', { batch: 2, points: 15, channels: 4, taps: 15 }, [6, 4], false],
    ['by one that is as long as can be', { batch: 2, points: 12, channels: 4, taps: 23 }, [6, 4], false],
    ['by one that is longer than that', { batch: 2, points: 7, channels: 4, taps: 21 }, [4, 4], false],
    ['by one tap', { batch: 2, points: 14, channels: 4, taps: 1 }, [4, 4], false],
    ['of one channel', { batch: 3, points: 14, channels: 1, taps: 9 }, [6, 3], false],
    ['of one point', { batch: 2, points: 1, channels: 4, taps: 3 }, [2, 2], false],
    ['on a ring with factors', { batch: 2, points: 24, channels: 4, taps: 13 }, [6, 4], true],
    ['on a ring with three', { batch: 2, points: 36, channels: 4, taps: 35 }, [4, 3, 3], true],
    ['on a ring, by a kernel that goes round', { batch: 2, points: 15, channels: 4, taps: 21 }, [5, 3], true],
    ['on a ring, by an even longer one', { batch: 2, points: 12, channels: 4, taps: 25 }, [4, 3], true],
    ['on a ring of a prime number of points', { batch: 2, points: 19, channels: 4, taps: 9 }, [6, 5], true],
    ['on a ring, by one tap', { batch: 2, points: 13, channels: 4, taps: 1 }, [4, 4], true],
    ['on a ring of one channel', { batch: 2, points: 18, channels: 1, taps: 7 }, [6, 3], true],
  ])('a convolution %s equals its definition, and a direct one', async (_, of, factors, periodic) => {
    const { batch, points, channels, taps } = of;
    const { x, kernel, dy } = inputsOf(of);
    const found = await evaluate(spectral(factors, periodic), of);
    expectAlike(
      found,
      slowDepthwise(
        { shape: [batch, 1, points, channels], values: x },
        { shape: [1, taps, channels], values: kernel },
        dy,
        periodic,
      ),
    );
    expectAlike(found, await evaluate(direct(periodic), of));
  });

  it('is exact to rounding where the sequence is long', async () => {
    const of = { batch: 1, points: 700, channels: 4, taps: 701 };
    for (const factors of [
      [44, 24],
      [22, 7, 7],
    ]) {
      expect(lengthOf(factors)).toBeGreaterThanOrEqual(1050);
      const found = await evaluate(spectral(factors, false), of);
      expectAlike(found, await evaluate(direct(false), of));
    }
  });

  it('leaves no tensors behind, and makes its matrices once', async () => {
    const before = memory().numTensors;
    const own = spectral([6, 5], false);
    const of = { batch: 2, points: 21, channels: 4, taps: 13 };
    await evaluate(own, of);
    const kept = memory().numTensors;
    await evaluate(own, of);
    expect(memory().numTensors).toBe(kept);
    stages.pop()?.dispose();
    expect(memory().numTensors).toBe(before);
  });
});
