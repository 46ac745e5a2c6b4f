/**
 * Geometry of the network's picture: a slab a block, inside the dashed ghost of what it could be.
 *
 * Images: the face is the grid, the depth are the channels. Sequences: the height is the grid, the breadth are the
 * channels. Cells wrap into rows where the width is small. Sizes may be real numbers, so that the picture can ease.
 */
import type { Architecture, ArchitectureBlock } from '../architecture/architecture.ts';
import { formatRatio } from './format.ts';

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A face with its oblique depth; `dx` and `dy` are zero for sequences. */
export interface Slab extends Box {
  readonly dx: number;
  readonly dy: number;
}

export interface NetworkCell {
  /** Index of the block; -1 for the input. */
  readonly block: number;
  readonly kept: boolean;
  readonly opacity: number;
  /** All that belongs to this block, labels included. */
  readonly frame: Box;
  readonly ghost: Slab;
  readonly slab: Slab;
  /** Lines between the cells of an image's grid or between a sequence's channels; empty where too fine for the eye. */
  readonly lines: string;
  readonly kernel: Box | null;
  /** Where the labels begin. */
  readonly label: { readonly x: number; readonly y: number };
  readonly bar: Box;
  /** Share of the network's cost, in [0, 1]. */
  readonly share: number;
}

/** The stream between two blocks: a band that narrows where the grid does. */
export interface NetworkLink {
  readonly points: string;
  /** Whether the grid changes here. */
  readonly narrows: boolean;
  readonly text: string;
  readonly x: number;
  readonly y: number;
}

export interface NetworkLayout {
  readonly width: number;
  readonly height: number;
  readonly cells: readonly NetworkCell[];
  readonly links: readonly NetworkLink[];
}

/** Room before a slab for the stream to narrow, as a part of the cell. */
const GAP_PART = 0.16;
const MIN_CELL = 108;
const MAX_FACE = 150;
const DEPTH = { x: 0.26, y: 0.16 };
const SEQUENCE_HEIGHT = 150;
/** Room under a slab for the ratio, five lines of text and the bar. */
const LABELS = 116;
export const LINE = 15;
const TEXT_LINES = 5;
const ROW_GAP = 18;
const TOP = 4;
/** Cells of the grid closer than this many pixels are not drawn one by one. */
const MIN_LINE = 2.5;

export function layoutNetwork(architecture: Architecture, width: number): NetworkLayout {
  const { blocks, input, full } = architecture;
  const count = blocks.length + 1;
  const flat = input.grid.length === 1;
  const perRow = Math.max(1, Math.min(count, Math.floor(width / MIN_CELL)));
  const rows = Math.ceil(count / perRow);
  const columns = Math.ceil(count / rows);
  const cellWidth = width / columns;
  const gap = GAP_PART * cellWidth;
  const [tall, wide] = sides(input.grid);
  const face = Math.min(MAX_FACE, (cellWidth - gap) / (flat ? 1 : 1 + DEPTH.x));
  const unit = flat ? SEQUENCE_HEIGHT / tall : face / Math.max(tall, wide);
  const channelUnit = face / full.width.outer;
  const top = flat ? TOP : TOP + DEPTH.y * face;
  const rowHeight = top + tall * unit + LABELS;
  const height = rows * rowHeight + (rows - 1) * ROW_GAP;

  const slab = (grid: readonly number[], channels: number, x: number, base: number): Slab => {
    const [h, w] = sides(grid);
    const depth = channels * channelUnit;
    const size = flat ? { width: depth, height: h * unit } : { width: w * unit, height: h * unit };
    const oblique = flat ? { dx: 0, dy: 0 } : { dx: depth * DEPTH.x, dy: depth * DEPTH.y };
    return { x, y: base - size.height, ...size, ...oblique };
  };

  const cellAt = (position: number, block: ArchitectureBlock | null): NetworkCell => {
    const left = (position % columns) * cellWidth;
    const frameTop = Math.floor(position / columns) * (rowHeight + ROW_GAP);
    const x = left + gap;
    const base = frameTop + top + tall * unit;
    const grid = block?.grid ?? input.grid;
    const channels = block?.width.outer ?? Math.min(input.channels, full.width.outer);
    const own = slab(grid, channels, x, base);
    const share = block === null || architecture.macs <= 0 ? 0 : block.macs / architecture.macs;
    const room = Math.min(cellWidth - gap - 36, face);
    return {
      block: position - 1,
      kept: block?.kept ?? true,
      opacity: block === null ? 1 : block.kept ? 0.35 + 0.65 * block.gate : 0,
      frame: { x: left, y: frameTop, width: cellWidth, height: rowHeight },
      ghost: slab(input.grid, full.width.outer, x, base),
      slab: own,
      lines: flat ? gridLines(own, [1, channels], channelUnit) : gridLines(own, grid, unit),
      kernel: block === null ? null : footprint(own, grid, block.kernel),
      label: { x, y: base + 34 },
      bar: { x, y: base + 34 + (TEXT_LINES - 0.4) * LINE, width: room, height: 6 },
      share: Math.min(1, share),
    };
  };

  const cells = [null, ...blocks].map((block, position) => cellAt(position, block));
  return { width, height, cells, links: linksOf(architecture, cells) };
}

