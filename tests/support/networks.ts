/** Tiny networks, one for each kind of task, and a batch for them. */
import type { NetworkConfig } from '../../src/dnarch/config.ts';
import { parameterLayout } from '../../src/dnarch/parameters.ts';
import { random, type Random } from '../../src/dnarch/random.ts';
import { project } from '../../src/dnarch/shapes.ts';
import type { Batch } from '../../src/dnarch/training.ts';
import { norm, normals, sizeOf } from './numbers.ts';

const shape = {
  channels: 2,
  tokens: false,
  periodic: false,
  objective: 'accuracy',
  blocks: 3,
  inner: 6,
  outer: 5,
  outputs: 3,
  batch: 4,
  startKernel: 5,
  startResolution: [0.7],
  startDepth: 0.7,
  handMade: { taps: 3, strides: [1, 2] },
} as const;

const field = { ...shape, kind: 'dense', periodic: true, objective: 'relative-l2' } as const;

export const SHORT_CONFIGS: readonly (readonly [string, NetworkConfig])[] = [
  ['sequences, classes', { ...shape, kind: 'classes', grid: [16], kernel: 9 }],
  ['sequences, dense', { ...shape, kind: 'dense', grid: [16], kernel: 9 }],
  ['sequences of tokens, classes', { ...shape, kind: 'classes', tokens: true, channels: 7, grid: [16], kernel: 9 }],
  ['rings, fields', { ...field, channels: 1, outputs: 2, grid: [16], kernel: 9 }],
  ['images, classes', { ...shape, kind: 'classes', grid: [8, 7], kernel: 5 }],
  ['images, dense', { ...shape, kind: 'dense', grid: [8, 7], kernel: 5 }],
  ['images, overlap', { ...shape, kind: 'dense', objective: 'iou', outputs: 2, grid: [8, 7], kernel: 5 }],
  ['tori, fields', { ...field, outputs: 1, grid: [8, 7], kernel: 5 }],
];

const long = { ...shape, kind: 'dense', kernel: 9, startKernel: 3, inner: 4, outer: 3, outputs: 2, batch: 2 } as const;

/** With networks whose axes are so long that they are resampled by a band. */
export const CONFIGS: typeof SHORT_CONFIGS = [
  ...SHORT_CONFIGS,
  ['long sequences, dense', { ...long, grid: [90] }],
  ['long rings, fields', { ...long, periodic: true, objective: 'relative-l2', grid: [81] }],
];

/** With kernels that are as long as their sequences, or nearly so, and convolve by way of spectra. */
export const LONG_KERNELS: typeof SHORT_CONFIGS = [
  ['sequences, classes, long kernels', { ...shape, kind: 'classes', grid: [160], kernel: 319, startKernel: 319 }],
  ['sequences, dense, long kernels', { ...shape, kind: 'dense', grid: [161], kernel: 321, startKernel: 321 }],
  ['rings with factors, long kernels', { ...field, outputs: 1, grid: [180], kernel: 179, startKernel: 179 }],
  ['rings of a prime, long kernels', { ...field, outputs: 1, grid: [401], kernel: 399, startKernel: 399 }],
];

/** Rows of a batch: samples, or positions of a dense task. */
function rowsOf({ kind, grid, batch }: NetworkConfig): number {
  return kind === 'dense' ? batch * sizeOf(grid) : batch;
}

/** Inputs with noise in them, answers at random; of dense classes one row in seven does not count. */
export function randomBatch(config: NetworkConfig, seed: number): Batch {
  const draw = random(seed, 77);
  const answers = config.objective === 'relative-l2' ? randomField(config, draw) : randomClasses(config, draw);
  const points = config.batch * sizeOf(config.grid);
  const inputs = config.tokens
    ? Float32Array.from({ length: points }, () => Math.floor(draw.uniform(0, config.channels)))
    : normals(draw, points * config.channels);
  return { size: config.batch, inputs, ...answers };
}

type Answers = Pick<Batch, 'targets' | 'weights'>;

function randomClasses(config: NetworkConfig, draw: Random): Answers {
  const counted = Array.from({ length: rowsOf(config) }, (_, row) => config.kind === 'classes' || row % 7 !== 3);
  const count = counted.filter(Boolean).length;
  const weights = Float32Array.from(counted, (counts) => (counts ? 1 / count : 0));
  const targets = new Float32Array(weights.length * config.outputs);
  for (const [row, weight] of weights.entries()) {
    targets[row * config.outputs + Math.floor(draw.uniform(0, config.outputs))] = weight;
  }
  return { targets, weights };
}

function randomField(config: NetworkConfig, draw: Random): Answers {
  const targets = normals(draw, rowsOf(config) * config.outputs);
  const each = targets.length / config.batch;
  const weights = Float32Array.from(
    { length: config.batch },
    (_, sample) => 1 / (config.batch * norm(targets.subarray(sample * each, (sample + 1) * each))),
  );
  return { targets, weights };
}

/** Parameters that differ from block to block and from axis to axis, none at the edge of its range. */
export function randomParameters(config: NetworkConfig, draw: Random): Float64Array {
  const layout = parameterLayout(config);
  const parameters = new Float64Array(layout.size);
  for (let block = 0; block < layout.blocks; block++) {
    for (let axis = 0; axis < layout.dimensions; axis++) {
      parameters[layout.kernel(block, axis)] = draw.uniform(0.6, 1);
      parameters[layout.resolution(block, axis)] = draw.uniform(0.6, 1);
    }
    parameters[layout.inner(block)] = draw.uniform(0.45, 1);
    parameters[layout.outer(block)] = draw.uniform(0.45, 1);
  }
  parameters[layout.depth] = draw.uniform(0.5, 1);
  return project(config, parameters);
}
