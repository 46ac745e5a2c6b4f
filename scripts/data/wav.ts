/** Recordings of one channel in 16 bits: a RIFF file is chunks of a name, a length and so many bytes. */
import { check } from './cut.ts';

const PCM = 1;

/**
 * Samples in [−1, 1).
 * @param name for messages
 */
export function readWav(name: string, bytes: Uint8Array, rate: number): Float64Array {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const riff = file.toString('latin1', 0, 4) === 'RIFF' && file.toString('latin1', 8, 12) === 'WAVE';
  check(riff, `${name} is no WAV file`);
  let plain = false;
  for (let at = 12; at + 8 <= file.length;) {
    const chunk = file.toString('latin1', at, at + 4);
    const length = file.readUInt32LE(at + 4);
    at += 8;
    check(at + length <= file.length, `${name} is cut short`);
    if (chunk === 'fmt ') {
      const mono = file.readUInt16LE(at) === PCM && file.readUInt16LE(at + 2) === 1;
      plain = mono && file.readUInt32LE(at + 4) === rate && file.readUInt16LE(at + 14) === 16;
    } else if (chunk === 'data') {
      check(plain, `${name} is not one channel of 16 bits at ${rate} Hz`);
      return Float64Array.from({ length: length >> 1 }, (_, i) => file.readInt16LE(at + 2 * i) / 0x8000);
    }
    at += length + (length & 1); // chunks begin at even places
  }
  check(false, `${name} has no samples`);
}
