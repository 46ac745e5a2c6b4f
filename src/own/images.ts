/** Pictures by folder, of any sizes, brought to one. */
import { MOST_PIXELS, checkDecoded, grouped } from './limits.ts';
import { type Placed, placeByFolder } from './folders.ts';
import { imageSize } from './imageSize.ts';
import { type DecodedImage, OwnDataError } from './own.ts';
import type { Entry, Reading } from './reading.ts';
import { type Size, resample, resampling, trainingSize } from './resample.ts';
import { type Part, type Samples, codeLabels, shapeInWords, volume } from './samples.ts';

const COLOURS = 3;
const RGBA = 4;

export function isImage(path: string): boolean {
  return /\.(?:png|jpe?g|gif|webp|bmp)$/i.test(path);
}

/** A picture with the size that its first bytes tell. */
interface Sized extends Placed {
  readonly size: Size;
}

/**
 * `[n, height, width, channels]` in 0 to 255: one channel where all pictures are grey, else three; what is transparent
 * lies on white.
 * @throws OwnDataError where no folder names a class, or more than half of the files are no pictures
 */
export async function readImages(entries: readonly Entry[], reading: Reading): Promise<Samples> {
  const { notes, options } = reading;
  const placed = placeByFolder(entries, 'images', notes);
  const reasons: string[] = [];
  const sized = await measure(placed, reading, reasons);
  const to = options.resize ?? trainingSize(sized.map(({ size }) => size));
  const others = sized.filter(({ size }) => size.join() !== to.join()).length;
  if (others > 0) {
    const all = grouped(sized.length);
    notes.add(`${grouped(others)} of ${all} images were cut to shape and brought to ${shapeInWords(to)}.`);
  }
  checkDecoded(sized.length * volume(to), COLOURS);

  const inputs = new Uint8Array(sized.length * volume(to) * COLOURS);
  const read: Placed[] = [];
  let isGrey = true;
  for (const [index, one] of sized.entries()) {
    const image = await decode(one.entry, reading, reasons);
    if (image !== null) {
      const colours = onWhite(image);
      isGrey &&= allGrey(colours);
      const at = { source: 0, target: read.length * volume(to) * COLOURS };
      resample(resampling([image.height, image.width], to), COLOURS, colours, inputs, at);
      read.push(one);
    }
    await reading.pace(0.2 + (0.8 * index) / sized.length);
  }
  notes.leaveOut('images', placed.length, reasons);
  const channels = isGrey ? 1 : COLOURS;
  const labels = read.map(({ label }) => label);
  const { names, codes } = codeLabels(entries[0]?.path ?? 'images', labels, options.classNames);
  const part = (half: Placed['half']): Part => {
    const chosen = read.flatMap((one, index) => (one.half === half ? [index] : []));
    const kept = new Uint8Array(chosen.length * volume(to) * channels);
    chosen.forEach((index, at) => {
      const from = index * volume(to) * COLOURS;
      for (let i = 0; i < volume(to) * channels; i++) {
        kept[at * volume(to) * channels + i] = inputs[from + (isGrey ? i * COLOURS : i)]!;
      }
    });
    return { count: chosen.length, inputs: kept, labels: Uint8Array.from(chosen, (index) => codes[index]!) };
  };
  const test = part('test');
  return {
    format: 'Images by folder',
    kind: 'classes',
    names,
    grid: to,
    channels,
    train: part('train'),
    test: test.count > 0 ? test : null,
  };
}

async function measure(placed: readonly Placed[], { pace }: Reading, reasons: string[]): Promise<readonly Sized[]> {
  const sized: Sized[] = [];
  for (const [index, one] of placed.entries()) {
    const { path, bytes } = one.entry;
    const size = await bytes().then(imageSize, keepReason(reasons));
    if (size === null) reasons.push(`${path} is not an image`);
    else if (size !== undefined && volume(size) > MOST_PIXELS) {
      reasons.push(`${path} is of ${shapeInWords(size)} pixels, which is too large; make it smaller`);
    } else if (size !== undefined) sized.push({ ...one, size });
    await pace((0.2 * index) / placed.length);
  }
  return sized;
}

/** For what is wrong with one file of an archive: the others may be good. */
function keepReason(reasons: string[]): (error: unknown) => undefined {
  return (error) => {
    if (!(error instanceof OwnDataError)) throw error;
    reasons.push(error.message);
    return undefined;
  };
}

async function decode(
  { path, bytes }: Entry,
  { decodeImage }: Reading,
  reasons: string[],
): Promise<DecodedImage | null> {
  const content = await bytes();
  try {
    const image = await decodeImage(content, path);
    const { width, height, data } = image;
    if (width > 0 && height > 0 && data.length === width * height * RGBA) return image;
  } catch {
    // The reason is the same whatever the decoder says.
  }
  reasons.push(`${path} is not an image, or damaged`);
  return null;
}

function onWhite({ width, height, data }: DecodedImage): Uint8Array {
  const colours = new Uint8Array(width * height * COLOURS);
  for (let from = 0, to = 0; from < data.length; from += RGBA, to += COLOURS) {
    const opacity = data[from + COLOURS]!;
    for (let colour = 0; colour < COLOURS; colour++) {
      const value = data[from + colour]!;
      colours[to + colour] = opacity === 255 ? value : Math.round(255 + ((value - 255) * opacity) / 255);
    }
  }
  return colours;
}

function allGrey(colours: Uint8Array): boolean {
  for (let at = 0; at < colours.length; at += COLOURS) {
    if (colours[at] !== colours[at + 1] || colours[at] !== colours[at + 2]) return false;
  }
  return true;
}
