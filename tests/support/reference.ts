/**
 * The network written straight from its equations, slowly and in double precision, with nothing cropped: every block
 * that is run has all its channels, all the taps and all the frequencies, and what lies under a mask's threshold is
 * there as a zero. BatchNorm has the batch's own moments.
 */
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
      const from = (n * points + point) * channels;
      const pixel = [...batch.inputs.subarray(from, from + channels)];
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
      streams = streams.map((stream) => resampleAxis(stream, grid, axis, to, mask));
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
      convolve(sample, grid, kernel).map((point, i) => {
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
      stream = resampleAxis(
        stream,
        coarse,
        axis,
        to,
        range(from).map(() => 1),
      );
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

/** The whole cosine series of each line, masked, on the points of the new grid. */
function resampleAxis(stream: Stream, grid: readonly number[], axis: number, to: number, mask: number[]): Stream {
  const from = grid[axis] ?? 0;
  const after = sizeOf(grid.slice(axis + 1));
  const before = sizeOf(grid.slice(0, axis));
  const width = stream[0]?.length ?? 0;
  const matrix = range(to).map((i) =>
    range(from).map((j) =>
      mask.reduce((sum, m, k) => {
        const wave = (position: number, n: number): number => Math.cos((Math.PI * (position + 0.5) * k) / n);
        return sum + ((m * (k === 0 ? 1 : 2)) / from) * wave(i, to) * wave(j, from);
      }, 0),
    ),
  );
  return range(before).flatMap((outside) =>
    range(to).flatMap((i) =>
      range(after).map((inside) =>
        range(width).map((c) =>
          range(from).reduce((sum, j) => {
            const value = stream[(outside * from + j) * after + inside]?.[c] ?? NaN;
            return sum + (matrix[i]?.[j] ?? NaN) * value;
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

function convolve(stream: Stream, grid: readonly number[], kernel: readonly Tap[]): Stream {
  const [height = 1, width = 1] = grid.length === 1 ? [1, ...grid] : grid;
  const channels = stream[0]?.length ?? 0;
  return stream.map((_, point) => {
    const [i, j] = [Math.floor(point / width), point % width];
    const sum = new Array<number>(channels).fill(0);
    for (const { offset, values } of kernel) {
      const [u = 0, v = 0] = offset.length === 1 ? [0, ...offset] : offset;
      if (i + u < 0 || i + u >= height || j + v < 0 || j + v >= width) continue;
      const from = stream[(i + u) * width + j + v] ?? [];
      for (let c = 0; c < channels; c++) sum[c] = (sum[c] ?? 0) + (values[c] ?? NaN) * (from[c] ?? NaN);
    }
    return sum;
  });
}
