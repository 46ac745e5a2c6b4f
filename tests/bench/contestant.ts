/** What can be measured: one way to train the same network. */
export interface Contestant {
  /** Asks for one training step; it need not be done when this comes back. */
  step(): Promise<void>;
  /** Waits until all steps asked for are done. */
  done(): Promise<void>;
  /** The loss of the first step, to see that all train the same network. */
  firstLoss(): Promise<number>;
  dispose(): void;
}

export const CONTESTANTS = ['ours', 'stock', 'jax', 'torch'] as const;
export type ContestantName = (typeof CONTESTANTS)[number];
