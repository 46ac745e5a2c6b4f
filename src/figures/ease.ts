/** Lets an architecture glide: a mix of two has real-valued sizes, which the layouts take as they take integers. */
import { useEffect, useReducer, useState } from 'react';
import type { Architecture, ArchitectureBlock } from '../architecture/architecture.ts';

/** Part of the way that is left after this many milliseconds is 1/e. */
const TIME_CONSTANT = 90;
const MIN_FRAME = 8;
/** Nearer than this fraction counts as there. */
const THERE = 0.003;

const near = (a: number, b: number): boolean => Math.abs(a - b) <= THERE * Math.abs(b);

const mix = (from: number, to: number, part: number): number => (near(from, to) ? to : from + (to - from) * part);

const mixAll = (from: readonly number[], to: readonly number[], part: number): number[] =>
  to.map((value, i) => mix(from[i] ?? value, value, part));

function mixBlock(from: ArchitectureBlock, to: ArchitectureBlock, part: number): ArchitectureBlock {
  return {
    ...to,
    gate: mix(from.gate, to.gate, part),
    grid: mixAll(from.grid, to.grid, part),
    kernel: mixAll(from.kernel, to.kernel, part),
    width: {
      inner: mix(from.width.inner, to.width.inner, part),
      outer: mix(from.width.outer, to.width.outer, part),
    },
    macs: mix(from.macs, to.macs, part),
  };
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
  if (!sameShape(from, to) || part >= 1) return to;
  return {
    ...to,
    blocks: to.blocks.map((block, i) => mixBlock(from.blocks[i] ?? block, block, part)),
    macs: mix(from.macs, to.macs, part),
  };
}

/** Whether the eye could not tell them apart, so that nothing need be drawn again. */
function lookAlike(a: Architecture, b: Architecture): boolean {
  if (a === b) return true;
  return sameShape(a, b) && a.blocks.every((block, i) => blocksLookAlike(block, b.blocks[i] ?? block));
}

function blocksLookAlike(a: ArchitectureBlock, b: ArchitectureBlock): boolean {
  return (
    a.kept === b.kept &&
    near(a.gate, b.gate) &&
    near(a.macs, b.macs) &&
    near(a.width.outer, b.width.outer) &&
    a.grid.every((size, axis) => near(size, b.grid[axis] ?? size)) &&
    a.kernel.every((taps, axis) => near(taps, b.kernel[axis] ?? taps))
  );
}

/** The architecture as drawn now, on its way to `target`; jumps where motion is not wanted. */
export function useEased(target: Architecture): Architecture {
  const [shown, advance] = useReducer(
    (from: Architecture, { to, part }: { to: Architecture; part: number }) => mixArchitectures(from, to, part),
    target,
  );
  const calm = useReducedMotion();
  const there = lookAlike(shown, target);
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
  return calm || !sameShape(shown, target) ? target : shown;
}

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
