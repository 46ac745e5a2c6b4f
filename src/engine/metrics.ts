/** Metrics on held-out data, counted as slices of predictions come in. */
import { IGNORE, type Task } from '../tasks/task.ts';
import type { Evaluation } from './protocol.ts';

type Measured = Pick<Task, 'classes' | 'metric' | 'reported'>;

/** A confusion matrix with the mean loss and overlap beside it. */
export class Metrics {
  readonly #task: Measured;
  /** `[truth · classes + prediction]`. */
  readonly #confusion: Float64Array;
  #loss = 0;
  #weight = 0;
  readonly #overlap = { iou: 0, dice: 0, samples: 0 };

  constructor(task: Measured) {
    this.#task = task;
    this.#confusion = new Float64Array(task.classes.length ** 2);
  }

  /** Adds a slice of a field: how many samples it holds, and their mean relative error. */
  addErrors(samples: number, loss: number): void {
    this.#loss += loss * samples;
    this.#weight += samples;
  }

  /** Adds a slice of whole samples: true and predicted class of each row, `rowsEach` of them a sample, and its mean loss. */
  add(labels: ArrayLike<number>, predicted: ArrayLike<number>, rowsEach: number, loss: number): void {
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
    if (this.#task.metric !== 'iou') return;
    for (let first = 0; first < labels.length; first += rowsEach) this.#addOverlap(labels, predicted, first, rowsEach);
  }

  #addOverlap(labels: ArrayLike<number>, predicted: ArrayLike<number>, first: number, rows: number): void {
    const last = this.#task.classes.length - 1;
    let [both, either] = [0, 0];
    for (let i = first; i < first + rows; i++) {
      if (labels[i] === IGNORE) continue;
      const [truth, answer] = [labels[i] === last, predicted[i] === last];
      if (truth && answer) both += 1;
      if (truth || answer) either += 1;
    }
    // Where there is nothing and nothing was found, all is right.
    const iou = either === 0 ? 1 : both / either;
    this.#overlap.iou += iou;
    this.#overlap.dice += (2 * iou) / (1 + iou);
    this.#overlap.samples += 1;
  }

  /** The task's metric over all that was added, with what its field reports beside it. */
  result(step: number): Evaluation {
    const { metric } = this.#task;
    const loss = this.#loss / this.#weight;
    if (metric === 'relative-l2') return { step, metric: loss, loss, scores: [], confusion: null };
    const confusion = Array.from(this.#confusion);
    const { iou, dice, samples } = this.#overlap;
    return metric === 'iou'
      ? {
          step,
          metric: iou / samples,
          loss,
          scores: [
            { name: 'Dice', value: dice / samples },
            { name: 'pixels right', value: this.#accuracy() },
          ],
          confusion,
        }
      : { step, metric: this.#accuracy(), loss, scores: this.#f1(), confusion };
  }

  #sum(count: (i: number) => number): number {
    return this.#task.classes.reduce((total, _, i) => total + count(i), 0);
  }

  #at(truth: number, predicted: number): number {
    return this.#confusion[truth * this.#task.classes.length + predicted] ?? 0;
  }

  #accuracy(): number {
    return this.#sum((i) => this.#at(i, i)) / this.#weight;
  }

  /** F1 = 2·TP/(2·TP + FP + FN) of each reported class. */
  #f1(): Evaluation['scores'] {
    const { classes, reported } = this.#task;
    return reported.map((c) => {
      const marked = this.#sum((i) => this.#at(c, i)) + this.#sum((i) => this.#at(i, c));
      return { name: `F1 of ${classes[c] ?? String(c)}`, value: (2 * this.#at(c, c)) / Math.max(1, marked) };
    });
  }
}
