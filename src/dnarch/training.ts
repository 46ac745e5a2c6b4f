/**
 * One run of the method: weights on the device, architecture on the host, one step after another.
 *
 * Nothing is read back synchronously. Each step leaves one small packed row on the device: loss, metric and the task's
 * gradient in every mask entry. After `PERIOD` steps the rows are read together, asynchronously, while the next step runs; the
 * mean of their gradients is the task's force on the architecture until the next rows come, so that force is at most
 * `2 · PERIOD` steps old. The budget's force is a closed form and always that of the present sizes.
 */
import {
  concat,
  keep,
  tensor,
  tensor1d,
  tensor2d,
  tensor3d,
  tidy,
  type Tensor,
  type Tensor1D,
} from '@tensorflow/tfjs-core';
import { crossEntropy, overlap, relativeError } from '../kernels/objectives.ts';
import { leafGradients, type Leaf } from '../kernels/leaf.ts';
import { maskedBatchNorm } from '../kernels/normalisation.ts';
import { readAndDispose } from '../kernels/reading.ts';
import { budgetForce, fullCost, integerCost, type Budget, type BudgetForce } from './budget.ts';
import { pointsOf, type LearnedAxes, type NetworkConfig } from './config.ts';
import { packMasks, taskGradient, type MaskPack } from './maskPack.ts';
import { forward, kernelScales, type Forward, type KernelScale } from './network.ts';
import {
  adamW,
  disposeWeightState,
  hostAdam,
  initialHostMoments,
  initialWeightState,
  type HostMoments,
  type WeightState,
} from './optimiser.ts';
import { handMadeParameters, uniformOpponent, wrongParameters } from './opponents.ts';
import { learnedParameters, parameterLayout } from './parameters.ts';
import { random } from './random.ts';
import { roundDepth, settleParameters } from './settle.ts';
import { fullParameters, neutralParameters, project } from './shapes.ts';
import { integerSizes, type IntegerSizes } from './sizes.ts';
import { SpectralBases } from './spectral.ts';
import { decayMask, initialWeights, weightLayout, weightLengths, type WeightLayout } from './weights.ts';

/** Steps whose results are read back together. */
export const PERIOD = 4;
/** Weight decay of the matrices. */
const DECAY = 0.01;

export const OBJECTIVES = { accuracy: crossEntropy, iou: overlap, 'relative-l2': relativeError } as const;

/** A batch on the host. */
export interface Batch {
  readonly size: number;
  /** `[size, ...grid, channels]`, or `[size, ...grid]` of tokens. */
  readonly inputs: Float32Array;
  /** `[rows, outputs]`, each row's weight at its label, or a field's values; rows are samples or positions. */
  readonly targets: Float32Array;
  /** `[rows]`: the rows' weights, adding up to 1; of a field `[size]`: 1/(size·‖u‖) in the network's units. */
  readonly weights: Float32Array;
}

/** The shape that a run starts from: the full network, or at the budget a neutral, hand-made, uniform or wrong one. */
export const STARTS = ['budget', 'full', 'hand-made', 'uniform', 'wrong'] as const;
export type Start = (typeof STARTS)[number];

export interface TrainingOptions {
  readonly config: NetworkConfig;
  readonly seed: number;
  /** Fraction of the full network's cost. */
  readonly budget: number;
  readonly start: Start;
  readonly dropout: number;
}

/** How far the architecture is from its final form. */
export type Freedom = 'learning' | 'depth-frozen' | 'settled';

export interface StepSettings {
  readonly learn: LearnedAxes;
  readonly budget: Budget;
  readonly learningRate: number;
  readonly maskLearningRate: number;
}

/** What a step left, once read back. */
export interface StepResult {
  readonly step: number;
  readonly taskLoss: number;
  readonly metric: number;
  readonly budgetLoss: number;
  readonly macs: number;
  /** The task's gradient in the parameters. */
  readonly gradient: Float64Array;
}

interface Row {
  readonly step: number;
  readonly values: Tensor1D;
  readonly pack: MaskPack;
  readonly force: BudgetForce;
}

