/** Runs with a network of a few channels, on the digits of 8×8 where no other task is given. */
import type { RunSettings } from '../../src/engine/protocol.ts';
import { Run } from '../../src/engine/run.ts';
import { digits } from '../../src/tasks/digits.ts';
import type { Dataset, ReadFile, Task } from '../../src/tasks/task.ts';

export const TINY: Task = {
  ...digits,
  network: {
    blocks: 3,
    inner: 12,
    outer: 8,
    kernel: 7,
    startKernel: 3,
    startResolution: [0.75],
    startDepth: 2 / 3,
    handMade: { taps: 3, strides: [1, 2] },
  },
  batch: 8,
};

export const TINY_SETTINGS: RunSettings = {
  task: 'digits',
  seed: 3,
  learn: { K: true, R: true, W: true, D: true },
  budget: 0.3,
  lambda: 1,
  oneSided: false,
  learningRate: 0.01,
  maskLearningRate: 0.01,
  batch: TINY.batch,
  dropout: 0,
  start: 'budget',
  steps: null,
};

export function loadDigits(readFile: ReadFile): Promise<Dataset> {
  return TINY.load(readFile, () => undefined);
}

export function tinyRun(data: Dataset, settings: Partial<RunSettings> = {}, task = TINY): Run {
  return new Run(task, data, { ...TINY_SETTINGS, ...settings });
}

/** Losses of the next steps. */
export async function lossesOf(run: Run, steps: number): Promise<number[]> {
  for (let i = 0; i < steps; i++) await run.step();
  await run.training.flush();
  return run.training.takeResults().map(({ taskLoss }) => taskLoss);
}
