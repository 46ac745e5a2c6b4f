/** Cuts MNIST from its four IDX files: the first images of each half, in their order. Three tasks read the pack. */
import { PERMUTATION, mnist, permutedMnist, sequentialMnist } from '../../src/tasks/mnist.ts';
import { checkSum, type Cut } from './cut.ts';
import { SIDE, cutHalf, firstOf, imageTensors, type Released } from './idx.ts';
import { imageTiles, strips } from './thumbnails.ts';

const TRAIN = { all: 60_000, kept: 10_000 } as const;
const TEST = { all: 10_000, kept: 2000 } as const;
/** SHA-256 of what follows the header of each file. */
const RELEASED = {
  train: {
    images: '741c988805d008ac6e4c904b69001ba184c24b2c540a4ef403f4c71b676cf757',
    labels: '1feba77c54802fa5339a11837ea4b2866434b83314ec45192930f1df69120c13',
  },
  t10k: {
    images: '6d87418db22cc8025d05968bec9bd5c3932904b23485740db143a061a2c9d161',
    labels: 'ddeff807876a9661a1110d45c266c86239a3a1b7d37da0c3716a7a683c852ff5',
  },
} as const;
/** Training images of the thumbnails: the first of each of these digits. */
const SHOWN = [2, 3, 4, 5, 7, 9] as const;

/** @param directory holds `train-images-idx3-ubyte.gz` and the other three files of the release */
export function cutMnist(directory: string): Cut {
  const train = cutHalf(directory, 'train', TRAIN, verify('train'));
  const test = cutHalf(directory, 't10k', TEST, verify('t10k'));
  const shown = firstOf(train, SHOWN);
  return {
    id: mnist.id,
    tensors: imageTensors(train, test),
    metadata: {
      source: `${mnist.source.name}, ${mnist.source.url}`,
      licence: mnist.source.licence,
      'licence-url': 'https://creativecommons.org/licenses/by-sa/3.0/',
      cut: `first ${TRAIN.kept} training and first ${TEST.kept} test images, uint8`,
    },
    thumbnails: {
      [mnist.thumbnail]: imageTiles(shown, SIDE, 255),
      [sequentialMnist.thumbnail]: strips(shown, 255),
      [permutedMnist.thumbnail]: strips(
        shown.map((image) => Uint8Array.from(PERMUTATION, (from) => image[from] ?? 0)),
        255,
      ),
    },
    report: [...train.report, ...test.report],
  };
}

function verify(prefix: 'train' | 't10k'): (released: Released) => void {
  return ({ images, labels }) => {
    checkSum(`${prefix}-images`, images, RELEASED[prefix].images);
    checkSum(`${prefix}-labels`, labels, RELEASED[prefix].labels);
  };
}
