/** What pulls on each size: the task above, the budget below, to the right for larger and to the left for smaller. */
import { memo } from 'react';
import type { Architecture } from '../architecture/architecture.ts';
import type { BlockMasks, Force } from '../engine/protocol.ts';
import { forcesOf, layoutArrow } from './forces.ts';
import { Measured } from './Measured.tsx';

type Axis = 'K' | 'R' | 'W' | 'D';

interface Props {
  readonly architecture: Architecture;
  readonly masks: readonly BlockMasks[];
  readonly depth: Force;
  /** Force that fills a row, an axis. */
  readonly scale: Readonly<Record<Axis, number>>;
  /** Axes that are learned; the others feel nothing. */
  readonly learn: Readonly<Record<Axis, boolean>>;
}

const ROWS = ['K', 'R', 'W'] as const;
const ROW = 24;
const HEAD = 20;
const LETTER = 16;
const MIN_COLUMN = 92;
const GAP = 12;

export const ForcesFigure = memo(function ForcesFigure({ architecture, masks, depth, scale, learn }: Props) {
  const groups = [...architecture.blocks.keys(), -1];
  return (
    <Measured>
      {(width) => {
        const fit = Math.max(1, Math.min(groups.length, Math.floor(width / MIN_COLUMN)));
        const rows = Math.ceil(groups.length / fit);
        const columns = Math.ceil(groups.length / rows);
        const pitch = width / columns;
        const arrow = pitch - LETTER - GAP;
        const tall = HEAD + ROWS.length * ROW + 14;
        return (
          <svg
            className="figure forces"
            width={width}
            height={rows * tall}
            role="img"
            aria-label={describeForces(masks, depth)}
          >
            {groups.map((block, position) => {
              const mask = masks[block];
              const kept = architecture.blocks[block]?.kept ?? true;
              const forces: [Axis, Force][] =
                mask === undefined ? [['D', depth]] : ROWS.map((axis) => [axis, forcesOf(mask)[axis]]);
              const place = `translate(${(position % columns) * pitch} ${Math.floor(position / columns) * tall})`;
              return (
                <g key={block} transform={place} className={kept ? '' : 'gone'}>
                  <text className="name" y={12}>
                    {block < 0 ? 'depth' : `block ${block + 1}`}
                  </text>
                  {forces.map(([axis, force], i) => (
                    <g key={axis} transform={`translate(0 ${HEAD + i * ROW})`}>
                      <text className="fact" y={15}>
                        {axis}
                      </text>
                      <g transform={`translate(${LETTER} 0)`}>
                        <Pair force={learn[axis] && kept ? force : null} scale={scale[axis]} width={arrow} />
                      </g>
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

interface PairProps {
  /** Null where the size is not learned. */
  readonly force: Force | null;
  readonly scale: number;
  readonly width: number;
}

function Pair({ force, scale, width }: PairProps) {
  return (
    <>
      <line className="rule" x1={0} x2={width} y1={11} y2={11} />
      <line className="zero" x1={width / 2} x2={width / 2} y1={1} y2={21} />
      {force !== null && (
        <>
          <path className="force task" transform="translate(0 6)" d={layoutArrow(force.task, scale, width).path} />
          <path className="force budget" transform="translate(0 16)" d={layoutArrow(force.budget, scale, width).path} />
        </>
      )}
    </>
  );
}

/** Which of the two is the stronger on each size, in words. */
function describeForces(masks: readonly BlockMasks[], depth: Force): string {
  const verdict = ({ task, budget }: Force) => (task + budget > 0 ? 'grows' : task + budget < 0 ? 'shrinks' : 'rests');
  const blocks = masks.map((mask, i) => {
    const { K, R, W } = forcesOf(mask);
    return `Block ${i + 1}: kernel ${verdict(K)}, resolution ${verdict(R)}, width ${verdict(W)}.`;
  });
  return `${blocks.join(' ')} Depth ${verdict(depth)}.`;
}
