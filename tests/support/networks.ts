/** Tiny networks, one for each kind of task, and a batch for them. */
import type { NetworkConfig } from '../../src/dnarch/config.ts';
import { parameterLayout } from '../../src/dnarch/parameters.ts';
import { random, type Random } from '../../src/dnarch/random.ts';
import { project } from '../../src/dnarch/shapes.ts';
import type { Batch } from '../../src/dnarch/training.ts';
import { sizeOf, normals } from './numbers.ts';

const shape = {
  channels: 2,
  blocks: 3,
  inner: 6,
  outer: 5,
  outputs: 3,
  batch: 4,
  startKernel: 5,
  startResolution: 0.7,
  startDepth: 0.7,
  handMade: { taps: 3, strides: [1, 2] },
} as const;

export const CONFIGS: readonly (readonly [string, NetworkConfig])[] = [
  ['sequences, classes', { ...shape, kind: 'classes', grid: [16], kernel: 9 }],
  ['sequences, dense', { ...shape, kind: 'dense', grid: [16], kernel: 9 }],
  ['images, classes', { ...shape, kind: 'classes', grid: [8, 7], kernel: 5 }],
  ['images, dense', { ...shape, kind: 'dense', grid: [8, 7], kernel: 5 }],
];

/** Inputs with noise in them, labels at random; one row in seven does not count. */
export function randomBatch(config: NetworkConfig, seed: number): Batch {
  const draw = random(seed, 77);
  const size = config.batch;
  const points = sizeOf(config.grid);
  const rows = config.kind === 'dense' ? size * points : size;
  const counted = Array.from({ length: rows }, (_, row) => config.kind === 'classes' || row % 7 !== 3);
  const count = counted.filter(Boolean).length;
  const weights = Float32Array.from(counted, (counts) => (counts ? 1 / count : 0));
  const targets = new Float32Array(rows * config.outputs);
  for (let row = 0; row < rows; row++) {
    targets[row * config.outputs + Math.floor(draw.uniform(0, config.outputs))] = weights[row] ?? 0;
  }
  return { size, inputs: normals(draw, size * points * config.channels), targets, weights };
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
