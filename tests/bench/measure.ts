/** Measures one adapter: does the jobs that it is sent, one after another, in Node or in a browser. */
import { defaultDevice, init, numpy as np } from '@jax-js/jax';
import { enableProdMode, getBackend, matMul, ones, slice, tidy } from '@tensorflow/tfjs-core';
import { integerCost } from '../../src/dnarch/budget.ts';
import { parameterLayout } from '../../src/dnarch/parameters.ts';
import { random } from '../../src/dnarch/random.ts';
import { neutralParameters, project } from '../../src/dnarch/shapes.ts';
import type { Contestant, ContestantName } from './contestant.ts';
import { counts } from './counts.ts';
import { crystals } from './crystal.ts';
import { jax } from './jax.ts';
import type {
  AdapterName,
  FromChild,
  Job,
  Opened,
  Outcome,
  PipelinesResult,
  Rates,
  Result,
  Series,
  TorchRate,
  WorkloadResult,
} from './messages.ts';
import { ours, settingsOf, stepMacs, trainingOf } from './ours.ts';
import { stock } from './stock.ts';
import { network, noise, WORKLOADS, type Workload } from './workloads.ts';

/** What differs between Node and a browser. */
export interface Surroundings {
  readonly send: (message: FromChild) => void;
  /** Makes the adapter the current backend of TF.js. */
  readonly open: (adapter: AdapterName) => Promise<Opened>;
  /** PyTorch, where it is compared with the adapter that was opened. */
  readonly torch: () => {
    readonly rate: () => Promise<TorchRate>;
    readonly step: (workload: Workload) => Promise<Contestant>;
  } | null;
}

let around: Surroundings | undefined;

/** Does a job and sends what comes of it. */
export function perform(job: Job, surroundings: Surroundings): void {
  around = surroundings;
  results(job).then(send, (error: unknown) => send({ kind: 'failed', reason: reasonOf(error) }));
}

const send = (message: FromChild): void => around?.send(message);
const phase = (name: string): void => send({ kind: 'phase', phase: name });
const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Whether jax-js runs here; it is started by the first job that asks for it. */
let jaxReady: Promise<boolean> | undefined;
const onGpu = (): boolean => getBackend() === 'webgpu';

function startJax(): Promise<boolean> {
  const device = onGpu() ? 'webgpu' : 'wasm';
  jaxReady ??= init(device).then((found) => {
    if (found.includes(device)) defaultDevice(device);
    return found.includes(device);
  });
  return jaxReady;
}

const RATE_SIZE = 1024;

async function rate(): Promise<Rates> {
  const best = async (round: () => Promise<void>): Promise<number> => {
    let shortest = Infinity;
    for (let i = 0; i < 6; i++) {
      const from = performance.now();
      await round();
      if (i > 0) shortest = Math.min(shortest, performance.now() - from);
    }
    return (1000 * RATE_SIZE ** 3) / shortest;
  };
  phase('the rate of matMul in TF.js');
  const a = ones([RATE_SIZE, RATE_SIZE]);
  const tfjs = await best(async () => {
    const probe = tidy(() => slice(matMul(a, a), [0, 0], [1, 1]));
    await probe.data();
    probe.dispose();
  });
  a.dispose();
  phase('the rate of matmul in PyTorch');
  // Why there is none is said where a step is asked for.
  const torch =
    (await around
      ?.torch()
      ?.rate()
      .catch(() => null)) ?? null;
  phase('the rate of matmul in jax-js');
  if (!(await startJax())) return { tfjs, jax: null, torch };
  const b = np.ones([RATE_SIZE, RATE_SIZE]);
  const jaxRate = await best(async () => {
    const product = np.matmul(b.ref, b.ref);
    await product.blockUntilReady();
    product.dispose();
  });
  b.dispose();
  return { tfjs, jax: jaxRate, torch };
}

async function make(name: ContestantName, workload: Workload): Promise<Contestant> {
  switch (name) {
    case 'ours':
      return ours(workload);
    case 'stock':
      return stock(workload);
    case 'jax':
      if (!(await startJax())) throw new Error('jax-js does not run here');
      return jax(workload);
    case 'torch': {
      const own = around?.torch() ?? null;
      if (own === null) throw new Error('PyTorch is not compared here');
      return own.step(workload);
    }
  }
}

interface Runner {
  readonly name: ContestantName;
  readonly contestant: Contestant;
  readonly firstMilliseconds: number;
  readonly firstLoss: number;
  /** Steps measured together. */
  readonly together: number;
  readonly milliseconds: number[];
  steps: number;
  dispatches: number;
}

