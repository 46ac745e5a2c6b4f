/**
 * The network written straight from its equations, slowly and in double precision, with nothing cropped: every block
 * that is run has all its channels, all the taps and all the frequencies, and what lies under a mask's threshold is
 * there as a zero. BatchNorm has the batch's own moments.
 */
import { BAND, LONGEST_EXACT } from '../../src/architecture/cost.ts';
import { DEPTH_TEMPERATURE, TEMPERATURE, type NetworkConfig } from '../../src/dnarch/config.ts';
import { generatorShapes, kernelAt, type GeneratorValues } from '../../src/dnarch/kernelNetwork.ts';
import { sigmoidMaskAt, THRESHOLD_SIGMAS } from '../../src/dnarch/masks.ts';
import type { KernelScale } from '../../src/dnarch/network.ts';
import { parameterLayout } from '../../src/dnarch/parameters.ts';
import { integerSizes } from '../../src/dnarch/sizes.ts';
import type { WeightLayout } from '../../src/dnarch/weights.ts';
import type { Batch } from '../../src/dnarch/training.ts';
import { sizeOf, range } from './numbers.ts';

/** A sample's stream: `[point][channel]`. */
export type Stream = number[][];

/** Sigmoid mask of all entries, zero beyond those kept. */
function maskOf(cut: number, temperature: number, total: number, kept: number): number[] {
  return range(total).map((i) => (i < kept ? sigmoidMaskAt((i + 0.5) / total, cut, temperature) : 0));
}

export interface Reference {
  readonly config: NetworkConfig;
  readonly parameters: Float64Array;
  readonly layout: WeightLayout;
  readonly weights: ArrayLike<number>;
  readonly scales: readonly KernelScale[];
}

/** The network's logits, row after row; `observe` is shown the streams, one a sample, before and after each block. */
export function referenceLogits(
  { config, parameters, layout, weights, scales }: Reference,
  batch: Batch,
  observe?: (block: number, before: Stream[], after: Stream[]) => void,
): number[] {
  const named = (name: string): number[] => {
    const entry = layout.entries.find((candidate) => candidate.name === name);
    if (entry === undefined) throw new Error(`There is no weight named ${name}.`);
    return Array.from({ length: entry.size }, (_, i) => weights[entry.offset + i] ?? NaN);
  };
  const at = (index: number): number => parameters[index] ?? NaN;
  const owner = parameterLayout(config);
  const sizes = integerSizes(config, parameters);
  const { inner, outer, channels, outputs } = config;
  const points = sizeOf(config.grid);

  const firstWidth = sizes.blocks[0]?.outer ?? 0;
  let streams: Stream[] = range(batch.size).map((n) =>
    range(points).map((point) => {
      const from = (n * points + point) * (config.tokens ? 1 : channels);
      // A token is the row of its own number, as if it came in as all zeros but for a one there.
      const pixel = config.tokens
        ? range(channels).map((token) => (token === batch.inputs[from] ? 1 : 0))
        : [...batch.inputs.subarray(from, from + channels)];
      return crop(multiply(pixel, named('lift'), outer), firstWidth);
    }),
  );
  let grid: readonly number[] = config.grid;
  let streamMask = maskOf(at(owner.outer(0)), TEMPERATURE, outer, firstWidth);

  for (const [index, size] of sizes.blocks.slice(0, sizes.kept).entries()) {
    const before = streams;
    for (const [axis, to] of size.grid.entries()) {
      if (size.resampled[axis] !== true) continue;
      const from = grid[axis] ?? 0;
      const mask = maskOf(at(owner.resolution(index, axis)), TEMPERATURE, from, to);
      const matrix = resamplingMatrix(config, from, to, mask);
      streams = streams.map((stream) => resampleAxis(stream, grid, axis, matrix));
      grid = grid.with(axis, to);
    }
    const normed = normalise(streams, named(`${index}.scale`), named(`${index}.shift`), streamMask);
    const scale = scales[index];
    if (scale === undefined) throw new Error(`Block ${index} has no scale.`);
    const generator = Object.fromEntries(
      Object.keys(generatorShapes(grid.length, outer)).map((name) => [
        name,
        Float32Array.from(named(`${index}.${name}`)),
      ]),
    ) as GeneratorValues;
    const kernel = kernelOf(config, generator, scale, grid, size.kernel, (axis) => at(owner.kernel(index, axis)));
    const innerMask = maskOf(at(owner.inner(index)), TEMPERATURE, inner, size.inner);
    const gate = sigmoidMaskAt((index + 0.5) / config.blocks, at(owner.depth), DEPTH_TEMPERATURE * config.blocks);
    streams = normed.map((sample, n) =>
      convolve(config, sample, grid, kernel).map((point, i) => {
        const mixed = affine(point, named(`${index}.mix1`), named(`${index}.bias1`));
        const hidden = mixed.map((value, c) => ((innerMask[c] ?? 0) * value) / (1 + Math.exp(-1.702 * value)));
        const branch = multiply(hidden, named(`${index}.mix2`), outer);
        const shortcut = streams[n]?.[i] ?? [];
        return crop(
          branch.map((value, c) => (shortcut[c] ?? NaN) + gate * value),
          size.outer,
        );
      }),
    );
    streamMask = maskOf(at(owner.outer(index)), TEMPERATURE, outer, size.outer);
    observe?.(index, before, streams);
  }

  const normed = normalise(streams, named('scale'), named('shift'), streamMask);
  const head = (point: number[]): number[] => affine(point, named('head'), named('headBias'));
  if (config.kind === 'classes') {
    return normed.flatMap((sample) =>
      head(range(outer).map((c) => sample.reduce((sum, point) => sum + (point[c] ?? NaN), 0) / sample.length)),
    );
  }
  return normed.flatMap((sample) => {
    let stream = sample;
    let coarse = grid;
    for (const [axis, to] of config.grid.entries()) {
      const from = coarse[axis] ?? 0;
      const open = range(from).map(() => 1);
      stream = resampleAxis(stream, coarse, axis, resamplingMatrix(config, from, to, open));
      coarse = coarse.with(axis, to);
    }
    // Upsampled before the head here, after it there: the two commute.
    return stream.map((point) => head(point).slice(0, outputs)).flat();
  });
}

