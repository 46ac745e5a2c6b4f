/** Packs: what the script writes, the page reads; what is damaged says so. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gzip, writePack, writeSafetensors } from '../../scripts/data/write-pack.ts';
import { PackError, readPack, type Tensor } from '../../src/tasks/pack.ts';
import { readDataset } from '../../src/tasks/splits.ts';

function toArrayBuffer(bytes: Uint8Array): ArrayBuffer {
  return new Uint8Array(bytes).buffer;
}

const extents = fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 4 });
const seeds = fc.array(fc.integer({ min: 0, max: 255 }), { minLength: 1, maxLength: 40 });

const tensor: fc.Arbitrary<Tensor> = fc
  .record({ shape: extents, seed: seeds, dtype: fc.constantFrom('U8', 'I8', 'F32') })
  .map(({ shape, seed, dtype }): Tensor => {
    const length = shape.reduce((product, extent) => product * extent, 1);
    const numbers = Array.from({ length }, (_, i) => (seed[i % seed.length] ?? 0) + i);
    switch (dtype) {
      case 'U8':
        return { dtype, shape, values: Uint8Array.from(numbers) };
      case 'I8':
        return { dtype, shape, values: Int8Array.from(numbers) };
      case 'F32':
        return { dtype, shape, values: Float32Array.from(numbers, (number) => number / 7) };
    }
  });

const names = fc.string({ minLength: 1, maxLength: 12 }).filter((name) => !name.startsWith('__'));
const tensors = fc.dictionary(names, tensor, { maxKeys: 5, noNullPrototype: true });

const small = {
  'train.inputs': { dtype: 'I8', shape: [2, 3, 1], values: Int8Array.of(-3, -2, -1, 0, 1, 2) },
  'train.labels': { dtype: 'U8', shape: [2], values: Uint8Array.of(0, 1) },
  'test.inputs': { dtype: 'F32', shape: [1, 3, 1], values: Float32Array.of(0.5, -0.5, 0.25) },
  'test.labels': { dtype: 'U8', shape: [1], values: Uint8Array.of(1) },
} as const satisfies Record<string, Tensor>;

/** A file whose header is this text, however wrong, followed by so many bytes of data. */
function withHeader(text: string, dataBytes = 0): ArrayBuffer {
  const json = Buffer.from(text);
  const bytes = Buffer.alloc(8 + json.length + dataBytes);
  bytes.writeBigUInt64LE(BigInt(json.length));
  bytes.set(json, 8);
  return toArrayBuffer(bytes);
}

async function messageOf(bytes: ArrayBuffer): Promise<string> {
  const error: unknown = await readPack('small.pack', bytes).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof PackError)) throw new Error('the damaged pack was read', { cause: error });
  return error.message;
}

describe('a pack', () => {
  it('reads back what was written, zipped or not', async () => {
    await fc.assert(
      fc.asyncProperty(tensors, fc.boolean(), async (written, zipped) => {
        const metadata = { licence: 'MIT' };
        const bytes = zipped ? writePack(written, metadata) : writeSafetensors(written, metadata);
        const pack = await readPack('some.pack', toArrayBuffer(bytes));
        expect(pack.metadata).toEqual(metadata);
        expect(Object.fromEntries(pack.tensors)).toEqual({ ...written });
      }),
      { numRuns: 60, examples: [[{ constructor: small['test.labels'] }, false]] },
    );
  });

  it('is the same bytes each time, with no time and no system in it', () => {
    const bytes = writePack(small, {});
    expect(writePack(small, {}).equals(bytes)).toBe(true);
    expect([...bytes.subarray(4, 8), bytes[9]]).toEqual([0, 0, 0, 0, 255]);
  });

  it('reads floats that do not begin at a multiple of four', async () => {
    const header =
      '{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"b":{"dtype":"F32","shape":[1],"data_offsets":[1,5]}}';
    const bytes = withHeader(header, 5);
    new DataView(bytes).setFloat32(8 + header.length + 1, 1.5, true);
    const pack = await readPack('odd.pack', bytes);
    expect(pack.tensors.get('b')?.values).toEqual(Float32Array.of(1.5));
    expect(pack.metadata).toEqual({});
  });
});

