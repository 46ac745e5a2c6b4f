/** What a run has been through, in bounded memory: when it is full, every second point goes. */
import type { Evaluation, KernelSample, Probe, Snapshot } from '../engine/protocol.ts';

export interface HistoryPoint {
  readonly step: number;
  /** Loss of the task alone, as on held-out data. */
  readonly loss: number;
  readonly trainMetric: number;
  readonly macs: number;
  readonly target: number;
  /** Multiply–accumulates a block. */
  readonly blocks: readonly number[];
  /** The whole state at that step, save what `Samples` hold. */
  readonly snapshot: Snapshot;
}

/** Kernels and feature maps at a step; heavier than the rest, so fewer are kept. */
export interface Samples {
  readonly step: number;
  readonly kernels: readonly KernelSample[];
  readonly probe: Probe | null;
}

const LIMIT = 1000;
const SAMPLES_BYTES = 48e6;
/** Numbers of confusion matrices that are kept, the newest last. */
const CONFUSION_NUMBERS = 1e6;

/** Mutable on purpose: it grows with every step, and the page draws it once a frame at most. */
export class History {
  readonly points: HistoryPoint[] = [];
  readonly evaluations: Evaluation[] = [];
  readonly samples: Samples[] = [];
  #samplesBytes = 0;
  readonly #confusions: { readonly step: number; readonly counts: readonly number[] }[] = [];
  /** Least distance of two points, in steps; the newest point may be nearer. */
  #stride = 1;

  push(snapshot: Snapshot): void {
    const { step, taskLoss, trainMetric, target, architecture } = snapshot;
    const point: HistoryPoint = {
      step,
      loss: taskLoss,
      trainMetric,
      macs: architecture.macs,
      target,
      blocks: architecture.blocks.map((block) => block.macs),
      snapshot: { ...snapshot, kernels: null, probe: null },
    };
    this.#keepSamples(snapshot);
    const previous = this.points.at(-2);
    const last = this.points.at(-1);
    const lastIsProvisional = previous !== undefined && last !== undefined && last.step - previous.step < this.#stride;
    if (last !== undefined && (last.step === step || lastIsProvisional)) this.points.pop();
    this.points.push(point);
    if (this.points.length > LIMIT) {
      halve(this.points);
      this.#stride *= 2;
    }
  }

  evaluate({ confusion, ...evaluation }: Evaluation): void {
    this.evaluations.push({ ...evaluation, confusion: null });
    if (this.evaluations.length > LIMIT) halve(this.evaluations);
    if (confusion === null) return;
    this.#confusions.push({ step: evaluation.step, counts: confusion });
    if (this.#confusions.length * confusion.length > CONFUSION_NUMBERS) halve(this.#confusions);
  }

  /** The newest confusion matrix at or before `step`, else the first that is kept; null where there is none. */
  confusionAt(step: number): readonly number[] | null {
    return this.#confusions[newest(this.#confusions, step)]?.counts ?? null;
  }

  #keepSamples({ step, kernels, probe }: Snapshot): void {
    if (kernels === null) return;
    if (this.samples.at(-1)?.step === step) this.samples.pop();
    this.samples.push({ step, kernels, probe });
    this.#samplesBytes += bytesOf(this.samples.at(-1)!);
    if (this.#samplesBytes > SAMPLES_BYTES || this.samples.length > LIMIT) {
      halve(this.samples);
      this.#samplesBytes = this.samples.reduce((sum, samples) => sum + bytesOf(samples), 0);
    }
  }

  /** The newest point at or before `step`, else the first; undefined where there is none. */
  at(step: number): HistoryPoint | undefined {
    return this.points[newest(this.points, step)];
  }

  /** The samples as they were at `step`. */
  samplesAt(step: number): Samples | undefined {
    return this.samples[newest(this.samples, step)];
  }

  clear(): void {
    this.points.length = 0;
    this.evaluations.length = 0;
    this.samples.length = 0;
    this.#confusions.length = 0;
    this.#samplesBytes = 0;
    this.#stride = 1;
  }
}

/** Index of the last entry at or before `step`, or 0. Entries are in order of their steps. */
function newest(entries: readonly { readonly step: number }[], step: number): number {
  let [low, high] = [0, entries.length];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((entries[middle]?.step ?? Infinity) <= step) low = middle;
    else high = middle;
  }
  return low;
}

/** Memory of the numbers in it, in bytes. */
function bytesOf({ kernels, probe }: Samples): number {
  const ofKernels = kernels.reduce((sum, { values, fine }) => sum + values.byteLength + fine.values.byteLength, 0);
  if (probe === null) return ofKernels;
  const ofOutput = probe.output.kind === 'field' ? 2 * probe.output.values.byteLength : 0;
  return probe.blocks.reduce(
    (sum, { values }) => sum + values.byteLength,
    ofKernels + ofOutput + probe.input.values.byteLength,
  );
}

/** Drops every second entry in place; the first and the last stay. */
function halve(entries: unknown[]): void {
  const last = entries.at(-1);
  let kept = 0;
  for (let i = 0; i < entries.length - 1; i += 2) entries[kept++] = entries[i];
  entries[kept++] = last;
  entries.length = kept;
}
