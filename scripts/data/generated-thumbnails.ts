/** Thumbnails of the generated tasks, from their first samples. */
import { random } from '../../src/dnarch/random.ts';
import { burgers, burgersSamples } from '../../src/tasks/burgers.ts';
import { darcy, darcySamples } from '../../src/tasks/darcy.ts';
import { denoisedFashion } from '../../src/tasks/denoise.ts';
import { PERMEABILITY } from '../../src/tasks/generators/darcy.ts';
import { TOKENS, listOps, type ListOpsSettings } from '../../src/tasks/generators/listops.ts';
import { LEVELS, SIDE } from '../../src/tasks/generators/pathfinder.ts';
import { FULL, SHORT, fullListOps, shortListOps } from '../../src/tasks/listops.ts';
import * as pathfinders from '../../src/tasks/pathfinder.ts';
import type { ReadFile } from '../../src/tasks/task.ts';
import { HEIGHT, WAVE_COLOURS, WIDTH, imageTiles, strips, svg } from './thumbnails.ts';

const SEED = 1;
const WHITE = 255;
const PIXELS = SIDE * SIDE;
const [GREY, BLUE, ORANGE, GREEN] = WAVE_COLOURS;
const OPERATORS: Readonly<Record<string, string>> = { '[MIN': BLUE, '[MAX': ORANGE, '[MED': GREEN, '[SM': '#9a6fd8' };

/** By path below `public/`. @param readFile reads a file of `public/` */
export async function generatedThumbnails(readFile: ReadFile): Promise<Readonly<Record<string, Uint8Array>>> {
  const { easyPathfinder, intermediatePathfinder, pathfinder, sequentialPathfinder, tracedPathfinder } = pathfinders;
  return {
    [darcy.thumbnail]: darcyTiles(),
    [burgers.thumbnail]: waves(),
    [shortListOps.thumbnail]: expression(SHORT, [24, 30]),
    [fullListOps.thumbnail]: expression(FULL, [FULL.longer, FULL.shorter]),
    [easyPathfinder.thumbnail]: imageTiles(pathfinderImages('easy'), SIDE, WHITE),
    [intermediatePathfinder.thumbnail]: imageTiles(pathfinderImages('intermediate'), SIDE, WHITE),
    [pathfinder.thumbnail]: imageTiles(pathfinderImages('hard'), SIDE, WHITE),
    [sequentialPathfinder.thumbnail]: strips(pathfinderImages('easy'), WHITE),
    [tracedPathfinder.thumbnail]: imageTiles(tracedImages(), SIDE, WHITE),
    [denoisedFashion.thumbnail]: await noisyTiles(readFile),
  };
}

function pathfinderImages(level: keyof typeof LEVELS): Uint8Array[] {
  const next = pathfinders.pathfinderSamples(level, SEED);
  return Array.from({ length: 6 }, () => {
    const image = new Uint8Array(PIXELS);
    next(image);
    return image;
  });
}

/** Three images above; below, what is to be found in them, the rest dimmed. */
function tracedImages(): Uint8Array[] {
  const next = pathfinders.tracedSamples('easy', SEED);
  const samples = Array.from({ length: 3 }, () => {
    const [image, path] = [new Uint8Array(PIXELS), new Uint8Array(PIXELS)];
    next(image, path);
    return { image, found: image.map((grey, i) => (path[i] === 1 ? WHITE : grey / 4)) };
  });
  return [...samples.map(({ image }) => image), ...samples.map(({ found }) => found)];
}

/** Three grounds above, their pressures below, each as bright as its own highest. */
function darcyTiles(): Buffer {
  const next = darcySamples(SEED);
  const samples = Array.from({ length: 3 }, next);
  const grounds = samples.map(({ permeability }) =>
    permeability.map((value) => (value === PERMEABILITY.high ? 0.8 * WHITE : 0.2 * WHITE)),
  );
  const pressures = samples.map(({ pressure }) => {
    const highest = Math.max(...pressure);
    return Uint8Array.from(pressure, (value) => (WHITE * value) / highest);
  });
  return imageTiles([...grounds, ...pressures], SIDE, WHITE);
}

/** Two waves one below the other, at the start and at the end. */
function waves(): Buffer {
  const samples = burgersSamples(SEED)();
  const row = HEIGHT / samples.length;
  const paths = samples.flatMap(({ start, end }, index) => {
    const largest = Math.max(...start.map(Math.abs));
    const line = (values: Float64Array, colour: string): string => {
      const points = Array.from(values, (u, i) => {
        const x = ((i * WIDTH) / (values.length - 1)).toFixed(1);
        return `${x} ${((index + 0.5 - (0.45 * u) / largest) * row).toFixed(1)}`;
      });
      return `<path stroke="${colour}" d="M${points.filter((_, i) => i % 3 === 0).join('L')}"/>`;
    };
    return [line(start, GREY), line(end, BLUE)];
  });
  return svg(paths, 4);
}

/** An expression from left to right, each operator a bar over what is in its bracket, the digits dots. */
function expression(settings: ListOpsSettings, [least, most]: readonly [number, number]): Buffer {
  const next = listOps(settings, random(SEED, settings.shorter));
  const padded = new Uint8Array(settings.shorter);
  let words: string[];
  do {
    next(padded);
    words = Array.from(padded, (token) => TOKENS[token] ?? '').filter((word) => word !== '');
  } while (words.length < least || words.length > most);
  const row = HEIGHT / settings.depth;
  const column = WIDTH / words.length;
  const thickness = Math.min(0.6 * row, Math.max(8, column - 1));
  const open: { readonly from: number; readonly colour: string }[] = [];
  const strokes = new Map<string, string[]>();
  words.forEach((word, at) => {
    const opens = OPERATORS[word];
    if (opens !== undefined) open.push({ from: at, colour: opens });
    const isDigit = opens === undefined && word !== ']';
    const bar = isDigit ? { from: at, colour: GREY } : word === ']' ? open.pop() : undefined;
    // A digit of a long expression is too small to be seen.
    if (bar === undefined || (isDigit && column < thickness / 4)) return;
    const y = Math.round((open.length + 0.5) * row);
    const left = Math.max(bar.from * column + thickness / 2, 0);
    const right = Math.max(left + 0.1, (at + 1) * column - thickness / 2);
    strokes.set(bar.colour, [...(strokes.get(bar.colour) ?? []), `M${left.toFixed(1)} ${y}H${right.toFixed(1)}`]);
  });
  return svg(
    Array.from(strokes, ([colour, lines]) => `<path stroke="${colour}" d="${lines.join('')}"/>`),
    Math.round(thickness),
  );
}

/** Three noisy images above, the clean ones below. */
async function noisyTiles(readFile: ReadFile): Promise<Buffer> {
  const { train } = await denoisedFashion.load(readFile, () => undefined);
  const [side] = denoisedFashion.grid as [number];
  const shown = [1, 8, 9].map((index) => [index * side * side, (index + 1) * side * side] as const);
  return imageTiles(
    [
      ...[train.inputs, train.labels].flatMap((values) =>
        shown.map((part) => Uint8Array.from(values.subarray(...part))),
      ),
    ],
    side,
    WHITE,
  );
}
