/** The committed data files: what the page loads is what docs/data.md says. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { TASKS, findTask, loadDataset } from '../../src/tasks/index.ts';
import { readPack } from '../../src/tasks/pack.ts';
import { IGNORE, type ReadFile, type Split, type Task } from '../../src/tasks/task.ts';

const PUBLIC = new URL('../../public/', import.meta.url);

const readPublic: ReadFile = async (path) => new Uint8Array(await readFile(new URL(path, PUBLIC))).buffer;

/** Samples of each half, the type of its values, and its first sample by the first half of a SHA-256. */
const EXPECTED = {
  'fashion-mnist': { train: 6000, test: 1000, values: Uint8Array },
  ludb: { train: 1920, test: 480, values: Int8Array },
  digits: { train: 1437, test: 360, values: Uint8Array },
} as const;

const product = (extents: readonly number[]): number => extents.reduce((all, extent) => all * extent, 1);

function checksum(values: Split['inputs']): string {
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

function inputMoments({ inputs, scale, offset }: Split): { mean: number; deviation: number } {
  let sum = 0;
  let squares = 0;
  for (const value of inputs) {
    const input = value * scale + offset;
    sum += input;
    squares += input * input;
  }
  const mean = sum / inputs.length;
  return { mean, deviation: Math.sqrt(squares / inputs.length - mean * mean) };
}

describe.each(Object.entries(EXPECTED))('%s', (id, expected) => {
  const task = findTask(id);

  it('loads, with the counts, shapes and labels it should have', async () => {
    const dataset = await loadDataset(task, readPublic);
    for (const half of ['train', 'test'] as const) {
      const { count, inputs, labels } = dataset[half];
      expect(count).toBe(expected[half]);
      expect(inputs).toBeInstanceOf(expected.values);
      expect(inputs.length).toBe(count * product(task.grid) * task.channels);
      expect(labels.length).toBe(task.kind === 'dense' ? count * product(task.grid) : count);
      const found = [...new Set(labels)].sort((a, b) => a - b);
      const classes = task.classes.map((_, index) => index);
      expect(found).toEqual(task.kind === 'dense' ? [...classes, IGNORE] : classes);
    }
  });

  it('gives network inputs of mean 0 and deviation 1', async () => {
    const { train } = await loadDataset(task, readPublic);
    const { mean, deviation } = inputMoments(train);
    expect(Math.abs(mean)).toBeLessThan(0.02);
    expect(Math.abs(deviation - 1)).toBeLessThan(0.02);
  });

  it('begins with the same samples as ever', async () => {
    const { train, test } = await loadDataset(task, readPublic);
    expect({ train: firstSample(task, train), test: firstSample(task, test) }).toMatchSnapshot();
  });

  it('names its source and licence in the file too, and has a thumbnail', async () => {
    const { metadata } = await readPack(task.file, await readPublic(task.file));
    expect(metadata['source']).toContain(task.source.url);
    expect(metadata['licence']).toBe(task.source.licence);
    expect((await readPublic(task.thumbnail)).byteLength).toBeGreaterThan(500);
  });

  it('says which file is damaged', async () => {
    const bytes = await readPublic(task.file);
    await expect(task.parse(bytes.slice(0, bytes.byteLength >> 1))).rejects.toThrow(`${id}.pack is damaged`);
  });
});

describe('LUDB', () => {
  it('has waves in plausible shares, alike in both halves', async () => {
    const task = findTask('ludb');
    const { train, test } = await loadDataset(task, readPublic);
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
  it('has an id for each, and names that fit', () => {
    expect(TASKS.map(({ id }) => id)).toEqual(Object.keys(EXPECTED));
    for (const task of TASKS) {
      expect(task.network.kernel % 2).toBe(1);
      expect(task.reported.every((index) => index in task.classes)).toBe(true);
    }
  });

  it('lists what it knows when asked for another', () => {
    expect(() => findTask('cifar')).toThrow('there is no task "cifar"; known are fashion-mnist, ludb, digits');
  });
});
