/** When an open-ended run has stopped getting better, it settles by itself. */
import type { Evaluation } from './protocol.ts';

/** Evaluations without a better loss after which a run counts as on a plateau. */
const PATIENCE = 12;
/** What counts as better: this much less of the loss. */
const BETTER = 0.995;

export class Plateau {
  #best = Infinity;
  #since = 0;

  /** Adds an evaluation; true once the last `PATIENCE` of them brought no better held-out loss. */
  reached({ loss }: Evaluation): boolean {
    if (loss < BETTER * this.#best) {
      this.#best = loss;
      this.#since = 0;
    } else {
      this.#since += 1;
    }
    return this.#since === PATIENCE;
  }
}
