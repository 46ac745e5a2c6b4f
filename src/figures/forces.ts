/** The two forces on each size of each block, as arrows from a common zero, and where they lead together. */
import type { BlockMasks, Force } from '../engine/protocol.ts';

export type BlockForces = Readonly<Record<'K' | 'R' | 'W', Force>>;

/** The forces on one block; where a size has several masks (two axes, inner and stream width) they add up. */
export function forcesOf(masks: BlockMasks): BlockForces {
  return {
    K: sum(masks.kernel.map((mask) => mask.force)),
    R: sum(masks.resolution.map((mask) => mask.force)),
    W: sum([masks.inner.force, masks.outer.force]),
  };
}

const sum = (forces: readonly Force[]): Force => ({
  task: forces.reduce((total, force) => total + finite(force.task), 0),
  budget: forces.reduce((total, force) => total + finite(force.budget), 0),
});

const finite = (value: number): number => (Number.isFinite(value) ? value : 0);

export type Verdict = 'grows' | 'shrinks' | 'rests';

/** Words and signs for where a size goes. */
export const VERDICT_SIGNS: Readonly<Record<Verdict, string>> = { grows: '▲', shrinks: '▼', rests: '–' };

/** A net force smaller than this part of the largest force is none to speak of. */
const REST = 0.03;

export function verdictOf({ task, budget }: Force, scale: number): Verdict {
  const net = finite(task) + finite(budget);
  if (!(Math.abs(net) > REST * scale)) return 'rests';
  return net > 0 ? 'grows' : 'shrinks';
}

export interface Arrow {
  /** From zero to the tip, in pixels from the left of the row; equal where there is no force to speak of. */
  readonly from: number;
  readonly to: number;
  /** The shaft and the head as one path about y = `y`. */
  readonly path: string;
}

const HEAD = 6;
/** Square root: a force a hundredth of the largest is still a tenth as long. */
const MIN_LENGTH = 0.5;

/** An arrow from the middle of a row of `width` pixels, to the right for a force that wants the size larger. */
export function layoutArrow(force: number, scale: number, width: number, y = 0): Arrow {
  const from = width / 2;
  const room = width / 2 - 1;
  const part = scale > 0 ? Math.min(1, Math.sqrt(Math.abs(force) / scale)) : 0;
  const length = part * room;
  if (!(length >= MIN_LENGTH)) return { from, to: from, path: '' };
  const sign = Math.sign(force);
  const to = from + sign * length;
  const head = (to - sign * Math.min(HEAD, length)).toFixed(1);
  const path = `M${from} ${y - 1.5}H${head}V${y - 4}L${to.toFixed(1)} ${y}L${head} ${y + 4}V${y + 1.5}H${from}Z`;
  return { from, to, path };
}
