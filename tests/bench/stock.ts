/**
 * The same network in the operations that TF.js comes with, composed as its documentation shows: moments, batch
 * normalisation by hand, depthwiseConv2d, GELU from a sigmoid, matMul, its own gradients and its own Adam. It does
 * without gradient clipping and weight decay, and where sizes are fixed masks only touch weights, which is to its advantage.
 */
import '@tensorflow/tfjs-core/dist/register_all_gradients';
import * as tf from '@tensorflow/tfjs-core';
import { DEPTH_TEMPERATURE, GENERATOR, TEMPERATURE } from '../../src/dnarch/config.ts';
import { THRESHOLD_LOGIT, THRESHOLD_SIGMAS } from '../../src/dnarch/masks.ts';
import { analysisBasis, synthesisBasis } from '../../src/dnarch/spectral.ts';
import type { Contestant } from './contestant.ts';
import { RATE } from './ours.ts';
import { twinOf, type Matrix, type Twin, type TwinBlock } from './twin.ts';
import { noise, type Workload } from './workloads.ts';

type Weights = Readonly<Record<string, tf.Variable>>;

const constant = ({ values, shape }: Matrix): tf.Tensor => tf.tensor(values, [...shape]);

/** Over the first `kept` of `total` entries. */
function sigmoidMask(cut: tf.Tensor, temperature: number, total: number, kept: number): tf.Tensor1D {
  const x = tf.tensor1d(Float32Array.from({ length: kept }, (_, i) => (i + 0.5) / total));
  return tf.sigmoid(tf.sub(tf.mul(tf.sub(cut, x), temperature), THRESHOLD_LOGIT));
}

/** Over the taps of an axis. */
function gaussianMask(extent: tf.Tensor, halfWidth: number, taps: number): tf.Tensor1D {
  const x = tf.tensor1d(Float32Array.from({ length: taps }, (_, i) => (i - (taps - 1) / 2) * THRESHOLD_SIGMAS));
  return tf.exp(tf.mul(tf.square(tf.div(x, tf.mul(extent, halfWidth))), -0.5));
}

/** The kernel network: a product of Gabor filters, mixed in between. */
function generate(w: Weights, block: number, points: tf.Tensor): tf.Tensor2D {
  const of = (name: string): tf.Variable => w[`${block}.${name}`]!;
  const { hidden, filters } = GENERATOR;
  const axes = points.shape[1] ?? 1;
  let exponent: tf.Tensor | null = null;
  for (let axis = 0; axis < axes; axis++) {
    const coordinate = tf.slice(points, [0, axis], [-1, 1]);
    const steepness = tf.slice(of('steepness'), [axis, 0], [1, -1]);
    const centre = tf.slice(of('centre'), [axis, 0], [1, -1]);
    const distance = tf.square(tf.sub(tf.mul(coordinate, steepness), centre));
    exponent = exponent === null ? distance : tf.add(exponent, distance);
  }
  const phases = tf.add(tf.matMul(points, of('frequency')), of('phase'));
  const gabor = tf.split(tf.mul(tf.exp(tf.mul(exponent!, -0.5)), tf.sin(phases)), filters, 1);
  let h = gabor[0]!;
  for (let l = 1; l < filters; l++) {
    const mixing = tf.slice(of('mixing'), [(l - 1) * hidden, 0], [hidden, -1]);
    const bias = tf.slice(of('mixingBias'), [l - 1, 0], [1, -1]);
    h = tf.mul(gabor[l]!, tf.add(tf.matMul(h, mixing), bias));
  }
  return tf.add(tf.matMul(h, of('output')), of('outputBias'));
}

function normalise(x: tf.Tensor, scale: tf.Tensor, shift: tf.Tensor): tf.Tensor {
  const { mean, variance } = tf.moments(x, 0);
  return tf.add(tf.mul(tf.div(tf.sub(x, mean), tf.sqrt(tf.add(variance, 1e-5))), scale), shift);
}

const gelu = (x: tf.Tensor): tf.Tensor => tf.mul(x, tf.sigmoid(tf.mul(x, 1.702)));

