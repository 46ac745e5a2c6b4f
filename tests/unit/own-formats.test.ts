/** Every format of the user's own data, as other programs write it. */
import { describe, expect, it } from 'vitest';
import { readNpy } from '../../src/own/npy.ts';
import { readZip } from '../../src/own/zip.ts';
import { Unpacked } from '../../src/own/limits.ts';
import type { OwnData } from '../../src/own/own.ts';
import { fileOf, fixture, fixtures, read, samplesOf } from '../support/own.ts';

/** Mean and deviation of the training inputs as the network gets them. */
function spread({ dataset }: OwnData): readonly [number, number] {
  const { inputs, scale, offset } = dataset.train;
  const values = Array.from(inputs, (value) => value * scale + offset);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return [mean, Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length)];
}

const MNIST = ['train-images', 'train-labels', 't10k-images', 't10k-labels'].map(
  (name) => `${name}-idx${name.endsWith('images') ? 3 : 1}-ubyte.gz`,
);

describe('IDX', () => {
  it('reads the four files of the family, split as they are', async () => {
    const data = await read(fixtures(...MNIST));
    expect(data).toMatchObject({ format: 'IDX (MNIST family)', grid: [8, 8], channels: 1, classes: ['0', '1', '2'] });
    expect(data.counts).toEqual([4, 4, 4].map((train) => ({ train, test: 2 })));
    // Sample i holds 100 + i at place i, and its label is i % 3.
    const { inputs, labels } = data.dataset.train;
    for (let sample = 0; sample < 12; sample++) {
      const image = inputs.subarray(64 * sample, 64 * sample + 64);
      const place = image.findIndex((value) => value > 0);
      expect(image[place]).toBe(100 + place);
      expect(labels[sample]).toBe(place % 3);
    }
    expect(data.notes).toEqual([]);
    const [mean, deviation] = spread(data);
    expect(mean).toBeCloseTo(0, 5);
    expect(deviation).toBeCloseTo(1, 5);
  });

  it('holds out a part of two files, the same one each time, of each class its share', async () => {
    const options = { heldOut: 0.25, classNames: ['none', 'one', 'two'] };
    const [data, again] = await Promise.all([1, 2].map(() => read(fixtures(...MNIST.slice(0, 2)), options)));
    expect(data?.counts).toEqual(Array(3).fill({ train: 3, test: 1 }));
    expect(data?.classes).toEqual(options.classNames);
    expect(again).toEqual(data);
  });

  it('reads the good pair where the other lacks a file, and says so', async () => {
    const data = await read(fixtures(...MNIST.slice(0, 3)));
    expect(data.dataset.train.count + data.dataset.test.count).toBe(12);
    expect(data.notes).toEqual(['t10k-images-idx3-ubyte was left out, for its labels are missing.']);
  });
});

describe('CIFAR', () => {
  it('reads the archive: planes to pixels, names of the classes, the batch for testing', async () => {
    const data = await read(fixtures('cifar-10-binary.tar.gz'));
    expect(data).toMatchObject({ format: 'CIFAR-10 (binary version)', grid: [32, 32], channels: 3 });
    expect(data.classes).toEqual(['airplane', 'automobile']);
    expect(data.counts).toEqual([3, 3].map((train) => ({ train, test: 2 })));
    const { inputs, labels } = data.dataset.test;
    for (let sample = 0; sample < 4; sample++) {
      const [red = 0, ...rest] = inputs.subarray(3072 * sample, 3072 * sample + 6);
      expect(rest).toEqual([red + 1, red + 2, 10, 20, 30]);
      expect(labels[sample]).toBe((red - 1) % 2);
    }
  });

  it('tells CIFAR-100 by its records, and takes the finer label', async () => {
    const records = Buffer.alloc(6 * 3074, 7);
    for (let i = 0; i < 6; i++) records.set([1, 90 + (i % 2), i], 3074 * i);
    const data = await read([fileOf('train.bin', records)]);
    expect(data).toMatchObject({ format: 'CIFAR-100 (binary version)', classes: ['90', '91'] });
  });
});

