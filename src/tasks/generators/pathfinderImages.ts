/** Pictures of Pathfinder's scenes: with two ends marked and the question whether they are one snake's, or with one. */
import type { Random } from '../../dnarch/random.ts';
import { SIDE, dashStampOf, tailOf, type Dash, type Place, type Scene } from './pathfinder.ts';
import { discStamp, lay, type Stamp } from './stamps.ts';

const PIXELS = SIDE * SIDE;
const MARKER_RADIUS = 1.5;
const CONTRAST = { target: 1.5, distractor: 2, marker: 1 } as const;
/** A pixel belongs to a snake where its dashes are as bright, before contrast: a third of what their middle has. */
const ON_PATH = 0.15;

export interface Question {
  readonly marked: readonly [Place, Place];
  /** 1 where both marks are on one snake. */
  readonly label: 0 | 1;
}

/** Marks the start of one long snake, and the end of the same or the other, with equal chances. */
export function ask({ targets }: Scene, draw: Random): Question {
  const own = draw.uniform(0, 2) < 1 ? 0 : 1;
  const label = draw.uniform(0, 2) < 1 ? 0 : 1;
  const [start, end] = [targets[own][0]!, targets[label === 1 ? own : own === 0 ? 1 : 0].at(-1)!];
  return { marked: [tailOf(start), end], label };
}

let marker: Stamp | undefined;

/** Draws the scene into `out`, `[SIDE, SIDE]`, stretched from black to 255. */
export function paint({ targets, distractors }: Scene, marked: readonly Place[], out: Uint8Array): void {
  const image = new Float32Array(PIXELS);
  for (const snake of targets) layDashes(image, snake, CONTRAST.target);
  for (const snake of distractors) layDashes(image, snake, CONTRAST.distractor);
  marker ??= discStamp(MARKER_RADIUS);
  for (const { x, y } of marked) lay(image, SIDE, marker, x, y, CONTRAST.marker);
  const brightest = image.reduce((a, b) => Math.max(a, b), 0);
  for (let i = 0; i < PIXELS; i++) out[i] = Math.round((255 * image[i]!) / brightest);
}

/** Writes 1 where the snake is, else 0; `[SIDE, SIDE]`. */
export function trace(snake: readonly Dash[], out: Uint8Array): void {
  const image = new Float32Array(PIXELS);
  layDashes(image, snake, 1);
  for (let i = 0; i < PIXELS; i++) out[i] = image[i]! >= ON_PATH ? 1 : 0;
}

function layDashes(image: Float32Array, snake: readonly Dash[], contrast: number): void {
  for (const dash of snake) lay(image, SIDE, dashStampOf(dash).dash, dash.x, dash.y, contrast);
}