type Cut = (index: number) => tf.Tensor;

/** To the spectrum, masked, and back on the new grid, axis by axis. */
function resample(x: tf.Tensor, { size, from, cuts }: TwinBlock, cut: Cut, batch: number, bases: Bases): tf.Tensor {
  const channels = x.shape[1] ?? 1;
  let grid = [...from];
  let y = tf.reshape(x, [batch, ...grid, channels]);
  for (const [axis, to] of size.grid.entries()) {
    if (size.resampled[axis] !== true) continue;
    const rank = y.rank;
    const order = Array.from({ length: rank }, (_, i) => i).filter((i) => i !== axis + 1);
    const back = Array.from({ length: rank }, (_, i) => (i === axis + 1 ? rank - 1 : order.indexOf(i)));
    const entries = grid[axis] ?? to;
    const { analysis, synthesis } = bases(entries, to);
    const mask = sigmoidMask(cut(cuts.resolution[axis] ?? 0), TEMPERATURE, entries, Math.min(entries, to));
    const lines = tf.reshape(tf.transpose(y, [...order, axis + 1]), [-1, entries]);
    const spectrum = tf.mul(tf.matMul(lines, analysis), mask);
    grid = grid.with(axis, to);
    const shape = [...order.map((i) => y.shape[i] ?? 1), to];
    y = tf.transpose(tf.reshape(tf.matMul(spectrum, synthesis), shape), back);
  }
  return tf.reshape(y, [-1, channels]);
}

type Bases = (from: number, to: number) => { readonly analysis: tf.Tensor2D; readonly synthesis: tf.Tensor2D };

/** The bases, made once. */
function keptBases(): Bases {
  const made = new Map<string, ReturnType<Bases>>();
  return (from, to) => {
    const key = `${from}>${to}`;
    const kept = Math.min(from, to);
    const pair = made.get(key) ?? {
      analysis: tf.keep(tf.tensor2d(analysisBasis(from, kept), [from, kept])),
      synthesis: tf.keep(tf.tensor2d(synthesisBasis(kept, to), [kept, to])),
    };
    made.set(key, pair);
    return pair;
  };
}

interface Inputs {
  readonly twin: Twin;
  readonly w: Weights;
  readonly cut: Cut;
  readonly learned: boolean;
  readonly input: tf.Tensor;
  readonly bases: Bases;
  /** Coordinates of each block's taps. */
  readonly points: readonly tf.Tensor[];
}

