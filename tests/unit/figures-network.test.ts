import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Architecture } from '../../src/architecture/architecture.ts';
import { layoutNetwork, LINE, TEXT_LINES, type Box, type NetworkCell } from '../../src/figures/network.ts';
import { layoutLinks } from '../../src/figures/networkLinks.ts';
import { architectures } from '../support/architectures.ts';

const widths = fc.integer({ min: 280, max: 1600 });
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
      fc.property(architectures(), widths, (architecture, width) => {
        const { cells, height } = layoutNetwork(architecture, width);
        expect(cells).toHaveLength(architecture.blocks.length + 2);
        for (const cell of cells) {
          expect(inside(cell.frame, { x: 0, y: 0, width, height })).toBe(true);
          expect(inside(boundsOf(cell), cell.frame)).toBe(true);
          expect(inside(boundsOf({ slab: cell.ghost }), cell.frame)).toBe(true);
          expect(inside(boundsOf(cell), boundsOf({ slab: cell.ghost }))).toBe(true);
          expect(inside(cell.bar, cell.frame)).toBe(true);
          const text = { ...cell.label, width: 0, height: (TEXT_LINES - 1) * LINE };
          expect(inside(text, cell.frame)).toBe(true);
          if (cell.kernel !== null) expect(inside(cell.kernel, cell.slab)).toBe(true);
        }
      }),
    );
  });

  it('never lets cells overlap', () => {
    fc.assert(
      fc.property(architectures(), widths, (architecture, width) => {
        const { cells } = layoutNetwork(architecture, width);
        cells.forEach((a, i) => cells.slice(i + 1).forEach((b) => expect(overlap(a.frame, b.frame)).toBe(false)));
      }),
    );
  });

  it('draws heights in proportion to grids, and depths or breadths to channels', () => {
    fc.assert(
      fc.property(architectures(), widths, (architecture, width) => {
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

  it('draws images’ faces in proportion to the area of their grids', () => {
    const images = architectures().filter(({ input }) => input.grid.length === 2);
    fc.assert(
      fc.property(images, widths, (architecture, width) => {
        const { cells } = layoutNetwork(architecture, width);
        const perPoint = areaOf(cells[0]!.slab) / product(architecture.input.grid);
        architecture.blocks.forEach((block, i) => {
          expect(areaOf(cells[i + 1]!.slab) / (product(block.grid) * perPoint)).toBeCloseTo(1, 4);
        });
      }),
    );
  });

  it('draws kernels at true size upon their grids', () => {
    fc.assert(
      fc.property(architectures(), widths, (architecture, width) => {
        const { cells } = layoutNetwork(architecture, width);
        architecture.blocks.forEach(({ grid, kernel }, i) => {
          const { slab, kernel: box } = cells[i + 1]!;
          const [down = 1, across = 1] = kernel.map((taps, axis) => Math.min(1, taps / (grid[axis] ?? 1)));
          expect(box!.height / slab.height).toBeCloseTo(down, 6);
          expect(box!.width / slab.width).toBeCloseTo(grid.length === 1 ? 1 : across, 6);
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

describe('layoutLinks', () => {
  it('names the ratio where the grid narrows, and says nothing where it stays', () => {
    const textOf = (grid: number[]) => linksOf(singleBlock(grid, [3, 3]), 600)[0]?.text;
    expect(textOf([18, 18])).toBe('÷1.56');
    expect(textOf([28, 28])).toBe('');
  });

  it('brings a dense answer back to the input’s grid, and takes the mean for a class', () => {
    const classes = singleBlock([14, 14], [3, 3]);
    const dense: Architecture = { ...classes, output: { kind: 'dense', channels: 4 } };
    expect(linksOf(classes, 600)[1]?.text).toBe('mean');
    expect(linksOf(dense, 600)[1]?.text).toBe('×2.00');
  });

  it('leads through all that is run and stays within the frame, also from row to row', () => {
    fc.assert(
      fc.property(architectures(), widths, (architecture, width) => {
        const layout = layoutNetwork(architecture, width);
        const links = layoutLinks(architecture, layout);
        expect(links).toHaveLength(architecture.blocks.filter(({ kept }) => kept).length + 1);
        for (const { points, path } of links) {
          expect((points === '') !== (path === '')).toBe(true);
          for (const { x, y } of [...pointsOf(points), ...cornersOf(path)]) {
            expect(inside({ x, y, width: 0, height: 0 }, { x: 0, y: 0, ...sizeOf(layout) })).toBe(true);
          }
        }
      }),
    );
  });
});

describe('the layout as a whole', () => {
  it('has no negative size, however little room there is', () => {
    fc.assert(
      fc.property(architectures(), fc.integer({ min: 1, max: 400 }), (architecture, width) => {
        for (const { frame, ghost, slab, kernel, bar } of layoutNetwork(architecture, width).cells) {
          for (const box of [frame, ghost, slab, bar, ...(kernel === null ? [] : [kernel])]) {
            expect(Math.min(box.width, box.height)).toBeGreaterThanOrEqual(0);
          }
        }
      }),
    );
  });

  it('of one block on a phone', () => {
    const architecture = singleBlock([18, 14], [7, 5]);
    const layout = layoutNetwork(architecture, 340);
    expect({ ...layout, links: layoutLinks(architecture, layout) }).toMatchSnapshot();
  });
});

const linksOf = (architecture: Architecture, width: number) =>
  layoutLinks(architecture, layoutNetwork(architecture, width));

const areaOf = ({ width, height }: Box): number => width * height;
const product = (values: readonly number[]): number => values.reduce((total, value) => total * value, 1);

/** Coordinates are rounded to a tenth of a pixel. */
const sizeOf = ({ width, height }: { width: number; height: number }) => ({
  width: width + 0.05,
  height: height + 0.05,
});

const pointsOf = (points: string) =>
  points
    .split(' ')
    .filter((point) => point !== '')
    .map((point) => {
      const [x = NaN, y = NaN] = point.split(',').map(Number);
      return { x, y };
    });

/** The corners of a path of absolute M, H and V; the arrow at its end is left out. */
function cornersOf(path: string): { x: number; y: number }[] {
  let [x, y] = [0, 0];
  return [...path.split('m')[0]!.matchAll(/([MHV])([-\d.]+)(?: ([-\d.]+))?/g)].map(([, command, first, second]) => {
    if (command !== 'V') x = Number(first);
    if (command === 'V') y = Number(first);
    if (command === 'M') y = Number(second);
    return { x, y };
  });
}

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