function crop(point: number[], kept: number): number[] {
  return point.map((value, c) => (c < kept ? value : 0));
}

/** x·matrix, with `columns` of them. */
function multiply(x: readonly number[], matrix: readonly number[], columns: number): number[] {
  return affine(x, matrix, new Array<number>(columns).fill(0));
}

function affine(x: readonly number[], matrix: readonly number[], bias: readonly number[]): number[] {
  return bias.map((b, o) => x.reduce((sum, value, i) => sum + value * (matrix[i * bias.length + o] ?? NaN), b));
}

/** Masked (x − mean)/√(variance + ε)·scale + shift, with moments over all samples and points. */
function normalise(streams: Stream[], scale: number[], shift: number[], mask: number[]): Stream[] {
  const rows = streams.flat();
  const mean = scale.map((_, c) => rows.reduce((sum, row) => sum + (row[c] ?? NaN), 0) / rows.length);
  const variance = mean.map((m, c) => rows.reduce((sum, row) => sum + ((row[c] ?? NaN) - m) ** 2, 0) / rows.length);
  return streams.map((stream) =>
    stream.map((point) =>
      point.map((value, c) => {
        const standard = (value - (mean[c] ?? NaN)) / Math.sqrt((variance[c] ?? NaN) + 1e-5);
        return (mask[c] ?? NaN) * (standard * (scale[c] ?? NaN) + (shift[c] ?? NaN));
      }),
    ),
  );
}

/** The whole series of a line of `from` points, masked, on `to` points: `[to][from]`. */
function resamplingMatrix({ periodic }: NetworkConfig, from: number, to: number, mask: number[]): number[][] {
  if (from > LONGEST_EXACT) return bandMatrix(periodic, from, to, mask);
  const part = periodic ? fourierPart : cosinePart;
  return range(to).map((i) => range(from).map((j) => part(i / to, j / from, from, to, mask)));
}

/**
 * The BAND entries of each row about its centre, from the sum over waves of what depends on the distance alone; on the line that
 * goes on as a mirror image, or as it begins. Rows add up to one.
 */
function bandMatrix(periodic: boolean, from: number, to: number, own: number[]): number[][] {
  const mask = to < from ? own : maskOf(1, TEMPERATURE, from, from);
  const weight = (index: number): number => mask[index] ?? 0;
  const wave = (k: number, distance: number): number => {
    const cosine = Math.cos(((periodic ? 2 : 1) * Math.PI * k * distance) / from);
    return (periodic ? weight(2 * k - 1) + weight(2 * k) : weight(k)) * cosine;
  };
  const waves = range(periodic ? Math.floor(from / 2) : from - 1).map((k) => k + 1);
  return range(to).map((i) => {
    const centre = periodic ? (i * from) / to : ((i + 0.5) * from) / to - 0.5;
    const row = new Array<number>(from).fill(0);
    for (const w of range(BAND)) {
      const n = Math.floor(centre) - BAND / 2 + 1 + w;
      const g = waves.reduce((sum, k) => sum + wave(k, centre - n), weight(0) / (periodic ? 1 : 2));
      const seen = n < 0 ? -1 - n : n >= from ? 2 * from - 1 - n : n;
      const j = periodic ? (n + from) % from : seen;
      row[j] = (row[j] ?? 0) + g;
    }
    const sum = row.reduce((a, b) => a + b, 0);
    return row.map((entry) => entry / sum);
  });
}

