/** ListOps: what does a nested expression of MIN, MAX, MED and SM come to? Short, and as long as in the Long Range Arena. */
import { random } from '../dnarch/random.ts';
import { inHalves, inTurns } from './generators/inTurns.ts';
import { TOKENS, listOps, type ListOpsSettings } from './generators/listops.ts';
import type { Dataset, Progress, Task } from './task.ts';

const SEED = 1;

const common = {
  kind: 'classes',
  channels: 1,
  tokens: TOKENS,
  classes: ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'],
  metric: 'accuracy',
  reported: [],
  network: {
    blocks: 5,
    inner: 48,
    outer: 24,
    kernel: 63,
    startKernel: 21,
    startResolution: [0.8],
    startDepth: 0.8,
    handMade: { taps: 15, strides: [2, 2, 2] },
  },
  batch: 32,
  steps: 6000,
} as const;

const source = {
  name: 'Generated here, after ListOps of the Long Range Arena (Tay et al., 2021)',
  url: 'https://arxiv.org/abs/2011.04006',
  licence: 'none needed: generated',
} as const;

async function generate(
  settings: ListOpsSettings,
  counts: { readonly train: number; readonly test: number },
  progress: Progress,
): Promise<Dataset> {
  const count = counts.train + counts.test;
  const inputs = new Uint8Array(count * settings.shorter);
  const labels = new Uint8Array(count);
  const next = listOps(settings, random(SEED, settings.shorter));
  await inTurns(count, progress, (index) => {
    labels[index] = next(inputs.subarray(index * settings.shorter, (index + 1) * settings.shorter));
  });
  return inHalves({ count, inputs, scale: 1, offset: 0, labels }, counts.train);
}

export const SHORT: ListOpsSettings = { depth: 5, args: 5, longer: 16, shorter: 128 };
export const FULL: ListOpsSettings = { depth: 10, args: 10, longer: 500, shorter: 2000 };

export const shortListOps: Task = {
  ...common,
  id: 'listops',
  title: 'ListOps, short',
  description: 'Work out a nested expression of smallest, largest, median and sum modulo 10, of 17 to 127 tokens.',
  grid: [SHORT.shorter],
  source: { ...source, note: 'Expressions of depth 5 with up to 5 arguments; cite Nangia and Bowman, 2018.' },
  thumbnail: 'thumbnails/listops.svg',
  load: (_, progress) => generate(SHORT, { train: 8000, test: 2000 }, progress),
};

export const fullListOps: Task = {
  ...common,
  id: 'listops-full',
  title: 'ListOps, full length',
  description: 'Work out a nested expression of smallest, largest, median and sum modulo 10, of 501 to 1999 tokens.',
  grid: [FULL.shorter],
  source: {
    ...source,
    note: 'Expressions of depth 10 with up to 10 arguments, drawn as there; cite Nangia and Bowman, 2018.',
  },
  thumbnail: 'thumbnails/listops-full.svg',
  steps: 800,
  load: (_, progress) => generate(FULL, { train: 8000, test: 1000 }, progress),
};
