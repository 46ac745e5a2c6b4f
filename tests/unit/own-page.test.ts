/** What the page does with own data: kept and listed, read by a worker, drawn by hand, tried on the network. */
import { describe, expect, it } from 'vitest';
import { reasonOf } from '../../src/app/draw/devices.ts';
import { bent, centred, inkOf } from '../../src/app/draw/strokes.ts';
import {
  channelOf,
  curveOf,
  curveSample,
  drawnSample,
  pictureSample,
  textOf,
  typedSample,
  wayOf,
  withChannel,
} from '../../src/app/draw/trying.ts';
import {
  DRAWING,
  drawnValues,
  EMPTY_COLLECTION,
  givenOf,
  missingIn,
  SNAPSHOT,
  snapshotValues,
  withoutClass,
  type Collection,
} from '../../src/app/own/collection.ts';
import { OwnReading } from '../../src/app/own/reading.ts';
import { settingTable } from '../../src/app/settings.ts';
import { readLink } from '../../src/app/permalink.ts';
import { OwnClient, type ReaderLike } from '../../src/own/client.ts';
import { readMade } from '../../src/own/made.ts';
import { previewOf } from '../../src/own/preview.ts';
import type { FromReader, Given, ToReader } from '../../src/own/protocol.ts';
import { isOwnId, OwnStore, storedTask, type Shelf } from '../../src/own/store.ts';
import { findTask } from '../../src/tasks/index.ts';
import { fixtures, read } from '../support/own.ts';

function shelf(): Shelf & { readonly values: Map<string, unknown> } {
  const values = new Map<string, unknown>();
  return {
    values,
    keys: () => Promise.resolve([...values.keys()]),
    get: (keys) => Promise.resolve(keys.map((key) => values.get(key))),
    set: async (entries) => {
      for (const [key, value] of entries) values.set(key, value);
      return Promise.resolve();
    },
    remove: async (keys) => {
      for (const key of keys) values.delete(key);
      return Promise.resolve();
    },
  };
}

describe('the store of own data', () => {
  it('keeps, lists, renames and removes them', async () => {
    const data = await read(fixtures('pictures.zip'));
    const store = new OwnStore(shelf());
    const entry = await store.add(data, '');
    expect(isOwnId(entry.id)).toBe(true);
    expect(await store.list()).toEqual([entry]);
    expect(await store.load(entry.id)).toEqual(data.dataset);
    expect(storedTask(entry)).toMatchObject({
      id: entry.id,
      title: 'pictures',
      grid: data.grid,
      classes: data.classes,
    });
    const renamed = await store.rename(entry, 'cats');
    expect((await store.list()).map(({ about }) => about.name)).toEqual(['cats']);
    await store.remove(renamed.id);
    expect(await store.list()).toEqual([]);
    await expect(store.load(entry.id)).rejects.toThrow(/are not in this browser/);
    await expect(store.find(entry.id)).rejects.toThrow(/give the files again/);
  });

  it('leaves out descriptions that it cannot read', async () => {
    const kept = shelf();
    const store = new OwnStore(kept);
    const entry = await store.add(await read(fixtures('flowers.csv')), '');
    kept.values.set('about:own-aaaaaaaa', { ...entry, id: 'own-aaaaaaaa', about: { name: 'no more' } });
    kept.values.set('about:own-bbbbbbbb', { ...entry, id: 'own-bbbbbbbb', thumbnail: 'https://elsewhere.example' });
    expect(await store.list()).toEqual([entry]);
    await expect(store.find('own-aaaaaaaa')).rejects.toThrow(/damaged/);
  });

  it('says that there is no room', async () => {
    const full = () => Promise.reject(new DOMException('full', 'QuotaExceededError'));
    const data = await read(fixtures('flowers.csv'));
    await expect(new OwnStore({ ...shelf(), set: full }).add(data, '')).rejects.toThrow(/no room left/);
  });
});

class FakeReader implements ReaderLike {
  onmessage: ReaderLike['onmessage'] = null;
  onerror: ReaderLike['onerror'] = null;
  readonly sent: ToReader[] = [];
  ended = false;
  postMessage(message: ToReader): void {
    this.sent.push(message);
  }
  terminate(): void {
    this.ended = true;
  }
  say(data: FromReader): void {
    this.onmessage?.(new MessageEvent('message', { data }));
  }
}

