/** Animations as GIF, for browsers that encode no video: smaller and with fewer frames, since a GIF grows fast. */
import { applyPalette, GIFEncoder, quantize } from 'gifenc';
import type { Encoder } from './encoder.ts';

const COLOURS = 256;

export function openGif(context: CanvasRenderingContext2D): Encoder {
  const gif = GIFEncoder();
  return {
    extension: 'gif',
    scale: 0.625,
    every: 3,
    add: (seconds) => {
      const { width, height } = context.canvas;
      const { data } = context.getImageData(0, 0, width, height);
      const palette = quantize(data, COLOURS);
      gif.writeFrame(applyPalette(data, palette), width, height, { palette, delay: 1000 * seconds });
      return Promise.resolve();
    },
    finish: () => {
      gif.finish();
      return Promise.resolve(new Blob([gif.bytes()], { type: 'image/gif' }));
    },
    cancel: () => Promise.resolve(),
  };
}