/** `[height, width]` of a grid; a sequence is one wide. */
function sides(grid: readonly number[]): [number, number] {
  return [grid[0] ?? 1, grid[1] ?? 1];
}

/** The kernel at true size in the middle of the face; a kernel wider than the grid fills it. */
function footprint(slab: Slab, grid: readonly number[], kernel: readonly number[]): Box {
  const [rows, columns] = sides(grid);
  const height = slab.height * Math.min(1, (kernel[0] ?? 1) / rows);
  const width = grid.length === 1 ? slab.width : slab.width * Math.min(1, (kernel[1] ?? 1) / columns);
  return { x: slab.x + (slab.width - width) / 2, y: slab.y + (slab.height - height) / 2, width, height };
}

function gridLines(slab: Slab, grid: readonly number[], unit: number): string {
  if (unit < MIN_LINE) return '';
  const [rows, columns] = sides(grid);
  const across = ticks(rows).map((i) => `M${px(slab.x)} ${px(slab.y + i * unit)}h${px(slab.width)}`);
  const down = ticks(columns).map((i) => `M${px(slab.x + i * unit)} ${px(slab.y)}v${px(slab.height)}`);
  return [...across, ...down].join('');
}

const ticks = (count: number): number[] => Array.from({ length: Math.max(0, Math.ceil(count) - 1) }, (_, i) => i + 1);

const px = (value: number): string => value.toFixed(1);

function linksOf(architecture: Architecture, cells: readonly NetworkCell[]): NetworkLink[] {
  const links: NetworkLink[] = [];
  let before = cells[0];
  let grid: readonly number[] = architecture.input.grid;
  architecture.blocks.forEach((block, i) => {
    const cell = cells[i + 1];
    if (!block.kept || cell === undefined || before === undefined) return;
    const from = before.slab;
    const to = cell.slab;
    const ratios = grid.map((size, axis) => Math.round(size) / Math.round(block.grid[axis] ?? size));
    const narrows = ratios.some((ratio) => Math.abs(ratio - 1) > 1e-6);
    const start = from.x + from.width;
    const sameRow = before.frame.y === cell.frame.y;
    const corners = [
      [start, from.y],
      [to.x, to.y],
      [to.x, to.y + to.height],
      [start, from.y + from.height],
    ];
    links.push({
      points: sameRow ? corners.map(([x = 0, y = 0]) => `${px(x)},${px(y)}`).join(' ') : '',
      narrows,
      text: narrows ? formatRatio(ratios) : '',
      x: to.x,
      y: to.y + to.height + 15,
    });
    before = cell;
    grid = block.grid;
  });
  return links;
}
