/** The committed data files: what the page loads is what docs/data.md says. */
import { createHash } from 'node:crypto';
import { readFile, readdir, stat } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { TASKS, findTask } from '../../src/tasks/index.ts';
import { PERMUTATION } from '../../src/tasks/mnist.ts';
import { readPack } from '../../src/tasks/pack.ts';
import { IGNORE, type Dataset, type ReadFile, type Split, type Task } from '../../src/tasks/task.ts';

const PUBLIC = new URL('../../public/', import.meta.url);

const readPublic: ReadFile = async (path) => new Uint8Array(await readFile(new URL(path, PUBLIC))).buffer;

/** The file of each, the samples of its halves and the type of its values, in the order of the list. */
const EXPECTED = {
  'fashion-mnist': { file: 'fashion-mnist.pack', train: 6000, test: 1000, values: Uint8Array },
  mnist: { file: 'mnist.pack', train: 10_000, test: 2000, values: Uint8Array },
  'sequential-mnist': { file: 'mnist.pack', train: 10_000, test: 2000, values: Uint8Array },
  'permuted-mnist': { file: 'mnist.pack', train: 10_000, test: 2000, values: Uint8Array },
  'fsdd-raw': { file: 'fsdd-raw.pack', train: 2700, test: 300, values: Int8Array },
  'fsdd-mfcc': { file: 'fsdd-mfcc.pack', train: 2700, test: 300, values: Int8Array },
  subjectivity: { file: 'subjectivity.pack', train: 9000, test: 1000, values: Uint8Array },
  ludb: { file: 'ludb.pack', train: 1920, test: 480, values: Int8Array },
  nuclei: { file: 'nuclei.pack', train: 267, test: 67, values: Uint8Array },
  digits: { file: 'digits.pack', train: 1437, test: 360, values: Uint8Array },
} as const;

/** Everything that any task loads must fit into this many bytes. */
const MOST_BYTES = 15.5e6;

const loaded = new Map<string, Promise<Dataset>>();

/** Each data set is read once for all tests. */
async function load(id: string): Promise<Dataset> {
  const dataset = loaded.get(id) ?? findTask(id).load(readPublic, () => undefined);
  loaded.set(id, dataset);
  return dataset;
}

const product = (extents: readonly number[]): number => extents.reduce((all, extent) => all * extent, 1);

function checksum(values: Uint8Array | Int8Array | Float32Array): string {
  return createHash('sha256').update(values).digest('hex').slice(0, 32);
}

function firstSample(task: Task, split: Split): { inputs: string; labels: string } {
  const size = product(task.grid);
  const labels = task.kind === 'dense' ? size : 1;
  return {
    inputs: checksum(split.inputs.slice(0, size * task.channels)),
    labels: checksum(split.labels.slice(0, labels)),
  };
}

/** Share of each class among the labels that count. */
function shares({ labels }: Split, classes: number): number[] {
  const counts = new Array<number>(classes).fill(0);
  for (const label of labels) if (label !== IGNORE) counts[label] = (counts[label] ?? 0) + 1;
  const all = counts.reduce((sum, count) => sum + count, 0);
  return counts.map((count) => count / all);
}

/** Mean and standard deviation of the network's inputs in one channel. */
function inputMoments({ inputs, scale, offset }: Split, channel: number, channels: number): [number, number] {
  let sum = 0;
  let squares = 0;
  for (let at = channel; at < inputs.length; at += channels) {
    const input = (inputs[at] ?? 0) * scale + offset;
    sum += input;
    squares += input * input;
  }
  const mean = (sum * channels) / inputs.length;
  return [mean, Math.sqrt((squares * channels) / inputs.length - mean * mean)];
}

