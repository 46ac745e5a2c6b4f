/**
 * Geometry of the network's picture: a slab a block, inside the dashed ghost of what it could be.
 *
 * Images: the face is the grid, the depth are the channels. Sequences: the height is the grid, the breadth are the
 * channels. Cells wrap into rows where the width is small. Sizes may be real numbers, so that the picture can ease.
 */
import type { Architecture, ArchitectureBlock } from '../architecture/architecture.ts';

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

export interface GridLines {
  readonly rows: number;
  readonly columns: number;
  /** Distance of two lines, in pixels. */
  readonly unit: number;
}

export interface NetworkCell {
  readonly kind: 'input' | 'block' | 'output';
  /** Place in the stream: 0 is the input, the last one the output. */
  readonly position: number;
  /** Index of the block; -1 for input and output. */
  readonly block: number;
  readonly kept: boolean;
  readonly opacity: number;
  /** All that belongs to this block, labels included. */
  readonly frame: Box;
  readonly ghost: Slab;
  /** Of the output: the room for the answer. Of a sequence as input: the room for its trace. */
  readonly slab: Slab;
  /** Lines between the cells of an image's grid or between a sequence's channels; null where too fine for the eye. */
  readonly lines: GridLines | null;
  readonly kernel: Box | null;
  /** Where the labels begin. */
  readonly label: { readonly x: number; readonly y: number };
  readonly bar: Box;
  /** Share of the network's cost, in [0, 1]. */
  readonly share: number;
}

export interface NetworkLayout {
  readonly width: number;
  readonly height: number;
  readonly cells: readonly NetworkCell[];
}

const MIN_CELL = 108;
/** No cell is narrower, however little room there is: nothing in it would have a size. */
const LEAST_CELL = 60;
const MAX_CELL = 212;
const MAX_FACE = 150;
/** Room in a cell on the left and on the right of what it draws. */
const PAD = { left: 8, right: 6 };
/** What remains of a sequence's cell for the stream between slabs. */
const FLAT_GAP = 0.24;
const DEPTH = { x: 0.24, y: 0.15 };
const SEQUENCE_HEIGHT = 150;
/** Low grids still leave room for the answer's bars. */
const MIN_STAGE = 88;
/** Room above the slabs, for the captions of what the output shows. */
const TOP = 22;
export const LINE = 15;
/** Lines of text under a slab: the name and five facts. */
export const TEXT_LINES = 6;
/** From a slab's base to its first line; the ratio stands between. */
const LABEL_TOP = 36;
const LABELS = LABEL_TOP + TEXT_LINES * LINE + 10;
/** Room beside the bar for its number. */
const BAR_NUMBER = 38;
export const ROW_GAP = 22;
/** Left and right of wrapped rows, for the line that leads from one to the next. */
const ROW_MARGIN = 10;
/** Cells of the grid closer than this many pixels are not drawn one by one. */
const MIN_LINE = 2.5;

