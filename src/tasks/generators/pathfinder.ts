/**
 * Pathfinder (Linsley et al., arXiv:1805.08315) at 32×32 with the settings of the Long Range Arena: two long snakes of
 * dashes among short ones, of which `pathfinderImages.ts` makes pictures and questions.
 */
import type { Random } from '../../dnarch/random.ts';
import { dashStamps, lay, type DashStamps } from './stamps.ts';

export const SIDE = 32;
/** Of a dash, and between it and where the snake may turn, in pixels. */
const LENGTH = 2;
const MARGIN = 1;
/** How far the first snake begins from the sides at least, and the second from it. */
const FROM_SIDES = 14;
const APART = 7;
/** Safety zones may overlap while they add up to less. */
const CROWDED = 1.8;
/** Tries to lay one dash, and to grow one short snake, each from a new place; without success it is left out. */
const TRIES = { dash: 3, distractor: 40 } as const;

export interface PathfinderLevel {
  /** Dashes of each of the two long snakes. */
  readonly dashes: number;
  /** How many short snakes, and of how many dashes. */
  readonly distractors: number;
  readonly distractorDashes: number;
}

/** Short snakes are a third as long, and all together have twenty dashes at most. */
function level(dashes: number): PathfinderLevel {
  const distractorDashes = Math.floor(dashes / 3);
  return { dashes, distractors: Math.floor(20 / distractorDashes), distractorDashes };
}

export const LEVELS = { easy: level(6), intermediate: level(9), hard: level(14) } as const;

export interface Dash {
  /** Pixel of its head. */
  readonly x: number;
  readonly y: number;
  /** Where it points, in whole degrees from x towards y. */
  readonly degree: number;
}

export interface Scene {
  readonly targets: readonly [readonly Dash[], readonly Dash[]];
  readonly distractors: readonly (readonly Dash[])[];
}

const COSINE = Float64Array.from({ length: 360 }, (_, degree) => Math.cos((degree * Math.PI) / 180));
const SINE = Float64Array.from({ length: 360 }, (_, degree) => Math.sin((degree * Math.PI) / 180));
/** cos² of a turn of −89 … 89 degrees. */
const TURNS = 89;
const STRAIGHTNESS = Float64Array.from({ length: 2 * TURNS + 1 }, (_, i) => COSINE[Math.abs(i - TURNS)]! ** 2);

const along = (from: number, distance: number, direction: number): number => Math.round(from + distance * direction);
const turned = (degree: number, by: number): number => (degree + by + 360) % 360;
const isInside = (x: number, y: number): boolean => x >= 0 && x < SIDE && y >= 0 && y < SIDE;

/** A pixel. */
export interface Place {
  readonly x: number;
  readonly y: number;
}

/** The pixel where a dash begins. */
export const tailOf = ({ x, y, degree }: Dash): Place => ({
  x: along(x, -LENGTH, COSINE[degree]!),
  y: along(y, -LENGTH, SINE[degree]!),
});

/** The stamp of each direction, laid with its middle at the head. Made when first needed. */
let stamps: readonly DashStamps[] | undefined;
export const dashStampOf = ({ degree }: Dash): DashStamps => {
  stamps ??= dashStamps(LENGTH, MARGIN);
  return stamps[turned(degree, 180)]!;
};

/** The safety zones that a growing snake keeps clear of, and the same grown by a pixel. */
class Ground {
  readonly #taken = new Float32Array(SIDE * SIDE);
  readonly #near = new Float32Array(SIDE * SIDE);

  /** Empty, the border closed. */
  clear(): void {
    for (let y = 0; y < SIDE; y++) {
      for (let x = 0; x < SIDE; x++) {
        const fromBorder = Math.min(x, y, SIDE - 1 - x, SIDE - 1 - y);
        this.#taken[y * SIDE + x] = fromBorder < 1 ? 1 : 0;
        this.#near[y * SIDE + x] = fromBorder < 2 ? 1 : 0;
      }
    }
  }

  copy(other: Ground): void {
    this.#taken.set(other.#taken);
    this.#near.set(other.#near);
  }