async function warmed(name: ContestantName, workload: Workload): Promise<Runner> {
  const contestant = await make(name, workload);
  const timed = async (): Promise<number> => {
    const from = performance.now();
    await contestant.step();
    await contestant.done();
    return performance.now() - from;
  };
  const firstMilliseconds = await timed();
  const firstLoss = await contestant.firstLoss();
  await timed();
  const time = await timed();
  const together = time < 20 ? 40 : time < 400 ? 4 : time < 1000 ? 2 : 1;
  return { name, contestant, firstMilliseconds, firstLoss, together, milliseconds: [], steps: 0, dispatches: 0 };
}

async function measureWorkload(job: Extract<Job, { kind: 'workload' }>): Promise<WorkloadResult> {
  const from = performance.now();
  const workload = WORKLOADS[job.workload]!;
  const outcomes: Partial<Record<ContestantName, Outcome>> = {};
  const runners: Runner[] = [];
  for (const name of job.contestants) {
    phase(name);
    try {
      runners.push(await warmed(name, workload));
    } catch (error) {
      outcomes[name] = { reason: reasonOf(error) };
    }
  }
  await takeTurns(runners, job.rounds, from + 1000 * job.seconds);
  for (const runner of runners) {
    const { name, milliseconds, firstMilliseconds, firstLoss, steps } = runner;
    const dispatches = onGpu() && name !== 'torch' ? runner.dispatches / steps : null;
    outcomes[name] = { milliseconds, firstMilliseconds, firstLoss, dispatches };
    runner.contestant.dispose();
  }
  const training = trainingOf(workload);
  const macs = stepMacs(training);
  training.dispose();
  const { name, learned, budget } = workload;
  return { name, learned, budget, macs, outcomes };
}

/** At least two rounds, what disturbs one of which disturbs all runners; then no more of them after some time. */
async function takeTurns(runners: readonly Runner[], rounds: number, until: number): Promise<void> {
  phase('rounds');
  for (let round = 0; round < rounds; round++) {
    if (round > 1 && performance.now() > until) return;
    for (const runner of runners) await measureRound(runner);
  }
}

async function measureRound(runner: Runner): Promise<void> {
  const { contestant, together } = runner;
  const from = performance.now();
  const before = counts.dispatches;
  for (let i = 0; i < together; i++) await contestant.step();
  await contestant.done();
  runner.dispatches += counts.dispatches - before;
  runner.steps += together;
  runner.milliseconds.push((performance.now() - from) / together);
}

/** What is compiled where nothing but sizes changes. */
async function pipelines(): Promise<PipelinesResult> {
  const config = network([28, 28], 15, 2);
  const workload = { config, budget: 1, learned: true };
  const training = trainingOf(workload);
  const settings = settingsOf(training, workload);
  const batch = noise(config);
  const step = async (parameters: Float64Array): Promise<void> => {
    training.parameters = parameters;
    await training.trainStep(batch, settings);
    await training.weights.data();
  };
  const start = counts.pipelines;
  const cost = (parameters: Float64Array): number => integerCost(config, parameters);
  phase('warming');
  for (const part of [1, 0.5, 0.25, 0.1]) {
    const full = training.parameters;
    await step(part === 1 ? full : neutralParameters(config, part * training.fullMacs, cost));
  }
  // Results are read back together once in some steps.
  for (let i = 0; i < 4; i++) await step(training.parameters);
  const warm = counts.pipelines;
  const draw = random(5, 5);
  const layout = parameterLayout(config);
  const steps = 12;
  phase('other sizes');
  for (let i = 0; i < steps; i++) {
    const parameters = new Float64Array(layout.size).map(() => draw.uniform(0.2, 1));
    await step(project(config, parameters));
  }
  training.dispose();
  return { warming: warm - start, later: counts.pipelines - warm, steps };
}

async function series({
  workloads,
  rounds,
  seconds,
}: Extract<Job, { kind: 'series' }>): Promise<Series['milliseconds']> {
  const from = performance.now();
  const runners: Runner[] = [];
  for (const workload of workloads) runners.push(await warmed('ours', workload));
  await takeTurns(runners, rounds, from + 1000 * seconds);
  for (const { contestant } of runners) contestant.dispose();
  return runners.map(({ milliseconds }) => milliseconds);
}

async function results(job: Job): Promise<Result> {
  switch (job.kind) {
    case 'open':
      enableProdMode();
      if (around === undefined) throw new Error('there is nothing to open');
      return { kind: 'opened', result: await around.open(job.adapter) };
    case 'rate':
      return { kind: 'rate', result: await rate() };
    case 'workload':
      return { kind: 'workload', result: await measureWorkload(job) };
    case 'pipelines':
      return { kind: 'pipelines', result: await pipelines() };
    case 'series':
      return { kind: 'series', result: await series(job) };
    case 'crystals':
      phase('crystallised networks');
      return { kind: 'crystals', result: await crystals() };
  }
}
