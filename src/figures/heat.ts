/** A small heat map as an image: hue is the sign, opacity the magnitude, so that it reads on light and on dark. */

/** Blue and orange stay apart for every common kind of colour blindness. */
const POSITIVE = [222, 110, 0] as const;
const NEGATIVE = [48, 112, 226] as const;

/** One canvas for all: making one is the slowest part, and reading back is all that is done with it. */
let shared: CanvasRenderingContext2D | null = null;

/** A PNG as data URL, a pixel a value; values lie in [-1, 1], row-major. */
export function heatUrl(values: readonly number[], rows: number, columns: number): string {
  // The square root lets the faint rim of a kernel be seen.
  return imageUrl(values, rows, columns, (value) => [
    ...(value < 0 ? NEGATIVE : POSITIVE),
    Math.round(255 * Math.sqrt(Math.min(1, Math.abs(value)))),
  ]);
}

/** A picture in greys, from its darkest value to its brightest. */
export function greyUrl(values: readonly number[], rows: number, columns: number): string {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return imageUrl(values, rows, columns, (value) => {
    const grey = Math.round((255 * (value - low)) / Math.max(1e-9, high - low));
    return [grey, grey, grey, 255];
  });
}

function imageUrl(
  values: readonly number[],
  rows: number,
  columns: number,
  colour: (value: number) => readonly number[],
): string {
  shared ??= document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const context = shared;
  if (context === null) return '';
  context.canvas.width = columns;
  context.canvas.height = rows;
  const image = context.createImageData(columns, rows);
  values.forEach((value, i) => {
    image.data.set(colour(value), 4 * i);
  });
  context.putImageData(image, 0, 0);
  return context.canvas.toDataURL();
}
