/** A small heat map as an image: hue is the sign, opacity the magnitude, so that it reads on light and on dark. */

/** Blue and orange stay apart for every common kind of colour blindness. */
const POSITIVE = [222, 110, 0] as const;
const NEGATIVE = [48, 112, 226] as const;

/** One canvas for all: making one is the slowest part, and reading back is all that is done with it. */
let shared: CanvasRenderingContext2D | null = null;

/** A PNG as data URL, a pixel a value; values lie in [-1, 1], row-major. */
export function heatUrl(values: readonly number[], rows: number, columns: number): string {
  shared ??= document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const context = shared;
  if (context === null) return '';
  context.canvas.width = columns;
  context.canvas.height = rows;
  const image = context.createImageData(columns, rows);
  values.forEach((value, i) => {
    const hue = value < 0 ? NEGATIVE : POSITIVE;
    // The square root lets the faint rim of a kernel be seen.
    image.data.set([...hue, Math.round(255 * Math.sqrt(Math.min(1, Math.abs(value))))], 4 * i);
  });
  context.putImageData(image, 0, 0);
  return context.canvas.toDataURL();
}
