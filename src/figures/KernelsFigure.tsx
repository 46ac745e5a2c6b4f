/** How far each layer looks: what it sees of the input, its continuous kernel, and that kernel as it is sampled. */
import { memo, useMemo } from 'react';
import type { Architecture } from '../architecture/architecture.ts';
import { receptiveField } from '../architecture/receptiveField.ts';
import type { BlockMasks, KernelSample } from '../engine/protocol.ts';
import { BlockGroup } from './BlockGroup.tsx';
import { useEasedNumber } from './ease.ts';
import { formatSizes } from './format.ts';
import { extentOf, layoutSight } from './kernels.ts';
import { KernelTile, useKernelDrawing } from './KernelTile.tsx';
import { Measured } from './Measured.tsx';

interface Props {
  readonly architecture: Architecture;
  readonly kernels: readonly KernelSample[];
  readonly masks: readonly BlockMasks[];
}

const NAME = 96;
const SIGHT = 44;
const GAP = 8;
const HEAD = 22;
const PAD = 5;
/** Text of a row: four lines. */
const LINE = 15;
const ROW = 4 * LINE + 12;
const TILE = 58;
const MOST_TILES = 7;
/** A sequence's tiles are as wide as there is room, and at least this. */
const MIN_SEQUENCE_TILE = 64;
const MOST_SEQUENCE_TILES = 5;
/** Tiles narrower than this have no room for `continuous`. */
const MIN_WORD = 70;

export const KernelsFigure = memo(function KernelsFigure({ architecture, kernels, masks }: Props) {
  const { blocks, input } = architecture;
  const flat = input.grid.length === 1;
  const extent = useEasedNumber(extentOf(blocks.filter(({ kept }) => kept).map(({ kernel }) => kernel)));
  const fields = useMemo(() => receptiveField(architecture), [architecture]);
  return (
    <Measured>
      {(width) => {
        const left = NAME + SIGHT + 14;
        const room = width - left;
        const fit = (tile: number, most: number) =>
          Math.max(2, Math.min(most, Math.floor((room + GAP) / (tile + GAP))));
        const tiles = flat ? fit(MIN_SEQUENCE_TILE, MOST_SEQUENCE_TILES) : fit(TILE, MOST_TILES);
        const even = Math.floor((room + GAP) / tiles) - GAP;
        const tile = flat ? even : Math.min(TILE, even);
        // A long kernel has many taps: where there is room, its first tile is two wide.
        const broad = flat && tiles > 2;
        return (
          <svg
            className="figure kernels"
            width={width}
            height={HEAD + ROW * blocks.length}
            role="img"
            aria-label={blocks
              .map(({ kept, kernel }, i) => {
                if (!kept) return `Block ${i + 1} is not run.`;
                return `Block ${i + 1}: ${formatSizes(kernel.map(odd))} taps, sees ${formatSizes(fields[i] ?? [])} of the input.`;
              })
              .join(' ')}
          >
            <text className="fact" x={NAME} y={11}>
              sees
            </text>
            <text className="fact" x={left} y={11}>
              {tile < MIN_WORD && !broad ? 'contin.' : 'continuous'}
            </text>
            <text className="fact" x={left + (broad ? 2 : 1) * (tile + GAP)} y={11}>
              sampled
            </text>
            {blocks.map((block, i) => {
              const taps = masks[i]?.kernel;
              return (
                <Row
                  key={i}
                  index={i}
                  kept={block.kept}
                  width={width}
                  left={left}
                  tile={tile}
                  tileHeight={flat ? TILE - 6 : tile}
                  tiles={broad ? tiles - 1 : tiles}
                  broad={broad}
                  extent={extent}
                  flat={flat}
                  sample={kernels.find((candidate) => candidate.block === i)}
                  tall={block.kernel[0] ?? 1}
                  wide={block.kernel[1] ?? 1}
                  maskTall={taps?.[0]?.taps ?? block.kernel[0] ?? 1}
                  maskWide={taps?.[1]?.taps ?? block.kernel[1] ?? 1}
                  sigma={block.sigma.map((sigma) => sigma.toFixed(flat ? 3 : 2)).join(' · ')}
                  inputTall={input.grid[0] ?? 1}
                  inputWide={input.grid[1] ?? 1}
                  fieldTall={fields[i]?.[0] ?? 1}
                  fieldWide={fields[i]?.[1] ?? 1}
                />
              );
            })}
          </svg>
        );
      }}
    </Measured>
  );
});

/** A kernel has an odd number of taps, also on its way from one size to the next. */
const odd = (taps: number): number => 2 * Math.round((taps - 1) / 2) + 1;

/** Numbers rather than lists, so that a row is drawn again only where something in it moves. */
interface RowProps {
  readonly index: number;
  readonly kept: boolean;
  readonly width: number;
  readonly left: number;
  readonly tile: number;
  readonly tileHeight: number;
  readonly tiles: number;
  /** Whether the first tile is two wide. */
  readonly broad: boolean;
  readonly extent: number;
  readonly flat: boolean;
  readonly sample: KernelSample | undefined;
  readonly tall: number;
  readonly wide: number;
  readonly maskTall: number;
  readonly maskWide: number;
  readonly sigma: string;
  readonly inputTall: number;
  readonly inputWide: number;
  readonly fieldTall: number;
  readonly fieldWide: number;
}

const Row = memo(function Row(props: RowProps) {
  const { index, kept, width, left, tile, tileHeight, tiles, broad, extent, flat, sample } = props;
  const axes = (tall: number, wide: number): readonly number[] => (flat ? [tall] : [tall, wide]);
  const size = axes(props.tall, props.wide);
  const sight = layoutSight(axes(props.fieldTall, props.fieldWide), axes(props.inputTall, props.inputWide), SIGHT);
  const drawing = useKernelDrawing(sample);
  const shown = kept && drawing !== null;
  const widthOf = (i: number) => (broad && i === 0 ? 2 * tile + GAP : tile);
  return (
    <BlockGroup
      block={index}
      kept={kept}
      transform={`translate(0 ${HEAD + index * ROW})`}
      area={{ x: -PAD, y: -PAD, width: width + 2 * PAD, height: ROW - 2 }}
    >
      <text className="name" y={LINE - 3}>
        block {index + 1}
      </text>
      <text className="fact" y={2 * LINE - 3}>
        {kept ? `${formatSizes(size.map(odd))} taps` : 'not run'}
      </text>
      {kept && (
        <>
          <text className="fact" y={3 * LINE - 3}>
            σ {props.sigma}
          </text>
          <text className="fact" y={4 * LINE - 3}>
            sees {sight.all ? 'all' : formatSizes(axes(props.fieldTall, props.fieldWide))}
          </text>
          <g transform={`translate(${NAME} ${(tileHeight - SIGHT) / 2})`}>
            <rect className="ghost" {...sight.input} />
            <rect className="sight" {...sight.field} />
          </g>
        </>
      )}
      {Array.from({ length: tiles }, (_, i) => (
        <g key={i} transform={`translate(${left + (broad && i > 0 ? i + 1 : i) * (tile + GAP)} 0)`}>
          <rect className="ghost" width={widthOf(i)} height={tileHeight} />
          {shown && (i === 0 || i <= drawing.channels) && (
            <KernelTile
              drawing={drawing}
              channel={i - 1}
              tall={props.tall}
              wide={flat ? null : props.wide}
              maskTall={props.maskTall}
              maskWide={props.maskWide}
              extent={extent}
              width={widthOf(i)}
              height={tileHeight}
            />
          )}
        </g>
      ))}
    </BlockGroup>
  );
});
