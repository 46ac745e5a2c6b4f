/** Lets a network glide: a mix of two has real-valued sizes, which the layouts take as they take integers. */
import { useEffect, useReducer, useState } from 'react';
import type { Architecture, ArchitectureBlock } from '../architecture/architecture.ts';
import type { BlockMasks, Force, SigmoidMask } from '../engine/protocol.ts';

/** Part of the way that is left after this many milliseconds is 1/e. */
const TIME_CONSTANT = 90;
const MIN_FRAME = 8;
/** Nearer than this fraction counts as there. */
const THERE = 0.003;
/** Masks lie in [0, 1] and drift all the time: what moves less than this is not drawn again. */
const UNSEEN = 0.0008;
const UNSEEN_TAPS = 0.02;
/** Of the largest force; arrows are as long as its square root. */
const UNSEEN_FORCE = 0.0002;

/** All that the figures of the network's shape draw. */
export interface Shape {
  readonly architecture: Architecture;
  readonly masks: readonly BlockMasks[];
  readonly depth: SigmoidMask;
  /** Force that fills a row, an axis. */
  readonly scale: ForceScale;
}

export type ForceScale = Readonly<Record<'K' | 'R' | 'W' | 'D', number>>;

/** Ends at `to` exactly: these sizes are also read as numbers. */
const mix = (from: number, to: number, part: number): number =>
  Math.abs(from - to) <= THERE * Math.abs(to) ? to : from + (to - from) * part;

/** Stays at `from` where no eye could tell; `unseen` is what none could. */
const drift = (from: number, to: number, part: number, unseen = UNSEEN): number =>
  Math.abs(from - to) <= unseen ? from : from + (to - from) * part;

/** Keeps the identity of what did not change, so that memoised rows are not drawn again. */
function keep<T extends object>(from: T, now: T): T {
  const keys = Object.keys(now) as (keyof T)[];
  return keys.every((key) => Object.is(from[key], now[key])) ? from : now;
}

/** One list from two, entry by entry; what only `to` has is taken as it is. */
function each<T>(from: readonly T[], to: readonly T[], one: (from: T, to: T) => T): T[] {
  const mixed = to.map((value, i) => (i < from.length ? one(from[i]!, value) : value));
  return mixed.length === from.length && mixed.every((value, i) => Object.is(value, from[i])) ? (from as T[]) : mixed;
}

function mixBlock(from: ArchitectureBlock, to: ArchitectureBlock, part: number): ArchitectureBlock {
  const sizes = (a: number[], b: number[]) => each(a, b, (one, other) => mix(one, other, part));
  return keep(from, {
    ...to,
    gate: mix(from.gate, to.gate, part),
    grid: sizes(from.grid, to.grid),
    stride: sizes(from.stride, to.stride),
    kernel: sizes(from.kernel, to.kernel),
    sigma: sizes(from.sigma, to.sigma),
    width: keep(from.width, {
      inner: mix(from.width.inner, to.width.inner, part),
      outer: mix(from.width.outer, to.width.outer, part),
    }),
    macs: mix(from.macs, to.macs, part),
  });
}

function sameShape(a: Architecture, b: Architecture): boolean {
  return (
    a.blocks.length === b.blocks.length &&
    a.input.grid.length === b.input.grid.length &&
    a.input.grid.every((size, axis) => size === b.input.grid[axis])
  );
}

/** `part` of the way from one to the other; at once where they are of different shape. */
export function mixArchitectures(from: Architecture, to: Architecture, part: number): Architecture {
  if (from === to || !sameShape(from, to) || part >= 1) return to;
  const blocks = each(from.blocks, to.blocks, (a, b) => mixBlock(a, b, part));
  const macs = mix(from.macs, to.macs, part);
  const still = blocks === from.blocks && macs === from.macs && from.full.macs === to.full.macs;
  return still ? from : { ...to, blocks, macs };
}