/** `[size, ...grid, channels]` on the device; tokens have one channel. */
export function inputTensor({ grid, channels, tokens }: NetworkConfig, inputs: Float32Array): Tensor {
  return tensor(inputs, [inputs.length / pointsOf(grid) / (tokens ? 1 : channels), ...grid, tokens ? 1 : channels]);
}

export class Training {
  readonly config: NetworkConfig;
  readonly layout: WeightLayout;
  readonly scales: readonly KernelScale[];
  readonly bases: SpectralBases;
  readonly fullMacs: number;
  parameters: Float64Array;
  freedom: Freedom = 'learning';
  /** Steps done. */
  step = 0;
  /** The forces on the parameters at the last step: negative gradients of the task's loss and of the budget's. */
  forces: { task: Float64Array; budget: Float64Array };
  #state: WeightState;
  #moments: HostMoments;
  #taskGradient: Float64Array;
  #rows: Row[] = [];
  #results: StepResult[] = [];
  #reading: Promise<void> = Promise.resolve();
  readonly #seed: number;
  readonly #dropout: number;
  readonly #decay: Tensor1D;

  constructor({ config, seed, budget, start, dropout }: TrainingOptions) {
    this.config = config;
    this.bases = new SpectralBases(config.periodic);
    this.fullMacs = fullCost(config);
    this.layout = weightLayout(config);
    const cost = (parameters: Float64Array): number => integerCost(config, parameters);
    const target = budget * this.fullMacs;
    const shapes: Record<Start, () => Float64Array> = {
      budget: () => neutralParameters(config, target, cost),
      full: () => fullParameters(config),
      'hand-made': () => handMadeParameters(config, target, cost),
      uniform: () => uniformOpponent(config, target, cost),
      wrong: () => wrongParameters(config, target, cost),
    };
    this.parameters = shapes[start]();
    this.scales = kernelScales(config, this.parameters);
    this.#seed = seed;
    this.#dropout = dropout;
    this.#state = initialWeightState(initialWeights(config, integerSizes(config, this.parameters), seed));
    this.#decay = keep(tensor1d(decayMask(this.layout).map((flag) => flag * DECAY)));
    this.#moments = initialHostMoments(this.parameters.length);
    this.#taskGradient = new Float64Array(this.parameters.length);
    this.forces = { task: this.#taskGradient, budget: this.#taskGradient };
  }

  get sizes(): IntegerSizes {
    return integerSizes(this.config, this.parameters);
  }

  /** The flat weights, `[size]`, in a tensor that may be longer; valid until the next step. */
  get weights(): Tensor1D {
    return this.#state.weights;
  }

  /** What a forward pass needs besides tensors, for the present architecture. */
  forwardContext(normalise: Forward['normalise'], dropout: Forward['dropout'] = null): Forward {
    const { config, layout, scales, bases, sizes } = this;
    return {
      config,
      layout,
      scales,
      bases,
      sizes,
      pack: packMasks(config, this.parameters, sizes),
      normalise,
      dropout,
    };
  }

  /** Trains on one batch: the weights at once, the architecture by the forces at hand. */
  async trainStep(batch: Batch, settings: StepSettings): Promise<void> {
    this.step += 1;
    const force = budgetForce(this.config, this.parameters, settings.budget);
    this.#descend(batch, settings.learningRate, force);
    if (this.step % PERIOD === 1 && this.step > 1) await this.#useResults();
    if (this.step % PERIOD === 0) this.#readRows();
    this.#moveArchitecture(settings, force);
    this.bases.trim();
  }

  /** Results that have come back since the last call, in their order; at most `PERIOD` steps are still under way. */
  takeResults(): StepResult[] {
    return this.#results.splice(0);
  }

  /** Waits until the results of all steps done have come back. */
  async flush(): Promise<void> {
    this.#readRows();
    await this.#reading;
  }

  /** Fixes the depth at what is run. */
  freezeDepth(): void {
    this.parameters = roundDepth(this.config, this.parameters);
    if (this.freedom === 'learning') this.freedom = 'depth-frozen';
  }

  /** Fixes all sizes, fitted to the budget. */
  settle(budget: Budget, learn: LearnedAxes): void {
    this.parameters = settleParameters(this.config, this.parameters, budget.target, {
      oneSided: budget.oneSided,
      widths: learn.W,
      kernels: learn.K,
    });
    this.freedom = 'settled';
  }

  /** Sets all sizes free again. */
  release(): void {
    this.freedom = 'learning';
  }

  dispose(): void {
    disposeWeightState(this.#state);
    this.#decay.dispose();
    for (const { values } of this.#rows.splice(0)) values.dispose();
    this.bases.dispose();
  }

  #descend(batch: Batch, learningRate: number, force: BudgetForce): void {
    const context = this.forwardContext((_, x, views) => maskedBatchNorm(x, views), this.#dropoutMasks(batch));
    const { pack } = context;
    tidy(() => {
      const input = inputTensor(this.config, batch.inputs);
      const objective = OBJECTIVES[this.config.objective];
      const { outputs } = this.config;
      const target = tensor2d(batch.targets, [batch.targets.length / outputs, outputs]);
      const weights = tensor2d(batch.weights, [batch.weights.length, 1]);
      const sources = [
        { values: this.#state.weights, lengths: weightLengths(this.layout) },
        { values: tensor1d(pack.values), lengths: pack.lengths },
      ];
      const { value, gradients } = leafGradients(
        sources,
        (leaves) => objective(forward(context, ...(leaves as [Leaf, Leaf]), input), target, weights),
        tensor1d([1, 0]),
      );
      const [weightGradient, maskGradient] = gradients as [Tensor1D, Tensor1D];
      this.#rows.push({ step: this.step, values: keep(concat([value, maskGradient])), pack, force });
      this.#state = adamW(this.#state, weightGradient, { learningRate, decay: this.#decay, step: this.step });
    });
  }

  /** Whole channels are dropped, as in the recipe's family of networks (CCNN, arXiv 2301.10540). */
  #dropoutMasks(batch: Batch): Forward['dropout'] {
    const rate = this.#dropout;
    if (rate === 0) return null;
    const draw = random(this.#seed, 1000 + this.step);
    return (_, channels) => {
      const values = Float32Array.from({ length: batch.size * channels }, () =>
        draw.uniform(0, 1) < rate ? 0 : 1 / (1 - rate),
      );
      return tensor3d(values, [batch.size, 1, channels]);
    };
  }

  /** Starts reading all rows that are on the device. */
  #readRows(): void {
    const rows = this.#rows.splice(0);
    if (rows.length === 0) return;
    const reading = readAndDispose(rows.map(({ values }) => values));
    const before = this.#reading;
    this.#reading = (async () => {
      const read = await reading;
      await before;
      rows.forEach(({ step, pack, force }, i) => {
        const [taskLoss = NaN, metric = NaN, ...entries] = read[i] ?? [];
        const gradient = taskGradient(pack, entries, this.parameters.length);
        this.#results.push({ step, taskLoss, metric, budgetLoss: force.loss, macs: force.macs, gradient });
        this.#recent.push(gradient);
      });
    })();
  }

  /** Task gradients since the last use. */
  readonly #recent: Float64Array[] = [];

  /** From here on the task's force is the mean of the rows of the last period. */
  async #useResults(): Promise<void> {
    await this.#reading;
    const used = this.#recent.splice(0, PERIOD);
    this.#taskGradient = Float64Array.from(
      this.#taskGradient,
      (_, i) => used.reduce((sum, gradient) => sum + (gradient[i] ?? 0), 0) / Math.max(1, used.length),
    );
  }

  #moveArchitecture(settings: StepSettings, force: BudgetForce): void {
    this.forces = { task: this.#taskGradient.map((g) => -g), budget: force.gradient.map((g) => -g) };
    if (this.freedom === 'settled') return;
    const layout = parameterLayout(this.config);
    const learned = learnedParameters(layout, settings.learn);
    if (this.freedom === 'depth-frozen') learned[layout.depth] = 0;
    const gradient = this.#taskGradient.map((g, i) => g + (force.gradient[i] ?? 0));
    hostAdam(this.parameters, gradient, this.#moments, learned, settings.maskLearningRate);
    project(this.config, this.parameters);
  }
}
