/** Own data come back from their store as they were, become tasks, and any table or array comes out as it went in. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OwnDataError } from '../../src/own/own.ts';
import { ownTask } from '../../src/own/ownTask.ts';
import { decodeOwn, encodeOwn } from '../../src/own/stored.ts';
import { fileOf, fixtures, floats, idx, npy, read, samplesOf } from '../support/own.ts';

const SETS = ['split.npz', 'dense.npz', 'field.npz', 'flowers.csv', 'sounds.zip', 'pictures.zip'] as const;

describe('stored data', () => {
  it.each(SETS)('of %s come back as they were', async (name) => {
    const data = await read(fixtures(name));
    expect(await decodeOwn(encodeOwn(data))).toEqual(data);
  });

  it('are refused where they are damaged', async () => {
    const whole = new Uint8Array(encodeOwn(await read(fixtures('dense.npz'))));
    const place = fc.nat({ max: whole.length - 1 });
    await fc.assert(
      fc.asyncProperty(place, fc.nat(7), fc.boolean(), async (at, bit, isCut) => {
        const bytes = whole.slice(0, isCut ? at : whole.length);
        if (!isCut) bytes[at]! ^= 1 << bit;
        await decodeOwn(bytes.buffer).catch((error: unknown) => {
          if (!(error instanceof OwnDataError)) throw error;
        });
      }),
      { numRuns: 200 },
    );
    await expect(decodeOwn(whole.slice(0, 100).buffer)).rejects.toThrow(
      /^your stored data are damaged .* give the files/,
    );
  });
});

describe('the task of own data', () => {
  it('has a network that suits small images', async () => {
    const data = await read(fixtures('pictures.zip'));
    const task = ownTask(data, 'own-1');
    expect(task).toMatchObject({ id: 'own-1', title: 'pictures', grid: [10, 12], channels: 3, batch: 2, steps: 400 });
    expect(task.network).toMatchObject({ blocks: 4, inner: 32, outer: 16, kernel: 5, startKernel: 3 });
    expect(
      await task.load(
        () => Promise.reject(new Error()),
        () => undefined,
      ),
    ).toBe(data.dataset);
  });

  it('has kernels that are odd, no larger than the grid, and start no larger than they may get', async () => {
    const data = await read(fixtures('dense.npz'));
    const extents = fc.integer({ min: 4, max: 2048 });
    const grids = fc.oneof(fc.tuple(extents), fc.tuple(extents, extents));
    fc.assert(
      fc.property(grids, fc.constantFrom('classes' as const, 'dense' as const), (grid, kind) => {
        const { network, batch, steps } = ownTask({ ...data, grid, kind }, 'own');
        const { kernel, startKernel, handMade } = network;
        expect([kernel % 2, startKernel % 2]).toEqual([1, 1]);
        expect(kernel).toBeLessThanOrEqual(Math.min(grid.length === 2 ? 15 : 95, ...grid));
        expect(startKernel).toBeLessThanOrEqual(kernel);
        expect(startKernel).toBeGreaterThanOrEqual(3);
        const strides = handMade.strides.reduce((product, stride) => product * stride, 1);
        expect(Math.min(...grid) / strides).toBeGreaterThanOrEqual(3);
        expect(batch).toBeGreaterThanOrEqual(2);
        expect(steps).toBeGreaterThanOrEqual(400);
      }),
    );
  });

  it('knows how often a sound was sampled', async () => {
    const task = ownTask(await read(fixtures('sounds.zip')), 'own');
    expect(task.sampling).toEqual({ rate: 8000, isSound: true });
  });

  it('has a field where the data have one', async () => {
    const task = ownTask(await read(fixtures('field.npz')), 'own');
    expect(task.field?.scale).toBeGreaterThan(1);
    expect(task).toMatchObject({
      kind: 'dense',
      metric: 'relative-l2',
      reported: [],
    });
  });
});

/** Two classes of at least two samples each, whatever the numbers. */
const table = fc
  .record({ half: fc.integer({ min: 2, max: 8 }), length: fc.integer({ min: 4, max: 9 }) })
  .chain(({ half, length }) =>
    fc.array(fc.array(fc.integer({ min: 0, max: 255 }), { minLength: length, maxLength: length }), {
      minLength: 2 * half,
      maxLength: 2 * half,
    }),
  )
  .filter((rows) => new Set(rows.flat()).size > 1);

const written = (rows: readonly (readonly number[])[], names: readonly string[]): string[] =>
  rows.map((row, i) => `${names[i % 2]}: ${row.join(' ')}`).sort();

describe('what goes in comes out', () => {
  it('of CSV, however it is written', async () => {
    const style = fc.record({
      delimiter: fc.constantFrom(',', ';', '\t'),
      end: fc.constantFrom('\n', '\r\n'),
      header: fc.boolean(),
      first: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(table, style, async (rows, { delimiter, end, header, first }) => {
        const names = ['"x ""1"""', '"y"'];
        const lines = rows.map((row, i) => (first ? [names[i % 2], ...row] : [...row, names[i % 2]]).join(delimiter));
        const heads = rows[0]!.map((_, i) => `v${i}`);
        if (header) lines.unshift((first ? ['label', ...heads] : [...heads, 'label']).join(delimiter));
        const data = await read([fileOf('t.csv', lines.join(end))]);
        expect(samplesOf(data)).toEqual(written(rows, ['x "1"', 'y']));
      }),
    );
  });

  it('of IDX and of NumPy', async () => {
    await fc.assert(
      fc.asyncProperty(table, fc.boolean(), async (rows, isIdx) => {
        const shape = [rows.length, rows[0]!.length];
        const labels = rows.map((_, i) => i % 2);
        const files = isIdx
          ? [
              fileOf('images-idx2-ubyte', idx(shape, rows.flat())),
              fileOf('labels-idx1-ubyte', idx([rows.length], labels)),
            ]
          : [
              fileOf('X.npy', floats(shape, rows.flat())),
              fileOf('labels.npy', npy('|i1', [rows.length], Uint8Array.from(labels))),
            ];
        expect(samplesOf(await read(files))).toEqual(written(rows, ['0', '1']));
      }),
    );
  });
});
