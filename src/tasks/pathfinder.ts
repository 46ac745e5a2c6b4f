/** Pathfinder: are two marked ends those of one dashed line? Three levels as images, one as a sequence, one to trace. */
import { random } from '../dnarch/random.ts';
import { inHalves, inTurns } from './generators/inTurns.ts';
import { LEVELS, SIDE, pathfinder as pathfinderScenes, tailOf } from './generators/pathfinder.ts';
import { ask, paint, trace } from './generators/pathfinderImages.ts';
import type { Dataset, Progress, Task } from './task.ts';

const SEED = 1;
const PIXELS = SIDE * SIDE;
const TRAIN = 6000;
const TEST = 1000;

type Level = keyof typeof LEVELS;

/** Mean and standard deviation of a pixel over the training samples. */
const MOMENTS: Readonly<Record<Level | 'dense', { readonly mean: number; readonly deviation: number }>> = {
  easy: { mean: 16.8, deviation: 46.9 },
  intermediate: { mean: 18, deviation: 47.7 },
  hard: { mean: 22.5, deviation: 51.4 },
  dense: { mean: 15.5, deviation: 44.4 },
};

/** Draws an image into `image`, `[32, 32]`, and gives its label: 1 where both marks are on one line. */
export function pathfinderSamples(level: Level, seed: number): (image: Uint8Array) => 0 | 1 {
  const draw = random(seed, 0);
  const next = pathfinderScenes(LEVELS[level], draw);
  return (image) => {
    const scene = next();
    const { marked, label } = ask(scene, draw);
    paint(scene, marked, image);
    return label;
  };
}

/** Draws an image with one start marked and, into `path`, where its line is; both `[32, 32]`. */
export function tracedSamples(level: Level, seed: number): (image: Uint8Array, path: Uint8Array) => void {
  const draw = random(seed, 0);
  const next = pathfinderScenes(LEVELS[level], draw);
  return (image, path) => {
    const scene = next();
    // Both long snakes are drawn alike, so that the first is as good as either.
    const [snake] = scene.targets;
    paint(scene, [tailOf(snake[0]!)], image);
    trace(snake, path);
  };
}

async function images(level: Level, progress: Progress): Promise<Dataset> {
  const count = TRAIN + TEST;
  const inputs = new Uint8Array(count * PIXELS);
  const labels = new Uint8Array(count);
  const next = pathfinderSamples(level, SEED);
  await inTurns(count, progress, (index) => {
    labels[index] = next(inputs.subarray(index * PIXELS, (index + 1) * PIXELS));
  });
  return inHalves({ count, inputs, ...standardised(level), labels }, TRAIN);
}

async function traced(progress: Progress): Promise<Dataset> {
  const count = TRAIN + TEST;
  const inputs = new Uint8Array(count * PIXELS);
  const labels = new Uint8Array(count * PIXELS);
  const next = tracedSamples('easy', SEED);
  await inTurns(count, progress, (index) => {
    const [from, to] = [index * PIXELS, (index + 1) * PIXELS];
    next(inputs.subarray(from, to), labels.subarray(from, to));
  });
  return inHalves({ count, inputs, ...standardised('dense'), labels }, TRAIN);
}

function standardised(level: Level | 'dense'): { readonly scale: number; readonly offset: number } {
  const { mean, deviation } = MOMENTS[level];
  return { scale: 1 / deviation, offset: -mean / deviation };
}

const common = {
  grid: [SIDE, SIDE],
  channels: 1,
  reported: [],
  source: {
    name: 'Generated here, after Pathfinder of the Long Range Arena (Tay et al., 2021)',
    url: 'https://arxiv.org/abs/2011.04006',
    licence: 'none needed: generated',
    note: 'Drawn by the same rules, not the same pictures; cite Linsley et al., 2018.',
  },
  batch: 32,
  steps: 1000,
} as const;

const network = {
  blocks: 5,
  inner: 48,
  outer: 24,
  kernel: 15,
  startKernel: 5,
  startResolution: [0.8],
  startDepth: 0.8,
  handMade: { taps: 5, strides: [1, 2, 1, 2] },
} as const;

const question = { ...common, kind: 'classes', classes: ['apart', 'connected'], metric: 'accuracy' } as const;

export const easyPathfinder: Task = {
  ...question,
  id: 'pathfinder-easy',
  title: 'Pathfinder, easy',
  description: 'Tell whether two marked ends belong to one line of 6 dashes among others.',
  thumbnail: 'thumbnails/pathfinder-easy.png',
  network,
  load: (_, progress) => images('easy', progress),
};

export const intermediatePathfinder: Task = {
  ...question,
  id: 'pathfinder-intermediate',
  title: 'Pathfinder, medium',
  description: 'Tell whether two marked ends belong to one line of 9 dashes among others.',
  thumbnail: 'thumbnails/pathfinder-intermediate.png',
  network,
  load: (_, progress) => images('intermediate', progress),
};

export const pathfinder: Task = {
  ...question,
  id: 'pathfinder',
  title: 'Pathfinder, hard',
  description: 'Tell whether two marked ends belong to one line of 14 dashes among others.',
  thumbnail: 'thumbnails/pathfinder.png',
  network,
  load: (_, progress) => images('hard', progress),
};

/** The easy images' rows left to right, one after the other. */
export const sequentialPathfinder: Task = {
  ...question,
  id: 'pathfinder-sequence',
  title: 'Pathfinder, as a sequence',
  description: 'Tell whether two marked ends belong to one line of 6 dashes, from 1024 pixels row after row.',
  grid: [PIXELS],
  thumbnail: 'thumbnails/pathfinder-sequence.png',
  network: {
    ...network,
    kernel: 63,
    startKernel: 21,
    handMade: { taps: 15, strides: [2, 2, 2] },
  },
  load: (_, progress) => images('easy', progress),
};

export const tracedPathfinder: Task = {
  ...common,
  id: 'pathfinder-dense',
  title: 'Pathfinder, traced',
  description: 'Follow the line of 6 dashes whose start is marked, and colour its pixels.',
  kind: 'dense',
  classes: ['elsewhere', 'on the path'],
  metric: 'iou',
  thumbnail: 'thumbnails/pathfinder-dense.png',
  network: { ...network, startResolution: [1], startDepth: 1, handMade: { taps: 5, strides: [] } },
  load: (_, progress) => traced(progress),
};