describe('a damaged pack', () => {
  it('is refused wherever it is cut short', async () => {
    for (const whole of [writePack(small, {}), writeSafetensors(small, {})]) {
      for (let length = 0; length < whole.length; length += 7) {
        expect(await messageOf(toArrayBuffer(whole.subarray(0, length)))).toMatch(
          /^small\.pack is damaged: .+; reload the page, or run `npm run data` to cut it again$/,
        );
      }
    }
  });

  it('is refused where a byte of the compressed data is wrong', async () => {
    const bytes = gzip(writeSafetensors(small, {}));
    const last = bytes.length - 6; // within the checksum at the end
    bytes[last] = (bytes[last] ?? 0) ^ 1;
    expect(await messageOf(toArrayBuffer(bytes))).toContain('its compressed data is cut short or wrong');
  });

  it('never hangs and never throws anything else on any bytes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 64 }), fc.boolean(), async (noise, zipped) => {
        const bytes = zipped ? Uint8Array.of(0x1f, 0x8b, ...noise) : noise;
        await messageOf(toArrayBuffer(bytes));
      }),
      { numRuns: 60, examples: [[new Uint8Array(0), false]] },
    );
  });

  const entry = (fields: string): string => `{"x":{${fields}}}`;
  it.each([
    [
      'a web page',
      toArrayBuffer(Buffer.from('<!doctype html><title>Playground</title>')),
      'a web page came in its place',
    ],
    ['a header longer than the file', withHeader('{}').slice(0, 9), 'its header is longer than the file'],
    ['no JSON', withHeader('{"x":'), 'its header is not JSON'],
    ['a header that is no record', withHeader('7'), 'its header is wrong at its root'],
    ['an unknown type', withHeader(entry('"dtype":"F16","shape":[1],"data_offsets":[0,2]'), 2), 'wrong at x.dtype'],
    ['a negative extent', withHeader(entry('"dtype":"U8","shape":[-1],"data_offsets":[0,1]'), 1), 'wrong at x.shape'],
    ['a missing field', withHeader(entry('"dtype":"U8","shape":[1]'), 1), 'wrong at x.data_offsets'],
    ['too few bytes', withHeader(entry('"dtype":"U8","shape":[2],"data_offsets":[0,1]'), 1), 'has 1 bytes'],
    [
      'an overflowing shape',
      withHeader(entry(`"dtype":"U8","shape":[${'9e15,'.repeat(24)}0],"data_offsets":[0,0]`)),
      'has 0 bytes',
    ],
    ['a gap', withHeader(entry('"dtype":"U8","shape":[1],"data_offsets":[1,2]'), 2), 'begins at 1, not 0'],
    ['no data', withHeader(entry('"dtype":"U8","shape":[4],"data_offsets":[0,4]'), 1), '3 bytes are missing'],
    ['more data', withHeader(entry('"dtype":"U8","shape":[1],"data_offsets":[0,1]'), 3), '2 bytes follow'],
  ])('says what is wrong: %s', async (_, bytes, reason) => {
    expect(await messageOf(bytes)).toContain(reason);
  });
});

describe('a data set from a pack', () => {
  const format = { kind: 'classes', grid: [3], channels: 1, classes: ['a', 'b'], scale: 1, offset: 0 } as const;
  const read = (written: Record<string, Tensor>, kind: 'classes' | 'dense' = 'classes') =>
    readDataset('small.pack', toArrayBuffer(writePack(written, {})), { ...format, kind });

  it('has counts, values and labels as written', async () => {
    const { train, test } = await read(small);
    expect(train).toEqual({
      count: 2,
      inputs: small['train.inputs'].values,
      scale: 1,
      offset: 0,
      labels: Uint8Array.of(0, 1),
    });
    expect(test.inputs).toEqual(small['test.inputs'].values);
  });

  it('is refused where a half is missing, shaped otherwise or wrongly labelled', async () => {
    const { 'test.labels': _, ...partial } = small;
    await expect(read(partial)).rejects.toThrow('small.pack is damaged: it has no tensor "test.labels"');
    await expect(read(small, 'dense')).rejects.toThrow('"train.labels" has shape [2], not [2, 3]');
    const labels = (values: Uint8Array): Tensor => ({ dtype: 'U8', shape: [2], values });
    await expect(read({ ...small, 'train.labels': labels(Uint8Array.of(0, 2)) })).rejects.toThrow(
      'holds 2, not 0 to 1',
    );
    await expect(read({ ...small, 'train.labels': labels(Uint8Array.of(0, 255)) })).rejects.toThrow('holds 255');
    const signed: Tensor = { dtype: 'I8', shape: [2], values: Int8Array.of(0, 1) };
    await expect(read({ ...small, 'train.labels': signed })).rejects.toThrow('are of type I8, not U8');
    const none: Tensor = { dtype: 'I8', shape: [0, 3, 1], values: new Int8Array(0) };
    await expect(read({ ...small, 'train.inputs': none })).rejects.toThrow('"train.inputs" holds no samples');
  });

  it('is refused where a token does not exist', async () => {
    const tokens = { ...format, tokens: ['padding', 'x', 'y'] };
    const write = (inputs: Tensor) => toArrayBuffer(writePack({ ...small, 'train.inputs': inputs }, {}));
    const wrong = write({ dtype: 'U8', shape: [2, 3, 1], values: Uint8Array.of(0, 1, 2, 3, 0, 0) });
    await expect(readDataset('small.pack', wrong, tokens)).rejects.toThrow('"train.inputs" holds 3, not 0 to 2');
    const signed = write(small['train.inputs']);
    await expect(readDataset('small.pack', signed, tokens)).rejects.toThrow('"train.inputs" are of type I8, not U8');
  });
});
