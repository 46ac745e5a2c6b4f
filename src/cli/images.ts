/** Decodes pictures in Node, where there is no canvas: PNG and JPEG. */
import { convertIndexedToRgb, decode as decodePng, type DecodedPng } from 'fast-png';
import { decode as decodeJpeg } from 'jpeg-js';
import type { DecodeImage, DecodedImage } from '../own/own.ts';

/** Most memory of a JPEG while it is decoded, in MB. */
const MOST_MEMORY = 1024;

/** Rejects for pictures of other kinds, and damaged ones. */
export const decodeImage: DecodeImage = (bytes) =>
  Promise.resolve().then(() => (bytes[0] === 0xff ? readJpeg(bytes) : fromPng(decodePng(bytes, { checkCrc: true }))));

function readJpeg(bytes: Uint8Array): DecodedImage {
  return decodeJpeg(bytes, { useTArray: true, formatAsRGBA: true, maxMemoryUsageInMB: MOST_MEMORY });
}

/** From grey or coloured, with or without opacity, of any depth, or a palette. */
function fromPng(png: DecodedPng): DecodedImage {
  const { width, height, depth } = png;
  // Grey of under 8 bits is packed as a palette's indices are.
  const palette = png.palette ?? (depth < 8 ? greys(2 ** depth) : undefined);
  const values = palette === undefined ? png.data : convertIndexedToRgb({ ...png, palette });
  const shift = palette === undefined && depth === 16 ? 8 : 0;
  const channels = values.length / (width * height);
  const isGrey = channels < 3;
  const hasOpacity = channels % 2 === 0;
  const data = new Uint8Array(width * height * 4);
  for (let from = 0, to = 0; to < data.length; from += channels, to += 4) {
    for (let colour = 0; colour < 3; colour++) data[to + colour] = values[from + (isGrey ? 0 : colour)]! >> shift;
    data[to + 3] = hasOpacity ? values[from + channels - 1]! >> shift : 255;
  }
  return { width, height, data };
}

function greys(count: number): number[][] {
  return Array.from({ length: count }, (_, index) => Array<number>(3).fill((index * 255) / (count - 1)));
}