/** As `mixArchitectures`, for all that makes up the shape. */
export function mixShapes(from: Shape, to: Shape, part: number): Shape {
  if (from === to || !sameShape(from.architecture, to.architecture) || part >= 1) return to;
  // A force moves as far as its arrow does, which the scale decides.
  const force = (a: Force, b: Force, axis: keyof ForceScale) =>
    keep(a, {
      task: drift(a.task, b.task, part, UNSEEN_FORCE * to.scale[axis]),
      budget: drift(a.budget, b.budget, part, UNSEEN_FORCE * to.scale[axis]),
    });
  const sigmoid = (axis: keyof ForceScale) => (a: SigmoidMask, b: SigmoidMask) =>
    keep(a, {
      cut: drift(a.cut, b.cut, part),
      temperature: mix(a.temperature, b.temperature, part),
      force: force(a.force, b.force, axis),
    });
  const kernel = (a: BlockMasks['kernel'][number], b: BlockMasks['kernel'][number]) =>
    keep(a, {
      sigma: drift(a.sigma, b.sigma, part),
      taps: drift(a.taps, b.taps, part, UNSEEN_TAPS),
      force: force(a.force, b.force, 'K'),
    });
  const width = sigmoid('W');
  const masks = (a: BlockMasks, b: BlockMasks): BlockMasks =>
    keep(a, {
      kernel: each(a.kernel, b.kernel, kernel),
      resolution: each(a.resolution, b.resolution, sigmoid('R')),
      inner: width(a.inner, b.inner),
      outer: width(a.outer, b.outer),
    });
  const scale = (axis: keyof ForceScale) => drift(from.scale[axis], to.scale[axis], part, THERE * to.scale[axis]);
  return keep(from, {
    architecture: mixArchitectures(from.architecture, to.architecture, part),
    masks: each(from.masks, to.masks, masks),
    depth: sigmoid('D')(from.depth, to.depth),
    scale: keep(from.scale, { K: scale('K'), R: scale('R'), W: scale('W'), D: scale('D') }),
  });
}

/**
 * The value as drawn now, on its way to `target`; jumps where motion is not wanted, or while not `active`.
 * `mixed` gives back what it got where there is nothing left to see.
 */
function useGlide<T>(target: T, mixed: (from: T, to: T, part: number) => T, active: boolean): T {
  const [shown, advance] = useReducer(
    (from: T, { to, part }: { to: T; part: number }) => mixed(from, to, part),
    target,
  );
  const calm = useReducedMotion() || !active;
  const there = mixed(shown, target, 0.5) === shown;
  useEffect(() => {
    if (calm || there) return;
    let frame = 0;
    let last = performance.now();
    const tick = (now: number) => {
      // A frame's time may lie before the effect that asked for it.
      const elapsed = Math.max(MIN_FRAME, now - last);
      advance({ to: target, part: 1 - Math.exp(-elapsed / TIME_CONSTANT) });
      last = now;
      frame = requestAnimationFrame(tick);
    };
    frame = requestAnimationFrame(tick);
    return () => cancelAnimationFrame(frame);
  }, [target, calm, there]);
  return calm ? target : shown;
}

/** The architecture as drawn now, on its way to `target`. */
export function useEased(target: Architecture): Architecture {
  const shown = useGlide(target, mixArchitectures, true);
  return sameShape(shown, target) ? shown : target;
}

/** The shape as drawn now; glides only while `active`, i.e. while there is somebody to see it. */
export function useEasedShape(target: Shape, active: boolean): Shape {
  const shown = useGlide(target, mixShapes, active);
  return sameShape(shown.architecture, target.architecture) ? shown : target;
}

const mixNumbers = (from: number, to: number, part: number): number => mix(from, to, part);

export const useEasedNumber = (target: number): number => useGlide(target, mixNumbers, true);

const REDUCED = '(prefers-reduced-motion: reduce)';

export function useReducedMotion(): boolean {
  const [reduced, setReduced] = useState(() => matchMedia(REDUCED).matches);
  useEffect(() => {
    const query = matchMedia(REDUCED);
    const update = () => setReduced(query.matches);
    query.addEventListener('change', update);
    return () => query.removeEventListener('change', update);
  }, []);
  return reduced;
}
