import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Architecture } from '../../src/architecture/architecture.ts';
import { describeBlock } from '../../src/architecture/describe.ts';
import { receptiveField } from '../../src/architecture/receptiveField.ts';
import { architectures } from '../support/architectures.ts';

/** Counts the input points that a point behind block `last` depends on, by walking back through every tap. */
function countSeen({ blocks }: Architecture, last: number, axis: number): number {
  let points = new Set([0]);
  for (const { kept, kernel, stride } of blocks.slice(0, last + 1).reverse()) {
    if (!kept) continue;
    const taps = kernel[axis] ?? 1;
    const reach = (taps - 1) / 2;
    const offsets = Array.from({ length: taps }, (_, tap) => (tap - reach) * (stride[axis] ?? 1));
    points = new Set([...points].flatMap((point) => offsets.map((offset) => point + offset)));
  }
  return Math.max(...points) - Math.min(...points) + 1;
}

/** With integer strides, so that taps fall on points and can be counted. */
const onPoints = architectures().map((architecture) => ({
  ...architecture,
  blocks: architecture.blocks.map((block) => ({ ...block, stride: block.stride.map(Math.floor) })),
}));

function network(blocks: readonly { kernel: number[]; stride: number[]; kept?: boolean }[], grid = [64]): Architecture {
  return {
    version: 1,
    input: { grid, channels: 1 },
    output: { kind: 'classes', channels: 2 },
    blocks: blocks.map(({ kernel, stride, kept = true }) => ({
      kept,
      gate: kept ? 1 : 0.05,
      grid: grid.map((size, axis) => size / (stride[axis] ?? 1)),
      stride,
      kernel,
      sigma: grid.map(() => 0.2),
      width: { inner: 4, outer: 2 },
      macs: kept ? 25 : 0,
    })),
    full: { blocks: blocks.length, width: { inner: 8, outer: 4 }, kernel: grid.map(() => 9), macs: 1000 },
    macs: 100,
  };
}

describe('receptiveField', () => {
  it('adds up by hand: 3, then 5 of every second point, then 3 of every fourth', () => {
    const blocks = [3, 5, 3].map((taps, i) => ({ kernel: [taps], stride: [2 ** i] }));
    expect(receptiveField(network(blocks))).toEqual([[3], [11], [19]]);
  });

  it('passes by blocks that are not run', () => {
    const blocks = [3, 5, 3].map((taps, i) => ({ kernel: [taps], stride: [1], kept: i !== 1 }));
    expect(receptiveField(network(blocks))).toEqual([[3], [3], [5]]);
  });

  it('ends at the input’s edge', () => {
    expect(receptiveField(network([{ kernel: [9, 3], stride: [2, 1] }], [8, 8]))).toEqual([[8, 3]]);
  });

  it('agrees with a count of the points', () => {
    fc.assert(
      fc.property(onPoints, (architecture) => {
        receptiveField(architecture).forEach((field, i) =>
          field.forEach((seen, axis) => {
            expect(seen).toBe(Math.min(countSeen(architecture, i, axis), architecture.input.grid[axis] ?? 0));
          }),
        );
      }),
    );
  });
});

describe('describeBlock', () => {
  it('says how far a block sees', () => {
    const two = network(
      [
        { kernel: [5, 3], stride: [1, 1] },
        { kernel: [5, 7], stride: [2, 2] },
      ],
      [32, 32],
    );
    expect(describeBlock(two, 1)).toBe(
      'block 2: 2 of 4 channels, 5×7 kernel, sees 13×15, grid 16×16, 25 % of the cost',
    );
  });
});