describe('NumPy', () => {
  it('reads every type in both byte orders, and both memory orders', async () => {
    for (const { path, unpack } of readZip('types.zip', new Uint8Array(fixture('types.zip')))) {
      const array = readNpy(path, await unpack(new Unpacked(), () => Promise.resolve()));
      expect(array.shape).toEqual([2, 3, 4]);
      const expected = Array.from({ length: 24 }, (_, i) => (path === 'b1.npy' ? Number(i % 2 === 0) : i));
      expect(Array.from(array.values), path).toEqual(expected);
    }
  });

  it('reads a split set with the channels first', async () => {
    const data = await read(fixtures('split.npz'));
    expect(data).toMatchObject({ name: 'split', grid: [8, 8], channels: 3, kind: 'classes', classes: ['0', '1'] });
    expect(data.counts).toEqual([4, 4].map((train) => ({ train, test: 2 })));
    // Values rise from channel to channel by 64 of 2303 steps.
    const [first = 0, second = 0] = data.dataset.train.inputs;
    expect(second - first).toBeCloseTo(64 / 2303, 5);
    expect(data.notes).toEqual(['split/x_train.npy [8, 3, 8, 8] f4 was read as 8 images of 8 × 8 with 3 channels.']);
  });

  it('reads classes by position, measured by overlap where they are two', async () => {
    const data = await read(fixtures('dense.npz'));
    expect(data).toMatchObject({ kind: 'dense', metric: 'iou', classes: ['0', '1'] });
    const { inputs, labels } = data.dataset.train;
    expect(Array.from(inputs, (value) => (value - 20) / 200)).toEqual(Array.from(labels));
    expect(data.counts).toEqual([
      { train: 4 * 55, test: 55 },
      { train: 4 * 9, test: 9 },
    ]);
  });

  it('brings images with their labels to another size', async () => {
    const data = await read(fixtures('dense.npz'), { resize: [4, 4] });
    expect(data.grid).toEqual([4, 4]);
    expect(data.dataset.test.labels).toEqual(Uint8Array.of(0, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0));
    expect(data.notes).toContain('All images were brought from 8 × 8 to 4 × 4.');
  });

  it('reads a field with its scale', async () => {
    const data = await read(fixtures('field.npz'));
    expect(data).toMatchObject({ kind: 'dense', metric: 'relative-l2', grid: [16], classes: ['value'], counts: [] });
    const { labels } = data.dataset.train;
    const { scale = 0, offset = 0 } = data.field ?? {};
    const scaled = Array.from(labels, (value) => (value - offset) / scale);
    expect(scaled.reduce((sum, value) => sum + value, 0)).toBeCloseTo(0, 3);
    expect(scaled.reduce((sum, value) => sum + value ** 2, 0) / scaled.length).toBeCloseTo(1, 5);
  });
});

describe('CSV', () => {
  it('finds header and labels, and leaves out a bad row by its place', async () => {
    const data = await read(fixtures('flowers.csv'));
    expect(data).toMatchObject({ name: 'flowers', format: 'CSV', grid: [4], classes: ['lily', 'rose, red'] });
    expect(data.dataset.train.count + data.dataset.test.count).toBe(9);
    expect(data.notes).toContain('1 of 10 rows were left out: flowers.csv, row 9: column “d” is “oops”, not a number.');
    expect(data.notes).toContain('The labels are in “class”; the other 4 columns are values.');
  });

  it('reads decimal commas', async () => {
    const samples = samplesOf(await read(fixtures('decimal-comma.csv')));
    expect(samples).toContain('1: 3.5 4.25 3 -3.125');
    expect(samples).toHaveLength(8);
  });

  it('reads rows as square images where the user says so', async () => {
    const rows = Array.from({ length: 6 }, (_, i) =>
      [...Array(16).keys()]
        .map((k) => k + i)
        .concat(i % 2)
        .join(','),
    );
    const file = fileOf('tiny.csv', rows.join('\r\n'));
    expect((await read([file])).grid).toEqual([16]);
    const data = await read([file], { layout: 'image', labelColumn: 17 });
    expect(data.grid).toEqual([4, 4]);
    expect(data.dataset.train.inputs).toBeInstanceOf(Uint8Array);
  });
});

