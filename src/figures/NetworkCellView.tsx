/** One cell of the network's picture: the input, a block or the output, with its text. */
import { memo, type ReactNode } from 'react';
import type { FeatureMap, ProbeOutput } from '../engine/protocol.ts';
import { alike } from './alike.ts';
import { formatPercent } from './format.ts';
import { gridPath, LINE, type GridLines, type NetworkCell, type Slab } from './network.ts';
import { fitText, type CellText } from './networkFacts.ts';
import { OutputView } from './OutputView.tsx';
import { layoutTraces } from './trace.ts';

interface Props {
  readonly id: string;
  readonly cell: NetworkCell;
  readonly text: CellText;
  readonly narrow: boolean;
  readonly kernelUrl: string | undefined;
  /** Of the input an image in ink; of a block its map. */
  readonly mapUrl: string | undefined;
  readonly input: FeatureMap | null;
  readonly output: ProbeOutput | null;
  readonly grid: readonly number[];
  readonly classes: readonly string[];
  readonly lit: boolean;
  readonly chosen: boolean;
  /** Whether the keyboard comes here first. */
  readonly walked: boolean;
}

/** Where the facts' numbers begin, if there is room. */
const NUMBERS = 62;

export const NetworkCellView = memo(function NetworkCellView(props: Props) {
  const { cell, text, lit, chosen, walked } = props;
  const states = [cell.kind, cell.kept ? '' : 'gone', lit ? 'lit' : '', chosen ? 'chosen' : ''];
  const { x, y, width, height } = cell.frame;
  return (
    <g
      className={['cell', ...states].filter((state) => state !== '').join(' ')}
      role="option"
      aria-selected={chosen}
      aria-label={text.label}
      tabIndex={walked ? 0 : -1}
      data-position={cell.position}
    >
      <title>{text.label}</title>
      <rect className="ring" x={x + 1.5} y={y + 1.5} width={width - 3} height={height - 3} rx={6} />
      <Picture {...props} />
      <Facts {...props} />
      {cell.kind === 'block' && <Share cell={cell} />}
    </g>
  );
}, alike);

function Picture(props: Props) {
  switch (props.cell.kind) {
    case 'input':
      return <InputPicture {...props} />;
    case 'block':
      return <BlockPicture {...props} />;
    case 'output':
      return <OutputView {...props} room={props.cell.slab} />;
  }
}

function BlockPicture({ cell, kernelUrl, mapUrl }: Props) {
  const { slab, kernel } = cell;
  const flat = slab.dx === 0;
  return (
    <g className="picture">
      <Outline slab={cell.ghost} />
      {cell.kept && (
        <g opacity={cell.opacity}>
          <Front slab={slab} lines={cell.lines} covered={mapUrl !== undefined}>
            {mapUrl !== undefined && (
              <image
                className={flat ? 'map smooth' : 'map'}
                href={mapUrl}
                preserveAspectRatio="none"
                {...boxOf(slab)}
              />
            )}
          </Front>
          {kernel !== null && (
            <>
              <rect className="footprint-paper" {...kernel} />
              {kernelUrl !== undefined && <image href={kernelUrl} preserveAspectRatio="none" {...kernel} />}
            </>
          )}
          <rect className="edge" {...boxOf(slab)} />
          {kernel !== null && <rect className="footprint" {...kernel} />}
        </g>
      )}
    </g>
  );
}

function InputPicture({ id, cell: { slab, lines }, mapUrl, input }: Props) {
  if (slab.dx === 0) {
    return (
      <g className="picture">
        <rect className="trace-room" {...boxOf(slab)} />
        {(input === null ? [] : layoutTraces(input, slab)).map((path, i) => (
          <path key={i} className="trace" d={path} />
        ))}
      </g>
    );
  }
  return (
    <g className="picture">
      <Front slab={slab} lines={lines} covered={mapUrl !== undefined}>
        {mapUrl !== undefined && (
          <>
            {/* A mask, so that the ink takes the theme's colour. */}
            <mask id={id}>
              <image className="map" href={mapUrl} preserveAspectRatio="none" {...boxOf(slab)} />
            </mask>
            <rect className="ink" mask={`url(#${id})`} {...boxOf(slab)} />
          </>
        )}
      </Front>
      <rect className="edge" {...boxOf(slab)} />
    </g>
  );
}

const boxOf = ({ x, y, width, height }: Slab) => ({ x, y, width, height });

interface FrontProps {
  readonly slab: Slab;
  readonly lines: GridLines | null;
  /** Whether a map lies on the face. */
  readonly covered: boolean;
  readonly children: ReactNode;
}

function Front({ slab, lines, covered, children }: FrontProps) {
  return (
    <>
      <path className="side" d={topAndSide(slab)} />
      <rect className={covered ? 'face paper' : 'face'} {...boxOf(slab)} />
      {children}
      {lines !== null && !covered && <path className="grid" d={gridPath(slab, lines)} />}
    </>
  );
}

function Facts({ cell: { label, frame }, text, narrow }: Props) {
  const room = frame.x + frame.width - label.x - 2;
  return (
    <>
      <text className="name" x={label.x} y={label.y}>
        {text.name}
      </text>
      {text.facts.map(([what, value], i) => (
        <text key={i} className="fact" x={label.x} y={label.y + (i + 1) * LINE}>
          {what}{' '}
          <tspan className="number" {...(narrow ? {} : { x: label.x + NUMBERS })}>
            {fitText(value, narrow ? room - 7 * what.length : room - NUMBERS)}
          </tspan>
        </text>
      ))}
    </>
  );
}

function Share({ cell: { bar, share, kept } }: { readonly cell: NetworkCell }) {
  return (
    <g className="share">
      <rect className="track" {...bar} rx={3} />
      <rect className="part" {...bar} width={bar.width * share} rx={3} />
      <text x={bar.x + bar.width + 6} y={bar.y + 7}>
        {kept ? formatPercent(share, 0) : ''}
      </text>
    </g>
  );
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