  add(dash: Dash): void {
    const { zone, near } = dashStampOf(dash);
    lay(this.#taken, SIDE, zone, dash.x, dash.y, 1);
    lay(this.#near, SIDE, near, dash.x, dash.y, 1);
  }

  /** From 0 to 1: how free the pixel and those beside it are. */
  freedom(x: number, y: number): number {
    return isInside(x, y) ? 1 - this.#near[y * SIDE + x]! : 0;
  }

  fits(dash: Dash): boolean {
    const { zone } = dashStampOf(dash);
    for (let i = 0; i < zone.value.length; i++) {
      const [x, y] = [dash.x + zone.x[i]!, dash.y + zone.y[i]!];
      // Outside the image, only where the zone fades out.
      const taken = isInside(x, y) ? this.#taken[y * SIDE + x]! : 1;
      if (taken + zone.value[i]! >= CROWDED) return false;
    }
    return true;
  }
}

/** A snake while it grows. */
interface Snake {
  readonly dashes: Dash[];
  /** Where it may turn next, a margin beyond its last head; not rounded to pixels. */
  pivotX: number;
  pivotY: number;
}

/** Draws scenes. */
export function pathfinder({ dashes, distractors, distractorDashes }: PathfinderLevel, draw: Random): () => Scene {
  const upTo = (n: number): number => Math.floor(draw.uniform(0, n));
  /** A snake knows all dashes but its own last one, whose zone its next dash touches: one ground for each. */
  const [ground, otherGround] = [new Ground(), new Ground()];

  /** A snake of one dash with its tail there, in a random direction. */
  const begin = (free: Ground, x: number, y: number): Snake | null => {
    const degree = upTo(360);
    const dash = { x: along(x, LENGTH, COSINE[degree]!), y: along(y, LENGTH, SINE[degree]!), degree };
    if (!free.fits(dash)) return null;
    const beyond = LENGTH + MARGIN;
    return { dashes: [dash], pivotX: x + beyond * COSINE[degree]!, pivotY: y + beyond * SINE[degree]! };
  };

  const weights = new Float64Array(2 * TURNS + 1);
  /** Adds a dash to the snake, or says that none fits. */
  const grow = (free: Ground, snake: Snake): boolean => {
    const last = snake.dashes.at(-1)!;
    const { pivotX, pivotY } = snake;
    const headX = (degree: number): number => along(pivotX, LENGTH + MARGIN, COSINE[degree]!);
    const headY = (degree: number): number => along(pivotY, LENGTH + MARGIN, SINE[degree]!);
    let sum = 0;
    for (let i = 0; i < weights.length; i++) {
      const degree = turned(last.degree, i - TURNS);
      sum += weights[i] = STRAIGHTNESS[i]! * free.freedom(headX(degree), headY(degree));
    }
    if (sum <= 0) return false;
    for (let tries = 0; tries < TRIES.dash; tries++) {
      let left = draw.uniform(0, sum);
      let i = 0;
      while (i < weights.length - 1 && left >= weights[i]!) left -= weights[i++]!;
      const degree = turned(last.degree, i - TURNS);
      const dash = { x: headX(degree), y: headY(degree), degree };
      if (!free.fits(dash)) continue;
      free.add(last);
      snake.dashes.push(dash);
      snake.pivotX += (LENGTH + 2 * MARGIN) * COSINE[degree]!;
      snake.pivotY += (LENGTH + 2 * MARGIN) * SINE[degree]!;
      return true;
    }
    return false;
  };

  /** Both long snakes, a dash each in turns, or null where one is stuck. Leaves all of it on `ground`. */
  const pair = (): Scene['targets'] | null => {
    ground.clear();
    otherGround.clear();
    const x = FROM_SIDES + upTo(SIDE - 2 * FROM_SIDES);
    const y = FROM_SIDES + upTo(SIDE - 2 * FROM_SIDES);
    const first = begin(ground, x, y);
    if (first === null) return null;
    otherGround.add(first.dashes[0]!);
    const degree = upTo(360);
    const second = begin(otherGround, along(x, APART, COSINE[degree]!), along(y, APART, SINE[degree]!));
    if (second === null) return null;
    ground.add(second.dashes[0]!);
    while (second.dashes.length < dashes) {
      if (!grow(ground, first)) return null;
      otherGround.add(first.dashes.at(-1)!);
      if (!grow(otherGround, second)) return null;
      ground.add(second.dashes.at(-1)!);
    }
    ground.add(first.dashes.at(-1)!);
    return [first.dashes, second.dashes];
  };

  /** A short snake, added to `ground`; or null where all places were too crowded. */
  const distractor = (): readonly Dash[] | null => {
    for (let tries = 0; tries < TRIES.distractor; tries++) {
      const [x, y] = [upTo(SIDE), upTo(SIDE)];
      const snake = ground.freedom(x, y) > 0 ? begin(ground, x, y) : null;
      if (snake === null) continue;
      otherGround.copy(ground);
      while (snake.dashes.length < distractorDashes && grow(otherGround, snake));
      if (snake.dashes.length < distractorDashes) continue;
      for (const dash of snake.dashes) ground.add(dash);
      return snake.dashes;
    }
    return null;
  };

  return () => {
    for (;;) {
      const targets = pair();
      if (targets === null) continue;
      return {
        targets,
        distractors: Array.from({ length: distractors }, distractor).filter((snake) => snake !== null),
      };
    }
  };
}
