/** A small heat map as an image: hue is the sign, opacity the magnitude, so that it reads on light and on dark. */
import type { FeatureMap } from '../engine/protocol.ts';

/** Blue and orange stay apart for every common kind of colour blindness. `network.css` names them for the legend. */
const POSITIVE = [222, 110, 0] as const;
const NEGATIVE = [48, 112, 226] as const;
/** The magnitude that is drawn full. */
const LARGEST_BYTE = 127;

/** One canvas for all: making one is the slowest part, and reading back is all that is done with it. */
let shared: CanvasRenderingContext2D | null = null;

/** A PNG as data URL; `paint` fills the pixels' bytes: red, green, blue, opacity. */
function pictureUrl(rows: number, columns: number, paint: (bytes: Uint8ClampedArray) => void): string {
  shared ??= document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const context = shared;
  if (context === null) return '';
  context.canvas.width = columns;
  context.canvas.height = rows;
  const image = context.createImageData(columns, rows);
  paint(image.data);
  context.putImageData(image, 0, 0);
  return context.canvas.toDataURL();
}

/** A pixel a value; values lie in [-1, 1], row-major. */
export function heatUrl(values: ArrayLike<number>, rows: number, columns: number): string {
  return pictureUrl(rows, columns, (bytes) => {
    for (let i = 0; i < rows * columns; i++) {
      const value = values[i] ?? 0;
      const hue = value < 0 ? NEGATIVE : POSITIVE;
      bytes[4 * i] = hue[0];
      bytes[4 * i + 1] = hue[1];
      bytes[4 * i + 2] = hue[2];
      // The square root lets the faint rim of a kernel be seen.
      bytes[4 * i + 3] = Math.round(255 * Math.sqrt(Math.min(1, Math.abs(value))));
    }
  });
}

/** A block's map: of an image one channel, of a sequence all, side by side. Null where there is no such channel. */
export function mapUrl({ grid, channels, values }: FeatureMap, channel: number): string | null {
  const [rows = 1, columns] = grid;
  if (columns === undefined) {
    return heatUrl(
      Float32Array.from(values, (value) => value / LARGEST_BYTE),
      rows,
      channels,
    );
  }
  if (channel >= channels) return null;
  const of = (_: unknown, i: number) => (values[i * channels + channel] ?? 0) / LARGEST_BYTE;
  return heatUrl(Float32Array.from({ length: rows * columns }, of), rows, columns);
}

/** An image as ink of varying opacity, in white: the least value is paper, the largest full. Channels are averaged. */
export function inkUrl({ grid, channels, values }: FeatureMap): string {
  const [rows = 1, columns = 1] = grid;
  const grey = Float32Array.from({ length: rows * columns }, (_, i) =>
    values.subarray(i * channels, (i + 1) * channels).reduce((sum, value) => sum + value, 0),
  );
  const least = grey.reduce((a, b) => Math.min(a, b), Infinity);
  const range = grey.reduce((a, b) => Math.max(a, b), -Infinity) - least;
  return pictureUrl(rows, columns, (bytes) => {
    bytes.fill(255);
    grey.forEach((value, i) => (bytes[4 * i + 3] = range > 0 ? Math.round((255 * (value - least)) / range) : 0));
  });
}
