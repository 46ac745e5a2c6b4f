/** A trained network crystallised, and measured beside the soft one. */
import { reportOf } from '../architecture/discrete.ts';
import { crystallise } from '../dnarch/crystallise.ts';
import { DiscreteRunner } from '../dnarch/discreteForward.ts';
import type { Predictor } from '../dnarch/evaluation.ts';
import { withoutPauses, type Run } from '../engine/run.ts';
import type { Evaluation } from '../engine/protocol.ts';

export interface Crystal {
  /** On held-out data, without further training. */
  readonly metric: number;
  readonly softMetric: number;
  /** Learned numbers; entries of resampling matrices, which the architecture gives; multiply–accumulates a sample. */
  readonly parameters: number;
  readonly constants: number;
  readonly macs: number;
  /** Milliseconds for all held-out samples, the shorter of two turns. */
  readonly milliseconds: number;
  readonly softMilliseconds: number;
}

export async function crystalOf(run: Run): Promise<Crystal> {
  const soft = run.freeze();
  const network = crystallise(await soft.read());
  const discrete = new DiscreteRunner(run.training.config, network);
  const { parameters, constants, macs } = reportOf(network);
  // In turns, so that what else the machine does slows both.
  const turns = [];
  for (let turn = 0; turn < 2; turn++) {
    turns.push({ soft: await timed(run, soft), discrete: await timed(run, discrete) });
  }
  soft.dispose();
  discrete.dispose();
  const [first] = turns;
  return {
    metric: first?.discrete.evaluation.metric ?? NaN,
    softMetric: first?.soft.evaluation.metric ?? NaN,
    parameters,
    constants,
    macs: Math.round(macs),
    milliseconds: Math.min(...turns.map((turn) => turn.discrete.milliseconds)),
    softMilliseconds: Math.min(...turns.map((turn) => turn.soft.milliseconds)),
  };
}

async function timed(
  run: Run,
  predictor: Predictor,
): Promise<{ readonly evaluation: Evaluation; readonly milliseconds: number }> {
  const before = performance.now();
  const evaluation = await withoutPauses(run.measure(predictor, run.training.step));
  return { evaluation, milliseconds: performance.now() - before };
}