function logits({ twin, w, cut, learned, input, bases, points }: Inputs): tf.Tensor {
  const { config, blocks, sizes } = twin;
  let x = tf.matMul(tf.reshape(input, [-1, config.channels]), w['lift']!);
  const gates = sigmoidMask(cut(twin.depth), DEPTH_TEMPERATURE * config.blocks, config.blocks, sizes.kept);
  const widthMask = (index: number, most: number, kept: number) => sigmoidMask(cut(index), TEMPERATURE, most, kept);
  const first = blocks[0]!;
  let mask = widthMask(first.cuts.outer, config.outer, first.width);
  /** Learned masks multiply what they mask, as in the papers; fixed ones are taken into the weights. */
  const norm = (name: string, x: tf.Tensor): tf.Tensor => {
    const [scale, shift] = [w[`${name}scale`]!, w[`${name}shift`]!];
    return learned ? tf.mul(normalise(x, scale, shift), mask) : normalise(x, tf.mul(scale, mask), tf.mul(shift, mask));
  };
  for (const [index, block] of blocks.entries()) {
    const { size, width, cuts, halfWidths } = block;
    x = resample(x, block, cut, config.batch, bases);
    let kernel = tf.mul(generate(w, index, points[index]!), block.gain);
    const windows = size.kernel.map((taps, axis) =>
      gaussianMask(cut(cuts.kernel[axis] ?? 0), halfWidths[axis] ?? 1, taps),
    );
    const [height, taps] =
      size.kernel.length === 1 ? [1, size.kernel[0] ?? 1] : [size.kernel[0] ?? 1, size.kernel[1] ?? 1];
    const across = tf.reshape(windows.at(-1)!, [1, taps]);
    const window = windows.length === 1 ? across : tf.mul(tf.reshape(windows[0]!, [height, 1]), across);
    kernel = tf.mul(kernel, tf.reshape(window, [-1, 1]));
    const [rows, columns] = size.grid.length === 1 ? [1, size.grid[0] ?? 1] : [size.grid[0] ?? 1, size.grid[1] ?? 1];
    const image = tf.reshape(norm(`${index}.`, x), [config.batch, rows, columns, width]);
    const filter: tf.Tensor4D = tf.reshape(kernel, [height, taps, width, 1]);
    const convolved = tf.reshape(tf.depthwiseConv2d(image as tf.Tensor4D, filter, 1, 'same'), [-1, width]);
    const inner = widthMask(cuts.inner, config.inner, size.inner);
    const gate = tf.slice(gates, [index], [1]);
    const hidden = gelu(tf.add(tf.matMul(convolved, w[`${index}.mix1`]!), w[`${index}.bias1`]!));
    const mix2 = w[`${index}.mix2`]!;
    const branch = learned
      ? tf.mul(tf.matMul(tf.mul(hidden, inner), mix2), gate)
      : tf.matMul(hidden, tf.mul(mix2, tf.mul(tf.reshape(inner, [-1, 1]), gate)));
    x = tf.add(fitted(x, size.outer), branch);
    mask = widthMask(cuts.outer, config.outer, size.outer);
  }
  const width = blocks.at(-1)?.size.outer ?? 1;
  const pooled = tf.mean(tf.reshape(norm('', x), [config.batch, -1, width]), 1);
  return tf.add(tf.matMul(pooled, w['head']!), w['headBias']!);
}

function fitted(x: tf.Tensor, to: number): tf.Tensor {
  const width = x.shape[1] ?? 1;
  if (width === to) return x;
  if (width > to) return tf.slice(x, [0, 0], [-1, to]);
  return tf.pad(x, [
    [0, 0],
    [0, to - width],
  ]);
}

export async function stock(workload: Workload): Promise<Contestant> {
  const twin = await twinOf(workload);
  const { config } = twin;
  const w: Record<string, tf.Variable> = {};
  for (const [name, matrix] of Object.entries(twin.weights)) w[name] = tf.variable(constant(matrix));
  const cuts = tf.variable(tf.tensor1d(twin.cuts), workload.learned);
  const batch = noise(config);
  const input = tf.tensor(batch.inputs, [batch.size, ...config.grid, config.channels]);
  const labels = tf.tensor2d(
    batch.targets.map((weight) => weight * batch.size),
    [batch.size, config.outputs],
  );
  const optimizer = tf.train.adam(RATE, 0.9, 0.99, 1e-8);
  const bases = keptBases();
  const points = twin.blocks.map((block) => constant(block.points));
  let loss: tf.Scalar | null = null;
  let first: number | null = null;
  const trained = [...Object.values(w), ...(workload.learned ? [cuts] : [])];
  return {
    step: () => {
      const before = loss;
      loss = optimizer.minimize(
        () => {
          const pieces = tf.unstack(cuts);
          const answer = logits({
            twin,
            w,
            cut: (index) => pieces[index]!,
            learned: workload.learned,
            input,
            bases,
            points,
          });
          return tf.losses.softmaxCrossEntropy(labels, answer);
        },
        true,
        trained,
      );
      before?.dispose();
      return Promise.resolve();
    },
    done: async () => {
      const probe = tf.tidy(() => tf.slice(w['headBias']!, [0], [1]));
      await probe.data();
      probe.dispose();
      if (loss !== null) first ??= (await loss.data())[0] ?? NaN;
    },
    firstLoss: () => Promise.resolve(first ?? NaN),
    dispose: () => {
      tf.dispose([...Object.values(w), cuts, input, labels, ...points]);
      loss?.dispose();
      optimizer.dispose();
    },
  };
}
