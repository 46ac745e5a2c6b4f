/** Images with noise over them, to be taken off again: made of any task of images. */
import { random } from '../dnarch/random.ts';
import { fashionMnist } from './fashion-mnist.ts';
import { inTurns } from './generators/inTurns.ts';
import type { Dataset, Progress, Split, Task } from './task.ts';

const SEED = 1;
/** Noise is cut off at so many deviations, so that it fits into bytes well: one value of 2000 is as far out. */
const FURTHEST = 3.5;

/** What is new about the task; all else is as in that of the clean images. */
export interface Noise extends Pick<Task, 'id' | 'title' | 'description' | 'thumbnail'> {
  /** Standard deviation, in the units of network inputs, where clean images have one of about 1. */
  readonly deviation: number;
  /** Brings a clean value, as its file has it, to mean 0 and deviation 1. */
  readonly field: NonNullable<Task['field']>;
}

/** The images of `task` plus Gaussian noise; the answer is the clean image, in the units of its file. */
export function denoise(task: Task, { deviation, ...own }: Noise): Task {
  return {
    ...task,
    ...own,
    kind: 'dense',
    classes: task.channels === 1 ? ['brightness'] : ['red', 'green', 'blue'],
    metric: 'relative-l2',
    reported: [],
    network: { ...task.network, startResolution: [1], startDepth: 1, handMade: { taps: 5, strides: [] } },
    batch: 16,
    steps: 1000,
    load: async (readFile, progress) => {
      const clean = await task.load(readFile, (part) => progress(part / 2));
      return addNoise(clean, deviation, (part) => progress((1 + part) / 2));
    },
  };
}

async function addNoise({ train, test }: Dataset, deviation: number, progress: Progress): Promise<Dataset> {
  const draw = random(SEED, 0);
  const all = train.count + test.count;
  const noisy = (split: Split, before: number): Promise<Split> =>
    withNoise(
      split,
      () => deviation * draw.normal(),
      FURTHEST * deviation,
      (part) => progress((before + part * split.count) / all),
    );
  return { train: await noisy(train, 0), test: await noisy(test, train.count) };
}

/** Noisy values as bytes, from the least to the largest that may come; the clean ones, where they are bytes, as they are. */
async function withNoise(split: Split, noise: () => number, furthest: number, progress: Progress): Promise<Split> {
  const { count, inputs: clean, scale, offset } = split;
  const [least, largest] = extremes(clean);
  const low = least * scale + offset - furthest;
  const step = (largest * scale + offset + furthest - low) / 255;
  const inputs = new Uint8ClampedArray(clean.length);
  const each = clean.length / count;
  await inTurns(count, progress, (index) => {
    for (let i = index * each; i < (index + 1) * each; i++) {
      inputs[i] = (clean[i]! * scale + offset + noise() - low) / step;
    }
  });
  return {
    count,
    inputs: new Uint8Array(inputs.buffer),
    scale: step,
    offset: low,
    labels: clean instanceof Int8Array ? Float32Array.from(clean) : clean,
  };
}

function extremes(values: Split['inputs']): readonly [number, number] {
  let [least, largest] = [Infinity, -Infinity];
  for (const value of values) {
    least = Math.min(least, value);
    largest = Math.max(largest, value);
  }
  return [least, largest];
}

/** Mean and standard deviation of a pixel of Fashion-MNIST, of 255. */
const [MEAN, DEVIATION] = [73, 90];

export const denoisedFashion: Task = denoise(fashionMnist, {
  id: 'denoise',
  title: 'Denoising',
  description: 'Give back a small grey picture of clothing that noise of half its contrast lies over.',
  thumbnail: 'thumbnails/denoise.png',
  deviation: 0.5,
  field: { scale: 1 / DEVIATION, offset: -MEAN / DEVIATION },
});
