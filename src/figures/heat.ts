/** A small heat map as an image: hue is the sign, opacity the magnitude, so that it reads on light and on dark. */
import type { FeatureMap } from '../engine/protocol.ts';
import { paletteOf, pngUrl } from './png.ts';

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
