/** Fashion-MNIST: which piece of clothing is it? Grey images of 28×28, ten classes. */
import { readDataset } from './splits.ts';
import type { Task } from './task.ts';

/** Mean and standard deviation of a pixel over the full training set, of values in [0, 1]. */
const MEAN = 0.286;
const DEVIATION = 0.353;

const format = {
  kind: 'classes',
  grid: [28, 28],
  channels: 1,
  classes: ['T-shirt/top', 'Trouser', 'Pullover', 'Dress', 'Coat', 'Sandal', 'Shirt', 'Sneaker', 'Bag', 'Ankle boot'],
  scale: 1 / 255 / DEVIATION,
  offset: -MEAN / DEVIATION,
} as const;

export const fashionMnist: Task = {
  id: 'fashion-mnist',
  title: 'Fashion-MNIST',
  description: 'Tell which of ten kinds of clothing a small grey picture shows.',
  kind: format.kind,
  grid: format.grid,
  channels: format.channels,
  classes: format.classes,
  metric: 'accuracy',
  reported: [],
  source: {
    name: 'Fashion-MNIST, © 2017 Zalando SE',
    url: 'https://github.com/zalandoresearch/fashion-mnist',
    licence: 'MIT',
    note: 'The first 6,000 training and 1,000 test images of 60,000 and 10,000; cite Xiao, Rasul and Vollgraf, 2017.',
  },
  thumbnail: 'thumbnails/fashion-mnist.png',
  network: {
    blocks: 5,
    inner: 48,
    outer: 24,
    kernel: 11,
    startKernel: 5,
    startResolution: [0.7],
    startDepth: 0.8,
    handMade: { taps: 5, strides: [1, 2, 1, 2] },
  },
  batch: 32,
  steps: 1500,
  load: async (readFile) => readDataset('fashion-mnist.pack', await readFile('data/fashion-mnist.pack'), format),
};
