/** Forward passes of a network, and of the discrete one that is made of it, in turns. */
import { crystallise } from '../../src/dnarch/crystallise.ts';
import { DiscreteRunner } from '../../src/dnarch/discreteForward.ts';
import { FrozenNetwork, type Predictor } from '../../src/dnarch/evaluation.ts';
import type { CrystalResult } from './messages.ts';
import { trainingOf } from './ours.ts';
import { CRYSTALLISED, noise, type Workload } from './workloads.ts';

const ROUNDS = 9;
/** Passes of a round. */
const PASSES = 8;

export async function crystals(): Promise<CrystalResult[]> {
  const results: CrystalResult[] = [];
  for (const workload of CRYSTALLISED) results.push(await crystal(workload));
  return results;
}

async function crystal(workload: Workload): Promise<CrystalResult> {
  const { name, config } = workload;
  const training = trainingOf(workload);
  const batch = noise(config);
  const soft = new FrozenNetwork(training);
  soft.calibrate(batch);
  const discrete = new DiscreteRunner(config, crystallise(await soft.read()));
  const timed = async (predictor: Predictor): Promise<number> => {
    const from = performance.now();
    for (let pass = 0; pass < PASSES; pass++) await predictor.predict(batch);
    return (performance.now() - from) / PASSES;
  };
  const turns: { readonly soft: number; readonly discrete: number }[] = [];
  for (let round = 0; round <= ROUNDS; round++) {
    const turn = { soft: await timed(soft), discrete: await timed(discrete) };
    // The first one compiles.
    if (round > 0) turns.push(turn);
  }
  discrete.dispose();
  soft.dispose();
  training.dispose();
  return { name, soft: turns.map((turn) => turn.soft), discrete: turns.map((turn) => turn.discrete) };
}
