/** What pulls on each size: the task above, the budget below, to the right for larger and to the left for smaller. */
import { memo } from 'react';
import type { Architecture } from '../architecture/architecture.ts';
import type { BlockMasks, Force } from '../engine/protocol.ts';
import { BlockGroup } from './BlockGroup.tsx';
import type { ForceScale } from './ease.ts';
import { forcesOf, layoutArrow, VERDICT_SIGNS, verdictOf } from './forces.ts';
import { Measured } from './Measured.tsx';

type Axis = keyof ForceScale;

interface Props {
  readonly architecture: Architecture;
  readonly masks: readonly BlockMasks[];
  readonly depth: Force;
  /** Force that fills a row, an axis. */
  readonly scale: ForceScale;
  /** Axes that are learned; the others feel nothing. */
  readonly learn: Readonly<Record<Axis, boolean>>;
}

const BLOCK_AXES = ['K', 'R', 'W'] as const;
const NAMES: Readonly<Record<Axis, string>> = { K: 'kernel', R: 'resolution', W: 'width', D: 'depth' };
const ROW = 24;
const HEAD = 20;
const LETTER = 16;
const SIGN = 18;
const MIN_COLUMN = 104;
const GAP = 12;
const PAD = 6;

export const ForcesFigure = memo(function ForcesFigure({ architecture, masks, depth, scale, learn }: Props) {
  const { blocks } = architecture;
  const groups = blocks.length + 1;
  return (
    <Measured>
      {(width) => {
        const fit = Math.max(1, Math.min(groups, Math.floor(width / MIN_COLUMN)));
        const rows = Math.ceil(groups / fit);
        const columns = Math.ceil(groups / rows);
        const pitch = Math.max(MIN_COLUMN / 2, width / columns);
        const tall = HEAD + BLOCK_AXES.length * ROW + 16;
        const place = (position: number) =>
          `translate(${(position % columns) * pitch} ${PAD + Math.floor(position / columns) * tall})`;
        const area = { x: -PAD, y: -PAD, width: pitch - 2, height: tall - 4 };
        return (
          <svg
            className="figure forces"
            width={width}
            height={PAD + rows * tall}
            role="img"
            aria-label={describeForces(blocks, masks, depth, scale, learn)}
          >
            {blocks.map(({ kept }, i) => {
              const mask = masks[i];
              if (mask === undefined) return null;
              return (
                <BlockGroup key={i} block={i} kept={kept} transform={place(i)} area={area}>
                  <BlockRows name={`block ${i + 1}`} {...{ mask, scale, learn, kept }} width={pitch - GAP} />
                </BlockGroup>
              );
            })}
            <g transform={place(blocks.length)}>
              <Rows name="whole network" forces={[['D', depth]]} scale={scale} learn={learn} kept width={pitch - GAP} />
            </g>
          </svg>
        );
      }}
    </Measured>
  );
});

interface CommonProps {
  readonly name: string;
  readonly scale: ForceScale;
  readonly learn: Readonly<Record<Axis, boolean>>;
  readonly kept: boolean;
  readonly width: number;
}

const BlockRows = memo(function BlockRows({ mask, ...props }: CommonProps & { readonly mask: BlockMasks }) {
  const forces = forcesOf(mask);
  return <Rows {...props} forces={BLOCK_AXES.map((axis) => [axis, forces[axis]])} />;
});

/** A row a size; all arrows of one kind are one path, since there are many of them and they never rest. */
function Rows({
  name,
  forces,
  scale,
  learn,
  kept,
  width,
}: CommonProps & { readonly forces: readonly [Axis, Force][] }) {
  const room = Math.max(10, width - LETTER - SIGN);
  const felt = forces.map(([axis, force]) => (learn[axis] && kept ? force : NO_FORCE));
  const arrows = (which: keyof Force, y: number) =>
    felt.map((force, i) => layoutArrow(force[which], scale[forces[i]![0]], room, i * ROW + y).path).join('');
  const tall = forces.length * ROW - 3;
  return (
    <>
      <text className="name" y={12}>
        {name}
      </text>
      <g transform={`translate(0 ${HEAD})`}>
        {forces.map(([axis], i) => (
          <text key={axis} className="fact" y={i * ROW + 15}>
            {axis}
          </text>
        ))}
        <g transform={`translate(${LETTER} 0)`}>
          {forces.map(([axis], i) => (
            <line key={axis} className="rule" x2={room} y1={i * ROW + 11} y2={i * ROW + 11} />
          ))}
          <line className="zero" x1={room / 2} x2={room / 2} y1={1} y2={tall} />
          <path className="force task" d={arrows('task', 6)} />
          <path className="force budget" d={arrows('budget', 16)} />
        </g>
        {forces.map(([axis], i) => (
          <Sign
            key={axis}
            {...{ axis, learn: learn[axis], kept }}
            force={felt[i]!}
            scale={scale[axis]}
            y={i * ROW + 15}
            x={width}
          />
        ))}
      </g>
    </>
  );
}

const NO_FORCE: Force = { task: 0, budget: 0 };

interface SignProps {
  readonly axis: Axis;
  readonly force: Force;
  readonly scale: number;
  readonly learn: boolean;
  readonly kept: boolean;
  readonly x: number;
  readonly y: number;
}

/** Where both forces together lead; a size that is not learned has no sign. */
function Sign({ axis, force, scale, learn, kept, x, y }: SignProps) {
  if (!learn || !kept) return null;
  const verdict = verdictOf(force, scale);
  return (
    <text className={`sign ${verdict}`} x={x} y={y} textAnchor="end">
      <title>{`The ${NAMES[axis]} ${verdict}: ${wants('the task', force.task)}, ${wants('the budget', force.budget)}.`}</title>
      {VERDICT_SIGNS[verdict]}
    </text>
  );
}

const wants = (who: string, force: number): string =>
  `${who} ${force > 0 ? 'wants it larger' : force < 0 ? 'wants it smaller' : 'does not pull'}`;

/** Where each size goes, in words. */
function describeForces(
  blocks: Architecture['blocks'],
  masks: readonly BlockMasks[],
  depth: Force,
  scale: ForceScale,
  learn: Props['learn'],
): string {
  const texts = masks.map((mask, i) => {
    if (blocks[i]?.kept !== true) return `Block ${i + 1} is not run.`;
    const forces = forcesOf(mask);
    const sizes = BLOCK_AXES.filter((axis) => learn[axis]).map(
      (axis) => `${NAMES[axis]} ${verdictOf(forces[axis], scale[axis])}`,
    );
    return `Block ${i + 1}: ${sizes.join(', ') || 'nothing is learned'}.`;
  });
  return `${texts.join(' ')}${learn.D ? ` Depth of the whole network ${verdictOf(depth, scale.D)}.` : ''}`;
}
