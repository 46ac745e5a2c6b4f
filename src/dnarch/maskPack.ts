/**
 * All masks of a network in one vector: uploaded once a step, differentiated as one leaf, read back as one row.
 *
 * The device returns the task's gradient in every entry; `taskGradient` takes it to the parameters by the chain rule.
 */
import type { Tensor1D } from '@tensorflow/tfjs-core';
import { LONGEST_EXACT } from '../architecture/cost.ts';
import { Leaf } from '../kernels/leaf.ts';
import type { NetworkConfig } from './config.ts';
import { DEPTH_TEMPERATURE, TEMPERATURE } from './config.ts';
import { gaussianMask, sigmoidMask, type MaskVector } from './masks.ts';
import { parameterLayout } from './parameters.ts';
import { halfWidth, type IntegerSizes } from './sizes.ts';

export interface MaskPack {
  readonly values: Float32Array;
  /** ∂value/∂parameter, entry by entry, and the index of that parameter. */
  readonly slopes: Float32Array;
  readonly owners: Uint16Array;
  /** Lengths of the masks, in their order; the numbers below are positions in it. */
  readonly lengths: readonly number[];
  /** One entry a kept block. */
  readonly blocks: readonly {
    /** Over the taps, an axis. */
    readonly kernel: readonly number[];
    /**
     * Over the kept frequencies, an axis; null where the axis is not resampled. Of an axis that is resampled by a band it is one
     * entry, 0, that adds the band's derivative in the cut.
     */
    readonly resolution: readonly (number | null)[];
    /** Of the axes that are resampled by a band: its cut. */
    readonly cuts: readonly (number | null)[];
    /** Over the channels inside the block, and on the stream after it. */
    readonly inner: number;
    readonly outer: number;
  }[];
  /** The gates of the kept blocks. */
  readonly gates: number;
}

const ONE_MORE: MaskVector = { values: Float32Array.of(0), slopes: Float32Array.of(1) };

export function packMasks(config: NetworkConfig, parameters: Float64Array, sizes: IntegerSizes): MaskPack {
  const layout = parameterLayout(config);
  const at = (index: number): number => parameters[index] ?? 0;
  const masks: { mask: MaskVector; owner: number; factor: number }[] = [];
  const push = (mask: MaskVector, owner: number, factor = 1): number => masks.push({ mask, owner, factor }) - 1;
  let before: readonly number[] = config.grid;
  const blocks = sizes.blocks.slice(0, sizes.kept).map((size, block) => {
    const from = before;
    before = size.grid;
    const cuts = size.grid.map((to, axis) => {
      const banded = size.resampled[axis] === true && (from[axis] ?? to) > LONGEST_EXACT;
      return banded ? at(layout.resolution(block, axis)) : null;
    });
    return {
      cuts,
      kernel: size.kernel.map((taps, axis) => {
        const owner = layout.kernel(block, axis);
        const half = halfWidth(config, at(owner), axis, size.grid[axis] ?? 1);
        return push(gaussianMask(half, taps), owner, half / at(owner));
      }),
      resolution: size.grid.map((to, axis) => {
        if (size.resampled[axis] !== true) return null;
        const owner = layout.resolution(block, axis);
        if (cuts[axis] != null) return push(ONE_MORE, owner);
        return push(sigmoidMask(at(owner), TEMPERATURE, from[axis] ?? to, to), owner);
      }),
      inner: push(sigmoidMask(at(layout.inner(block)), TEMPERATURE, config.inner, size.inner), layout.inner(block)),
      outer: push(sigmoidMask(at(layout.outer(block)), TEMPERATURE, config.outer, size.outer), layout.outer(block)),
    };
  });
  const steepness = DEPTH_TEMPERATURE * config.blocks;
  const gates = push(sigmoidMask(at(layout.depth), steepness, config.blocks, sizes.kept), layout.depth);
  const lengths = masks.map(({ mask }) => mask.values.length);
  const total = lengths.reduce((a, b) => a + b, 0);
  const pack = { values: new Float32Array(total), slopes: new Float32Array(total), owners: new Uint16Array(total) };
  let offset = 0;
  for (const { mask, owner, factor } of masks) {
    pack.values.set(mask.values, offset);
    pack.slopes.set(
      mask.slopes.map((slope) => slope * factor),
      offset,
    );
    offset += mask.values.length;
    pack.owners.fill(owner, offset - mask.values.length, offset);
  }
  return { ...pack, lengths, blocks, gates };
}

/** The mask entries, those of `pack` or others in their order, as a leaf. */
export function maskLeaf({ lengths }: MaskPack, values: Tensor1D): Leaf {
  return new Leaf(values, lengths);
}

/** The gradient in the parameters, from the gradient in every mask entry; `parameters` is their number. */
export function taskGradient(pack: MaskPack, entries: ArrayLike<number>, parameters: number): Float64Array {
  const gradient = new Float64Array(parameters);
  for (let i = 0; i < pack.slopes.length; i++) {
    const owner = pack.owners[i] ?? 0;
    gradient[owner] = (gradient[owner] ?? 0) + (entries[i] ?? 0) * (pack.slopes[i] ?? 0);
  }
  return gradient;
}
