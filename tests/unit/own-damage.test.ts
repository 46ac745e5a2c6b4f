/** Data that are damaged, too large or not what they say: a message for the user, and what was good is kept. */
import { deflateRawSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MOST_BYTES, Unpacked } from '../../src/own/limits.ts';
import { OwnDataError, type OwnFile } from '../../src/own/own.ts';
import { readZip } from '../../src/own/zip.ts';
import { readOwn } from '../../src/own/readOwn.ts';
import { complaint, fileOf, fixture, fixtures, floats, idx, npy, read } from '../support/own.ts';

const PAIR = ['train-images-idx3-ubyte', 'train-labels-idx1-ubyte'] as const;

function idxPair(images: Uint8Array, labels: Uint8Array): OwnFile[] {
  return [fileOf(PAIR[0], images), fileOf(PAIR[1], labels)];
}

/** A zip of one deflated file whose headers say what the test wants. */
function zipOf(path: string, content: Uint8Array, saidSize = content.length): Uint8Array {
  const packed = deflateRawSync(content, { level: 9 });
  const name = Buffer.from(path);
  const sizes = (header: Buffer, at: number): void => {
    header.writeUInt32LE(packed.length, at);
    header.writeUInt32LE(saidSize, at + 4);
    header.writeUInt16LE(name.length, at + 8);
  };
  const local = Buffer.alloc(30);
  local.writeUInt32LE(0x04034b50);
  local.writeUInt16LE(8, 8);
  sizes(local, 18);
  const central = Buffer.alloc(46);
  central.writeUInt32LE(0x02014b50);
  central.writeUInt16LE(8, 10);
  sizes(central, 20);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(local.length + name.length + packed.length, 16);
  return Buffer.concat([local, name, packed, central, name, end]);
}

