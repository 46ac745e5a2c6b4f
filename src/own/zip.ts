/** Zip archives: their directory by hand, since only it tells the sizes, and their contents by fflate. */
import { Inflate } from 'fflate';
import type { Unpacked } from './limits.ts';
import { OwnDataError } from './own.ts';
import type { Reading } from './reading.ts';

const END = 0x06054b50;
const END_BYTES = 22;
const MOST_COMMENT = 0xffff;
const CENTRAL = 0x02014b50;
const CENTRAL_BYTES = 46;
const LOCAL = 0x04034b50;
const LOCAL_BYTES = 30;
const ENCRYPTED = 1;
const STORED = 0;
const DEFLATED = 8;
/** What one push may unpack to is bounded by its size: deflate gives at most 1,032 times as much. */
const PUSH_BYTES = 1 << 16;

export interface ZipEntry {
  readonly path: string;
  /** Unpacks it; rejects with `OwnDataError` where it is damaged, encrypted, of an unknown method or too much. */
  readonly unpack: (unpacked: Unpacked, pace: Reading['pace']) => Promise<Uint8Array<ArrayBuffer>>;
}

/** Sizes and place of an entry, as the directory has them. */
interface Directory {
  readonly file: string;
  readonly path: string;
  readonly flags: number;
  readonly method: number;
  readonly crc: number;
  readonly packedSize: number;
  readonly local: number;
}

export function isZip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 3 && bytes[3] === 4;
}

/**
 * The files of an archive, in the order of its directory; folders are passed over.
 * @param file for messages
 * @throws OwnDataError where the archive is cut short or its directory is damaged
 */
export function readZip(file: string, bytes: Uint8Array<ArrayBuffer>): readonly ZipEntry[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = findEnd(view);
  if (end < 0) throw new OwnDataError(`${file}: the zip ends before its directory; copy or download it again`);
  const count = view.getUint16(end + 10, true);
  let at = view.getUint32(end + 16, true);
  if (count === 0xffff || at === 0xffffffff) {
    throw new OwnDataError(`${file}: zips of over 65,534 files are not read; unpack it and give the folder`);
  }
  const entries: ZipEntry[] = [];
  for (let i = 0; i < count; i++) {
    if (at + CENTRAL_BYTES > end || view.getUint32(at, true) !== CENTRAL) {
      throw new OwnDataError(`${file}: the zip's directory is damaged at file ${i + 1} of ${count}; zip it again`);
    }
    const nameLength = view.getUint16(at + 28, true);
    const path = new TextDecoder().decode(bytes.subarray(at + CENTRAL_BYTES, at + CENTRAL_BYTES + nameLength));
    const directory: Directory = {
      file,
      path,
      flags: view.getUint16(at + 8, true),
      method: view.getUint16(at + 10, true),
      crc: view.getUint32(at + 16, true),
      packedSize: view.getUint32(at + 20, true),
      local: view.getUint32(at + 42, true),
    };
    if (!path.endsWith('/')) {
      entries.push({ path, unpack: (unpacked, pace) => unpackEntry(directory, bytes, unpacked, pace) });
    }
    at += CENTRAL_BYTES + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  return entries;
}

/** Where the record at the end begins, before a comment of any length; −1 where there is none. */
function findEnd(view: DataView): number {
  const last = view.byteLength - END_BYTES;
  for (let at = last; at >= Math.max(0, last - MOST_COMMENT); at--) {
    if (view.getUint32(at, true) === END) return at;
  }
  return -1;
}

async function unpackEntry(
  { file, path, flags, method, crc, packedSize, local }: Directory,
  bytes: Uint8Array<ArrayBuffer>,
  unpacked: Unpacked,
  pace: Reading['pace'],
): Promise<Uint8Array<ArrayBuffer>> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const place = `${file}: ${path}`;
  if ((flags & ENCRYPTED) !== 0) throw new OwnDataError(`${place} is encrypted; zip it without a password`);
  if (local + LOCAL_BYTES > bytes.length || view.getUint32(local, true) !== LOCAL) {
    throw new OwnDataError(`${place} is not where the zip's directory says; zip it again`);
  }
  const from = local + LOCAL_BYTES + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
  const packed = bytes.subarray(from, from + packedSize);
  if (packed.length < packedSize) throw new OwnDataError(`${place} is cut short; copy or download the zip again`);
  const content = await contentOf(place, method, packed, unpacked, pace);
  if (crc32(content) !== crc) throw new OwnDataError(`${place} is damaged: its checksum is wrong; zip it again`);
  return content;
}

function contentOf(
  place: string,
  method: number,
  packed: Uint8Array<ArrayBuffer>,
  unpacked: Unpacked,
  pace: Reading['pace'],
): Uint8Array<ArrayBuffer> | Promise<Uint8Array<ArrayBuffer>> {
  switch (method) {
    case STORED:
      unpacked.add(packed.length, place, packed.length, packed.length);
      return packed;
    case DEFLATED:
      return inflate(place, packed, unpacked, pace);
    default:
      throw new OwnDataError(`${place} is packed by method ${method}, which is not read; zip it as usual (deflate)`);
  }
}

async function inflate(
  place: string,
  packed: Uint8Array,
  unpacked: Unpacked,
  pace: Reading['pace'],
): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let total = 0;
  const inflater = new Inflate((chunk) => {
    chunks.push(chunk);
    total += chunk.length;
    unpacked.add(chunk.length, place, total, packed.length);
  });
  for (let at = 0; at < packed.length; at += PUSH_BYTES) {
    try {
      inflater.push(packed.subarray(at, at + PUSH_BYTES), at + PUSH_BYTES >= packed.length);
    } catch (cause) {
      if (cause instanceof OwnDataError) throw cause;
      throw new OwnDataError(`${place} is damaged: it cannot be unpacked; zip it again`, { cause });
    }
    await pace();
  }
  return joined(chunks, total);
}

/** Chunks one after the other, `total` bytes in all. */
export function joined(chunks: readonly Uint8Array[], total: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(total);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

const CRC = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = (crc & 1) === 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  return crc;
});

function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = CRC[(crc ^ byte) & 255]! ^ (crc >>> 8);
  return ~crc >>> 0;
}
