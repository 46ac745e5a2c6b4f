/**
 * What the other libraries need to know of the network to build the same one: its sizes, initial weights and constants, in
 * plain numbers.
 */
import type { NetworkConfig } from '../../src/dnarch/config.ts';
import { parameterLayout } from '../../src/dnarch/parameters.ts';
import type { IntegerSizes } from '../../src/dnarch/sizes.ts';
import { halfWidth } from '../../src/dnarch/sizes.ts';
import type { Training } from '../../src/dnarch/training.ts';
import { trainingOf } from './ours.ts';
import type { Workload } from './workloads.ts';

export interface Matrix {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

export interface TwinBlock {
  readonly size: IntegerSizes['blocks'][number];
  /** Grid before the block. */
  readonly from: readonly number[];
  /** Channels before the block. */
  readonly width: number;
  /** Coordinates of the taps, `[taps, axes]`. */
  readonly points: Matrix;
  /** Of the kernel, by which it is scaled. */
  readonly gain: number;
  /** Taps of half-width for an extent of 1, an axis. */
  readonly halfWidths: readonly number[];
  /** Positions in the architecture's parameters. */
  readonly cuts: {
    readonly kernel: number[];
    readonly resolution: number[];
    readonly inner: number;
    readonly outer: number;
  };
}

export interface Twin {
  readonly config: NetworkConfig;
  readonly sizes: IntegerSizes;
  readonly blocks: readonly TwinBlock[];
  /** The architecture's parameters. */
  readonly cuts: Float32Array;
  readonly depth: number;
  /** Initial weights by name, cut to the sizes that are run. */
  readonly weights: Readonly<Record<string, Matrix>>;
}

/** The same network, sizes and weights as `ours` starts with. */
export async function twinOf(workload: Workload): Promise<Twin> {
  const training = trainingOf(workload);
  const { config, sizes, parameters } = training;
  const layout = parameterLayout(config);
  const flat = new Float32Array(await training.weights.data());
  let from: readonly number[] = config.grid;
  let width = sizes.blocks[0]?.outer ?? 1;
  const blocks = sizes.blocks.slice(0, sizes.kept).map((size, block): TwinBlock => {
    const scale = training.scales[block]!;
    const reach = scale.reach.map((taps, axis) => (taps * (size.grid[axis] ?? 1)) / (config.grid[axis] ?? 1));
    const spacing = size.grid.reduce((ratio, n, axis) => ratio * ((scale.grid[axis] ?? n) / n), 1);
    const own = {
      size,
      from,
      width,
      points: lattice(size.kernel, reach),
      gain: scale.amplitude * spacing,
      halfWidths: size.grid.map((n, axis) => halfWidth(config, 1, axis, n)),
      cuts: {
        kernel: size.grid.map((_, axis) => layout.kernel(block, axis)),
        resolution: size.grid.map((_, axis) => layout.resolution(block, axis)),
        inner: layout.inner(block),
        outer: layout.outer(block),
      },
    };
    from = size.grid;
    width = size.outer;
    return own;
  });
  const weights = cutWeights(training, flat, blocks, width);
  training.dispose();
  return { config, sizes, blocks, cuts: Float32Array.from(parameters), depth: layout.depth, weights };
}

function lattice(taps: readonly number[], reach: readonly number[]): Matrix {
  const count = taps.reduce((a, b) => a * b, 1);
  const values = new Float32Array(count * taps.length);
  for (let tap = 0; tap < count; tap++) {
    let rest = tap;
    for (let axis = taps.length - 1; axis >= 0; axis--) {
      const extent = taps[axis] ?? 1;
      values[tap * taps.length + axis] = ((rest % extent) - (extent - 1) / 2) / (reach[axis] ?? 1);
      rest = Math.floor(rest / extent);
    }
  }
  return { shape: [count, taps.length], values };
}

function cutWeights(
  { layout, config }: Training,
  flat: Float32Array,
  blocks: readonly TwinBlock[],
  last: number,
): Record<string, Matrix> {
  const weights: Record<string, Matrix> = {};
  for (const { name, shape, offset, size } of layout.entries) {
    const [, index, own = name] = /^(?:(\d+)\.)?(\w+)$/.exec(name) ?? [];
    const block = index === undefined ? undefined : blocks[Number(index)];
    if (index !== undefined && block === undefined) continue;
    weights[name] = cut({ shape, values: flat.subarray(offset, offset + size) }, keptOf(own, shape, block));
  }
  return weights;

  function keptOf(name: string, shape: readonly number[], block: TwinBlock | undefined): readonly number[] {
    if (block === undefined) {
      const first = blocks[0]?.width ?? 1;
      return (
        { lift: [config.channels, first], head: [last, config.outputs], scale: [last], shift: [last] }[name] ?? shape
      );
    }
    const { width, size } = block;
    const kept: Record<string, number[]> = {
      scale: [width],
      shift: [width],
      mix1: [width, size.inner],
      bias1: [size.inner],
      mix2: [size.inner, size.outer],
      output: [shape[0] ?? 1, width],
      outputBias: [width],
    };
    return kept[name] ?? shape;
  }
}

/** The first rows and columns. */
function cut({ shape, values }: Matrix, kept: readonly number[]): Matrix {
  if (shape.length === 1) return { shape: kept, values: values.slice(0, kept[0]) };
  const [columns = 1, rows = 1, keptColumns = 1] = [shape[1], kept[0], kept[1]];
  const result = new Float32Array(rows * keptColumns);
  for (let r = 0; r < rows; r++) {
    result.set(values.subarray(r * columns, r * columns + keptColumns), r * keptColumns);
  }
  return { shape: [rows, keptColumns], values: result };
}
