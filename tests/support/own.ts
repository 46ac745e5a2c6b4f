/** Files for the readers of the user's own data: those of `tests/fixtures/own`, and such as tests write. */
import { readFileSync } from 'node:fs';
import { decodeImage } from '../../src/cli/images.ts';
import { OwnDataError, type OwnData, type OwnFile, type OwnOptions } from '../../src/own/own.ts';
import { readOwn } from '../../src/own/readOwn.ts';

const FIXTURES = new URL('../fixtures/own/', import.meta.url);

export function fileOf(path: string, content: Uint8Array | string): OwnFile {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : new Uint8Array(content);
  return { path, size: bytes.length, bytes: () => Promise.resolve(bytes.slice().buffer) };
}

export function fixture(name: string): Uint8Array {
  // Else tools would take it for TypeScript.
  return readFileSync(new URL(name.endsWith('.ts') ? `${name}.txt` : name, FIXTURES));
}

export function fixtures(...names: readonly string[]): OwnFile[] {
  return names.map((name) => fileOf(name, fixture(name)));
}

export function read(files: readonly OwnFile[], options: OwnOptions = {}): Promise<OwnData> {
  return readOwn(files, options, { decodeImage, progress: () => undefined });
}

/** What the reader says is wrong with the files; any other error fails the test. */
export async function complaint(files: readonly OwnFile[], options: OwnOptions = {}): Promise<string> {
  const error: unknown = await read(files, options).then(
    () => null,
    (reason: unknown) => reason,
  );
  if (error instanceof OwnDataError) return error.message;
  throw new Error(error === null ? 'the files were read' : 'the error is of another kind', { cause: error });
}

/** IDX of unsigned bytes. */
export function idx(shape: readonly number[], values: ArrayLike<number>): Uint8Array {
  const header = new DataView(new ArrayBuffer(4 + 4 * shape.length));
  header.setUint16(2, 0x0800 + shape.length);
  shape.forEach((extent, axis) => header.setUint32(4 + 4 * axis, extent));
  return Buffer.concat([new Uint8Array(header.buffer), Uint8Array.from(values)]);
}

/** NPY of version 1. */
export function npy(descr: string, shape: readonly number[], bytes: Uint8Array, fortran = false): Uint8Array {
  const tuple = shape.map((extent) => `${extent},`).join(' ');
  const text = `{'descr': '${descr}', 'fortran_order': ${fortran ? 'True' : 'False'}, 'shape': (${tuple}), }`;
  const padded = `${text.padEnd(64 * Math.ceil((text.length + 11) / 64) - 11)}\n`;
  const start = Buffer.from([0x93, ...Buffer.from('NUMPY'), 1, 0, padded.length & 255, padded.length >> 8]);
  return Buffer.concat([start, Buffer.from(padded, 'latin1'), bytes]);
}

/** NPY of 32-bit floats. */
export function floats(shape: readonly number[], values: readonly number[]): Uint8Array {
  return npy('<f4', shape, new Uint8Array(Float32Array.from(values).buffer));
}

/** Inputs of all samples with their labels' names, in an order that does not depend on the mixing. */
export function samplesOf(data: OwnData): string[] {
  const size = data.grid.reduce((product, extent) => product * extent, data.channels);
  return [data.dataset.train, data.dataset.test]
    .flatMap(({ count, inputs, labels }) =>
      Array.from({ length: count }, (_, i) => {
        const values = Array.from(inputs.subarray(i * size, (i + 1) * size));
        return `${data.classes[labels[i] ?? 0]}: ${values.join(' ')}`;
      }),
    )
    .sort();
}
