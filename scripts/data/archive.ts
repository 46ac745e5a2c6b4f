/** Files of a release, from an unpacked folder or from the tar file that holds it. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { SourceError } from './cut.ts';

/** Gives the bytes of a file by its path inside the release, e.g. `data/1.dat`; throws where there is none. */
export type Archive = (path: string) => Uint8Array;

/** @param marker a file that tells an unpacked release, e.g. `RECORDS` */
export function openArchive(directory: string, marker: string): Archive {
  if (existsSync(join(directory, marker))) {
    return (path) => {
      const file = join(directory, path);
      if (!existsSync(file)) throw new SourceError(`${file} is missing`);
      return new Uint8Array(readFileSync(file));
    };
  }
  const name = existsSync(directory)
    ? readdirSync(directory).find((file) => /\.(tgz|tar|tar\.gz)$/.test(file))
    : undefined;
  if (name === undefined) throw new SourceError(`${directory} holds neither ${marker} nor a tar file`);
  const file = readFileSync(join(directory, name));
  const files = readTar(name.endsWith('.tar') ? file : gunzipSync(file));
  return (path) => {
    const bytes = files.get(path);
    if (bytes === undefined) throw new SourceError(`${name} holds no file ${path}`);
    return bytes;
  };
}

const RECORD = 512;
const SIZE_FIELD = [124, 136] as const;
const TYPE_FIELD = 156;

/** A tar file is records of 512 bytes: a header (name, size in octal, type), then the file, padded with zeros. */
function readTar(tar: Buffer): ReadonlyMap<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  for (let at = 0; at + RECORD <= tar.length && tar[at] !== 0;) {
    const name = text(tar.subarray(at, at + 100)).replace(/^\.\//, '');
    const size = parseInt(text(tar.subarray(at + SIZE_FIELD[0], at + SIZE_FIELD[1])), 8);
    if (!Number.isFinite(size)) throw new SourceError(`the archive is damaged near ${name}`);
    const type = tar[at + TYPE_FIELD];
    at += RECORD;
    if (type === 0 || type === '0'.charCodeAt(0)) files.set(name, new Uint8Array(tar.subarray(at, at + size)));
    at += Math.ceil(size / RECORD) * RECORD;
  }
  return files;
}

function text(field: Buffer): string {
  return field.toString('latin1').split('\0', 1)[0] ?? '';
}
