/** The architectures of an experiment, drawn to scale beside each other. */
import type { Architecture, ArchitectureBlock } from '../../architecture/architecture.ts';
import { METRIC_NAMES, metricText } from '../metricNames.ts';
import { percent } from './grid.ts';
import { seriesOf, type Line } from './lines.ts';
import { distinct } from './statistics.ts';
import { document, escaped, short } from './svg.ts';

const LABEL = 128;
const CELL = { width: 108, height: 118 } as const;
/** The full grid of an image, and of a line, and the bar of the stream's channels. */
const IMAGE = { width: 60, height: 60 } as const;
const LINE = { width: 92, height: 18 } as const;
const BAR = { width: 92, height: 4 } as const;
const MIDDLE = IMAGE.height / 2;
const KEY = 26;
const HEADING = 28;
const COLOURS = { grid: '#c6d4e6', kernel: '#4e79a7', channels: '#f28e2b', most: '#eee' } as const;

/**
 * A row a run, a box a block that is run: as large as its grid is fine, as a part of the input's, with the part of it that its kernel covers;
 * below it the stream's channels as a part of the most.
 */
export function shapesFigure(lines: readonly Line[]): string {
  const titleOf = ({ spec }: Line): string => `${spec.task}, ${percent(spec.budget)}`;
  const most = Math.max(...lines.map(({ architecture }) => architecture.blocks.length));
  let y = KEY;
  const drawn = distinct(lines.map(titleOf)).map((title) => {
    const rows = lines.filter((line) => titleOf(line) === title);
    const top = y;
    y += HEADING + rows.length * CELL.height;
    const own = rows.map(
      (line, row) => `<g transform="translate(0 ${HEADING + row * CELL.height})">${rowOf(line)}</g>`,
    );
    return `<g transform="translate(0 ${top})"><text x="8" y="20" font-weight="bold">${escaped(title)}</text>${own.join('')}</g>`;
  });
  return document(LABEL + most * CELL.width, y + 8, [KEY_TEXT, ...drawn]);
}

const KEY_TEXT = (
  [
    ['grid', 'grid'],
    ['kernel', 'kernel'],
    ['channels', 'channels of the stream'],
  ] as const
)
  .map(([colour, text], i) => {
    const x = 8 + 90 * i;
    const fill = COLOURS[colour];
    return `<rect x="${x}" y="8" width="10" height="10" fill="${fill}"/><text x="${x + 15}" y="17">${text}</text>`;
  })
  .join('');

function rowOf({ spec, metric, architecture }: Line): string {
  const boxes = architecture.blocks
    .filter(({ kept }) => kept)
    .map((block, i) => `<g transform="translate(${LABEL + i * CELL.width} 0)">${boxOf(block, architecture)}</g>`);
  return [
    `<text x="8" y="${MIDDLE - 2}">${escaped(seriesOf(spec))}</text>`,
    `<text x="8" y="${MIDDLE + 13}" fill="#666">${METRIC_NAMES[metric.name]} ${metricText(metric.name, metric.value)}</text>`,
    `<text x="8" y="${MIDDLE + 28}" fill="#666">${(architecture.macs / 1e6).toFixed(2)} MMAC</text>`,
    ...boxes,
  ].join('');
}

function boxOf({ grid, kernel, width }: ArchitectureBlock, { input, full }: Architecture): string {
  const parts = grid.map((size, axis) => size / (input.grid[axis] ?? size));
  const covered = grid.map((size, axis) => Math.min(1, (kernel[axis] ?? 1) / size));
  // The last axis goes from left to right; a line has no other.
  const [wide = 1, high = 1] = parts.toReversed();
  const [broad = 1, tall = 1] = covered.toReversed();
  const most = grid.length === 1 ? LINE : IMAGE;
  const [w, h] = [most.width * wide, most.height * high];
  const channels = BAR.width * (width.outer / full.width.outer);
  const says = [grid.join('×'), `kernel ${kernel.join('×')}`, `${width.inner} → ${width.outer}`];
  const top = IMAGE.height + 4;
  return [
    rect((BAR.width - w) / 2, MIDDLE - h / 2, w, h, COLOURS.grid),
    rect((BAR.width - w * broad) / 2, MIDDLE - (h * tall) / 2, w * broad, h * tall, COLOURS.kernel),
    rect(0, top, BAR.width, BAR.height, COLOURS.most),
    rect(0, top, channels, BAR.height, COLOURS.channels),
    ...says.map((text, i) => `<text x="${BAR.width / 2}" y="${top + 17 + 13 * i}" text-anchor="middle">${text}</text>`),
  ].join('');
}

function rect(x: number, y: number, width: number, height: number, fill: string): string {
  return `<rect x="${short(x)}" y="${short(y)}" width="${short(width)}" height="${short(height)}" fill="${fill}"/>`;
}
