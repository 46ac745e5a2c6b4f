/** Lets an architecture glide: a mix of two has real-valued sizes, which the layouts take as they take integers. */
import { useEffect, useReducer, useState } from 'react';
import type { Architecture, ArchitectureBlock } from '../architecture/architecture.ts';

/** Part of the way that is left after this many milliseconds is 1/e. */
const TIME_CONSTANT = 90;
const MIN_FRAME = 8;
/** Nearer than this fraction counts as there. */
const THERE = 0.002;

const mix = (from: number, to: number, part: number): number =>
  Math.abs(to - from) <= THERE * Math.abs(to) ? to : from + (to - from) * part;

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

/** `part` of the way from one to the other; at once where they are of different shape. */
export function mixArchitectures(from: Architecture, to: Architecture, part: number): Architecture {
  const sameShape =
    from.blocks.length === to.blocks.length &&
    from.input.grid.length === to.input.grid.length &&
    from.input.grid.every((size, axis) => size === to.input.grid[axis]);
  if (!sameShape || part >= 1) return to;
  return {
    ...to,
    blocks: to.blocks.map((block, i) => mixBlock(from.blocks[i] ?? block, block, part)),
    macs: mix(from.macs, to.macs, part),
  };
}

/** Whether two architectures would be drawn the same. */
function sameSizes(a: Architecture, b: Architecture): boolean {
  return a === b || JSON.stringify(a.blocks) === JSON.stringify(b.blocks);
}

/** The architecture as drawn now, on its way to `target`; jumps where motion is not wanted. */
export function useEased(target: Architecture): Architecture {
  const [shown, advance] = useReducer(
    (from: Architecture, { to, part }: { to: Architecture; part: number }) => mixArchitectures(from, to, part),
    target,
  );
  const calm = useReducedMotion();
  const there = sameSizes(shown, target);
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
