/** The stream between the cells of the network's picture: bands that narrow where the grid does. */
import type { Architecture } from '../architecture/architecture.ts';
import { formatRatio } from './format.ts';
import { px, ROW_GAP, type Box, type NetworkCell, type NetworkLayout } from './network.ts';
import { layoutDense } from './output.ts';

export interface NetworkLink {
  /** Corners of the band; empty where the stream goes on in another row. */
  readonly points: string;
  /** The line from one row to the next, with its arrow; empty within a row. */
  readonly path: string;
  /** Whether the grid changes here. */
  readonly narrows: boolean;
  readonly text: string;
  readonly x: number;
  readonly y: number;
}

/** Half the height of the band at the answer of a classifier, which takes the mean over the grid. */
const POINT = 7;
const ARROW = 5;

/** One link for each cell that is run, from the one before it; blocks that are gone are passed by. */
export function layoutLinks(architecture: Architecture, { cells, width }: NetworkLayout): NetworkLink[] {
  const { input, output, blocks } = architecture;
  const links: NetworkLink[] = [];
  let before = cells[0];
  let grid: readonly number[] = input.grid;
  for (const cell of cells.slice(1)) {
    if (!cell.kept || before === undefined) continue;
    const isAnswer = cell.kind === 'output' && output.kind === 'classes';
    const next = blocks[cell.block]?.grid ?? (isAnswer ? grid : input.grid);
    const ratios = grid.map((size, axis) => Math.round(size) / Math.round(next[axis] ?? size));
    const narrows = ratios.some((ratio) => Math.abs(ratio - 1) > 1e-6);
    const sameRow = before.frame.y === cell.frame.y;
    links.push({
      points: sameRow ? band(before.slab, cell.kind === 'output' ? answerBox(cell, architecture) : cell.slab) : '',
      path: sameRow ? '' : turn(before, cell, cells[0]?.frame.x ?? 0, width),
      narrows,
      text: isAnswer ? 'mean' : textOf(narrows, ratios),
      x: cell.label.x,
      y: cell.slab.y + cell.slab.height + 15,
    });
    before = cell;
    grid = next;
  }
  return links;
}

/** `÷1.56` where the grid shrinks; `×1.56` where a dense answer is brought back to the input's grid. */
function textOf(narrows: boolean, ratios: readonly number[]): string {
  if (!narrows) return '';
  if (ratios.some((ratio) => ratio > 1)) return formatRatio(ratios);
  return formatRatio(ratios.map((ratio) => 1 / ratio)).replace('÷', '×');
}

/** Where the stream ends: a point for the mean of a classifier, the masks for a dense answer. */
function answerBox({ slab }: NetworkCell, { input, output }: Architecture): Box {
  if (output.kind === 'dense') return layoutDense(input.grid, slab).truth;
  return { ...slab, y: slab.y + slab.height / 2 - POINT, height: 2 * POINT };
}

function band(from: Box, to: Box): string {
  const start = from.x + from.width;
  const corners: [number, number][] = [
    [start, from.y],
    [to.x, to.y],
    [to.x, to.y + to.height],
    [start, from.y + from.height],
  ];
  return corners.map(([x, y]) => `${px(x)},${px(y)}`).join(' ');
}

/** Out to the right of one row, back through the gap between the rows, and into the next from the left. */
function turn({ slab: from }: NetworkCell, { slab: to, frame }: NetworkCell, left: number, width: number): string {
  const right = width - left + 4;
  const gap = frame.y - ROW_GAP / 2;
  const target = to.y + to.height / 2;
  const out = `M${px(from.x + from.width)} ${px(from.y + from.height / 2)}H${px(right)}V${px(gap)}`;
  const back = `H${px(left - 4)}V${px(target)}H${px(to.x - 1)}`;
  return `${out}${back}m${-ARROW} ${-ARROW}l${ARROW} ${ARROW}l${-ARROW} ${ARROW}`;
}
