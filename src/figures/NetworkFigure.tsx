/** The network as it is now, to scale, with one sample on its way through it. */
import { memo, useId, useMemo, useState, type FocusEvent, type KeyboardEvent, type SyntheticEvent } from 'react';
import type { Architecture } from '../architecture/architecture.ts';
import type { KernelSample, Probe } from '../engine/protocol.ts';
import { useEased } from './ease.ts';
import { useFocus } from './focus.ts';
import { heatOf, heatUrl, inkUrl, mapUrl } from './heat.ts';
import { channelOf } from './kernels.ts';
import { Measured } from './Measured.tsx';
import { layoutNetwork } from './network.ts';
import { NetworkCellView } from './NetworkCellView.tsx';
import { cellTexts } from './networkFacts.ts';
import { blockAt, walk } from './networkKeys.ts';
import { layoutLinks } from './networkLinks.ts';

/** Cells under this many pixels get shorter words. */
const NARROW = 136;

export interface NetworkFigureProps {
  readonly architecture: Architecture;
  readonly kernels: readonly KernelSample[];
  /** The sample inside the network; null before there is one. */
  readonly probe: Probe | null;
  /** Names of the classes. */
  readonly classes: readonly string[];
  /** Which channel the faces of an image's blocks show, from 0. */
  readonly channel?: number;
}

/** As broad as where it stands. */
export const NetworkFigure = memo(function NetworkFigure(props: NetworkFigureProps) {
  return <Measured>{(width) => <NetworkPicture {...props} width={width} />}</Measured>;
});

/** Of a given width, e.g. for a picture that is saved. */
export function NetworkPicture(props: NetworkFigureProps & { readonly width: number }) {
  const { architecture, kernels, classes, channel = 0, width } = props;
  const probe = fits(props.probe, architecture) ? props.probe : null;
  const id = useId();
  const focus = useFocus();
  const [at, setAt] = useState(1);
  const eased = useEased(architecture);
  const kernelUrls = useMemo(() => faceKernels(kernels), [kernels]);
  const mapUrls = useMemo(() => faceMaps(probe, channel), [probe, channel]);
  const ink = useMemo(() => (probe?.input.grid.length === 2 ? inkUrl(probe.input) : null), [probe]);
  const layout = layoutNetwork(eased, width);
  const narrow = (layout.cells[0]?.frame.width ?? 0) < NARROW;
  const output = probe?.output ?? null;
  const texts = useMemo(
    () => cellTexts(architecture, output, classes, narrow),
    [architecture, output, classes, narrow],
  );
  const count = layout.cells.length;

  const pointFrom = (event: SyntheticEvent) => {
    const position = positionOf(event);
    focus.point(position === null ? null : blockAt(position, count));
    return position;
  };
  const onFocus = (event: FocusEvent) => setAt(pointFrom(event) ?? at);
  const onClick = (event: SyntheticEvent) => {
    const block = blockAt(positionOf(event) ?? 0, count);
    focus.choose(block === focus.chosen ? null : block);
  };
  const onKeyDown = (event: KeyboardEvent<SVGSVGElement>) => {
    const position = positionOf(event);
    if (position === null || event.altKey || event.ctrlKey || event.metaKey) return;
    const next = walk({ at: position, chosen: focus.chosen }, event.key, count);
    if (next === null) return;
    // Space would otherwise start or stop the training.
    event.preventDefault();
    event.stopPropagation();
    event.currentTarget.querySelector<SVGElement>(`[data-position="${next.at}"]`)?.focus();
    if (next.chosen !== focus.chosen) focus.choose(next.chosen);
  };

  return (
    <svg
      className={focus.chosen === null ? 'figure network' : 'figure network has-chosen'}
      data-testid="figure-network"
      width={width}
      height={layout.height}
      role="listbox"
      aria-orientation="horizontal"
      aria-label={`The network: ${architecture.blocks.filter((block) => block.kept).length} of ${architecture.blocks.length} blocks are run. Arrow keys walk through it, Enter chooses a block.`}
      onPointerOver={pointFrom}
      onPointerLeave={() => focus.point(null)}
      onFocus={onFocus}
      onBlur={() => focus.point(null)}
      onClick={onClick}
      onKeyDown={onKeyDown}
    >
      <g aria-hidden="true">
        {layoutLinks(eased, layout).map((link, i) => (
          <g key={i} className={link.narrows ? 'link narrows' : 'link'}>
            {link.path === '' ? <polygon points={link.points} /> : <path d={link.path} />}
            <text x={link.x} y={link.y}>
              {link.text}
            </text>
          </g>
        ))}
      </g>
      {layout.cells.map((cell, position) => (
        <NetworkCellView
          key={position}
          id={`${id}-${position}`}
          cell={cell}
          text={texts[position]!}
          narrow={narrow}
          kernelUrl={kernelUrls.get(cell.block)}
          mapUrl={cell.kind === 'input' ? (ink ?? undefined) : mapUrls.get(cell.block)}
          input={cell.kind === 'input' ? (probe?.input ?? null) : null}
          output={cell.kind === 'output' ? output : null}
          grid={cell.kind === 'output' ? architecture.input.grid : NO_GRID}
          classes={classes}
          lit={cell.kind === 'block' && focus.block === cell.block}
          chosen={cell.kind === 'block' && focus.chosen === cell.block}
          walked={position === Math.min(at, count - 1)}
        />
      ))}
    </svg>
  );
}

/** One object, so that cells which need no grid are not drawn again. */
const NO_GRID: readonly number[] = [];

/** Which cell an event is about; null for none. */
function positionOf({ target }: SyntheticEvent): number | null {
  const cell = target instanceof Element ? target.closest('[data-position]') : null;
  return cell === null ? null : Number(cell.getAttribute('data-position'));
}

/** A probe of another task, as it may stand for a moment after a change, is not drawn. */
function fits(probe: Probe | null, { input, output }: Architecture): boolean {
  if (probe?.input.grid.length !== input.grid.length) return false;
  return (probe.output.kind === 'classes') === (output.kind === 'classes');
}

/** The first sampled kernel of each block, as an image; a sequence's is one pixel broad. */
function faceKernels(kernels: readonly KernelSample[]): ReadonlyMap<number, string> {
  return new Map(
    kernels.map((sample): [number, string] => {
      const [rows = 1, columns = 1] = sample.size;
      return [sample.block, heatUrl(Uint8Array.from(channelOf(sample, 0), heatOf), rows, columns)];
    }),
  );
}

function faceMaps(probe: Probe | null, channel: number): ReadonlyMap<number, string> {
  return new Map(
    probe?.blocks.flatMap((map): [number, string][] => {
      const url = mapUrl(map, channel);
      return url === null ? [] : [[map.block, url]];
    }),
  );
}