/** What a one at `y` of `from` points brings to `x` of `to` points, both in [0, 1), by the cosines that are masked. */
function cosinePart(x: number, y: number, from: number, to: number, mask: number[]): number {
  return mask.reduce((sum, m, k) => {
    const [there, here] = [x + 0.5 / to, y + 0.5 / from].map((at) => Math.cos(Math.PI * k * at)) as [number, number];
    return sum + ((m * (k === 0 ? 1 : 2)) / from) * there * here;
  }, 0);
}

/**
 * The same by complex exponentials: the coefficient of wave w is e^(−2πiwy)/from, that of −w its conjugate. The constant comes
 * first in the mask, then each wave's real and imaginary part.
 */
function fourierPart(x: number, y: number, from: number, _: number, mask: number[]): number {
  const [constant = NaN, ...parts] = mask;
  return range(Math.floor(from / 2)).reduce((sum, before) => {
    const w = before + 1;
    const [realMask = 0, imaginaryMask = 0] = parts.slice(2 * before, 2 * before + 2);
    const [here, there] = [-2 * Math.PI * w * y, 2 * Math.PI * w * x];
    const [real, imaginary] = [(realMask * Math.cos(here)) / from, (imaginaryMask * Math.sin(here)) / from];
    const one = real * Math.cos(there) - imaginary * Math.sin(there);
    // Where w and −w are the same wave on these points, there is no other one.
    return sum + (2 * w === from ? one : 2 * one);
  }, constant / from);
}

/** Every line along one axis, times the matrix. */
function resampleAxis(stream: Stream, grid: readonly number[], axis: number, matrix: number[][]): Stream {
  const from = grid[axis] ?? 0;
  const after = sizeOf(grid.slice(axis + 1));
  const before = sizeOf(grid.slice(0, axis));
  const width = stream[0]?.length ?? 0;
  return range(before).flatMap((outside) =>
    matrix.flatMap((row) =>
      range(after).map((inside) =>
        range(width).map((c) =>
          row.reduce((sum, entry, j) => {
            const value = stream[(outside * from + j) * after + inside]?.[c] ?? NaN;
            return sum + entry * value;
          }, 0),
        ),
      ),
    ),
  );
}

interface Tap {
  readonly offset: readonly number[];
  readonly values: readonly number[];
}

/** ψ on every tap from one border of the grid to the other, times a mask that is zero beyond the taps kept. */
function kernelOf(
  config: NetworkConfig,
  generator: GeneratorValues,
  scale: KernelScale,
  grid: readonly number[],
  taps: readonly number[],
  extent: (axis: number) => number,
): Tap[] {
  const offsets = grid.reduce<number[][]>(
    (all, n) => all.flatMap((offset) => range(2 * n - 1).map((i) => [...offset, i - (n - 1)])),
    [[]],
  );
  const startPoints = sizeOf(scale.grid);
  return offsets.map((offset) => {
    let mask = (scale.amplitude * startPoints) / sizeOf(grid);
    const point = offset.map((u, axis) => {
      const ratio = (grid[axis] ?? NaN) / (config.grid[axis] ?? NaN);
      const sigma = (extent(axis) * config.kernel * ratio) / 2 / THRESHOLD_SIGMAS;
      mask *= Math.abs(u) <= ((taps[axis] ?? 0) - 1) / 2 ? Math.exp(-(u * u) / (2 * sigma * sigma)) : 0;
      return u / ((scale.reach[axis] ?? NaN) * ratio);
    });
    const values = mask === 0 ? range(config.outer).map(() => 0) : kernelAt(generator, point);
    return { offset, values: values.map((value) => mask * value) };
  });
}

function convolve(
  { periodic }: NetworkConfig,
  stream: Stream,
  grid: readonly number[],
  kernel: readonly Tap[],
): Stream {
  const [height = 1, width = 1] = grid.length === 1 ? [1, ...grid] : grid;
  const channels = stream[0]?.length ?? 0;
  const nothing = new Array<number>(channels).fill(0);
  const at = (i: number, j: number): number[] => {
    const [row, column] = periodic ? [(i + height) % height, (j + width) % width] : [i, j];
    const isInside = row >= 0 && row < height && column >= 0 && column < width;
    return isInside ? (stream[row * width + column] ?? []) : nothing;
  };
  return stream.map((_, point) => {
    const [i, j] = [Math.floor(point / width), point % width];
    const sum = [...nothing];
    for (const { offset, values } of kernel) {
      const [u = 0, v = 0] = offset.length === 1 ? [0, ...offset] : offset;
      const from = at(i + u, j + v);
      for (let c = 0; c < channels; c++) sum[c] = (sum[c] ?? 0) + (values[c] ?? NaN) * (from[c] ?? NaN);
    }
    return sum;
  });
}
