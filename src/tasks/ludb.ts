/** LUDB: where in an electrocardiogram are its waves? One lead, 768 samples at 125 Hz, four classes a sample. */
import { readDataset } from './splits.ts';
import type { Task } from './task.ts';

/** Mean and standard deviation of a value over the training samples, in steps of 10 µV about each lead's median. */
const MEAN = 1.38;
const DEVIATION = 19.5;

const format = {
  kind: 'dense',
  grid: [768],
  channels: 1,
  classes: ['none', 'P', 'QRS', 'T'],
  scale: 1 / DEVIATION,
  offset: -MEAN / DEVIATION,
} as const;

export const ludb: Task = {
  id: 'ludb',
  title: 'ECG waves',
  description: 'Mark the P wave, the QRS complex and the T wave of every heartbeat in six seconds of one ECG lead.',
  kind: format.kind,
  grid: format.grid,
  channels: format.channels,
  sampling: { rate: 125, isSound: false },
  classes: format.classes,
  metric: 'accuracy',
  reported: [1, 2, 3],
  source: {
    name: 'LUDB 1.0.1, Lobachevsky University Electrocardiography Database',
    url: 'https://physionet.org/content/ludb/1.0.1/',
    licence: 'ODC-By 1.0',
    note: 'What the network marks is no diagnosis and no medical advice; cite Kalyakulina et al., IEEE Access 8 (2020) 186181.',
  },
  thumbnail: 'thumbnails/ludb.svg',
  network: {
    blocks: 4,
    inner: 64,
    outer: 32,
    kernel: 95,
    startKernel: 25,
    startResolution: [0.7, 1],
    startDepth: 1,
    handMade: { taps: 25, strides: [2] },
  },
  // The leads of one patient.
  together: 12,
  batch: 16,
  steps: 1200,
  load: async (readFile) => readDataset('ludb.pack', await readFile('data/ludb.pack'), format),
};
