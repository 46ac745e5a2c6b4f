/** What a run has been through, in bounded memory: when it is full, every second point goes. */
import type { Evaluation, Snapshot } from '../engine/protocol.ts';

export interface HistoryPoint {
  readonly step: number;
  /** Loss of the task alone, as on held-out data. */
  readonly loss: number;
  readonly trainMetric: number;
  readonly macs: number;
  readonly target: number;
  /** Multiply–accumulates a block. */
  readonly blocks: readonly number[];
}

const LIMIT = 1000;

/** Mutable on purpose: it grows with every step, and the page draws it once a frame at most. */
export class History {
  readonly points: HistoryPoint[] = [];
  readonly evaluations: Evaluation[] = [];
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
    };
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

  evaluate(evaluation: Evaluation): void {
    this.evaluations.push(evaluation);
    if (this.evaluations.length > LIMIT) halve(this.evaluations);
  }

  clear(): void {
    this.points.length = 0;
    this.evaluations.length = 0;
    this.#stride = 1;
  }
}

/** Drops every second entry in place; the first and the last stay. */
function halve(entries: unknown[]): void {
  const last = entries.at(-1);
  let kept = 0;
  for (let i = 0; i < entries.length - 1; i += 2) entries[kept++] = entries[i];
  entries[kept++] = last;
  entries.length = kept;
}