describe.each(Object.entries(EXPECTED))('%s', (id, expected) => {
  const task = findTask(id);
  const file = `data/${expected.file}`;

  it('loads, with the counts, shapes and labels it should have', async () => {
    const dataset = await load(id);
    for (const half of ['train', 'test'] as const) {
      const { count, inputs, labels } = dataset[half];
      expect(count).toBe(expected[half]);
      expect(inputs).toBeInstanceOf(expected.values);
      expect(inputs.length).toBe(count * product(task.grid) * task.channels);
      expect(labels.length).toBe(task.kind === 'dense' ? count * product(task.grid) : count);
      const found = [...new Set(labels)].filter((label) => label !== IGNORE).sort((a, b) => a - b);
      expect(found).toEqual(task.classes.map((_, index) => index));
      expect(labels.includes(IGNORE)).toBe(id === 'ludb');
    }
  });

  it('begins with the same samples as ever', async () => {
    const { train, test } = await load(id);
    expect({ train: firstSample(task, train), test: firstSample(task, test) }).toMatchSnapshot();
  });

  it('names its source and licence in the file too, and has a thumbnail', async () => {
    const { metadata } = await readPack(expected.file, await readPublic(file));
    expect(metadata['source']).toContain(task.source.url);
    expect(metadata['licence']).toBe(task.source.licence);
    expect((await readPublic(task.thumbnail)).byteLength).toBeGreaterThan(500);
  });

  it('reads its own file alone, and says that it is damaged where it is', async () => {
    const paths: string[] = [];
    const readHalf: ReadFile = async (path) => {
      paths.push(path);
      const bytes = await readPublic(path);
      return bytes.slice(0, bytes.byteLength >> 1);
    };
    await expect(task.load(readHalf, () => undefined)).rejects.toThrow(`${expected.file} is damaged`);
    expect(paths).toEqual([file]);
  });
});

const NUMBERS = Object.keys(EXPECTED).filter((id) => findTask(id).tokens === undefined);

it.each(NUMBERS)('%s gives network inputs of mean 0 and deviation 1', async (id) => {
  const { channels } = findTask(id);
  const { train } = await load(id);
  for (let channel = 0; channel < channels; channel++) {
    const [mean, deviation] = inputMoments(train, channel, channels);
    expect(Math.abs(mean)).toBeLessThan(0.02);
    expect(Math.abs(deviation - 1)).toBeLessThan(0.02);
  }
});

it.each(['mnist', 'fsdd-raw', 'fsdd-mfcc'])('%s says that it is shared alike, and how it was changed', (id) => {
  const { licence, note } = findTask(id).source;
  expect(licence).toMatch(/^CC BY-SA/);
  expect(note).toMatch(/changed.* under the same licence/);
});

describe('MNIST', () => {
  it('is the same pixels in a line and as an image', async () => {
    const [line, image] = [await load('sequential-mnist'), await load('mnist')];
    expect(checksum(line.test.inputs)).toBe(checksum(image.test.inputs));
  });

  it('is permuted by one order, which moves nearly all pixels', async () => {
    const { test: line } = await load('sequential-mnist');
    const { test: permuted } = await load('permuted-mnist');
    expect([...PERMUTATION].sort((a, b) => a - b)).toEqual(Array.from({ length: 784 }, (_, i) => i));
    // Of a random order, one place in 784 stays on average.
    expect(PERMUTATION.filter((from, to) => from === to).length).toBeLessThan(6);
    for (const sample of [0, 1, 1999]) {
      const pixels = line.inputs.subarray(sample * 784, (sample + 1) * 784);
      const expected = Array.from(PERMUTATION, (from) => pixels[from]);
      expect([...permuted.inputs.subarray(sample * 784, (sample + 1) * 784)]).toEqual(expected);
    }
    expect(permuted.labels).toEqual(line.labels);
  });
});

describe('FSDD', () => {
  it('has all digits equally often, in the same order in both forms', async () => {
    const raw = await load('fsdd-raw');
    const mfcc = await load('fsdd-mfcc');
    for (const half of ['train', 'test'] as const) {
      expect(shares(raw[half], 10)).toEqual(new Array(10).fill(0.1));
      expect(mfcc[half].labels).toEqual(raw[half].labels);
    }
  });

  it('reaches the full range in every recording', async () => {
    const { test } = await load('fsdd-raw');
    for (let sample = 0; sample < test.count; sample++) {
      const values = Array.from(test.inputs.subarray(sample * 2048, (sample + 1) * 2048), Math.abs);
      expect(Math.max(...values)).toBe(127);
    }
  });
});

