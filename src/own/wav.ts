/** WAV: uncompressed sounds, mixed to one channel and made coarser until they fit. */
import { MOST_LENGTH, checkDecoded, grouped } from './limits.ts';
import { OwnDataError } from './own.ts';
import type { Entry, Reading } from './reading.ts';
import { placeByFolder } from './folders.ts';
import { type Part, type Samples, codeLabels } from './samples.ts';

const PCM = 1;
const FLOAT = 3;
const EXTENSIBLE = 0xfffe;
/** A sound so many times as long as the one in the middle is cut there, or it would coarsen all others. */
const MOST_OF_MIDDLE = 2;

/** What a header says, and where the samples are. */
interface Sound {
  readonly rate: number;
  readonly channels: number;
  /** Samples a channel. */
  readonly frames: number;
  readonly sample: (at: number) => number;
  readonly sampleBytes: number;
  readonly start: number;
}

/** A sound whose header was read, by its place in the folders. */
interface Member {
  readonly entry: Entry;
  readonly label: string;
  readonly half: 'train' | 'test';
  readonly rate: number;
  readonly frames: number;
}

/**
 * Sounds by folder: `[n, length, 1]`, values in −1 to 1.
 * @throws OwnDataError where no folder names a class, or more than half of the files are no sounds that are read
 */
export async function readWavs(entries: readonly Entry[], reading: Reading): Promise<Samples> {
  const { notes, options, pace } = reading;
  const reasons: string[] = [];
  const members: Member[] = [];
  const placed = placeByFolder(entries, 'sounds', notes);
  for (const [index, { entry, label, half }] of placed.entries()) {
    await pace((0.4 * index) / placed.length);
    const sound = await readable(entry, reasons);
    if (sound !== null) members.push({ entry, label, half, rate: sound.rate, frames: sound.frames });
  }
  notes.leaveOut('sounds', placed.length, reasons);
  const [first] = members;
  if (first === undefined) throw new OwnDataError('no sounds were found in folders named by class; give such folders');

  const rate = mostFrequent(members.map((member) => member.rate));
  const other = members.filter((member) => member.rate !== rate).length;
  if (other > 0)
    notes.add(`${grouped(other)} of ${grouped(members.length)} sounds were brought to ${grouped(rate)} Hz.`);
  const framesAt = ({ frames, rate: own }: Member): number => Math.max(1, Math.round((frames * rate) / own));
  const lengths = members.map(framesAt).sort((a, b) => a - b);
  const middle = lengths[lengths.length >> 1] ?? 1;
  const clip = Math.min(lengths.at(-1) ?? 1, MOST_OF_MIDDLE * middle);
  const factor = Math.ceil(clip / (options.length ?? MOST_LENGTH));
  const length = options.length ?? Math.ceil(clip / factor);
  const seconds = (clip / rate).toFixed(2);
  const longer = lengths.filter((frames) => frames > clip).length;
  if (longer > 0) notes.add(`${grouped(longer)} of ${grouped(members.length)} sounds were cut to ${seconds} s.`);
  if (lengths[0]! < clip) notes.add(`Shorter sounds were padded with silence to ${seconds} s.`);
  if (factor > 1) {
    const coarse = grouped(Math.round(rate / factor));
    notes.add(
      `Sounds of ${grouped(rate)} Hz were averaged to ${coarse} Hz, so that ${seconds} s fit; shorter ones keep more.`,
    );
  }

  checkDecoded(members.length * length, Float32Array.BYTES_PER_ELEMENT);
  const { names, codes } = codeLabels(
    first.entry.path,
    members.map(({ label }) => label),
    options.classNames,
  );
  let done = 0;
  const part = async (half: Member['half']): Promise<Part> => {
    const chosen = members.flatMap((member, index) => (member.half === half ? [{ member, index }] : []));
    const inputs = new Float32Array(chosen.length * length);
    for (const [at, { member }] of chosen.entries()) {
      const sound = readSound(member.entry.path, await member.entry.bytes());
      mixDown(sound, sound.rate / rate, factor, inputs.subarray(at * length, (at + 1) * length));
      await pace(0.4 + (0.6 * done++) / members.length);
    }
    return { count: chosen.length, inputs, labels: Uint8Array.from(chosen, ({ index }) => codes[index]!) };
  };
  const train = await part('train');
  const test = await part('test');
  return {
    format: 'WAV by folder',
    kind: 'classes',
    names,
    grid: [length],
    channels: 1,
    sampling: { rate: rate / factor, isSound: true },
    train,
    test: test.count > 0 ? test : null,
  };
}