describe('damaged files', () => {
  it('say how many bytes of IDX are missing', async () => {
    const images = idx([4, 8, 8], Array(256).fill(1));
    const labels = idx([4], [0, 1, 0, 1]);
    expect(await complaint(idxPair(images.subarray(0, 200), labels))).toBe(
      'train-images-idx3-ubyte: 200 bytes were found, 272 expected for 4 × 8 × 8 values; copy or download it again',
    );
    expect(await complaint(idxPair(images, idx([3], [0, 1, 0])))).toMatch(/holds 3 labels, but .* 4 images/);
    expect(await complaint([fileOf(PAIR[0], images)])).toMatch(/lacks its labels; give train-labels-idx1-ubyte/);
    expect(await complaint(idxPair(Buffer.from('<html>nothing here'), labels))).toMatch(/does not begin as an IDX/);
  });

  it('say which record of CIFAR is wrong', async () => {
    const records = Buffer.alloc(3 * 3073);
    expect(await complaint([fileOf('data_batch_1.bin', records.subarray(1))])).toMatch(/9,218 bytes.*no multiple/);
    records[2 * 3073] = 10;
    expect(await complaint([fileOf('data_batch_1.bin', records)])).toMatch(/label of record 2 is 10/);
  });

  it('say what is wrong with a table', async () => {
    const rows = ['a,b,c,d,class', '1,2,3,4,x', '1,2,3,4,y', '1,,3,4,x', '1,2,3,x'];
    const few = [...rows, '5,6,7,8,x', '5,6,7,9,y', '5,6,7,9,y'].join('\n');
    expect((await read([fileOf('t.csv', few)])).notes).toContain(
      '2 of 7 rows were left out: t.csv, row 4: column “b” is empty; t.csv, row 5: 4 cells were found, 5 expected.',
    );
    expect(await complaint([fileOf('t.csv', [...rows, '1,2,3,z,x'].join('\n'))])).toMatch(
      /^3 of 5 rows cannot be used: .*row 6: column “d” is “z”, not a number/,
    );
    expect(await complaint([fileOf('t.csv', '1.5,2.5\n3.5,4.5\n')])).toMatch(/neither its first nor its last column/);
    expect(await complaint([fileOf('t.csv', few)], { labelColumn: 'name' })).toMatch(/no column name; it has a, b, c/);
    expect(
      await complaint([fileOf('t.csv', few)], { labelColumn: 'class', layout: 'image', classNames: ['x'] }),
    ).toMatch(/2 classes were found \(x; y\), but the names of 1/);
  });

  it('say what is wrong with an array', async () => {
    const x = floats([4, 4], [...Array(16).keys()]);
    const y = npy('|u1', [4], Uint8Array.of(0, 1, 0, 1));
    const pair = (a: Uint8Array, b: Uint8Array): OwnFile[] => [fileOf('x.npy', a), fileOf('y.npy', b)];
    expect((await read(pair(x, y))).classes).toEqual(['0', '1']);
    expect(await complaint(pair(x.subarray(0, -3), y))).toMatch(/189 bytes were found, 192 expected for 4 × 4/);
    expect(await complaint(pair(npy('<c8', [4], new Uint8Array(32)), y))).toMatch(/x.npy holds values of type <c8/);
    expect(await complaint(pair(x, npy('|u1', [3], Uint8Array.of(0, 1, 0))))).toMatch(/holds 3 labels, but x.npy 4/);
    expect(await complaint(pair(x, npy('|u1', [4, 2], new Uint8Array(8))))).toMatch(/argmax\(axis=1\)/);
    expect(await complaint([fileOf('x.npy', x)])).toMatch(/an array y \(labels\) are needed; found were x.npy/);
  });

  it('leave out single samples that are not finite', async () => {
    const values = Array.from({ length: 24 }, (_, i) => (i === 6 ? NaN : i === 23 ? -Infinity : i));
    const files = [
      fileOf('x.npy', floats([6, 4], values)),
      fileOf('y.npy', npy('|u1', [6], Uint8Array.of(0, 1, 1, 0, 1, 0))),
    ];
    const data = await read(files);
    expect(data.counts.map(({ train, test }) => train + test)).toEqual([2, 2]);
    expect(data.notes).toContain(
      '2 of 6 samples were left out: x.npy is NaN in sample 1 of [6, 4], at value 2; ' +
        'x.npy is infinite or too large in sample 5 of [6, 4], at value 3.',
    );
  });

  it('keep the good images, and say which are none', async () => {
    const red = fixture('pictures.zip');
    expect(await complaint([fileOf('a/1.png', 'no'), fileOf('b/1.png', 'nothing')])).toBe(
      '2 of 2 images cannot be used: a/1.png is not an image; b/1.png is not an image',
    );
    expect(await complaint([fileOf('photo.png', red)])).toMatch(/photo.png lies in no folder that names its class/);
    const huge = Buffer.alloc(40);
    huge.set([0x89, ...Buffer.from('PNG')]);
    huge.writeUInt32BE(60_000, 16);
    huge.writeUInt32BE(60_000, 20);
    expect(await complaint([fileOf('a/1.png', huge)])).toMatch(/60000 × 60000 pixels, which is too large/);
  });

  it('take a folder for a class whose name is also that of a half', async () => {
    const grey = readZip('p.zip', new Uint8Array(fixture('pictures.zip'))).find(({ path }) =>
      path.endsWith('grey.png'),
    )!;
    const picture = await grey.unpack(new Unpacked(), () => Promise.resolve());
    const files = ['bus/1', 'bus/2', 'train/1', 'train/2'].map((path) => fileOf(`${path}.png`, picture));
    expect(await complaint(files)).toMatch(/all inputs have the same value/);
    expect(await complaint([fileOf('train/1.png', picture), fileOf('test/1.png', picture)])).toMatch(/no folder/);
  });

  it('say what is wrong with a sound', async () => {
    expect(await complaint([fileOf('a/1.wav', 'RIFF....WAVE'), fileOf('b/1.wav', '')])).toMatch(
      /a\/1.wav holds no samples; it may be cut short; b\/1.wav is not a WAV file/,
    );
  });

  it('say what is wrong with a series', async () => {
    expect(await complaint([fileOf('a_TRAIN.ts', '@classLabel false\n@data\n1,2:3\n')])).toMatch(/no classes/);
    expect(await complaint([fileOf('a_TRAIN.ts', '@timeStamps true\n')])).toMatch(/a time beside each value/);
    expect(await complaint([fileOf('a.tsv', '1\t2\t3\n2 3\n2 x\n')])).toMatch(/2 of 3 lines .*line 2: it has no label/);
  });

  it('say what the format is not', async () => {
    expect(await complaint([])).toMatch(/^no files were found; give images/);
    expect(await complaint([fileOf('thesis.pdf', '%PDF')])).toMatch(/the format of thesis.pdf is not known/);
    expect(await complaint([fileOf('cifar/data_batch_1', 'x')])).toMatch(/Python version of CIFAR/);
    expect(await complaint(fixtures('flowers.csv'), { heldOut: 2 })).toMatch(/choice of heldOut is wrong/);
  });
});