describe('subjectivity', () => {
  const { tokens = [] } = findTask('subjectivity');

  const sentence = ({ inputs }: Split, sample: number): string => {
    const line = Array.from(inputs.subarray(sample * 256, (sample + 1) * 256));
    return line.map((token) => (token === 0 ? '' : (tokens[token] ?? '?'))).join('');
  };

  it('can be read, padded on the right alone', async () => {
    const { train } = await load('subjectivity');
    expect([0, 1, 2].map((sample) => [train.labels[sample], sentence(train, sample)])).toMatchSnapshot();
    for (let sample = 0; sample < train.count; sample++) {
      const line = train.inputs.subarray(sample * 256, (sample + 1) * 256);
      const end = line.indexOf(0);
      // Ten words at least.
      if (end >= 0) expect(end).toBeGreaterThan(20);
      if (end >= 0) expect(line.subarray(end).every((token) => token === 0)).toBe(true);
    }
  });

  it('has few tokens, each once, and all of them occur', async () => {
    const { train } = await load('subjectivity');
    expect(tokens.length).toBeLessThanOrEqual(128);
    expect(new Set(tokens).size).toBe(tokens.length);
    expect(new Set(train.inputs).size).toBe(tokens.length);
  });

  it('has both classes equally often, and no sentence in both halves', async () => {
    const { train, test } = await load('subjectivity');
    for (const half of [train, test]) expect(shares(half, 2)[0]).toBeCloseTo(0.5, 1);
    const seen = new Set(Array.from({ length: train.count }, (_, sample) => sentence(train, sample)));
    const again = Array.from({ length: test.count }, (_, sample) => sentence(test, sample)).filter((s) => seen.has(s));
    expect(again).toEqual([]);
  });
});

describe('nuclei', () => {
  it('has nuclei in every image, on 8 % of the pixels, which are brighter than the rest', async () => {
    const { train, test } = await load('nuclei');
    for (const half of [train, test]) {
      expect(shares(half, 2)[1]).toBeCloseTo(0.08, 2);
      for (let sample = 0; sample < half.count; sample++) {
        const pixels = Array.from(half.inputs.subarray(sample * 4096, (sample + 1) * 4096));
        const labels = half.labels.subarray(sample * 4096, (sample + 1) * 4096);
        const mean = (label: number): number => {
          const those = pixels.filter((_, i) => labels[i] === label);
          return those.reduce((sum, pixel) => sum + pixel, 0) / those.length;
        };
        expect(Math.max(...pixels)).toBe(255);
        expect(mean(1)).toBeGreaterThan(mean(0));
      }
    }
  });
});

describe('LUDB', () => {
  it('has waves in plausible shares, alike in both halves', async () => {
    const task = findTask('ludb');
    const { train, test } = await load('ludb');
    // A heartbeat of 0.85 s has a P wave of some 0.1 s in most patients, a QRS of 0.1 s and a T wave of 0.18 s.
    for (const half of [train, test]) {
      const [none = 0, p = 0, qrs = 0, t = 0] = shares(half, task.classes.length);
      expect(none).toBeGreaterThan(0.55);
      expect(none).toBeLessThan(0.63);
      expect(p).toBeCloseTo(0.095, 2);
      expect(qrs).toBeCloseTo(0.113, 2);
      expect(t).toBeCloseTo(0.204, 2);
    }
    const ignored = train.labels.filter((label) => label === IGNORE).length / train.labels.length;
    expect(ignored).toBeLessThan(0.01);
  });

  it('says that the result is no diagnosis', () => {
    expect(findTask('ludb').source.note).toContain('no diagnosis');
  });
});

describe('the list of tasks', () => {
  it('has an id for each, in order, and names that fit', () => {
    const ids = TASKS.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.filter((id) => id in EXPECTED)).toEqual(Object.keys(EXPECTED));
    for (const task of TASKS) {
      expect(task.network.kernel % 2).toBe(1);
      expect(task.reported.every((index) => index in task.classes)).toBe(true);
    }
  });

  it('lists what it knows when asked for another', () => {
    expect(() => findTask('cifar')).toThrow('there is no task "cifar"; known are fashion-mnist, mnist, ');
  });

  it('stays small enough to be downloaded', async () => {
    const entries = await readdir(PUBLIC, { recursive: true });
    const sizes = await Promise.all(entries.map(async (entry) => (await stat(new URL(entry, PUBLIC))).size));
    expect(sizes.reduce((all, size) => all + size, 0)).toBeLessThan(MOST_BYTES);
  });
});
