/** A few real kernels of each block, in tiles of one extent, with the mask that crops them. */
import { memo, useMemo } from 'react';
import type { Architecture } from '../architecture/architecture.ts';
import type { BlockMasks, KernelSample } from '../engine/protocol.ts';
import { formatSizes } from './format.ts';
import { heatUrl } from './heat.ts';
import { channelOf, extentOf, layoutKernel, layoutKernelLine } from './kernels.ts';
import { layoutEnvelope } from './masks.ts';
import { Measured } from './Measured.tsx';

interface Props {
  readonly architecture: Architecture;
  readonly kernels: readonly KernelSample[];
  readonly masks: readonly BlockMasks[];
}

const NAME = 116;
const GAP = 8;
const IMAGE_TILES = 5;
const SEQUENCE_TILES = 3;
const SEQUENCE_HEIGHT = 52;
const MAX_TILE = 58;

export const KernelsFigure = memo(function KernelsFigure({ architecture, kernels, masks }: Props) {
  const flat = architecture.input.grid.length === 1;
  const extent = extentOf(kernels.map((sample) => sample.size));
  return (
    <Measured>
      {(width) => {
        const tiles = flat ? SEQUENCE_TILES : IMAGE_TILES;
        const room = Math.floor((width - NAME) / tiles) - GAP;
        const tileWidth = flat ? room : Math.min(MAX_TILE, room);
        const tileHeight = flat ? SEQUENCE_HEIGHT : tileWidth;
        const pitch = Math.max(tileHeight, 44) + GAP;
        return (
          <svg
            className="figure kernels"
            width={width}
            height={pitch * architecture.blocks.length}
            role="img"
            aria-label={`Kernels of ${kernels.length} blocks; dashed frames are ${extent} taps wide.`}
          >
            {architecture.blocks.map((block, i) => {
              const sample = kernels.find((candidate) => candidate.block === i);
              const taps = masks[i]?.kernel.map((mask) => mask.taps) ?? block.kernel;
              return (
                <g key={i} transform={`translate(0 ${i * pitch})`} className={block.kept ? '' : 'gone'}>
                  <text className="name" y={14}>
                    block {i + 1}
                  </text>
                  <text className="fact" y={29}>
                    {block.kept ? `${formatSizes(block.kernel)} taps` : 'not run'}
                  </text>
                  <text className="fact" y={44}>
                    {block.kept ? `σ ${block.sigma.map((sigma) => sigma.toFixed(flat ? 3 : 2)).join(' · ')}` : ''}
                  </text>
                  {Array.from({ length: tiles }, (_, tile) => (
                    <g key={tile} transform={`translate(${NAME + tile * (tileWidth + GAP)} 0)`}>
                      <rect className="ghost" width={tileWidth} height={tileHeight} />
                      {block.kept && sample !== undefined && tile < sample.channels && (
                        <Tile {...{ sample, tile, taps, extent }} width={tileWidth} height={tileHeight} />
                      )}
                    </g>
                  ))}
                </g>
              );
            })}
          </svg>
        );
      }}
    </Measured>
  );
});

interface TileProps {
  readonly sample: KernelSample;
  readonly tile: number;
  readonly taps: readonly number[];
  readonly extent: number;
  readonly width: number;
  readonly height: number;
}

const Tile = memo(function Tile({ sample, tile, taps, extent, width, height }: TileProps) {
  const values = useMemo(() => channelOf(sample, tile), [sample, tile]);
  const image = useMemo(() => {
    const [rows = 1, columns] = sample.size;
    return columns === undefined ? '' : heatUrl(values, rows, columns);
  }, [sample, values]);
  const box = layoutKernel(sample.size, extent, width, height);
  const [rows = 1, columns] = sample.size;
  if (columns === undefined) {
    const envelope = layoutEnvelope(taps[0] ?? rows, extent, width, height);
    return (
      <>
        <rect className="kernel-room" {...box} />
        <line className="zero" x1={0} x2={width} y1={height / 2} y2={height / 2} />
        {envelope.map((path, i) => (
          <path key={i} className="contour" d={path} />
        ))}
        <path className="kernel-line" d={layoutKernelLine(values, box)} />
      </>
    );
  }
  const [tall = rows, wide = columns] = taps;
  return (
    <>
      <rect className="kernel-room" {...box} />
      <image href={image} preserveAspectRatio="none" {...box} />
      <ellipse
        className="contour"
        cx={width / 2}
        cy={height / 2}
        rx={((wide / extent) * width) / 2}
        ry={((tall / extent) * height) / 2}
      />
    </>
  );
});
