/** Members of a zip file, stored or deflated; what NumPy and most archives of text need. */
import { inflateRawSync } from 'node:zlib';
import { SourceError } from './cut.ts';

const END = 0x06054b50;
const END_BYTES = 22;
const ENTRY = 0x02014b50;
const ENTRY_BYTES = 46;
const LOCAL_BYTES = 30;
const STORED = 0;
const DEFLATED = 8;

/**
 * Reads the list at the end of the file, then each member where it says.
 * @param name for messages
 */
export function readZip(name: string, zip: Buffer): ReadonlyMap<string, Uint8Array> {
  // The end record stands last but for a comment, which these files do not have.
  const end = zip.length - END_BYTES;
  if (end < 0 || zip.readUInt32LE(end) !== END) throw new SourceError(`${name} is no zip file`);
  const count = zip.readUInt16LE(end + 10);
  const members = new Map<string, Uint8Array>();
  let at = zip.readUInt32LE(end + 16);
  for (let i = 0; i < count; i++) {
    if (zip.readUInt32LE(at) !== ENTRY) throw new SourceError(`${name} is damaged in its list of members`);
    const method = zip.readUInt16LE(at + 10);
    const packed = zip.readUInt32LE(at + 20);
    const nameBytes = zip.readUInt16LE(at + 28);
    const member = zip.toString('latin1', at + ENTRY_BYTES, at + ENTRY_BYTES + nameBytes);
    const local = zip.readUInt32LE(at + 42);
    // The local header repeats the name, and may have other extra fields than the list.
    const from = local + LOCAL_BYTES + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
    if (method !== STORED && method !== DEFLATED)
      throw new SourceError(`${name}: ${member} is packed by another method`);
    const data = zip.subarray(from, from + packed);
    members.set(member, method === STORED ? data : inflateRawSync(data));
    at += ENTRY_BYTES + nameBytes + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
  return members;
}
