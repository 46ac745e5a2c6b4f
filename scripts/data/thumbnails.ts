/** Thumbnails from real samples: tiles of grey images as PNG, an ECG trace coloured by wave as SVG. */
import { blankPicture, encodePng } from './png.ts';

/** All thumbnails are 264×174: shown at 132×87, they are sharp on screens of double density. */
export const WIDTH = 264;
export const HEIGHT = 174;
const GAP = 6;

/** From the tile's own dark ground to near white, so that it reads on light and dark pages alike. */
const GROUND = [30, 34, 42] as const;
const LIGHT = [244, 246, 250] as const;

/** Six square grey images, values 0 to `maximum`, each enlarged by whole pixels on a dark tile; PNG. */
export function imageTiles(images: readonly Uint8Array[], side: number, maximum: number): Buffer {
  const inks = images.map((image) => Float64Array.from(image, (value) => value / maximum));
  return tiles(inks, { width: side, height: side, columns: 3, rows: 2 });
}

/** Six sequences, values 0 to `maximum`, each as a strip of upright bars, the brightest of neighbours; PNG. */
export function strips(sequences: readonly Uint8Array[], maximum: number): Buffer {
  const inks = sequences.map((sequence) => {
    const step = Math.ceil(sequence.length / WIDTH);
    const bars = Array.from({ length: Math.ceil(sequence.length / step) }, (_, i) =>
      Math.max(...sequence.subarray(i * step, (i + 1) * step)),
    );
    return Float64Array.from({ length: WIDTH }, (_, i) => (bars[i] ?? 0) / maximum);
  });
  return tiles(inks, { width: WIDTH, height: 1, columns: 1, rows: 6 });
}

/** Two sequences of many channels, values −127 to 127, the first channel at the bottom; PNG. */
export function heatMaps(sequences: readonly Int8Array[], length: number, channels: number): Buffer {
  const inks = sequences.map((values) =>
    Float64Array.from({ length: length * channels }, (_, i) => {
      const [row, time] = [Math.floor(i / length), i % length];
      return 0.5 + (values[time * channels + channels - 1 - row] ?? 0) / 254;
    }),
  );
  return tiles(inks, { width: length, height: channels, columns: 1, rows: 2 });
}

interface Tiling {
  /** Of an image, in its own pixels. */
  readonly width: number;
  readonly height: number;
  readonly columns: number;
  readonly rows: number;
}

/** Images of ink from 0 to 1, in a tile each. */
function tiles(images: readonly Float64Array[], { width, height, columns, rows }: Tiling): Buffer {
  const picture = blankPicture(WIDTH, HEIGHT);
  const tile = { width: (WIDTH + GAP) / columns - GAP, height: (HEIGHT + GAP) / rows - GAP };
  const zoom = { x: Math.floor(tile.width / width), y: Math.floor(tile.height / height) };
  const margin = {
    x: Math.floor((tile.width - zoom.x * width) / 2),
    y: Math.floor((tile.height - zoom.y * height) / 2),
  };
  images.slice(0, columns * rows).forEach((image, index) => {
    const left = (index % columns) * (tile.width + GAP);
    const top = Math.floor(index / columns) * (tile.height + GAP);
    for (let y = 0; y < tile.height; y++) {
      for (let x = 0; x < tile.width; x++) {
        const row = Math.floor((y - margin.y) / zoom.y);
        const column = Math.floor((x - margin.x) / zoom.x);
        const inside = row >= 0 && row < height && column >= 0 && column < width;
        const ink = inside ? (image[row * width + column] ?? 0) : 0;
        const colour = GROUND.map((dark, channel) => Math.round(dark + ink * ((LIGHT[channel] ?? 0) - dark)));
        picture.pixels.set([...colour, 255], ((top + y) * WIDTH + left + x) * 4);
      }
    }
  });
  return encodePng(picture);
}

/** Mid tones that hold against white and against near black, told apart by the colour-blind too. */
export const WAVE_COLOURS = ['#8b93a1', '#2a8bd6', '#e0662a', '#12a67c'] as const;
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
  return svg(strokes, 4);
}

/** Three recordings, one below the other, as upright strokes from the least to the largest of neighbours; SVG. */
export function waveforms(recordings: readonly Int8Array[]): Buffer {
  const pitch = 4;
  const across = Math.floor(WIDTH / pitch);
  const row = HEIGHT / recordings.length;
  const paths = recordings.map((values, index) => {
    const step = Math.ceil(values.length / across);
    const strokes = Array.from({ length: Math.floor(values.length / step) }, (_, i) => {
      const part = values.subarray(i * step, (i + 1) * step);
      const y = (value: number): number => Math.round((index + 0.5 - (0.46 * value) / 127) * row);
      // Silence too has a stroke: a round dot.
      return `M${pitch * i + pitch / 2} ${y(Math.max(...part))}V${y(Math.min(...part)) + 0.1}`;
    });
    return `<path stroke="${WAVE_COLOURS[1 + (index % 3)] ?? ''}" d="${strokes.join('')}"/>`;
  });
  return svg(paths, 2.5);
}

/** Sentences as lines of words without their letters, coloured by label; SVG. */
export function sentences(samples: readonly { readonly text: string; readonly label: number }[]): Buffer {
  const [letter, line, thickness] = [5, 19, 9];
  let y = thickness;
  const paths = samples.map(({ text, label }) => {
    let x = 0;
    const strokes: string[] = [];
    for (const { length } of text.split(' ')) {
      if (x + length * letter > WIDTH) [x, y] = [0, y + line];
      const ends = thickness / 2; // what the round caps add
      if (y < HEIGHT) strokes.push(`M${x + ends} ${y}H${x + Math.max(ends, length * letter - ends) + 0.1}`);
      x += length * letter + 6;
    }
    y += line + 5;
    return `<path stroke="${label === 0 ? WAVE_COLOURS[1] : WAVE_COLOURS[2]}" d="${strokes.join('')}"/>`;
  });
  return svg(paths, thickness);
}

export function svg(paths: readonly string[], thickness: number): Buffer {
  const frame = `viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}"`;
  const pen = `fill="none" stroke-width="${thickness}" stroke-linejoin="round" stroke-linecap="round"`;
  return Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" ${frame}><g ${pen}>${paths.join('')}</g></svg>\n`);
}
