/** The network as this project trains it. */
import { slice, tidy } from '@tensorflow/tfjs-core';
import { integerCost } from '../../src/dnarch/budget.ts';
import { PERIOD, Training, type StepSettings } from '../../src/dnarch/training.ts';
import type { Contestant } from './contestant.ts';
import { learnedAxes, noise, type Workload } from './workloads.ts';

export const RATE = 0.003;

export function trainingOf({ config, budget }: Pick<Workload, 'config' | 'budget'>): Training {
  return new Training({ config, seed: 1, budget, start: budget === 1 ? 'full' : 'budget', dropout: 0 });
}

/** The sizes are held where they are: their rate is so small that nothing is rounded to another number. */
export function settingsOf(training: Training, workload: Pick<Workload, 'budget' | 'learned'>): StepSettings {
  const budget = { target: workload.budget * training.fullMacs, lambda: 1, oneSided: false };
  return { learn: learnedAxes(workload), budget, learningRate: RATE, maskLearningRate: 1e-9 };
}

/** Multiply–accumulates of a step: forward, and as many again for each of the two gradients. */
export function stepMacs(training: Training): number {
  return 3 * training.config.batch * integerCost(training.config, training.parameters);
}

export function ours(workload: Workload): Contestant & { readonly training: Training } {
  const training = trainingOf(workload);
  const settings = settingsOf(training, workload);
  const batch = noise(workload.config);
  let first: number | undefined;
  return {
    training,
    step: () => training.trainStep(batch, settings),
    done: async () => {
      const probe = tidy(() => slice(training.weights, [0], [1]));
      await probe.data();
      probe.dispose();
    },
    firstLoss: async () => {
      await training.flush();
      const results = training.takeResults();
      first ??= results[0]?.taskLoss;
      return first ?? NaN;
    },
    dispose: () => training.dispose(),
  };
}

export { PERIOD };
