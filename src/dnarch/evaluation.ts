/**
 * Measuring a network on held-out data, in slices that fit between training steps.
 *
 * A snapshot of weights and architecture is taken at the start, and BatchNorm's moments are computed for it on training
 * batches: running averages would lag behind a moving architecture (METHOD §10).
 */
import {
  add,
  argMax,
  clone,
  keep,
  mul,
  slice,
  tensor1d,
  tensor2d,
  tidy,
  type Tensor1D,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import { fixedNorm, maskedAffine, moments, type Moments } from '../kernels/normalisation.ts';
import { readAndDispose } from '../kernels/reading.ts';
import type { NetworkConfig } from './config.ts';
import type { FrozenValues, SiteMoments } from './crystallise.ts';
import { maskLeaf } from './maskPack.ts';
import { forward, type Forward } from './network.ts';
import { inputTensor, OBJECTIVES, type Batch, type Training } from './training.ts';
import { weightLeaf } from './weights.ts';

export interface Prediction {
  /** Class of each row; null for a field. */
  readonly classes: Uint8Array | null;
  /** Loss of the batch. */
  readonly loss: number;
}

/** What can be measured on held-out data. */
export interface Predictor {
  predict(batch: Batch): Promise<Prediction>;
}

/** What logits of a batch, `[rows, outputs]`, say; read asynchronously. */
export async function predictionOf(
  { outputs, objective }: Pick<NetworkConfig, 'outputs' | 'objective'>,
  batch: Batch,
  logitsOf: () => Tensor2D,
): Promise<Prediction> {
  const rows = batch.targets.length / outputs;
  const isField = objective === 'relative-l2';
  const parts = tidy(() => {
    const logits = logitsOf();
    const target = tensor2d(batch.targets, [rows, outputs]);
    const weights = tensor2d(batch.weights, [batch.weights.length, 1]);
    const loss = slice(OBJECTIVES[objective](logits, target, weights), [0], [1]);
    return isField ? [loss] : [loss, argMax(logits, 1)];
  });
  const [loss, classes] = await readAndDispose(parts);
  return { classes: classes === undefined ? null : Uint8Array.from(classes), loss: loss?.[0] ?? NaN };
}

export class FrozenNetwork implements Predictor {
  readonly #context: Forward;
  readonly #weights: Tensor1D;
  readonly #masks: Tensor1D;
  readonly #moments = new Map<number, Moments>();
  #batches = 0;

  /** A snapshot of `training` as it is now; dispose it after use. */
  constructor(training: Training) {
    this.#context = training.forwardContext(() => {
      throw new Error('A frozen network normalises by its own moments.');
    });
    // A copy: the training's own may be updated in place.
    this.#weights = keep(tidy(() => slice(training.weights, [0], [training.layout.size])));
    this.#masks = keep(tensor1d(this.#context.pack.values));
  }

  /** Adds a training batch to BatchNorm's moments: the mean over the batches given. */
  calibrate(batch: Batch): void {
    const before = this.#batches;
    this.#batches += 1;
    tidy(() => {
      this.#forward(batch, (site, x, views) => {
        const own = moments(x);
        const known = this.#moments.get(site);
        const blend = (a: Tensor2D | undefined, b: Tensor2D): Tensor2D =>
          keep(a === undefined ? clone(b) : add<Tensor2D>(mul(a, before / (before + 1)), mul(b, 1 / (before + 1))));
        this.#moments.set(site, { mean: blend(known?.mean, own.mean), variance: blend(known?.variance, own.variance) });
        known?.mean.dispose();
        known?.variance.dispose();
        return fixedNorm(x, own, maskedAffine(views));
      });
    });
  }

  /** Predictions for a batch. @throws Error where no batch was given to `calibrate` before. */
  predict(batch: Batch): Promise<Prediction> {
    return predictionOf(this.#context.config, batch, () =>
      this.#forward(batch, (site, x, views) => {
        const own = this.#moments.get(site);
        if (own === undefined) throw new Error('Calibrate a frozen network before it predicts.');
        return fixedNorm(x, own, maskedAffine(views));
      }),
    );
  }

  /** All of it on the host, to be crystallised; moments only of the sites that are run. */
  async read(): Promise<FrozenValues> {
    const weights = await this.#weights.data<'float32'>();
    const moments = new Map<number, SiteMoments>();
    for (const [site, own] of this.#moments) {
      const [mean, variance] = await Promise.all([own.mean.data<'float32'>(), own.variance.data<'float32'>()]);
      moments.set(site, { mean, variance });
    }
    return { context: this.#context, weights, moments };
  }

  dispose(): void {
    this.#weights.dispose();
    this.#masks.dispose();
    for (const own of this.#moments.values()) {
      own.mean.dispose();
      own.variance.dispose();
    }
    this.#moments.clear();
  }

  #forward(batch: Batch, normalise: Forward['normalise']): Tensor2D {
    const input = inputTensor(this.#context.config, batch.inputs);
    const weights = weightLeaf(this.#context.layout, this.#weights);
    return forward({ ...this.#context, normalise }, weights, maskLeaf(this.#context.pack, this.#masks), input);
  }
}