function openReader() {
  const readers: FakeReader[] = [];
  const client = new OwnClient(() => {
    readers.push(new FakeReader());
    return readers.at(-1)!;
  });
  return { readers, client };
}

const NO_FILES: Given = { type: 'files', files: [] };

describe('reading own data in a worker', () => {
  it('tells how far it is, and what was read', async () => {
    const { client, readers } = openReader();
    const parts: number[] = [];
    const reading = client.read(NO_FILES, { heldOut: 0.3 }, (part) => parts.push(part));
    const preview = previewOf(await read(fixtures('pictures.zip')));
    readers[0]!.say({ type: 'progress', part: 0.5 });
    readers[0]!.say({ type: 'read', preview });
    expect(await reading).toBe(preview);
    expect(parts).toEqual([0.5]);
    expect(readers[0]!.sent).toEqual([{ type: 'read', given: NO_FILES, options: { heldOut: 0.3 } }]);
  });

  it('can be cancelled, and begins again with a new worker', async () => {
    const { client, readers } = openReader();
    const first = client.read(NO_FILES, {}, () => undefined);
    client.cancel();
    await expect(first).rejects.toThrow(/cancelled/);
    expect(readers[0]!.ended).toBe(true);
    const second = client.read(NO_FILES, {}, () => undefined);
    readers[1]!.say({ type: 'failed', message: 'a.zip: it is cut short' });
    await expect(second).rejects.toThrow('a.zip: it is cut short');
  });

  it('keeps what was read where it cannot be read in another way', async () => {
    const { client, readers } = openReader();
    const reading = new OwnReading(client);
    const preview = previewOf(await read(fixtures('flowers.csv')));
    const given = reading.give(NO_FILES);
    readers[0]!.say({ type: 'read', preview });
    await given;
    const again = reading.again({ layout: 'image' });
    readers[0]!.say({ type: 'failed', message: '4 values a row make no square image' });
    await again;
    expect(reading.store.getState()).toMatchObject({ stage: 'read', preview, problem: /no square/ });
  });
});

describe('a link to own data', () => {
  it('of another machine says so and takes the first task', () => {
    const { settings, notices } = readLink(settingTable([{ id: 'fashion-mnist' }]), '#task=own-abcdefgh&seed=4');
    expect(settings).toMatchObject({ task: 'fashion-mnist', seed: 4 });
    expect(notices[0]).toMatch(/own data, which are not in this browser.* Using fashion-mnist instead/);
  });
});

describe('drawings', () => {
  it('leave ink where the pen was', () => {
    const ink = inkOf(
      [
        [
          [0.25, 0.5],
          [0.75, 0.5],
        ],
      ],
      [8, 8],
    );
    expect(ink[4 * 8 + 4]).toBeGreaterThan(0.5);
    expect(ink[0]).toBe(0);
    expect(Math.max(...ink)).toBeLessThanOrEqual(1);
  });

  it('are centred without being bent', () => {
    const [stroke] = centred([
      [
        [0, 0],
        [0.2, 0.1],
      ],
    ]);
    const [[x0, y0], [x1, y1]] = [stroke![0]!, stroke![1]!];
    expect([(x0 + x1) / 2, (y0 + y1) / 2]).toEqual([expect.closeTo(0.5), expect.closeTo(0.5)]);
    expect((x1 - x0) / (y1 - y0)).toBeCloseTo(2);
  });

  it('bend a curve between two points, and only there', () => {
    const curve = bent(new Float32Array(11), [1, 0], [0.5, 0.5]);
    expect(Array.from(curve, (value) => Number(value.toFixed(2)))).toEqual([0, 0, 0, 0, 0, 0.5, 0.6, 0.7, 0.8, 0.9, 1]);
  });

  it('become data once there are enough of each class', async () => {
    const samples = [0, 1].flatMap((label) =>
      Array.from({ length: 5 }, (_, i) => ({
        label,
        values: drawnValues([
          [
            [0.1 * i, 0.2 + 0.5 * label],
            [0.9, 0.5],
          ],
        ]),
      })),
    );
    const drawings: Collection = { names: ['up', 'down'], samples };
    expect(missingIn(EMPTY_COLLECTION, DRAWING)).toMatch(/first, second/);
    expect(missingIn({ ...drawings, names: ['up', 'up '] }, DRAWING)).toMatch(/of its own/);
    expect(missingIn(drawings, DRAWING)).toBeNull();
    expect(withoutClass(drawings, 0)).toMatchObject({ names: ['down'], samples: { length: 5, 0: { label: 0 } } });
    const given = givenOf(drawings, DRAWING);
    if (given.type !== 'made') throw new Error('drawings are made');
    const around = { decodeImage: () => Promise.reject(new Error('none')), progress: () => undefined };
    const data = await readMade(given.made, {}, around);
    expect(data).toMatchObject({
      grid: [28, 28],
      channels: 1,
      classes: ['up', 'down'],
      counts: [
        { train: 4, test: 1 },
        { train: 4, test: 1 },
      ],
    });
  });
});

