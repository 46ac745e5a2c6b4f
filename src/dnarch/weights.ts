/**
 * The weights: one flat array, cut into named tensors.
 *
 * Flat, so that the optimiser updates all of them in a few operations and a checkpoint is one array. What writes to the stream has no
 * bias: the normalisation before each reader would remove it.
 */
import type { Tensor1D } from '@tensorflow/tfjs-core';
import type { BlockSizes } from '../architecture/cost.ts';
import { Leaf, type View } from '../kernels/leaf.ts';
import type { NetworkConfig } from './config.ts';
import { generatorShapes, initialGenerator, type GeneratorViews } from './kernelNetwork.ts';
import { random, type Random } from './random.ts';
import type { IntegerSizes } from './sizes.ts';

/** Names of a block's tensors beside its kernel network's. */
type BlockName = 'scale' | 'shift' | 'mix1' | 'bias1' | 'mix2';

interface Entry {
  readonly name: string;
  readonly shape: readonly number[];
  readonly offset: number;
  readonly size: number;
}

export interface WeightLayout {
  readonly entries: readonly Entry[];
  readonly size: number;
}

export function weightLayout(config: NetworkConfig): WeightLayout {
  const { inner, outer } = config;
  const shapes: [string, readonly number[]][] = [['lift', [config.channels, outer]]];
  for (let block = 0; block < config.blocks; block++) {
    const own: Readonly<Record<BlockName, readonly number[]>> = {
      scale: [outer],
      shift: [outer],
      mix1: [outer, inner],
      bias1: [inner],
      mix2: [inner, outer],
    };
    for (const [name, shape] of Object.entries({ ...own, ...generatorShapes(config.grid.length, outer) })) {
      shapes.push([`${block}.${name}`, shape]);
    }
  }
  shapes.push(
    ['scale', [outer]],
    ['shift', [outer]],
    ['head', [outer, config.outputs]],
    ['headBias', [config.outputs]],
  );
  let size = 0;
  const entries = shapes.map(([name, shape]) => {
    const entry = { name, shape, offset: size, size: shape.reduce((a, b) => a * b, 1) };
    size += entry.size;
    return entry;
  });
  return { entries, size };
}

/** 1 for the entries that weight decay applies to: the mixing matrices and the head, nothing else. */
export function decayMask(layout: WeightLayout): Float32Array {
  const mask = new Float32Array(layout.size);
  for (const { name, offset, size } of layout.entries) {
    if (/^(lift|head|\d+\.mix[12])$/.test(name)) mask.fill(1, offset, offset + size);
  }
  return mask;
}

export type BlockViews = Readonly<Record<BlockName, View>> & { readonly generator: GeneratorViews };

/** A way to the weights by name. */
export interface WeightViews {
  readonly lift: View;
  readonly scale: View;
  readonly shift: View;
  readonly head: View;
  readonly headBias: View;
  block(index: number): BlockViews;
}

/** The flat weights, `[size]` or longer, as a leaf. */
export function weightLeaf(layout: WeightLayout, flat: Tensor1D): Leaf {
  return new Leaf(flat, weightLengths(layout));
}

export function weightLengths({ entries }: WeightLayout): number[] {
  return entries.map(({ size }) => size);
}

export function viewWeights(layout: WeightLayout, leaf: Leaf): WeightViews {
  const positions = new Map(layout.entries.map(({ name }, i) => [name, i]));
  const view = (name: string): View => {
    const position = positions.get(name);
    if (position === undefined) throw new Error(`There is no weight named ${name}.`);
    return leaf.view(position, layout.entries[position]?.shape[1]);
  };
  return {
    lift: view('lift'),
    scale: view('scale'),
    shift: view('shift'),
    head: view('head'),
    headBias: view('headBias'),
    block: (index) => ({
      generator: {
        frequency: view(`${index}.frequency`),
        phase: view(`${index}.phase`),
        steepness: view(`${index}.steepness`),
        centre: view(`${index}.centre`),
        mixing: view(`${index}.mixing`),
        mixingBias: view(`${index}.mixingBias`),
        output: view(`${index}.output`),
        outputBias: view(`${index}.outputBias`),
      },
      scale: view(`${index}.scale`),
      shift: view(`${index}.shift`),
      mix1: view(`${index}.mix1`),
      bias1: view(`${index}.bias1`),
      mix2: view(`${index}.mix2`),
    }),
  };
}

/** Initial weights for a network that starts with `sizes`: standard deviations go by the widths it starts with. */
export function initialWeights(config: NetworkConfig, sizes: IntegerSizes, seed: number): Float32Array {
  const layout = weightLayout(config);
  const flat = new Float32Array(layout.size);
  const draw = random(seed, 0);
  const generators = sizes.blocks.map((block) => generatorFor(config, block, draw));
  for (const { name, offset, size } of layout.entries) {
    const [, block, own = name] = /^(?:(\d+)\.)?(\w+)$/.exec(name) ?? [];
    const at = block === undefined ? undefined : Number(block);
    const values = flat.subarray(offset, offset + size);
    const generated = at === undefined ? undefined : generators[at]?.get(own);
    if (generated !== undefined) values.set(generated);
    else fillNormal(values, deviation(config, sizes, own, at), draw);
    if (own === 'scale') values.fill(1);
  }
  return flat;
}

function generatorFor(
  config: NetworkConfig,
  { kernel, grid }: BlockSizes<number>,
  draw: Random,
): Map<string, Float32Array> {
  const most = grid.map((size, axis) => (config.kernel * size) / (config.grid[axis] ?? size));
  return new Map(Object.entries(initialGenerator(draw, config.grid.length, config.outer, kernel, most)));
}

function fillNormal(values: Float32Array, deviation: number, draw: Random): void {
  if (deviation > 0) for (let i = 0; i < values.length; i++) values[i] = deviation * draw.normal();
}

/** Standard deviation of a weight at the start; 0 for biases and shifts. */
function deviation(config: NetworkConfig, sizes: IntegerSizes, name: string, block: number | undefined): number {
  const last = sizes.blocks[sizes.kept - 1];
  const own = sizes.blocks[block ?? 0];
  const before = sizes.blocks[Math.max(0, (block ?? 0) - 1)];
  switch (name) {
    case 'lift':
      return 1 / Math.sqrt(config.channels);
    case 'mix1':
      return Math.sqrt(2 / (before?.outer ?? 1));
    case 'mix2':
      return Math.sqrt(1 / (own?.inner ?? 1));
    case 'head':
      return Math.sqrt(1 / (last?.outer ?? 1));
    default:
      return 0;
  }
}
