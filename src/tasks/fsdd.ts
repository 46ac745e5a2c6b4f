/** FSDD: which digit is spoken? As a waveform, and as the cepstrum that speech recognisers long worked with. */
import { readDataset } from './splits.ts';
import type { Task } from './task.ts';

const classes = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'] as const;

/** Standard deviation of a value over the training samples, where 127 is each recording's largest. */
const DEVIATION = 23.52;

const rawFormat = {
  kind: 'classes',
  grid: [2048],
  channels: 1,
  classes,
  scale: 1 / DEVIATION,
  offset: 0,
} as const;

/** The coefficients are stored in steps of a 32nd of their deviation, about their mean. */
const mfccFormat = {
  kind: 'classes',
  grid: [64],
  channels: 20,
  classes,
  scale: 1 / 32,
  offset: 0,
} as const;

const common = {
  kind: 'classes',
  classes,
  metric: 'accuracy',
  reported: [],
  source: {
    name: 'Free Spoken Digit Dataset, Z. Jackson and others',
    url: 'https://github.com/Jakobovski/free-spoken-digit-dataset',
    licence: 'CC BY-SA 4.0',
    note: 'All 3,000 recordings of six speakers, changed (cut, resampled, scaled) and under the same licence; the first five of each speaker and digit are held out.',
  },
  batch: 32,
  steps: 1000,
} as const;

export const fsddRaw: Task = {
  ...common,
  id: 'fsdd-raw',
  title: 'Spoken digits, raw',
  description: 'Hear which digit is spoken from half a second of plain waveform at 4 kHz.',
  grid: rawFormat.grid,
  channels: rawFormat.channels,
  sampling: { rate: 4000, isSound: true },
  thumbnail: 'thumbnails/fsdd-raw.svg',
  network: {
    blocks: 5,
    inner: 48,
    outer: 24,
    kernel: 63,
    startKernel: 21,
    startResolution: [0.7, 0.5, 0.5, 0.7],
    startDepth: 0.8,
    handMade: { taps: 15, strides: [4, 2, 2] },
  },
  load: async (readFile) => readDataset('fsdd-raw.pack', await readFile('data/fsdd-raw.pack'), rawFormat),
};

export const fsddMfcc: Task = {
  ...common,
  id: 'fsdd-mfcc',
  title: 'Spoken digits, MFCC',
  description: 'Hear which digit is spoken from 64 frames of 20 mel-frequency cepstral coefficients.',
  grid: mfccFormat.grid,
  channels: mfccFormat.channels,
  // A frame each 100 samples of 8 kHz.
  sampling: { rate: 80, isSound: false },
  thumbnail: 'thumbnails/fsdd-mfcc.png',
  network: {
    blocks: 5,
    inner: 48,
    outer: 24,
    kernel: 31,
    startKernel: 9,
    startResolution: [1, 0.7],
    startDepth: 1,
    handMade: { taps: 7, strides: [1, 2, 1, 2] },
  },
  load: async (readFile) => readDataset('fsdd-mfcc.pack', await readFile('data/fsdd-mfcc.pack'), mfccFormat),
};
