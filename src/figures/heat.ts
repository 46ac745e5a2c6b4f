/** A small heat map as an image: hue is the sign, opacity the magnitude, so that it reads on light and on dark. */
import { interpolateViridis, rgb } from 'd3';
import type { FeatureMap } from '../engine/protocol.ts';
import { greyOf, rangeOf, toBytes } from './answer.ts';
import { sides } from './network.ts';
import { paletteOf, pngUrl, type Palette } from './png.ts';

/** The magnitude that is drawn full. */
const LARGEST = 127;

/** Blue and orange stay apart for every common kind of colour blindness. `network.css` names them for the legend. */
const HEAT = paletteOf(
  Array.from({ length: 2 * LARGEST + 1 }, (_, i) => {
    // The square root lets the faint rim of a kernel be seen.
    const opacity = Math.round(255 * Math.sqrt(Math.abs(i - LARGEST) / LARGEST));
    return i < LARGEST ? [48, 112, 226, opacity] : [222, 110, 0, opacity];
  }),
);

const INK = paletteOf(Array.from({ length: 256 }, (_, opacity) => [255, 255, 255, opacity]));

const GREY = paletteOf(Array.from({ length: 256 }, (_, i) => [i, i, i, 255]));

/** From dark to light without a turn, for every common kind of colour blindness. */
const SEQUENTIAL = paletteOf(
  Array.from({ length: 256 }, (_, i) => {
    const { r, g, b } = rgb(interpolateViridis(i / 255));
    return [r, g, b, 255];
  }),
);

/** The colour of a value in [-1, 1]. */
export const heatOf = (value: number): number => LARGEST + Math.round(LARGEST * Math.max(-1, Math.min(1, value)));

/** A pixel a colour, row-major. */
export const heatUrl = (colours: Uint8Array, rows: number, columns: number): string =>
  pngUrl(colours, rows, columns, HEAT);

/** A block's map: of an image one channel, of a sequence all, side by side. Null where there is no such channel. */
export function mapUrl({ grid, channels, values }: FeatureMap, channel: number): string | null {
  const [rows = 1, columns] = grid;
  if (columns === undefined) {
    return heatUrl(
      Uint8Array.from(values, (value) => LARGEST + value),
      rows,
      channels,
    );
  }
  if (channel >= channels) return null;
  const of = (_: unknown, i: number) => LARGEST + (values[i * channels + channel] ?? 0);
  return heatUrl(Uint8Array.from({ length: rows * columns }, of), rows, columns);
}

/** An image as ink of varying opacity, in white: the least value is paper, the largest full. Channels are averaged. */
export function inkUrl({ grid, channels, values }: FeatureMap): string {
  const [rows = 1, columns = 1] = grid;
  const grey = Float32Array.from({ length: rows * columns }, (_, i) =>
    values.subarray(i * channels, (i + 1) * channels).reduce((sum, value) => sum + value, 0),
  );
  const least = grey.reduce((a, b) => Math.min(a, b), Infinity);
  const range = grey.reduce((a, b) => Math.max(a, b), -Infinity) - least;
  const opacity = (value: number) => (range > 0 ? Math.round((255 * (value - least)) / range) : 0);
  return pngUrl(Uint8Array.from(grey, opacity), rows, columns, INK);
}

const bytesUrl =
  (palette: Palette) =>
  (bytes: Uint8Array, grid: readonly number[]): string =>
    pngUrl(bytes, ...sides(grid), palette);

/** Values from 0 to 255 as grey, black to white. */
export const greyUrl = bytesUrl(GREY);

/** A picture as it is, of three channels in colour, else the mean of its channels in grey. */
export function pictureUrl(map: FeatureMap): string {
  if (map.channels !== 3) return greyUrl(greyOf(map), map.grid);
  return pngUrl(toBytes(map.values, rangeOf(map.values)), ...sides(map.grid), null);
}

/** Values from 0 to 255 on the scale of fields. */
export const fieldUrl = bytesUrl(SEQUENTIAL);

/** Values of either sign; those of the size of `most` are drawn full. */
export const signedUrl = (values: Float32Array, grid: readonly number[], most: number): string =>
  heatUrl(
    Uint8Array.from(values, (value) => heatOf(value / most)),
    ...sides(grid),
  );

/** The scales themselves, from left to right. */
export const FIELD_SCALE = fieldUrl(
  Uint8Array.from({ length: 256 }, (_, i) => i),
  [1, 256],
);
export const SIGNED_SCALE = signedUrl(
  Float32Array.from({ length: 255 }, (_, i) => i - LARGEST),
  [1, 255],
  LARGEST,
);
