/**
 * A sample on its way through the network, for looking at it.
 *
 * Training samples go along: BatchNorm's moments are theirs alone, as in an evaluation, so that what the network answers is
 * not swayed by the sample itself.
 */
import { mul, reshape, slice, square, tensor1d, tidy, transpose } from '@tensorflow/tfjs-core';
import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import { fixedNorm, maskedAffine, moments } from '../kernels/normalisation.ts';
import { columnSums, product } from '../kernels/products.ts';
import { readAndDispose } from '../kernels/reading.ts';
import { pointsOf } from './config.ts';
import { maskLeaf } from './maskPack.ts';
import { forward, type Stream } from './network.ts';
import type { SpectralBases } from './spectral.ts';
import { inputTensor, type Batch, type Training } from './training.ts';
import { weightLeaf } from './weights.ts';

/** Samples that the spectra are means over, at most; the one looked at is the first of them. */
const SPECTRUM_SAMPLES = 4;

export interface ProbedBlock {
  readonly block: number;
  /** The stream after the block, of the sample looked at: `[...grid, channels]`, the first channels of it. */
  readonly grid: readonly number[];
  readonly channels: number;
  readonly values: Float32Array;
  /** Of the stream that the block gets: mean squared coefficients (of the DCT-II, on rings of the Fourier series) along each axis, from the constant one on. */
  readonly power: readonly Float32Array[];
}

export interface ProbedNetwork {
  readonly blocks: readonly ProbedBlock[];
  /** `[outputs]`, or `[...grid, outputs]` for dense prediction. */
  readonly logits: Float32Array;
}

/** One forward pass of the first sample of `looked` beside `others`, at most `most` channels; read asynchronously, all at once. */
export async function probeNetwork(
  training: Training,
  looked: Batch,
  others: Batch,
  most: number,
): Promise<ProbedNetwork> {
  const { config, bases } = training;
  const batch = 1 + others.size;
  const blocks: { block: number; grid: readonly number[]; channels: number; axes: number }[] = [];
  const parts = tidy(() => {
    const seen: Tensor[] = [];
    const context = training.forwardContext((_, x, views) => {
      const own = x.shape[0] / batch;
      return fixedNorm(x, moments(slice(x, [own, 0])), maskedAffine(views));
    });
    const observe = (block: number, before: Stream, after: Stream): void => {
      const channels = Math.min(most, after.x.shape[1]);
      blocks.push({ block, grid: after.grid, channels, axes: before.grid.length });
      seen.push(slice(after.x, [0, 0], [pointsOf(after.grid), channels]));
      seen.push(...before.grid.map((_, axis) => power(bases, before, axis)));
    };
    const each = others.inputs.length / others.size;
    const inputs = new Float32Array(batch * each);
    inputs.set(looked.inputs.subarray(0, each));
    inputs.set(others.inputs, each);
    const input = inputTensor(config, inputs);
    const masks = maskLeaf(context.pack, tensor1d(context.pack.values));
    const logits = forward({ ...context, observe }, weightLeaf(training.layout, training.weights), masks, input);
    return [...seen, slice(logits, [0, 0], [logits.shape[0] / batch, config.outputs])];
  });
  const read = await readAndDispose(parts);
  const next = (): Float32Array => read.shift() ?? new Float32Array();
  return {
    blocks: blocks.map(({ axes, ...own }) => ({ ...own, values: next(), power: Array.from({ length: axes }, next) })),
    logits: next(),
  };
}

/** Mean squared coefficients of the basis along one axis of the first samples: over them, the channels and the other axis. */
function power(bases: SpectralBases, { x, grid }: Stream, axis: number): Tensor1D {
  const [rows, channels] = x.shape;
  const points = pointsOf(grid);
  const samples = Math.min(SPECTRUM_SAMPLES, rows / points);
  const size = grid[axis] ?? 1;
  const after = channels * pointsOf(grid.slice(axis + 1));
  // As [what is before the axis, the axis, what is after it].
  const stream = reshape(slice(x, [0, 0], [samples * points, channels]), [-1, size, after]);
  const lines: Tensor2D = reshape(transpose(stream, [0, 2, 1]), [-1, size]);
  const coefficients = product(lines, bases.get(size, size).analysis);
  return reshape(mul(columnSums(square(coefficients)), 1 / lines.shape[0]), [size]);
}
