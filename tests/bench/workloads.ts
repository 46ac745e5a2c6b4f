/** What is measured: networks, their sizes, and what fits into a quick run. */
import type { LearnedAxes, NetworkConfig } from '../../src/dnarch/config.ts';
import { pointsOf } from '../../src/dnarch/config.ts';
import { random } from '../../src/dnarch/random.ts';
import type { Batch } from '../../src/dnarch/training.ts';

export interface Workload {
  readonly name: string;
  readonly config: NetworkConfig;
  /** Fraction of the full network's cost. */
  readonly budget: number;
  /** Whether the sizes are learned, or fixed. */
  readonly learned: boolean;
  /** Part of a quick run. */
  readonly quick: boolean;
}

const ALL: LearnedAxes = { K: true, R: true, W: true, D: true };
const NONE: LearnedAxes = { K: false, R: false, W: false, D: false };

export const learnedAxes = ({ learned }: Pick<Workload, 'learned'>): LearnedAxes => (learned ? ALL : NONE);

/** Four blocks, 32 channels on the stream and 64 within; where it is cut, the blocks after the first at half the grid. */
export function network(grid: readonly number[], kernel: number, batch: number): NetworkConfig {
  return {
    grid,
    batch,
    kernel,
    startKernel: kernel,
    blocks: 4,
    inner: 64,
    outer: 32,
    channels: 1,
    outputs: 10,
    tokens: false,
    periodic: false,
    kind: 'classes',
    objective: 'accuracy',
    startResolution: [1, 0.5],
    startDepth: 1,
    handMade: { taps: Math.min(kernel, 7), strides: [1, 2] },
  };
}

interface Shape {
  readonly name: string;
  readonly config: NetworkConfig;
}

const SMALL: Shape = { name: '28×28, K 7', config: network([28, 28], 7, 8) };
const WIDE_KERNEL: Shape = { name: '28×28, K 15', config: network([28, 28], 15, 8) };
const LARGE: Shape = { name: '64×64, K 7', config: network([64, 64], 7, 4) };
const LARGE_WIDE: Shape = { name: '64×64, K 15', config: network([64, 64], 15, 4) };
const SEQUENCE: Shape = { name: '512, K 63', config: network([512], 63, 8) };
const SEQUENCE_FULL: Shape = { name: '512, K 511', config: network([512], 511, 8) };
const LONG: Shape = { name: '4096, K 63', config: network([4096], 63, 2) };
const LONG_FULL: Shape = { name: '4096, K 4095', config: network([4096], 4095, 2) };

function workload({ name, config }: Shape, learned: boolean, budget: number, quick = false): Workload {
  const how = learned ? 'learned' : 'fixed';
  return { name: `${name}, ${how}, ${budget * 100} %`, config, learned, budget, quick };
}

const SHAPES = [WIDE_KERNEL, SEQUENCE, LARGE, LARGE_WIDE, SEQUENCE_FULL, LONG];

/** With next to nothing to compute, what is left is the time that the host takes to ask for it. */
const IDLE = '4×4, K 3, 4 channels';
export const HOST = ({ name }: Pick<Workload, 'name'>): boolean => name.startsWith(IDLE);

/** In the order in which they are measured, since what there is no time for is left out. */
export const WORKLOADS: readonly Workload[] = [
  workload(SMALL, true, 1, true),
  workload(SEQUENCE, true, 1, true),
  workload({ name: IDLE, config: { ...network([4, 4], 3, 1), inner: 4, outer: 4 } }, true, 1, true),
  workload(SMALL, false, 1, true),
  workload(WIDE_KERNEL, true, 1, true),
  workload(WIDE_KERNEL, true, 0.1, true),
  workload(WIDE_KERNEL, true, 0.25, true),
  workload(WIDE_KERNEL, true, 0.5),
  ...SHAPES.flatMap((shape) => [
    ...(shape === SEQUENCE || shape === WIDE_KERNEL ? [] : [workload(shape, true, 1)]),
    workload(shape, false, 1),
  ]),
  ...[SMALL, SEQUENCE, LARGE_WIDE, LONG].flatMap((shape) =>
    [0.5, 0.25, 0.1].map((part) => workload(shape, true, part)),
  ),
  // What takes longest comes last.
  workload(LONG_FULL, true, 1),
  workload(LONG_FULL, false, 1),
];

/** Those that are crystallised. */
export const CRYSTALLISED: readonly Workload[] = [WIDE_KERNEL, SEQUENCE].map((shape) => workload(shape, true, 0.25));

/** Workloads that differ in one number, measured in turns. */
export interface SeriesPlan {
  readonly name: string;
  readonly at: readonly number[];
  readonly workloads: readonly Workload[];
}

/** What budgets take of each shape's time, the full network first. */
export const BUDGETS: readonly SeriesPlan[] = [
  WIDE_KERNEL,
  SMALL,
  SEQUENCE,
  LARGE,
  LARGE_WIDE,
  SEQUENCE_FULL,
  LONG,
  LONG_FULL,
].map((shape) => {
  const at = [1, 0.5, 0.25, 0.1];
  return { name: shape.name, at, workloads: at.map((part) => workload(shape, true, part)) };
});

/** How a step grows with the length of a sequence, of a small network, so that the longest takes seconds and not minutes. */
export function growthPlan(full: boolean, longest: number): SeriesPlan {
  const at = [1024, 2048, 4096, 8192, 16384].filter((length) => length <= longest);
  const workloads = at.map((length) => {
    const kernel = full ? length - 1 : 63;
    const config = { ...network([length], kernel, 1), blocks: 2, inner: 16, outer: 8 };
    return workload({ name: `${length}, K ${kernel}`, config }, true, 1);
  });
  return { name: full ? 'as long as the sequence' : '63', at, workloads };
}

/** Noise with answers at random. */
export function noise(config: NetworkConfig): Batch {
  const draw = random(1, 1);
  const inputs = Float32Array.from({ length: config.batch * pointsOf(config.grid) * config.channels }, () =>
    draw.normal(),
  );
  const targets = new Float32Array(config.batch * config.outputs);
  for (let i = 0; i < config.batch; i++) targets[i * config.outputs + (i % config.outputs)] = 1 / config.batch;
  return { size: config.batch, inputs, targets, weights: new Float32Array(config.batch).fill(1 / config.batch) };
}