describe('time series', () => {
  it('reads .ts of several channels: pads, fills gaps, and says so', async () => {
    const data = await read(fixtures('Motions_TRAIN.ts'));
    expect(data).toMatchObject({ name: 'Motions', grid: [10], channels: 2, classes: ['run', 'walk'] });
    expect(data.notes).toEqual([
      '5 of 6 sequences were padded to 10 with their last value.',
      'Missing values filled with the value before them: 1.',
    ]);
    expect(samplesOf(data)).toContain(
      'run: 3 -3 3.5 -3.5 3.5 -4 4.5 -4.5 5 -5 5.5 -5.5 6 -6 6.5 -6.5 6.5 -6.5 6.5 -6.5',
    );
  });

  it('reads .tsv with its halves and without the padding', async () => {
    const data = await read(fixtures('Gestures_TRAIN.tsv', 'Gestures_TEST.tsv'), { classNames: ['up', 'down'] });
    expect(data).toMatchObject({ name: 'Gestures', grid: [6], classes: ['up', 'down'] });
    expect(data.counts).toEqual([3, 3].map((train) => ({ train, test: 2 })));
    expect(samplesOf(data)).toContain('down: 1 1.25 1.5 1.75 2 2');
  });
});

describe('WAV', () => {
  it('reads every kind alike, from a zip', async () => {
    const data = await read(fixtures('sounds.zip'));
    expect(data).toMatchObject({ format: 'WAV by folder', grid: [64], channels: 1, classes: ['down', 'up'] });
    expect(data.sampling).toEqual({ rate: 8000, isSound: true });
    const { inputs, labels } = data.dataset.train;
    for (let sample = 0; sample < data.dataset.train.count; sample++) {
      for (let time = 0; time < 64; time++) {
        const step = labels[sample] === 1 ? time : 63 - time;
        expect(inputs[sample * 64 + time]).toBeCloseTo(Math.round((100 * step) / 63) / 128, 5);
      }
    }
  });

  it('averages sounds to the length asked for', async () => {
    const data = await read(fixtures('sounds.zip'), { length: 32 });
    expect(data.grid).toEqual([32]);
    expect(data.sampling?.rate).toBe(4000);
    expect(data.notes[0]).toMatch(/8,000 Hz were averaged to 4,000 Hz/);
  });
});

describe('images', () => {
  it('reads every kind from a zip with its halves, and names the one that is none', async () => {
    const data = await read(fixtures('pictures.zip'));
    expect(data).toMatchObject({ format: 'Images by folder', grid: [10, 12], channels: 3, classes: ['grey', 'red'] });
    expect(data.counts).toEqual([
      { train: 4, test: 4 },
      { train: 4, test: 4 },
    ]);
    expect(data.notes).toEqual(['1 of 17 images were left out: pictures/train/grey/broken.png is not an image.']);
    const colours = new Set<string>();
    const { inputs } = data.dataset.test;
    for (let at = 0; at < inputs.length; at += 360) colours.add(inputs.subarray(at, at + 3).join(' '));
    const photo = [...colours].filter((colour) => /^25[345] [01] [01]$/.test(colour));
    expect(photo.length).toBeGreaterThan(0);
    expect(colours).toEqual(new Set([...photo, '255 0 0', '255 127 127', '128 128 128', '255 255 255']));
  });

  it('reads grey ones as one channel, and cuts them to the size asked for', async () => {
    const zip = readZip('pictures.zip', new Uint8Array(fixture('pictures.zip')));
    const content = await zip
      .find(({ path }) => path.endsWith('test/grey/grey.png'))!
      .unpack(new Unpacked(), () => Promise.resolve());
    const bright = await zip
      .find(({ path }) => path.endsWith('test/grey/bits.png'))!
      .unpack(new Unpacked(), () => Promise.resolve());
    const files = ['a/1', 'a/2', 'b/1', 'b/2'].map((path) => fileOf(`mine/${path}.png`, path < 'b' ? content : bright));
    const data = await read(files, { resize: [8, 8] });
    expect(data).toMatchObject({ name: 'mine', grid: [8, 8], channels: 1, classes: ['a', 'b'] });
    expect(new Set(data.dataset.train.inputs)).toEqual(new Set([128, 255]));
  });
});
