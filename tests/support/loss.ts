/** The task's loss of a network in training, from its parts: for gradients beside finite differences of it. */
import { tensor1d, tensor2d, tidy } from '@tensorflow/tfjs-core';
import type { NetworkConfig } from '../../src/dnarch/config.ts';
import { maskLeaf, packMasks } from '../../src/dnarch/maskPack.ts';
import { forward, type Forward } from '../../src/dnarch/network.ts';
import { inputTensor, OBJECTIVES, type Batch, type Training } from '../../src/dnarch/training.ts';
import { weightLeaf, weightLengths } from '../../src/dnarch/weights.ts';
import { leafGradients, type Leaf } from '../../src/kernels/leaf.ts';
import { maskedBatchNorm } from '../../src/kernels/normalisation.ts';
import { distance } from './numbers.ts';

export function trainingContext(training: Training): Forward {
  return training.forwardContext((_, x, views) => maskedBatchNorm(x, views));
}

/** Logits for given weights and mask entries. */
export async function logitsOf(
  context: Forward,
  weights: ArrayLike<number>,
  masks: Float32Array,
  { inputs }: Batch,
): Promise<Float32Array> {
  const logits = tidy(() =>
    forward(
      context,
      weightLeaf(context.layout, tensor1d(Float32Array.from(weights))),
      maskLeaf(context.pack, tensor1d(masks)),
      inputTensor(context.config, inputs),
    ),
  );
  const values = (await logits.data()) as Float32Array;
  logits.dispose();
  return values;
}

/** The loss in double precision: the differences of two losses are small beside the losses. */
export function lossOf({ objective }: NetworkConfig, logits: ArrayLike<number>, batch: Batch): number {
  switch (objective) {
    case 'accuracy':
    case 'iou':
      return crossEntropyOf(logits, batch);
    case 'relative-l2':
      return relativeErrorOf(logits, batch);
  }
}

function crossEntropyOf(logits: ArrayLike<number>, { targets, weights }: Batch): number {
  const classes = targets.length / weights.length;
  let loss = 0;
  for (let row = 0; row < weights.length; row++) {
    const own = Array.from({ length: classes }, (_, c) => logits[row * classes + c] ?? NaN);
    const most = Math.max(...own);
    const logSum = most + Math.log(own.reduce((sum, value) => sum + Math.exp(value - most), 0));
    own.forEach((value, c) => (loss += (targets[row * classes + c] ?? 0) * (logSum - value)));
  }
  return loss;
}

function relativeErrorOf(values: ArrayLike<number>, { size, targets }: Batch): number {
  const each = targets.length / size;
  const errors = Array.from({ length: size }, (_, sample) => {
    const [from, to] = [sample * each, (sample + 1) * each];
    return distance(Array.from(values).slice(from, to), targets.subarray(from, to));
  });
  return errors.reduce((sum, error) => sum + error, 0) / size;
}

/** The loss with other parameters, all sizes held as they are in `context`. */
export async function lossAt(
  context: Forward,
  weights: ArrayLike<number>,
  parameters: Float64Array,
  batch: Batch,
): Promise<number> {
  const pack = packMasks(context.config, parameters, context.sizes);
  return lossOf(context.config, await logitsOf({ ...context, pack }, weights, pack.values, batch), batch);
}

/** The loss's gradient in the weights, by the backend. */
export async function weightGradient(
  context: Forward,
  weights: ArrayLike<number>,
  batch: Batch,
): Promise<Float32Array> {
  const gradient = tidy(() => {
    const sources = [
      { values: tensor1d(Float32Array.from(weights)), lengths: weightLengths(context.layout) },
      { values: tensor1d(context.pack.values), lengths: context.pack.lengths },
    ];
    const { outputs, objective } = context.config;
    const target = tensor2d(batch.targets, [batch.targets.length / outputs, outputs]);
    const weight = tensor2d(batch.weights, [batch.weights.length, 1]);
    const input = inputTensor(context.config, batch.inputs);
    const { gradients } = leafGradients(
      sources,
      (leaves) => OBJECTIVES[objective](forward(context, ...(leaves as [Leaf, Leaf]), input), target, weight),
      tensor1d([1, 0]),
    );
    return gradients[0]!;
  });
  const values = (await gradient.data()) as Float32Array;
  gradient.dispose();
  return values;
}
