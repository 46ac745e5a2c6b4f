import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Architecture } from '../../src/architecture/architecture.ts';
import { layoutNetwork, type Box, type NetworkCell } from '../../src/figures/network.ts';

const integer = (min: number, max: number) => fc.integer({ min, max });

/** Valid architectures of one or two axes and 1 to 16 blocks; each block's grid is at most its input's. */
const architectures: fc.Arbitrary<Architecture> = fc
  .record({
    input: fc.array(integer(4, 96), { minLength: 1, maxLength: 2 }),
    full: fc.record({ inner: integer(1, 96), outer: integer(1, 64), kernel: integer(1, 63) }),
    blocks: fc.array(
      fc.record({
        kept: fc.boolean(),
        gate: fc.double({ min: 0, max: 1, noNaN: true }),
        cut: fc.double({ min: 0.1, max: 1, noNaN: true }),
        taps: fc.double({ min: 0, max: 1, noNaN: true }),
        inner: fc.double({ min: 0, max: 1, noNaN: true }),
        outer: fc.double({ min: 0, max: 1, noNaN: true }),
        macs: integer(1, 1_000_000),
      }),
      { minLength: 1, maxLength: 16 },
    ),
  })
  .map(({ input, full, blocks }) => {
    const size = (part: number, most: number) => Math.max(1, Math.round(part * most));
    const built = blocks.map(({ kept, gate, cut, taps, inner, outer, macs }) => ({
      kept,
      gate,
      grid: input.map((extent) => size(cut, extent)),
      stride: input.map((extent) => extent / size(cut, extent)),
      kernel: input.map(() => size(taps, full.kernel)),
      sigma: input.map(() => 0.2),
      width: { inner: size(inner, full.inner), outer: size(outer, full.outer) },
      macs: kept ? macs : 0,
    }));
    return {
      version: 1,
      input: { grid: input, channels: 1 },
      output: { kind: 'classes', channels: 10 },
      blocks: built,
      full: {
        blocks: blocks.length,
        width: { inner: full.inner, outer: full.outer },
        kernel: input.map(() => full.kernel),
        macs: 1e9,
      },
      macs: built.reduce((sum, block) => sum + block.macs, 1000),
    };
  });

const widths = integer(320, 1500);
const EPSILON = 1e-6;

function inside(inner: Box, outer: Box): boolean {
  return (
    inner.x >= outer.x - EPSILON &&
    inner.y >= outer.y - EPSILON &&
    inner.x + inner.width <= outer.x + outer.width + EPSILON &&
    inner.y + inner.height <= outer.y + outer.height + EPSILON
  );
}

function overlap(a: Box, b: Box): boolean {
  const across = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const down = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  return across > EPSILON && down > EPSILON;
}

/** The box round a slab with its oblique depth. */
const boundsOf = ({ slab: { x, y, width, height, dx, dy } }: Pick<NetworkCell, 'slab'>): Box => ({
  x,
  y: y - dy,
  width: width + dx,
  height: height + dy,
});

describe('layoutNetwork', () => {
  it('keeps every slab, ghost and bar within its cell, and every cell within the frame', () => {
    fc.assert(
      fc.property(architectures, widths, (architecture, width) => {
        const { cells, height } = layoutNetwork(architecture, width);
        expect(cells).toHaveLength(architecture.blocks.length + 1);
        for (const cell of cells) {
          expect(inside(cell.frame, { x: 0, y: 0, width, height })).toBe(true);
          expect(inside(boundsOf(cell), cell.frame)).toBe(true);
          expect(inside(boundsOf({ slab: cell.ghost }), cell.frame)).toBe(true);
          expect(inside(cell.bar, cell.frame)).toBe(true);
          if (cell.kernel !== null) expect(inside(cell.kernel, cell.slab)).toBe(true);
        }
      }),
    );
  });

  it('never lets cells overlap', () => {
    fc.assert(
      fc.property(architectures, widths, (architecture, width) => {
        const { cells } = layoutNetwork(architecture, width);
        cells.forEach((a, i) => cells.slice(i + 1).forEach((b) => expect(overlap(a.frame, b.frame)).toBe(false)));
      }),
    );
  });

  it('draws heights in proportion to grids, and depths or breadths to channels', () => {
    fc.assert(
      fc.property(architectures, widths, (architecture, width) => {
        const { cells } = layoutNetwork(architecture, width);
        architecture.blocks.forEach((block, i) => {
          const cell = cells[i + 1];
          if (cell === undefined) throw new Error('There is a cell for each block.');
          const { slab, ghost } = cell;
          const [tall = 1] = block.grid;
          const channels = block.width.outer / architecture.full.width.outer;
          expect(slab.height / ghost.height).toBeCloseTo(tall / (architecture.input.grid[0] ?? 1), 6);
          if (block.grid.length === 1) expect(slab.width / ghost.width).toBeCloseTo(channels, 6);
          else expect(slab.dx / ghost.dx).toBeCloseTo(channels, 6);
        });
      }),
    );
  });

  it('draws a kernel at true size: 7 of 28 taps are a quarter of the face', () => {
    const { cells } = layoutNetwork(singleBlock([28, 28], [7, 14]), 600);
    const [, cell] = cells;
    expect(cell?.kernel?.height).toBeCloseTo((cell?.slab.height ?? NaN) / 4);
    expect(cell?.kernel?.width).toBeCloseTo((cell?.slab.width ?? NaN) / 2);
  });

  it('names the ratio where the grid narrows, and says nothing where it stays', () => {
    const narrowed = layoutNetwork(singleBlock([18, 18], [3, 3]), 600).links[0];
    expect(narrowed?.text).toBe('÷1.56');
    const same = layoutNetwork(singleBlock([28, 28], [3, 3]), 600).links[0];
    expect(same?.text).toBe('');
  });

  it('shares a row of 6 between few blocks and wraps 16 in a narrow page', () => {
    const many = singleBlock([28, 28], [3, 3]);
    const [block] = many.blocks;
    if (block === undefined) throw new Error('There is one block.');
    const deep = { ...many, blocks: Array.from({ length: 16 }, () => block) };
    const rows = (width: number) => new Set(layoutNetwork(deep, width).cells.map((cell) => cell.frame.y)).size;
    expect(rows(2000)).toBe(1);
    expect(rows(358)).toBe(6);
  });
});

/** A network of one block on an input of 28×28. */
function singleBlock(grid: number[], kernel: number[]): Architecture {
  return {
    version: 1,
    input: { grid: [28, 28], channels: 1 },
    output: { kind: 'classes', channels: 10 },
    blocks: [
      {
        kept: true,
        gate: 1,
        grid,
        stride: grid.map((size) => 28 / size),
        kernel,
        sigma: [0.2, 0.2],
        width: { inner: 12, outer: 6 },
        macs: 500,
      },
    ],
    full: { blocks: 1, width: { inner: 48, outer: 24 }, kernel: [11, 11], macs: 10_000 },
    macs: 1000,
  };
}