async function readable(entry: Entry, reasons: string[]): Promise<Sound | null> {
  try {
    return readSound(entry.path, await entry.bytes());
  } catch (error) {
    if (!(error instanceof OwnDataError)) throw error;
    reasons.push(error.message);
    return null;
  }
}

function mostFrequent(values: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].reduce((best, next) => (next[1] > best[1] ? next : best))[0];
}

/**
 * @param path for messages
 * @throws OwnDataError where it is no WAV, compressed or cut short
 */
function readSound(path: string, bytes: Uint8Array<ArrayBuffer>): Sound {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const word = (at: number): string => String.fromCharCode(...bytes.subarray(at, at + 4));
  if (word(0) !== 'RIFF' || word(8) !== 'WAVE') throw new OwnDataError(`${path} is not a WAV file`);
  let format: Omit<Sound, 'frames' | 'start'> | null = null;
  for (let at = 12; at + 8 <= bytes.length;) {
    const size = view.getUint32(at + 4, true);
    const start = at + 8;
    if (word(at) === 'fmt ' && start + 16 <= bytes.length) format = readFormat(path, view, start, size);
    if (word(at) === 'data') {
      if (format === null) throw new OwnDataError(`${path} has no format before its samples`);
      // What is streamed has no size yet; it lasts to the end of the file.
      const isStreamed = size === 0 || size === 0xffffffff;
      const end = isStreamed ? bytes.length : start + size;
      if (end > bytes.length) {
        throw new OwnDataError(
          `${path} is cut short: ${grouped(bytes.length - start)} of ${grouped(size)} bytes are there`,
        );
      }
      const frames = Math.floor((end - start) / (format.sampleBytes * format.channels));
      if (frames === 0) throw new OwnDataError(`${path} holds no samples`);
      return { ...format, frames, start };
    }
    // Chunks begin at even places.
    at = start + size + (size % 2);
  }
  throw new OwnDataError(`${path} holds no samples; it may be cut short`);
}

function readFormat(path: string, view: DataView, at: number, size: number): Omit<Sound, 'frames' | 'start'> {
  const tag = view.getUint16(at, true);
  const isExtended = tag === EXTENSIBLE && size >= 26 && at + 26 <= view.byteLength;
  const kind = isExtended ? view.getUint16(at + 24, true) : tag;
  const channels = view.getUint16(at + 2, true);
  const rate = view.getUint32(at + 4, true);
  const bits = view.getUint16(at + 14, true);
  const sample = samplerOf(kind, bits, view);
  if (sample === null || channels === 0 || rate === 0) {
    const what = `${bits} bits of kind ${kind}, ${channels} channels, ${rate} Hz`;
    throw new OwnDataError(`${path} is a WAV of ${what}; save it as PCM of 16 bits`);
  }
  return { rate, channels, sample, sampleBytes: bits / 8 };
}

/** Reads a sample as −1 to 1; null for what is not read. */
function samplerOf(kind: number, bits: number, view: DataView): Sound['sample'] | null {
  switch (`${kind}/${bits}`) {
    case `${PCM}/8`:
      return (at) => (view.getUint8(at) - 128) / 128;
    case `${PCM}/16`:
      return (at) => view.getInt16(at, true) / 0x8000;
    case `${PCM}/24`:
      return (at) => (view.getUint16(at, true) + view.getInt8(at + 2) * 0x10000) / 0x800000;
    case `${PCM}/32`:
      return (at) => view.getInt32(at, true) / 0x80000000;
    case `${FLOAT}/32`:
      return (at) => finite(view.getFloat32(at, true));
    case `${FLOAT}/64`:
      return (at) => finite(view.getFloat64(at, true));
    default:
      return null;
  }
}

/** Floats may be anything; what is no number is silence, what is beyond loud is loud. */
function finite(value: number): number {
  return Number.isNaN(value) ? 0 : Math.min(1, Math.max(-1, value));
}

/**
 * Fills `out` with averages over `factor` moments each; silence where the sound has ended.
 * @param step of the sound's own samples a moment: 1 where its rate is that of the others
 */
function mixDown(sound: Sound, step: number, factor: number, out: Float32Array): void {
  const { channels, frames, sample, sampleBytes, start } = sound;
  const frameBytes = channels * sampleBytes;
  for (let to = 0; to < out.length; to++) {
    let sum = 0;
    for (let moment = to * factor; moment < (to + 1) * factor; moment++) {
      const frame = Math.floor(moment * step);
      if (frame >= frames) break;
      const at = start + frame * frameBytes;
      for (let channel = 0; channel < channels; channel++) sum += sample(at + channel * sampleBytes);
    }
    out[to] = sum / (channels * factor);
  }
}
