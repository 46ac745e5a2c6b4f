/** A task of the user's own data, with a network that suits their shape. */
import { aboutOf } from './about.ts';
import type { OwnAbout, OwnData } from './own.ts';
import { volume } from './samples.ts';
import type { Task } from '../tasks/task.ts';

/** Under so many training samples, or positions of the grid, a smaller network is enough. */
const TINY = { samples: 500, positions: 100 };
/** Largest kernel, and the part of the grid that it spans at most, by the number of axes. */
const KERNEL = { image: { most: 15, part: 1 / 3 }, sequence: { most: 95, part: 1 / 8 } };
const START = 0.45;
const STEPS = { least: 400, most: 1000, perSample: 2 };

/** @param id one that no other task has; it stays the same for stored data */
export function ownTask(data: OwnData, id: string): Task {
  return describedTask(aboutOf(data), id, () => Promise.resolve(data.dataset));
}

/** The same task from a description alone; `load` brings the samples once they are needed. */
export function describedTask(about: OwnAbout, id: string, load: Task['load']): Task {
  const { name, format, kind, metric, grid, channels, classes, field, sampling } = about;
  const count = about.samples.train;
  return {
    id,
    title: name,
    description: describe(about),
    kind,
    grid,
    channels,
    ...(sampling === undefined ? {} : { sampling }),
    classes,
    metric,
    ...(field === undefined ? {} : { field }),
    // The first of dense classes is most often the background.
    reported: kind === 'dense' && metric === 'accuracy' ? classes.map((_, index) => index).slice(1) : [],
    source: {
      name: `${name} (${format})`,
      url: '',
      licence: 'your own',
      note: 'Read in this browser; nothing was sent anywhere.',
    },
    thumbnail: '',
    network: networkFor(grid, kind, count),
    batch: Math.min(32, Math.max(2, Math.floor(count / 4))),
    steps: Math.round(Math.min(STEPS.most, Math.max(STEPS.least, count * STEPS.perSample)) / 100) * 100,
    load,
  };
}

function describe({ kind, metric, grid, classes }: OwnAbout): string {
  const what = grid.length === 2 ? 'an image' : 'a sequence';
  if (kind === 'classes') return `Tell to which of ${classes.length} classes ${what} belongs.`;
  if (metric === 'relative-l2')
    return `Predict ${classes.length} value${classes.length > 1 ? 's' : ''} a position of ${what}.`;
  return `Tell to which of ${classes.length} classes each position of ${what} belongs.`;
}

function networkFor(grid: readonly number[], kind: Task['kind'], count: number): Task['network'] {
  const isTiny = count < TINY.samples || volume(grid) < TINY.positions;
  const { most, part } = grid.length === 2 ? KERNEL.image : KERNEL.sequence;
  const extent = Math.min(...grid);
  const fitting = odd(extent);
  const kernel = Math.min(fitting, Math.max(Math.min(5, fitting), odd(Math.min(most, extent * part))));
  const startKernel = Math.max(1, Math.min(kernel, Math.max(3, odd(kernel * START))));
  const strides = stridesFor(grid, kind);
  return {
    blocks: isTiny ? 4 : 5,
    inner: isTiny ? 32 : 48,
    outer: isTiny ? 16 : 24,
    kernel,
    startKernel,
    startResolution: [strides.length > 0 ? 0.7 : 1],
    startDepth: 0.8,
    handMade: { taps: startKernel, strides },
  };
}

/** Halves the grid as a person would: not where each position has an answer, and once or twice as far as it is large. */
function stridesFor(grid: readonly number[], kind: Task['kind']): readonly number[] {
  const extent = Math.min(...grid) / (grid.length === 2 ? 1 : 4);
  if (kind === 'dense' || extent < 8) return [];
  return extent < 16 ? [1, 1, 2] : [1, 2, 1, 2];
}

/** The largest odd number up to this, at least 1. */
function odd(extent: number): number {
  return Math.max(1, 2 * Math.floor((Math.floor(extent) + 1) / 2) - 1);
}