describe('too little', () => {
  const rows = (labels: string): OwnFile[] => [
    fileOf('t.csv', `a,b,c,d,label\n${Array.from(labels, (label, i) => `${i},1,2,3,${label}`).join('\n')}`),
  ];

  it('of classes and samples is refused, and a single sample left out', async () => {
    expect(await complaint(rows('aaaa'))).toMatch(/all samples are of one class, “a”; give at least two/);
    expect(await complaint(rows('ab'))).toMatch(/2 samples were found; give 3/);
    expect(await complaint(rows('abc'))).toMatch(/no class has two samples/);
    const data = await read(rows('aabbbc'));
    expect(data.classes).toEqual(['a', 'b']);
    expect(data.notes).toContain('A class was left out, for two samples are needed: “c” has one sample.');
  });

  it('of difference is refused', async () => {
    expect(await complaint([fileOf('t.csv', 'l,1,1,1,1\nk,1,1,1,1\nl,1,1,1,1\nk,1,1,1,1')])).toMatch(/same value, 1/);
    expect(await complaint([fileOf('t.csv', 'l,1\nk,2\nl,3\nk,4')])).toMatch(/samples of 1 are too small/);
  });
});

describe('too much', () => {
  it('is refused before it is read', async () => {
    const file: OwnFile = { path: 'all.zip', size: 10 * MOST_BYTES, bytes: () => Promise.reject(new Error('read')) };
    expect(await complaint([file])).toBe('the files have 10.0 GB, over 1.0 GB; give fewer samples, or smaller images');
    const lost: OwnFile = { ...file, size: 1 };
    expect(await complaint([lost])).toMatch(/all.zip could not be read; is it still there/);
  });

  it('is refused while it unpacks, whatever its header says', async () => {
    const zeros = Buffer.alloc(80 << 20);
    const trap = /unpack to over 6\d MB, which looks like a trap/;
    expect(await complaint([fileOf('x.zip', zipOf('x.csv', zeros, 10))])).toMatch(trap);
    expect(await complaint([fileOf('x.csv.gz', gzipSync(zeros))])).toMatch(trap);
    const counter = new Unpacked();
    counter.add(MOST_BYTES, 'a', 1, 1);
    expect(() => counter.add(1, 'b', 1, 1)).toThrow(/b: unpacked, the files are over 1.0 GB/);
  });

  it('of inputs is refused', async () => {
    const rows = Array.from({ length: 70_000 }, (_, i) => `${i % 2},0.5,1,${i},2`).join('\n');
    expect(await complaint([fileOf('t.csv', rows)], { length: 2048 })).toMatch(
      /decoded, the inputs take 547 MB, over 256 MB/,
    );
  });
});

describe('archives', () => {
  it('cannot lead out of their folder', async () => {
    const csv = Buffer.from('a,1,2,3,4\nb,2,3,4,5\na,3,4,5,6\nb,4,5,6,7\n');
    const good = fileOf('good.csv', csv);
    const data = await read([good, ...['../up.csv', '/root.csv', 'C:\\x.csv'].map((path) => fileOf(path, csv))]);
    expect(data.dataset.train.count + data.dataset.test.count).toBe(4);
    expect(data.notes[0]).toMatch(/^Left out: \.\.\/up.csv leads out of its folder; \/root.csv leads/);
  });

  it('that are cut short, encrypted or damaged say so', async () => {
    const zip = Buffer.from(zipOf('x.csv', Buffer.from('a,1\nb,2\n')));
    expect(await complaint([fileOf('x.zip', zip.subarray(0, -4))])).toMatch(/the zip ends before its directory/);
    expect(await complaint([fileOf('x.zip', zip)])).toMatch(/x.csv is damaged: its checksum is wrong/);
    const at = zip.indexOf(Buffer.from([0x50, 0x4b, 1, 2]));
    zip[at + 8] = 1;
    expect(await complaint([fileOf('x.zip', zip)])).toMatch(/x.csv is encrypted/);
    expect(await complaint([fileOf('x.csv.gz', gzipSync('a,1').subarray(0, -3))])).toMatch(/cut short or not gzipped/);
    expect(await complaint([fileOf('x.tar', Buffer.alloc(2000, 7))])).toMatch(/no tar archive/);
  });
});

