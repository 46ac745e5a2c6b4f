/** Cuts Fashion-MNIST from its four IDX files: the first images of each half, in their order. */
import { fashionMnist } from '../../src/tasks/fashion-mnist.ts';
import { check, histogram, type Cut } from './cut.ts';
import { CLASSES, SIDE, cutHalf, firstOf, imageTensors, type Released } from './idx.ts';
import { imageTiles } from './thumbnails.ts';

const TRAIN = { all: 60_000, kept: 6000 } as const;
const TEST = { all: 10_000, kept: 1000 } as const;
/** Training images of the thumbnail: one each of six classes that differ at a glance. */
const SHOWN = [1, 3, 5, 7, 8, 9] as const;

/** @param directory holds `train-images-idx3-ubyte.gz` and the other three files of the release */
export function cutFashionMnist(directory: string): Cut {
  const train = cutHalf(directory, 'train', TRAIN, balanced('train'));
  const test = cutHalf(directory, 't10k', TEST, balanced('t10k'));
  return {
    id: fashionMnist.id,
    tensors: imageTensors(train, test),
    metadata: {
      source: `${fashionMnist.source.name}, ${fashionMnist.source.url}`,
      licence: fashionMnist.source.licence,
      cut: `first ${TRAIN.kept} training and first ${TEST.kept} test images, uint8`,
    },
    thumbnails: { [fashionMnist.thumbnail]: imageTiles(firstOf(train, SHOWN), SIDE, 255) },
    report: [...train.report, ...test.report],
  };
}

function balanced(prefix: string): (released: Released) => void {
  return ({ labels }) => {
    const equal = histogram(labels, CLASSES).every((count) => count === labels.length / CLASSES);
    check(equal, `${prefix}-labels: the ten classes are not of equal size`);
  };
}
