/** One run of a task: training steps, settling, evaluation, and what is shown of them. Used by the worker and the command line. */
import { FrozenNetwork, type Predictor } from '../dnarch/evaluation.ts';
import { AXES, pointsOf, type NetworkConfig } from '../dnarch/config.ts';
import { probeNetwork } from '../dnarch/probe.ts';
import type { Budget } from '../dnarch/budget.ts';
import { integerCost } from '../dnarch/budget.ts';
import { Training, type Batch } from '../dnarch/training.ts';
import { IGNORE, type Dataset, type Task } from '../tasks/task.ts';
import { batchIndices, makeBatch } from './batches.ts';
import { Metrics } from './metrics.ts';
import { describeProbe } from './probe.ts';
import type { Evaluation, LiveSettings, Probe, RunSettings, Sample } from './protocol.ts';
import { fitted } from './tried.ts';
import { FREEZE_DEPTH_AT, maskFactor, SETTLE_AT, weightFactor } from './schedule.ts';

/** A run settles only this near its budget: rounding away more would destroy the network (METHOD §10). */
const SETTLE_WITHIN = 0.1;
/** Training batches that BatchNorm's moments are computed on before an evaluation. */
const CALIBRATION_BATCHES = 8;
const RANGE_SAMPLES = 64;
/** Channels of an image's stream that are shown. */
const PROBE_CHANNELS = 8;

export function networkConfig(task: Task, batch: number): NetworkConfig {
  const { grid, kind, classes, network, tokens, metric } = task;
  return {
    ...network,
    grid,
    channels: tokens?.length ?? task.channels,
    tokens: tokens !== undefined,
    periodic: task.periodic === true,
    kind,
    outputs: classes.length,
    objective: metric,
    batch,
  };
}

export class Run {
  readonly task: Task;
  readonly training: Training;
  readonly #data: Dataset;
  readonly #indices: Generator<Uint32Array, never>;
  settings: RunSettings;
  /** Whether the run is to settle as soon as it is near its budget. */
  #settling = false;
  #settledAt: number | null = null;

  constructor(task: Task, data: Dataset, settings: RunSettings) {
    this.task = task;
    this.settings = settings;
    this.#data = data;
    this.#indices = batchIndices(data.train.count, settings.batch, settings.seed);
    this.training = new Training({
      config: networkConfig(task, settings.batch),
      seed: settings.seed,
      budget: settings.budget,
      start: settings.start,
      dropout: settings.dropout,
    });
  }

  get budget(): Budget {
    const { budget, lambda, oneSided } = this.settings;
    return { target: budget * this.training.fullMacs, lambda, oneSided };
  }

  /** Changes what may change while a run goes on; a moved budget or set of axes sets the sizes free again. */
  adjust(settings: LiveSettings): void {
    const before = this.settings;
    this.settings = { ...before, ...settings };
    const { budget, oneSided, learn } = this.settings;
    const relearns = AXES.some((axis) => learn[axis] !== before.learn[axis]);
    if (relearns || budget !== before.budget || oneSided !== before.oneSided) {
      this.training.release();
      this.#settling = false;
      this.#settledAt = null;
    }
  }

  /** Asks the run to settle: at once where it is near its budget, else as soon as it gets there. */
  settle(): void {
    this.#settling = true;
    this.#settleWhenNear();
  }

