/** The kernel network: beside its equation in plain numbers, at its start, and at two resolutions. */
import { reshape, tensor, tensor1d, tensor2d, type Tensor4D } from '@tensorflow/tfjs-core';
import { afterAll, describe, expect, it } from 'vitest';
import { GENERATOR, type NetworkConfig } from '../../src/dnarch/config.ts';
import {
  generateKernel,
  generatorShapes,
  initialGenerator,
  kernelAt,
  lattice,
  type GeneratorViews,
  type GeneratorValues,
} from '../../src/dnarch/kernelNetwork.ts';
import { gaussianMask } from '../../src/dnarch/masks.ts';
import { blockKernel, kernelScales } from '../../src/dnarch/network.ts';
import { parameterLayout } from '../../src/dnarch/parameters.ts';
import { random } from '../../src/dnarch/random.ts';
import { fullParameters } from '../../src/dnarch/shapes.ts';
import { halfWidth, integerSizes } from '../../src/dnarch/sizes.ts';
import { resample, SpectralBases } from '../../src/dnarch/spectral.ts';
import { depthwise2d } from '../../src/kernels/depthwise.ts';
import { Leaf, viewOf } from '../../src/kernels/leaf.ts';
import { useBackend } from '../support/backend.ts';
import { CONFIGS } from '../support/networks.ts';
import { distance, norm, normals, numbersOf, sizeOf } from '../support/numbers.ts';

useBackend('cpu');
const bases = new SpectralBases(false);
afterAll(() => bases.dispose());

function viewsOf(values: GeneratorValues, d: number, channels: number): GeneratorViews {
  const entries = Object.entries(generatorShapes(d, channels)).map(([name, shape]) => {
    const own = values[name as keyof GeneratorValues];
    return [name, new Leaf(tensor1d(own), [own.length]).view(0, shape[1])];
  });
  return Object.fromEntries(entries) as GeneratorViews;
}

describe.each([1, 2])('the kernel network of %i axes', (d) => {
  const channels = 5;
  const taps = d === 1 ? [9] : [7, 5];
  const reach = taps.map((n) => n / 2);

  it('equals its equation at each point, for the first channels too', async () => {
    const draw = random(d, 3);
    const initial = initialGenerator(draw, d, channels, taps, taps);
    const values: GeneratorValues = { ...initial, outputBias: normals(draw, channels) };
    const points = lattice(taps, reach);
    const expected = points.map((point) => kernelAt(values, point));
    const weights = viewsOf(values, d, channels);
    const whole = generateKernel(weights, tensor2d(points), channels);
    expect(whole.shape).toEqual([sizeOf(taps), channels]);
    expect(distance(await numbersOf(whole), expected.flat())).toBeLessThan(1e-5);
    const first = generateKernel(weights, tensor2d(points), 2);
    const cropped = expected.flatMap((row) => row.slice(0, 2));
    expect(distance(await numbersOf(first), cropped)).toBeLessThan(1e-5);
  });

  it('starts with deviation 1 over its taps, below the Nyquist frequency, anew for each draw', () => {
    for (const seed of [1, 2]) {
      const values = initialGenerator(random(seed, d), d, channels, taps, taps);
      const samples = lattice(taps, reach).flatMap((point) => kernelAt(values, point));
      const mean = samples.reduce((a, b) => a + b, 0) / samples.length;
      const deviation = norm(samples.map((value) => value - mean)) / Math.sqrt(samples.length);
      expect(deviation).toBeCloseTo(1, 4);
      const columns = GENERATOR.hidden * GENERATOR.filters;
      for (let axis = 0; axis < d; axis++) {
        // A product of sines has at most the sum of their frequencies; a tap is 1/reach wide.
        let sum = 0;
        for (let filter = 0; filter < GENERATOR.filters; filter++) {
          const from = axis * columns + filter * GENERATOR.hidden;
          sum += Math.max(...values.frequency.subarray(from, from + GENERATOR.hidden).map(Math.abs));
        }
        expect(sum / (reach[axis] ?? NaN)).toBeLessThanOrEqual(Math.PI);
        expect(sum / (reach[axis] ?? NaN)).toBeGreaterThan(Math.PI / 2);
      }
    }
    const [one, other] = [1, 2].map((seed) => initialGenerator(random(seed, d), d, channels, taps, taps));
    expect(one?.phase).not.toEqual(other?.phase);
  });

  it('holds something as far out as its mask may open', () => {
    const far = taps.map((n) => 9 * n);
    const beyond = lattice(far, reach).filter((point) => point.some((x) => Math.abs(x) > 4));
    const root = (most: readonly number[]): number => {
      const samples = [1, 2, 3, 4, 5, 6].flatMap((seed) => {
        const values = initialGenerator(random(seed, d), d, channels, taps, most);
        return beyond.flatMap((point) => kernelAt(values, point));
      });
      return norm(samples) / Math.sqrt(samples.length);
    };
    expect(root(far)).toBeGreaterThan(0.1);
    expect(root(far)).toBeGreaterThan(4 * root(taps));
  });
});

