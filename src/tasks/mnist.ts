/** MNIST three times: as images, as sequences of pixels, and as those in an order that hides the image. */
import { random } from '../dnarch/random.ts';
import { readDataset } from './splits.ts';
import type { Dataset, ReadFile, Split, Task } from './task.ts';

/** Mean and standard deviation of a pixel over the full training set, of values in [0, 1]. */
const MEAN = 0.1307;
const DEVIATION = 0.3081;

const format = {
  kind: 'classes',
  grid: [28, 28],
  channels: 1,
  classes: ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'],
  scale: 1 / 255 / DEVIATION,
  offset: -MEAN / DEVIATION,
} as const;

const PIXELS = 28 * 28;
/** Which pixel stands at each place of a permuted sequence: one order for all samples. */
export const PERMUTATION = random(1, 0).permutation(PIXELS);

const source = {
  name: 'MNIST, © Yann LeCun and Corinna Cortes',
  url: 'https://keras.io/api/datasets/mnist/',
  licence: 'CC BY-SA 3.0',
  note: 'The first 10,000 training and 2,000 test images of 60,000 and 10,000, unchanged and under the same licence; cite LeCun, Bottou, Bengio and Haffner, 1998.',
} as const;

const common = {
  kind: format.kind,
  channels: format.channels,
  classes: format.classes,
  metric: 'accuracy',
  reported: [],
  source,
  batch: 32,
  steps: 1000,
} as const;

const sequenceNetwork = {
  blocks: 5,
  inner: 48,
  outer: 24,
  kernel: 63,
  startKernel: 41,
  startResolution: [0.35, 0.7],
  startDepth: 1,
  handMade: { taps: 15, strides: [4, 2, 2] },
} as const;

export const mnist: Task = {
  ...common,
  id: 'mnist',
  title: 'MNIST',
  description: 'Read a handwritten digit from a picture of 28×28 pixels.',
  grid: format.grid,
  thumbnail: 'thumbnails/mnist.png',
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
  load: images,
};

/** The images' rows left to right, one after the other: the same bytes, read as a line. */
export const sequentialMnist: Task = {
  ...common,
  id: 'sequential-mnist',
  title: 'Sequential MNIST',
  description: 'Read a handwritten digit from its 784 pixels in a line, row after row.',
  grid: [PIXELS],
  thumbnail: 'thumbnails/sequential-mnist.png',
  network: sequenceNetwork,
  steps: 1500,
  load: images,
};

export const permutedMnist: Task = {
  ...common,
  id: 'permuted-mnist',
  title: 'Permuted MNIST',
  description:
    'Read a handwritten digit from its 784 pixels in a line, shuffled in one order that is the same for all.',
  grid: [PIXELS],
  thumbnail: 'thumbnails/permuted-mnist.png',
  // Neighbours say nothing to each other here: what the pixels know lies at all frequencies and far apart.
  network: { ...sequenceNetwork, kernel: 127, startResolution: [1, 0.5, 0.6], startDepth: 0.8 },
  steps: 1500,
  load: async (readFile) => {
    const { train, test } = await images(readFile);
    return { train: permuted(train), test: permuted(test) };
  },
};

async function images(readFile: ReadFile): Promise<Dataset> {
  return readDataset('mnist.pack', await readFile('data/mnist.pack'), format);
}

function permuted(split: Split): Split {
  const inputs = new Uint8Array(split.inputs.length);
  for (let sample = 0; sample < inputs.length; sample += PIXELS) {
    PERMUTATION.forEach((from, to) => {
      inputs[sample + to] = split.inputs[sample + from] ?? 0;
    });
  }
  return { ...split, inputs };
}
