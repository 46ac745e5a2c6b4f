/** From a run to what the page shows of it. */
import { DEPTH_TEMPERATURE, TEMPERATURE } from '../dnarch/config.ts';
import { describeArchitecture, kernelSigma } from '../dnarch/describe.ts';
import { parameterLayout } from '../dnarch/parameters.ts';
import { halfWidth } from '../dnarch/sizes.ts';
import type { StepResult } from '../dnarch/training.ts';
import type { BlockMasks, Force, KernelSample, Probe, SigmoidMask, Snapshot } from './protocol.ts';
import type { Run } from './run.ts';

export interface Shown {
  /** Steps whose results came since the last snapshot. */
  readonly results: readonly StepResult[];
  readonly kernels: readonly KernelSample[] | null;
  readonly probe: Probe | null;
  /** Milliseconds. */
  readonly stepTime: number;
}

export function takeSnapshot({ training, budget }: Run, { results, kernels, probe, stepTime }: Shown): Snapshot {
  const { config, parameters, forces, sizes } = training;
  const layout = parameterLayout(config);
  const force = (index: number): Force => ({ task: forces.task[index] ?? 0, budget: forces.budget[index] ?? 0 });
  const sigmoid = (index: number, temperature: number): SigmoidMask => ({
    cut: parameters[index] ?? 0,
    temperature,
    force: force(index),
  });
  const masks: BlockMasks[] = sizes.blocks.map(({ grid }, block) => ({
    kernel: grid.map((size, axis) => {
      const index = layout.kernel(block, axis);
      const extent = parameters[index] ?? 0;
      return {
        sigma: kernelSigma(config, extent, axis),
        taps: 2 * halfWidth(config, extent, axis, size),
        force: force(index),
      };
    }),
    resolution: grid.map((_, axis) => sigmoid(layout.resolution(block, axis), TEMPERATURE)),
    inner: sigmoid(layout.inner(block), TEMPERATURE),
    outer: sigmoid(layout.outer(block), TEMPERATURE),
  }));
  const mean = (pick: (result: StepResult) => number): number =>
    results.reduce((sum, result) => sum + pick(result), 0) / results.length;
  const taskLoss = mean((result) => result.taskLoss);
  const budgetLoss = mean((result) => result.budgetLoss);
  return {
    step: training.step,
    phase: training.freedom,
    loss: taskLoss + budgetLoss,
    taskLoss,
    budgetLoss,
    trainMetric: mean((result) => result.metric),
    target: Math.round(budget.target),
    architecture: describeArchitecture(config, parameters),
    masks,
    depth: sigmoid(layout.depth, DEPTH_TEMPERATURE * config.blocks),
    kernels,
    probe,
    stepTime,
  };
}