describe('snapshots', () => {
  it('have three channels, and say how many are missing in their own words', () => {
    expect([...snapshotValues(new Uint8ClampedArray([1, 2, 3, 255, 4, 5, 6, 255]))]).toEqual([1, 2, 3, 4, 5, 6]);
    expect(missingIn(EMPTY_COLLECTION, SNAPSHOT)).toMatch(/^Take at least 4 .* first, second\.$/);
  });

  it('are missed for a reason that says what to do', () => {
    const named = (name: string) => reasonOf('camera', new DOMException('', name));
    expect(named('NotAllowedError')).toMatch(/camera is not allowed; allow it/);
    expect(named('NotFoundError')).toMatch(/no camera; connect one/);
    expect(named('NotReadableError')).toMatch(/another program/);
    expect(reasonOf('microphone', new Error('odd'))).toMatch(/microphone could not be opened \(Error: odd\)/);
  });
});

describe('a sample of one’s own', () => {
  const range = [-1, 3] as const;

  it('fills the range of the inputs, inverted or not', () => {
    const shape = { grid: [8, 8], channels: 3 };
    const { values } = drawnSample([[[0.5, 0.5]]], shape, range, false);
    expect([values.length, values[0]]).toEqual([192, -1]);
    expect(drawnSample([], shape, range, true).values[0]).toBe(3);
    const red = new Uint8ClampedArray([255, 0, 0, 255, 0, 0, 0, 0]);
    expect([...pictureSample(red, { grid: [1, 2], channels: 3 }, range, false).values]).toEqual([3, -1, -1, 3, 3, 3]);
    expect(pictureSample(red, { grid: [1, 2], channels: 1 }, range, false).values[0]).toBeCloseTo(-1 + 4 * 0.299);
    expect(curveOf({ grid: [2], channels: 1, values: new Int8Array([127, -42]), largest: 3 }, range)[0]).toBe(1);
  });

  it('of several channels is changed channel by channel', () => {
    const curve = Float32Array.of(0, 0.5, 0.25, 1, 1, 0);
    expect(wayOf(findTask('fsdd-mfcc'))).toBe('curve');
    expect([...channelOf(curve, 2, 1)]).toEqual([0.5, 1, 0]);
    const changed = withChannel(curve, Float32Array.of(1, 1, 1), 1);
    expect([...changed]).toEqual([0, 1, 0.25, 1, 1, 1]);
    expect(curveSample(changed, 2, range)).toMatchObject({ grid: [3], channels: 2 });
    expect([...curveSample(changed, 2, range).values]).toEqual([-1, 3, 0, 3, 3, 3]);
  });

  it('of text are tokens, padded as the shown sample is', () => {
    const letters = findTask('subjectivity');
    expect(wayOf(letters)).toBe('text');
    const { sample, unknown, over } = typedSample('A film é', letters, new Uint8Array([5, 0]));
    const tokens = Uint8Array.from(sample.values);
    expect(textOf(tokens, letters.tokens ?? [])).toBe('a film ·');
    expect([sample.values.length, unknown, over]).toEqual([256, ['é'], 0]);
    const lists = findTask('listops');
    const typed = typedSample('[MIN 3 x 4 ]', lists, new Uint8Array([0, 5])).sample.values;
    expect(textOf(Uint8Array.from(typed), lists.tokens ?? [])).toBe('[MIN 3 4 ]');
    expect(typed[0]).toBe(0);
  });
});