describe('the taps of a kernel', () => {
  it('lie evenly around the centre, in row-major order', () => {
    expect(lattice([3], [1.5])).toEqual([[-1 / 1.5], [0], [1 / 1.5]]);
    expect(lattice([1, 3], [1, 2])).toEqual([
      [0, -0.5],
      [0, 0],
      [0, 0.5],
    ]);
  });
});

const NUMBERS = CONFIGS.filter(([, { kind, tokens }]) => kind === 'classes' && !tokens);

describe.each(NUMBERS)('a kernel at two resolutions: %s', (_, small) => {
  it('makes layers that agree on smooth input, at half the grid and at two thirds', async () => {
    const config: NetworkConfig = { ...small, grid: small.grid.map((_, axis) => 48 - 12 * axis), kernel: 25 };
    const layout = parameterLayout(config);
    const full = fullParameters(config);
    for (let axis = 0; axis < layout.dimensions; axis++) full[layout.kernel(0, axis)] = 0.95;
    const scales = kernelScales(config, full);
    const taps = config.grid.map(() => 25);
    const values = initialGenerator(random(5, 5), layout.dimensions, config.outer, taps, taps);
    // ψ itself must be smooth on the coarse grid.
    const calm = { ...values, frequency: values.frequency.map((value) => 0.25 * value) };
    const generator = viewsOf(calm, layout.dimensions, config.outer);

    const layerAt = async (cut: number): Promise<number[]> => {
      const parameters = full.slice();
      for (let axis = 0; axis < layout.dimensions; axis++) parameters[layout.resolution(0, axis)] = cut;
      const sizes = integerSizes(config, parameters);
      const { grid = [], kernel: taps = [] } = sizes.blocks[0] ?? {};
      const masks = taps.map((n, axis) => {
        const half = halfWidth(config, full[layout.kernel(0, axis)] ?? NaN, axis, grid[axis] ?? NaN);
        return viewOf(tensor1d(gaussianMask(half, n).values));
      });
      const kernel = blockKernel({ config, sizes, scales }, 0, generator, masks, config.outer);
      const [height = 1, width = 1] = grid.length === 1 ? [1, ...grid] : grid;
      const image = smoothImage(grid, config.outer);
      const flat: Tensor4D = reshape(image, [1, height, width, config.outer]);
      const layer = depthwise2d(flat, kernel);
      const fine = resample(
        bases,
        reshape(layer, [1, ...grid, config.outer]),
        config.grid.map((to) => ({ to, mask: null, plan: 'factored' })),
      );
      return numbersOf(fine);
    };
    const fine = await layerAt(1);
    expect(distance(await layerAt(0.5), fine)).toBeLessThan(0.04);
    expect(distance(await layerAt(2 / 3), fine)).toBeLessThan(0.02);
  });
});

/** Low cosines along each axis, another mixture in each channel. */
function smoothImage(grid: readonly number[], channels: number) {
  const wave = (n: number, c: number, axis: number): number[] =>
    Array.from({ length: n }, (_, i) => 0.7 + Math.cos((Math.PI * (i + 0.5) * (1 + ((c + axis) % 2))) / n));
  const values = grid.reduce<number[][]>(
    (rows, n, axis) =>
      rows.flatMap((row) =>
        Array.from({ length: n }, (_, i) => row.map((value, c) => value * (wave(n, c, axis)[i] ?? NaN))),
      ),
    [new Array<number>(channels).fill(1)],
  );
  return tensor(values.flat(), [1, ...grid, channels]);
}
