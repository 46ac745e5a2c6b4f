/** Handwritten digits of 8×8: small enough for tests and for a first try on any machine. */
import { readDataset } from './splits.ts';
import type { Task } from './task.ts';

/** Mean and standard deviation of a value (0 to 16 pixels of a 4×4 square) over the training samples. */
const MEAN = 4.89;
const DEVIATION = 6.01;

const format = {
  kind: 'classes',
  grid: [8, 8],
  channels: 1,
  classes: ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'],
  scale: 1 / DEVIATION,
  offset: -MEAN / DEVIATION,
} as const;

export const digits: Task = {
  id: 'digits',
  title: 'Digits 8×8',
  description: 'Read a handwritten digit from 64 pixels.',
  kind: format.kind,
  grid: format.grid,
  channels: format.channels,
  classes: format.classes,
  metric: 'accuracy',
  reported: [],
  source: {
    name: 'Optical Recognition of Handwritten Digits, E. Alpaydin and C. Kaynak',
    url: 'https://archive.ics.uci.edu/dataset/80/optical+recognition+of+handwritten+digits',
    licence: 'CC BY 4.0',
    note: 'The 1,797 digits of its test part, as scikit-learn ships them; here the last 360 are held out.',
  },
  thumbnail: 'thumbnails/digits.png',
  network: {
    blocks: 4,
    inner: 32,
    outer: 16,
    kernel: 7,
    startKernel: 3,
    startResolution: [0.8],
    startDepth: 0.75,
    handMade: { taps: 3, strides: [1, 1, 2] },
  },
  batch: 32,
  steps: 300,
  load: async (readFile) => readDataset('digits.pack', await readFile('data/digits.pack'), format),
};
