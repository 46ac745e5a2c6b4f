/** Subjectivity: does a sentence tell a film's plot, or what somebody thinks of it? Read letter by letter. */
import { readDataset } from './splits.ts';
import type { Task } from './task.ts';

/** Characters that stand for themselves: those of ASCII that occur at least ten times among the 10,000 sentences. */
const CHARACTERS = ' !"#$&\'()*,-./0123456789:;?[]abcdefghijklmnopqrstuvwxyz';

const format = {
  kind: 'classes',
  grid: [256],
  channels: 1,
  tokens: ['padding', 'other', ...Array.from(CHARACTERS)],
  classes: ['objective', 'subjective'],
  scale: 1,
  offset: 0,
} as const;

export const subjectivity: Task = {
  id: 'subjectivity',
  title: 'Subjectivity',
  description: 'Tell an opinion about a film from a sentence of its plot, letter by letter.',
  kind: format.kind,
  grid: format.grid,
  channels: format.channels,
  tokens: format.tokens,
  classes: format.classes,
  metric: 'accuracy',
  reported: [],
  source: {
    name: 'Subjectivity dataset v1.0, Bo Pang and Lillian Lee',
    url: 'https://www.cs.cornell.edu/people/pabo/movie-review-data/',
    licence: 'CC BY 4.0',
    note: 'All 10,000 sentences, cut after 256 characters; 1,000 are held out; cite Pang and Lee, ACL 2004.',
  },
  thumbnail: 'thumbnails/subjectivity.svg',
  network: {
    blocks: 5,
    inner: 64,
    outer: 32,
    kernel: 31,
    startKernel: 11,
    startResolution: [0.7],
    startDepth: 0.8,
    handMade: { taps: 9, strides: [1, 2, 2] },
  },
  batch: 32,
  steps: 1500,
  load: async (readFile) => readDataset('subjectivity.pack', await readFile('data/subjectivity.pack'), format),
};
