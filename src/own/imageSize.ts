/** The size of a picture from its first bytes, so that none is decoded that would fill the memory. */
import type { Size } from './resample.ts';

/** Markers of JPEG that carry no length, and those that begin a frame. */
const BARE = (marker: number): boolean => marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8);
const FRAME = (marker: number): boolean =>
  marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;

/** `[height, width]` of PNG, JPEG, GIF, BMP and WebP; null where the bytes are none of these or cut short. */
export function imageSize(bytes: Uint8Array<ArrayBuffer>): Size | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const word = (at: number, length: number): string => String.fromCharCode(...bytes.subarray(at, at + length));
  if (bytes.length < 30) return null;
  if (word(1, 3) === 'PNG') return [view.getUint32(20), view.getUint32(16)];
  if (word(0, 4) === 'GIF8') return [view.getUint16(8, true), view.getUint16(6, true)];
  if (word(0, 2) === 'BM') return [Math.abs(view.getInt32(22, true)), Math.abs(view.getInt32(18, true))];
  if (word(0, 4) === 'RIFF' && word(8, 4) === 'WEBP') return webpSize(view, word(12, 4));
  return bytes[0] === 0xff && bytes[1] === 0xd8 ? jpegSize(view) : null;
}

function jpegSize(view: DataView): Size | null {
  for (let at = 2; at + 9 <= view.byteLength;) {
    const marker = view.getUint8(at + 1);
    if (view.getUint8(at) !== 0xff) return null;
    if (FRAME(marker)) return [view.getUint16(at + 5), view.getUint16(at + 7)];
    // Fill bytes before a marker count one at a time.
    at += marker === 0xff ? 1 : BARE(marker) ? 2 : 2 + view.getUint16(at + 2);
  }
  return null;
}

/** Lossy, lossless, extended. */
function webpSize(view: DataView, kind: string): Size | null {
  switch (kind) {
    case 'VP8 ':
      return [view.getUint16(28, true) & 0x3fff, view.getUint16(26, true) & 0x3fff];
    case 'VP8L': {
      const bits = view.getUint32(21, true);
      return [((bits >> 14) & 0x3fff) + 1, (bits & 0x3fff) + 1];
    }
    case 'VP8X': {
      const side = (at: number): number => (view.getUint16(at, true) | (view.getUint8(at + 2) << 16)) + 1;
      return [side(27), side(24)];
    }
    default:
      return null;
  }
}
