/** The network as it is now: a slab a block inside the ghost of its full size. */
import { memo, useMemo } from 'react';
import type { Architecture } from '../architecture/architecture.ts';
import { describeArchitecture, describeBlock } from '../architecture/describe.ts';
import type { FeatureMap, KernelSample, Probe } from '../engine/protocol.ts';
import { BlockGroup } from './BlockGroup.tsx';
import { useEased } from './ease.ts';
import { formatPercent, formatSizes } from './format.ts';
import { greyUrl, heatUrl } from './heat.ts';
import { channelOf } from './kernels.ts';
import { Measured } from './Measured.tsx';
import { layoutNetwork, LINE, type NetworkCell, type Slab } from './network.ts';

/** Cells under this many pixels get shorter words. */
const NARROW = 136;

interface Props {
  readonly architecture: Architecture;
  readonly kernels: readonly KernelSample[];
  /** The sample whose feature maps lie on the faces; null for none. */
  readonly probe: Probe | null;
}

export const NetworkFigure = memo(function NetworkFigure({ architecture, kernels, probe }: Props) {
  const eased = useEased(architecture);
  const images = useMemo(() => faceKernels(kernels), [kernels]);
  const maps = useMemo(() => faceMaps(probe), [probe]);
  return (
    <Measured>
      {(width) => {
        const { height, cells, links } = layoutNetwork(eased, width);
        return (
          <svg
            className="figure network"
            data-testid="figure-network"
            width={width}
            height={height}
            role="img"
            aria-label={describeArchitecture(architecture)}
          >
            {links.map((link, i) => (
              <g key={i} className={link.narrows ? 'link narrows' : 'link'}>
                <polygon points={link.points} />
                <text x={link.x} y={link.y} textAnchor="start">
                  {link.text}
                </text>
              </g>
            ))}
            {cells.map((cell) => (
              <Cell
                key={cell.block}
                cell={cell}
                architecture={architecture}
                image={images.get(cell.block)}
                map={maps.get(cell.block)}
              />
            ))}
          </svg>
        );
      }}
    </Measured>
  );
});

/** The first sampled kernel of each block, as an image; sequences' kernels are too narrow for one. */
function faceKernels(kernels: readonly KernelSample[]): ReadonlyMap<number, string> {
  return new Map(
    kernels.flatMap((sample): [number, string][] => {
      const [rows = 1, columns] = sample.size;
      return columns === undefined ? [] : [[sample.block, heatUrl(channelOf(sample, 0), rows, columns)]];
    }),
  );
}

/** The feature map on each face, -1 for the input: an image's first channel, or all of a sequence's side by side. */
function faceMaps(probe: Probe | null): ReadonlyMap<number, string> {
  if (probe === null) return new Map();
  return new Map([
    [-1, mapUrl(probe.input, greyUrl)],
    ...probe.blocks.map((map): [number, string] => [map.block, mapUrl(map)]),
  ]);
}

function mapUrl({ grid, channels, values }: FeatureMap, imageUrl = heatUrl): string {
  const [rows = 1, columns] = grid;
  if (columns === undefined)
    return heatUrl(
      Array.from(values, (value) => value / 127),
      rows,
      channels,
    );
  const first = Array.from({ length: rows * columns }, (_, point) => (values[point * channels] ?? 0) / 127);
  return imageUrl(first, rows, columns);
}

interface CellProps {
  readonly cell: NetworkCell;
  readonly architecture: Architecture;
  readonly image: string | undefined;
  readonly map: string | undefined;
}

function Cell({ cell, architecture, image, map }: CellProps) {
  const { slab, kernel, block, kept, label, bar } = cell;
  const isInput = block < 0;
  const box = { x: slab.x, y: slab.y, width: slab.width, height: slab.height };
  const marks = (
    <>
      <title>{isInput ? 'What goes in' : describeBlock(architecture, block)}</title>
      {!isInput && <Outline slab={cell.ghost} />}
      {kept && (
        <g opacity={cell.opacity}>
          <path className="side" d={topAndSide(slab)} />
          <rect className="face" {...box} />
          {map !== undefined && <image href={map} preserveAspectRatio="none" {...box} />}
          <path className="grid" d={cell.lines} />
          {kernel !== null && (
            <>
              <rect className="footprint-paper" {...kernel} />
              {image !== undefined && <image href={image} preserveAspectRatio="none" {...kernel} />}
              <rect className="footprint" {...kernel} />
            </>
          )}
          <rect className="edge" {...box} />
        </g>
      )}
      {linesOf(architecture, block, cell.frame.width < NARROW).map((text, i) => (
        <text key={i} className={i === 0 ? 'name' : 'fact'} x={label.x} y={label.y + i * LINE}>
          {text}
        </text>
      ))}
      {!isInput && (
        <g className="share">
          <rect className="track" {...bar} rx={3} />
          <rect className="part" {...bar} width={bar.width * cell.share} rx={3} />
          <text x={bar.x + bar.width + 6} y={bar.y + 7}>
            {kept ? formatPercent(cell.share, 0) : ''}
          </text>
        </g>
      )}
    </>
  );
  if (isInput) return <g>{marks}</g>;
  return (
    <BlockGroup block={block} kept={kept} area={cell.frame}>
      {marks}
    </BlockGroup>
  );
}

/** What is written under a cell, a line each; the sizes are those that are really run. */
function linesOf({ input, blocks, full }: Architecture, index: number, narrow: boolean): string[] {
  const block = blocks[index];
  if (block === undefined) {
    return ['input', `grid ${formatSizes(input.grid)}`, `${input.channels} channel${input.channels === 1 ? '' : 's'}`];
  }
  const name = `block ${index + 1}`;
  const gate = `gate ${block.gate.toFixed(2)}`;
  if (!block.kept) return [name, 'not run:', `${gate} is`, 'under 0.10'];
  return [
    name,
    `grid ${formatSizes(block.grid)}`,
    `${block.width.outer}${narrow ? '/' : ' of '}${full.width.outer} channels`,
    `kernel ${formatSizes(block.kernel)}`,
    gate,
  ];
}

function topAndSide({ x, y, width, height, dx, dy }: Slab): string {
  if (dx === 0) return '';
  return `M${x} ${y}l${dx} ${-dy}h${width}v${height}l${-dx} ${dy}v${-height}ZM${x + width} ${y}l${dx} ${-dy}`;
}

function Outline({ slab: { x, y, width, height, dx, dy } }: { readonly slab: Slab }) {
  const front = `M${x} ${y}h${width}v${height}h${-width}Z`;
  const back = `M${x} ${y}l${dx} ${-dy}h${width}v${height}l${-dx} ${dy}M${x + width} ${y}l${dx} ${-dy}`;
  return <path className="ghost" d={dx === 0 ? front : front + back} />;
}