  async step(): Promise<void> {
    const { training, settings } = this;
    const progress = { step: training.step, steps: settings.steps, settledAt: this.#settledAt };
    const batch = makeBatch(this.task, this.#data.train, this.#indices.next().value);
    await training.trainStep(batch, {
      learn: settings.learn,
      budget: this.budget,
      learningRate: settings.learningRate * weightFactor(progress),
      maskLearningRate: settings.maskLearningRate * maskFactor(progress),
    });
    if (settings.steps !== null) {
      if (training.step >= FREEZE_DEPTH_AT * settings.steps && training.freedom === 'learning') training.freezeDepth();
      if (training.step >= SETTLE_AT * settings.steps) this.#settling = true;
    }
    this.#settleWhenNear();
  }

  /** Least and largest input of the network among the first training samples. */
  inputRange(): [number, number] {
    const { train } = this.#data;
    const { inputs } = makeBatch(this.task, train, range(0, Math.min(train.count, RANGE_SAMPLES)));
    return inputs.reduce<[number, number]>(
      ([least, most], value) => [Math.min(least, value), Math.max(most, value)],
      [Infinity, -Infinity],
    );
  }

  /**
   * Measures the present network on all held-out samples. Yields after each slice, so that training can go on in between; what
   * is measured is the network as it was at the first slice.
   */
  async *evaluate(): AsyncGenerator<undefined, Evaluation> {
    const { step } = this.training;
    const frozen = new FrozenNetwork(this.training);
    try {
      for (const batch of this.#calibration()) {
        frozen.calibrate(batch);
        yield;
      }
      return yield* this.measure(frozen, step);
    } finally {
      frozen.dispose();
    }
  }

  /** The present network as an evaluation measures it; dispose it after use. */
  freeze(calibrationBatches = CALIBRATION_BATCHES): FrozenNetwork {
    const frozen = new FrozenNetwork(this.training);
    for (const batch of this.#calibration(calibrationBatches)) frozen.calibrate(batch);
    return frozen;
  }

  /** Measures a network of this task, that of step `step`, on all held-out samples, slice by slice. */
  async *measure(predictor: Predictor, step: number): AsyncGenerator<undefined, Evaluation> {
    const { test } = this.#data;
    const size = this.settings.batch;
    const metrics = new Metrics(this.task);
    const each = this.task.kind === 'dense' ? pointsOf(this.task.grid) : 1;
    for (let first = 0; first < test.count; first += size) {
      const end = Math.min(test.count, first + size);
      const { classes, loss } = await predictor.predict(makeBatch(this.task, test, range(first, end)));
      if (classes === null) metrics.addErrors(end - first, loss);
      else metrics.add(test.labels.subarray(first * each, end * each), classes, each, loss);
      yield;
    }
    return metrics.result(step);
  }

  /** The training batches that BatchNorm's moments are computed on. */
  *#calibration(count = CALIBRATION_BATCHES): Generator<Batch> {
    const { train } = this.#data;
    const size = this.settings.batch;
    for (let i = 0; i < count; i++) {
      const first = Math.floor((i * (train.count - size)) / count);
      yield makeBatch(this.task, train, range(first, first + size));
    }
  }

  /**
   * A held-out sample inside the present network, by an index that wraps around at both ends, or one of the user's own. It is
   * normalised like a batch of training samples, always the same ones. Neither the weights nor any random numbers are touched.
   */
  async probe(sample: number | Sample): Promise<Probe> {
    const { train, test } = this.#data;
    const { count } = test;
    const index = typeof sample === 'number' ? ((sample % count) + count) % count : null;
    const held = makeBatch(this.task, test, [index ?? 0]);
    const looked = typeof sample === 'number' ? held : { ...held, inputs: fitted(sample, this.task) };
    const { batch } = this.settings;
    const spread = Uint32Array.from({ length: batch }, (_, i) => Math.floor((i * train.count) / batch));
    const most = this.task.grid.length === 1 ? Infinity : PROBE_CHANNELS;
    const probed = await probeNetwork(this.training, looked, makeBatch(this.task, train, spread), most);
    const labels = test.labels.length / count;
    const known = test.labels.slice((index ?? 0) * labels, ((index ?? 0) + 1) * labels);
    const truth = index === null ? unknown(known, this.task) : known;
    const tokens = this.task.tokens === undefined ? null : Uint8Array.from(looked.inputs);
    return { sample: index, count, tokens, ...describeProbe(this.task, probed, looked.inputs, truth) };
  }

  dispose(): void {
    this.training.dispose();
  }

  #settleWhenNear(): void {
    const { training } = this;
    if (!this.#settling || training.freedom === 'settled') return;
    const { target, oneSided } = this.budget;
    const excess = Math.log(integerCost(training.config, training.parameters) / target);
    const near = oneSided ? excess < SETTLE_WITHIN : Math.abs(excess) < SETTLE_WITHIN;
    if (!near) return;
    training.settle(this.budget, this.settings.learn);
    this.#settledAt = training.step;
  }
}

/** The labels of a sample that nobody has labelled. */
function unknown(labels: Uint8Array | Float32Array, { kind, field }: Task): Float32Array | Uint8Array {
  if (field !== undefined) return new Float32Array(labels.length).fill(NaN);
  return kind === 'dense' ? new Uint8Array(labels.length).fill(IGNORE) : new Float32Array([-1]);
}

function range(first: number, end: number): Uint32Array {
  return Uint32Array.from({ length: end - first }, (_, i) => first + i);
}

/** The evaluation itself, without pauses. */
export function evaluateWhole(run: Run): Promise<Evaluation> {
  return withoutPauses(run.evaluate());
}

export async function withoutPauses(slices: AsyncGenerator<undefined, Evaluation>): Promise<Evaluation> {
  for (;;) {
    const { done, value } = await slices.next();
    if (done === true) return value;
  }
}
