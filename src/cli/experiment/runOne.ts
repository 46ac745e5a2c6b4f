/** One run of a grid, through the same engine as the page's. */
import { availableParallelism, cpus } from 'node:os';
import type { Architecture } from '../../architecture/architecture.ts';
import { pointsOf } from '../../dnarch/config.ts';
import { describeArchitecture } from '../../dnarch/describe.ts';
import { evaluateWhole, Run } from '../../engine/run.ts';
import { findTask } from '../../tasks/index.ts';
import type { Task } from '../../tasks/task.ts';
import { validationSplit, VALIDATION_SEED } from '../../tasks/validation.ts';
import { openBackend } from '../backend.ts';
import { crystalOf } from '../crystal.ts';
import { readPublic } from '../publicFiles.ts';
import { learnedAxes, type Spec } from './grid.ts';
import type { Line, Moment } from './lines.ts';

/** Moments of a run that are kept. */
const MOMENTS = 24;

/** The task with the network that the run asks for. */
export function taskOf({ task, network }: Spec): Task {
  const known = findTask(task);
  return { ...known, network: { ...known.network, ...network } };
}

export async function runOne(spec: Spec): Promise<Line> {
  const task = taskOf(spec);
  const { steps, batch, seed, budget, start, settings } = spec;
  const loaded = await task.load(readPublic, () => undefined);
  const data = spec.heldOut === 'validation' ? validationSplit(task, loaded, VALIDATION_SEED) : loaded;
  const backend = await openBackend('wasm');
  const run = new Run(task, data, {
    task: task.id,
    seed,
    learn: learnedAxes(spec.rung),
    budget,
    lambda: settings.lambda ?? 1,
    oneSided: settings.oneSided ?? false,
    learningRate: settings.learningRate ?? 0.01,
    maskLearningRate: settings.maskLearningRate ?? 4 / steps,
    batch,
    dropout: settings.dropout ?? 0,
    start,
    steps,
  });
  const { training } = run;
  const now = (): Architecture => describeArchitecture(training.config, training.parameters);
  const first = now();
  const history: Moment[] = [];
  const every = Math.max(1, Math.ceil(steps / MOMENTS));
  let trained = 0;
  for (let step = 1; step <= steps; step++) {
    const before = performance.now();
    await run.step();
    trained += performance.now() - before;
    if (step % every !== 0 && step !== steps) continue;
    await training.flush();
    const results = training.takeResults();
    const mean = (pick: (result: (typeof results)[number]) => number): number =>
      results.reduce((sum, result) => sum + pick(result), 0) / results.length;
    const loss = mean(({ taskLoss }) => taskLoss);
    if (!Number.isFinite(loss)) throw new Error(`the loss is ${loss} at step ${step}: lower the learning rate.`);
    history.push({ step, loss, metric: mean(({ metric }) => metric), ...axesOf(now(), run.budget.target) });
  }
  const { metric, scores, loss } = await evaluateWhole(run);
  const { softMetric: _, constants: __, ...crystal } = await crystalOf(run);
  const architecture = now();
  const { target } = run.budget;
  run.dispose();
  return {
    version: 1,
    spec,
    metric: { name: task.metric, value: metric, scores: [...scores] },
    loss,
    cost: {
      macs: architecture.macs,
      target: Math.round(target),
      full: architecture.full.macs,
      ratio: architecture.macs / target,
    },
    seconds: trained / 1000,
    msPerStep: trained / steps,
    device: `${backend}; ${cpus()[0]?.model ?? 'unknown processor'}, ${availableParallelism()} cores`,
    history,
    start: first,
    architecture,
    crystal,
  };
}

function axesOf({ blocks, full, input, macs }: Architecture, target: number): Omit<Moment, 'step' | 'loss' | 'metric'> {
  const kept = blocks.filter((block) => block.kept);
  const mean = (of: (block: (typeof kept)[number]) => number): number =>
    kept.reduce((sum, block) => sum + of(block), 0) / kept.length;
  return {
    ratio: macs / target,
    kernel: mean(({ kernel }) => kernel.reduce((a, b) => a + b, 0) / kernel.length),
    resolution: mean(({ grid }) => (pointsOf(grid) / pointsOf(input.grid)) ** (1 / grid.length)),
    width: mean(({ width }) => (width.inner / full.width.inner + width.outer / full.width.outer) / 2),
    depth: kept.length,
  };
}