describe('reading', () => {
  it('stops when it is told to', async () => {
    const stop = new AbortController();
    stop.abort(new Error('enough'));
    const around = { decodeImage: () => Promise.reject(new Error()), progress: () => undefined, signal: stop.signal };
    await expect(readOwn(fixtures('flowers.csv'), {}, around)).rejects.toThrow('enough');
  });

  const SETS: readonly (readonly string[])[] = [
    [`${PAIR[0]}.gz`, `${PAIR[1]}.gz`],
    ['cifar-10-binary.tar.gz'],
    ['split.npz'],
    ['dense.npz'],
    ['field.npz'],
    ['flowers.csv'],
    ['decimal-comma.csv'],
    ['Motions_TRAIN.ts'],
    ['Gestures_TRAIN.tsv', 'Gestures_TEST.tsv'],
    ['sounds.zip'],
    ['pictures.zip'],
  ];

  it.each(SETS)('of %s, cut short or with bits turned, fails with a message if at all', async (...names) => {
    const [first = '', ...rest] = names;
    const whole = fixture(first);
    const place = fc.nat({ max: whole.length - 1 });
    const damage = fc.record({ cut: fc.option(place), turns: fc.array(fc.tuple(place, fc.nat(7)), { maxLength: 4 }) });
    await fc.assert(
      fc.asyncProperty(damage, async ({ cut, turns }) => {
        const bytes = new Uint8Array(whole.subarray(0, cut ?? whole.length));
        for (const [at, bit] of turns) if (at < bytes.length) bytes[at]! ^= 1 << bit;
        await read([fileOf(first, bytes), ...fixtures(...rest)]).catch((error: unknown) => {
          if (!(error instanceof OwnDataError)) throw error;
        });
      }),
      { numRuns: 40 },
    );
  });

  it.each([PAIR, ['x.npy', 'y.npy'], ['a/1.wav', 'b/1.wav']])(
    'of %s, unpacked and damaged, does the same',
    async (...names) => {
      const contents = new Map<string, Uint8Array>([
        [PAIR[0], idx([4, 4, 4], [...Array(64).keys()])],
        [PAIR[1], idx([4], [0, 1, 0, 1])],
        ['x.npy', floats([4, 2, 2, 3], [...Array(48).keys()])],
        ['y.npy', npy('>i8', [4], new Uint8Array(new BigInt64Array([0n, 1n, 0n, 1n]).buffer))],
        [
          'a/1.wav',
          Buffer.concat([
            Buffer.from('RIFF\x64\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0\x40\x1f\0\0'),
            Buffer.alloc(4),
            Buffer.from([2, 0, 16, 0]),
            Buffer.from('data\x10\0\0\0'),
            Buffer.alloc(16, 3),
          ]),
        ],
        ['b/1.wav', Buffer.from('RIFF')],
      ]);
      const [first = '', second = ''] = names;
      const whole = contents.get(first) ?? new Uint8Array();
      const place = fc.nat({ max: whole.length - 1 });
      await fc.assert(
        fc.asyncProperty(place, fc.boolean(), fc.nat(255), async (at, isCut, value) => {
          const bytes = new Uint8Array(isCut ? whole.subarray(0, at) : whole);
          if (!isCut) bytes[at] = value;
          await read([fileOf(first, bytes), fileOf(second, contents.get(second) ?? '')]).catch((error: unknown) => {
            if (!(error instanceof OwnDataError)) throw error;
          });
        }),
        { numRuns: 150 },
      );
    },
  );
});
