/** Metrics on held-out data, counted as slices of predictions come in. */
import { IGNORE, type Task } from '../tasks/task.ts';
import type { Evaluation } from './protocol.ts';

/** A confusion matrix with the mean loss beside it. */
export class Metrics {
  readonly #task: Pick<Task, 'classes' | 'reported'>;
  /** `[truth · classes + prediction]`. */
  readonly #confusion: Float64Array;
  #loss = 0;
  #weight = 0;

  constructor(task: Pick<Task, 'classes' | 'reported'>) {
    this.#task = task;
    this.#confusion = new Float64Array(task.classes.length ** 2);
  }

  /** Adds a slice: true and predicted class of each row, and the slice's mean loss. */
  add(labels: ArrayLike<number>, predicted: ArrayLike<number>, loss: number): void {
    const classes = this.#task.classes.length;
    let counted = 0;
    for (let i = 0; i < labels.length; i++) {
      const truth = labels[i] ?? IGNORE;
      if (truth === IGNORE) continue;
      const cell = truth * classes + (predicted[i] ?? 0);
      this.#confusion[cell] = (this.#confusion[cell] ?? 0) + 1;
      counted += 1;
    }
    this.#loss += loss * counted;
    this.#weight += counted;
  }

  /** Accuracy over all rows counted, and F1 = 2·TP/(2·TP + FP + FN) of each reported class. */
  result(step: number): Evaluation {
    const { classes, reported } = this.#task;
    const n = classes.length;
    const at = (truth: number, predicted: number): number => this.#confusion[truth * n + predicted] ?? 0;
    const sum = (count: (i: number) => number): number => classes.reduce((total, _, i) => total + count(i), 0);
    return {
      step,
      metric: sum((i) => at(i, i)) / this.#weight,
      loss: this.#loss / this.#weight,
      f1: reported.map((c) => ({
        name: classes[c] ?? String(c),
        value: (2 * at(c, c)) / Math.max(1, sum((i) => at(c, i)) + sum((i) => at(i, c))),
      })),
    };
  }
}
