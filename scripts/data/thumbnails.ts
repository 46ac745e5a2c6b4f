/** Thumbnails from real samples: tiles of grey images as PNG, an ECG trace coloured by wave as SVG. */
import { blankPicture, encodePng } from './png.ts';

/** All thumbnails are 264×174: shown at 132×87, they are sharp on screens of double density. */
const COLUMNS = 3;
const ROWS = 2;
const TILE = 84;
const GAP = 6;
const WIDTH = COLUMNS * TILE + (COLUMNS - 1) * GAP;
const HEIGHT = ROWS * TILE + (ROWS - 1) * GAP;

/** From the tile's own dark ground to near white, so that it reads on light and dark pages alike. */
const GROUND = [30, 34, 42] as const;
const LIGHT = [244, 246, 250] as const;

/** Six square grey images, values 0 to `maximum`, each enlarged by whole pixels on a dark tile; PNG. */
export function imageTiles(images: readonly Uint8Array[], side: number, maximum: number): Buffer {
  const picture = blankPicture(WIDTH, HEIGHT);
  const zoom = Math.floor(TILE / side);
  const margin = Math.floor((TILE - zoom * side) / 2);
  images.slice(0, COLUMNS * ROWS).forEach((image, index) => {
    const left = (index % COLUMNS) * (TILE + GAP);
    const top = Math.floor(index / COLUMNS) * (TILE + GAP);
    for (let y = 0; y < TILE; y++) {
      for (let x = 0; x < TILE; x++) {
        const row = Math.floor((y - margin) / zoom);
        const column = Math.floor((x - margin) / zoom);
        const inside = row >= 0 && row < side && column >= 0 && column < side;
        const ink = inside ? (image[row * side + column] ?? 0) / maximum : 0;
        const colour = GROUND.map((dark, channel) => Math.round(dark + ink * ((LIGHT[channel] ?? 0) - dark)));
        picture.pixels.set([...colour, 255], ((top + y) * WIDTH + left + x) * 4);
      }
    }
  });
  return encodePng(picture);
}

/** Mid tones that hold against white and against near black, told apart by the colour-blind too. */
const WAVE_COLOURS = ['#8b93a1', '#2a8bd6', '#e0662a', '#12a67c'] as const;
const PADDING = 10;

/** One lead, coloured by label (0 none, 1 P, 2 QRS, 3 T); SVG. */
export function ecgTrace(values: ArrayLike<number>, labels: ArrayLike<number>): Buffer {
  const samples = Array.from({ length: values.length }, (_, i) => values[i] ?? 0);
  const low = Math.min(...samples);
  const high = Math.max(...samples);
  const point = (i: number): string => {
    const x = (i / (samples.length - 1)) * WIDTH;
    const y = PADDING + ((high - (samples[i] ?? 0)) / (high - low)) * (HEIGHT - 2 * PADDING);
    return `${x.toFixed(1)} ${y.toFixed(1)}`;
  };
  const strokes: string[] = [];
  let from = 0;
  for (let i = 1; i <= samples.length; i++) {
    if (i < samples.length && labels[i] === labels[from]) continue;
    // Each stroke reaches the first point of the next, so that no gap shows between colours.
    const to = Math.min(i, samples.length - 1);
    const points = Array.from({ length: to - from + 1 }, (_, k) => point(from + k)).join('L');
    const colour = WAVE_COLOURS[labels[from] ?? 0] ?? WAVE_COLOURS[0];
    strokes.push(`<path stroke="${colour}" d="M${points}"/>`);
    from = i;
  }
  const frame = `viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}"`;
  const pen = 'fill="none" stroke-width="4" stroke-linejoin="round" stroke-linecap="round"';
  return Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" ${frame}><g ${pen}>${strokes.join('')}</g></svg>\n`);
}