export function layoutNetwork(architecture: Architecture, width: number): NetworkLayout {
  const { blocks, input, full } = architecture;
  const count = blocks.length + 2;
  const flat = input.grid.length === 1;
  const { rows, columns, cellWidth, left } = rowsOf(count, width);
  const [tall, wide] = sides(input.grid);
  const room = cellWidth - PAD.left - PAD.right;
  const face = Math.min(MAX_FACE, flat ? room - FLAT_GAP * cellWidth : room / (1 + DEPTH.x));
  const unit = flat ? SEQUENCE_HEIGHT / tall : face / Math.max(tall, wide);
  const channelUnit = face / full.width.outer;
  const top = flat ? TOP : Math.max(TOP, 4 + DEPTH.y * face);
  const stage = Math.max(tall * unit, MIN_STAGE);
  const rowHeight = top + stage + LABELS;

  const slab = (grid: readonly number[], channels: number, x: number, base: number): Slab => {
    const [h, w] = sides(grid);
    const depth = channels * channelUnit;
    const size = flat ? { width: depth, height: h * unit } : { width: w * unit, height: h * unit };
    const oblique = flat ? { dx: 0, dy: 0 } : { dx: depth * DEPTH.x, dy: depth * DEPTH.y };
    return { x, y: base - size.height, ...size, ...oblique };
  };

  const placeOf = (position: number) => {
    const frame = {
      x: left + (position % columns) * cellWidth,
      y: Math.floor(position / columns) * (rowHeight + ROW_GAP),
      width: cellWidth,
      height: rowHeight,
    };
    const x = frame.x + PAD.left;
    const base = frame.y + top + stage;
    const label = { x, y: base + LABEL_TOP };
    const bar = { x, y: label.y + (TEXT_LINES - 0.4) * LINE, width: Math.min(room - BAR_NUMBER, MAX_FACE), height: 6 };
    return { position, frame, base, label, bar };
  };
  const end = { block: -1, kept: true, opacity: 1, lines: null, kernel: null, share: 0 };

  const inputCell = (): NetworkCell => {
    const { base, ...place } = placeOf(0);
    // The trace of a sequence needs breadth, which its one channel would not have.
    const channels = flat ? full.width.outer : Math.min(input.channels, full.width.outer);
    const own = slab(input.grid, channels, place.label.x, base);
    const lines = flat ? null : linesOf(input.grid, unit);
    return { kind: 'input', ...place, ...end, ghost: own, slab: own, lines };
  };
  const blockCell = (block: ArchitectureBlock, i: number): NetworkCell => {
    const { base, ...place } = placeOf(i + 1);
    const own = slab(block.grid, block.width.outer, place.label.x, base);
    return {
      kind: 'block',
      ...place,
      block: i,
      kept: block.kept,
      opacity: block.kept ? 0.35 + 0.65 * block.gate : 0,
      ghost: slab(input.grid, full.width.outer, place.label.x, base),
      slab: own,
      lines: flat ? linesOf([1, block.width.outer], channelUnit) : linesOf(block.grid, unit),
      kernel: footprint(own, block.grid, block.kernel),
      share: architecture.macs > 0 ? Math.min(1, block.macs / architecture.macs) : 0,
    };
  };
  const outputCell = (): NetworkCell => {
    const { base, ...place } = placeOf(count - 1);
    const own = { x: place.label.x, y: base - stage, width: Math.min(room, MAX_FACE), height: stage, dx: 0, dy: 0 };
    return { kind: 'output', ...place, ...end, ghost: own, slab: own };
  };
  return {
    width,
    height: rows * rowHeight + (rows - 1) * ROW_GAP,
    cells: [inputCell(), ...blocks.map(blockCell), outputCell()],
  };
}

/** As few rows as hold all cells, filled evenly; what is left of the width lies on both sides. */
function rowsOf(count: number, width: number) {
  const fitting = (room: number) => Math.max(1, Math.min(count, Math.floor(room / MIN_CELL)));
  const margin = fitting(width) < count ? ROW_MARGIN : 0;
  const rows = Math.ceil(count / fitting(width - 2 * margin));
  const columns = Math.ceil(count / rows);
  const cellWidth = Math.max(LEAST_CELL, Math.min(MAX_CELL, (width - 2 * margin) / columns));
  return { rows, columns, cellWidth, left: (width - columns * cellWidth) / 2 };
}

/** `[height, width]` of a grid; a sequence is one wide. */
export function sides(grid: readonly number[]): [number, number] {
  return [grid[0] ?? 1, grid[1] ?? 1];
}

/** The kernel at true size in the middle of the face; a kernel wider than the grid fills it. */
function footprint(slab: Slab, grid: readonly number[], kernel: readonly number[]): Box {
  const [rows, columns] = sides(grid);
  const height = slab.height * Math.min(1, (kernel[0] ?? 1) / rows);
  const width = grid.length === 1 ? slab.width : slab.width * Math.min(1, (kernel[1] ?? 1) / columns);
  return { x: slab.x + (slab.width - width) / 2, y: slab.y + (slab.height - height) / 2, width, height };
}

function linesOf(grid: readonly number[], unit: number): GridLines | null {
  const [rows, columns] = sides(grid);
  return unit < MIN_LINE ? null : { rows, columns, unit };
}

/** The lines as a path; made only where no map covers them. */
export function gridPath(slab: Slab, { rows, columns, unit }: GridLines): string {
  const across = ticks(rows).map((i) => `M${px(slab.x)} ${px(slab.y + i * unit)}h${px(slab.width)}`);
  const down = ticks(columns).map((i) => `M${px(slab.x + i * unit)} ${px(slab.y)}v${px(slab.height)}`);
  return [...across, ...down].join('');
}

const ticks = (count: number): number[] => Array.from({ length: Math.max(0, Math.ceil(count) - 1) }, (_, i) => i + 1);

/** A tenth of a pixel is as fine as the eye sees. */
export const px = (value: number): string => value.toFixed(1);
