/** Arbitrary valid architectures for property-based tests. */
import fc from 'fast-check';
import type { Architecture } from '../../src/architecture/architecture.ts';

const integer = (min: number, max: number) => fc.integer({ min, max });
const part = fc.double({ min: 0, max: 1, noNaN: true });
const product = (values: readonly number[]): number => values.reduce((total, value) => total * value, 1);

const block = fc.record({
  kept: fc.boolean(),
  gate: part,
  /** Part of the stream's grid that the block keeps, an axis. */
  cuts: fc.tuple(fc.oneof(fc.constant(1), part), fc.oneof(fc.constant(1), part)),
  taps: fc.tuple(part, part),
  inner: part,
  outer: part,
});

const recipe = fc.record({
  grid: fc.oneof(
    fc.array(integer(2, 96), { minLength: 2, maxLength: 2 }),
    fc.array(integer(2, 1024), { minLength: 1, maxLength: 1 }),
  ),
  channels: integer(1, 4),
  kind: fc.constantFrom<('classes' | 'dense')[]>('classes', 'dense'),
  outputs: integer(2, 10),
  full: fc.record({ inner: integer(1, 96), outer: integer(1, 64), kernel: integer(1, 63) }),
  blocks: fc.array(block, { minLength: 1, maxLength: 16 }),
});

const scaled = (fraction: number, most: number): number => Math.max(1, Math.round(fraction * most));

/** An odd number of taps, as kernels have. */
const tapsOf = (fraction: number, most: number): number => 2 * Math.floor((scaled(fraction, most) - 1) / 2) + 1;

type Recipe = typeof recipe extends fc.Arbitrary<infer T> ? T : never;

function build({ grid: input, channels, kind, outputs, full, blocks }: Recipe): Architecture {
  let stream: number[] = input;
  const built = blocks.map(({ kept, gate, cuts, taps, inner, outer }) => {
    const grid = stream.map((size, axis) => scaled(cuts[axis] ?? 1, size));
    // A block that is not run leaves the stream as it is.
    if (kept) stream = grid;
    const kernel = grid.map((_, axis) => tapsOf(taps[axis] ?? 1, full.kernel));
    const width = { inner: scaled(inner, full.inner), outer: scaled(outer, full.outer) };
    return {
      kept,
      gate: kept ? 0.1 + 0.9 * gate : 0.1 * gate,
      grid,
      stride: input.map((size, axis) => size / (grid[axis] ?? size)),
      kernel,
      sigma: input.map((_, axis) => 0.01 + (taps[axis] ?? 0)),
      width,
      macs: kept ? product(grid) * (product(kernel) * width.outer + 2 * width.inner * width.outer) : 0,
    };
  });
  const points = product(input);
  const ends = points * channels * full.outer + full.outer * outputs;
  const perBlock = points * (full.kernel ** input.length * full.outer + 2 * full.inner * full.outer);
  return {
    version: 1,
    input: { grid: input, channels },
    output: { kind, channels: outputs },
    blocks: built,
    full: {
      blocks: blocks.length,
      width: { inner: full.inner, outer: full.outer },
      kernel: input.map(() => full.kernel),
      macs: blocks.length * perBlock + ends,
    },
    macs: built.reduce((sum, { macs }) => sum + macs, ends),
  };
}

/**
 * Valid architectures of one or two axes, 1 to 16 blocks, either output, gone blocks among them (perhaps all).
 * A block's grid is at most that of the stream it gets.
 */
export const architectures = (): fc.Arbitrary<Architecture> => recipe.map(build);
