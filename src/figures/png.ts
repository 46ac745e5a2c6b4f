/**
 * A small picture as a PNG data URL, without a canvas: a canvas takes ten times as long to encode
 * one, and dozens of them come at once. The pixels are stored rather than compressed (PNG, 2nd edition; RFC 1950, 1951).
 */

type Bytes = ArrayLike<number>;

/** Up to 256 colours, as they stand in the file. */
export type Palette = readonly Bytes[];

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
/** Eight bits a number, indices into a palette or red, green and blue, no interlacing. */
const INDEXED = [8, 3, 0, 0, 0];
const TRUE_COLOUR = [8, 2, 0, 0, 0];
/** A zlib stream with a window of 32 KiB. */
const ZLIB = [0x78, 0x01];
const MOST_STORED = 0xffff;

/** A colour of the palette a pixel or, without one, red, green and blue. */
export function pngUrl(pixels: Uint8Array, rows: number, columns: number, palette: Palette | null): string {
  const each = palette === null ? 3 * columns : columns;
  const raw = new Uint8Array(rows * (each + 1));
  // Each row begins with its filter, which is none.
  for (let row = 0; row < rows; row++) raw.set(pixels.subarray(row * each, (row + 1) * each), row * (each + 1) + 1);
  const png = join([
    SIGNATURE,
    chunk('IHDR', [word(columns), word(rows), palette === null ? TRUE_COLOUR : INDEXED]),
    ...(palette ?? []),
    chunk('IDAT', [ZLIB, ...stored(raw), word(adler(raw))]),
    chunk('IEND', []),
  ]);
  return `data:image/png;base64,${btoa(lettersOf(png))}`;
}

/** From red, green, blue and opacity, each in [0, 255]. */
export function paletteOf(colours: readonly (readonly [number, number, number, number])[]): Palette {
  return [
    chunk('PLTE', [colours.flatMap(([red, green, blue]) => [red, green, blue])]),
    chunk('tRNS', [colours.map(([, , , opacity]) => opacity)]),
  ];
}

function join(parts: readonly Bytes[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

const word = (value: number): number[] => [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255];

function chunk(name: string, parts: readonly Bytes[]): Uint8Array {
  const body = join([Array.from(name, (letter) => letter.charCodeAt(0)), ...parts]);
  return join([word(body.length - name.length), body, word(crc(body))]);
}

function stored(raw: Uint8Array): Bytes[] {
  const blocks: Bytes[] = [];
  for (let start = 0; start < raw.length; start += MOST_STORED) {
    const part = raw.subarray(start, start + MOST_STORED);
    const { length } = part;
    const last = start + length === raw.length ? 1 : 0;
    blocks.push([last, length & 255, length >> 8, ~length & 255, (~length >> 8) & 255], part);
  }
  return blocks;
}

function adler(bytes: Uint8Array): number {
  let low = 1;
  let high = 0;
  for (const byte of bytes) {
    low = (low + byte) % 65521;
    high = (high + low) % 65521;
  }
  return ((high << 16) | low) >>> 0;
}

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  let value = n;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
  return value >>> 0;
});

function crc(bytes: Uint8Array): number {
  let value = 0xffffffff;
  for (const byte of bytes) value = CRC_TABLE[(value ^ byte) & 255]! ^ (value >>> 8);
  return (value ^ 0xffffffff) >>> 0;
}

/** A letter a byte, in pieces, since a call takes only so many arguments. */
function lettersOf(bytes: Uint8Array): string {
  let letters = '';
  for (let at = 0; at < bytes.length; at += 4096) {
    letters += String.fromCharCode(...Array.from(bytes.subarray(at, at + 4096)));
  }
  return letters;
}
