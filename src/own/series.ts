/** From sequences of any lengths to samples of one: padded, cut, and their gaps filled. */
import { MOST_LENGTH, checkDecoded, grouped } from './limits.ts';
import { OwnDataError } from './own.ts';
import type { Reading } from './reading.ts';
import { type Part, type Samples, type Values, codeLabels } from './samples.ts';

/** One sample as it was read. */
export interface Series {
  /** Where it was found, for messages: `a.ts, line 12`. */
  readonly place: string;
  readonly half: 'train' | 'test';
  readonly label: string;
  /** Each channel over time; NaN where a value is missing. */
  readonly channels: readonly Float32Array[];
}

/**
 * Samples `[n, length, channels]`, of one length.
 * @param length of the samples; without it, the longest's, and 2,048 at most
 * @throws OwnDataError where none can be used, or they would not fit
 */
export async function joinSeries(
  format: string,
  series: readonly Series[],
  reading: Reading,
  length = fittingLength(series, reading),
): Promise<Samples> {
  const { notes, options } = reading;
  const channels = series[0]?.channels.length ?? 0;
  const reasons: string[] = [];
  const good = series.filter(({ place, channels: found }) => {
    if (found.length !== channels) reasons.push(`${place} has ${found.length} channels, not ${channels}`);
    else if (found.some((values) => !values.some(Number.isFinite)))
      reasons.push(`${place} has a channel without values`);
    else return true;
    return false;
  });
  notes.leaveOut('sequences', series.length, reasons);
  const [first] = good;
  if (first === undefined || channels === 0) throw new OwnDataError('no sequences were found; is it the right file?');
  sayLengths(good, length, reading);
  const isBytes = good.every((one) => one.channels.every((values) => values.every(isByte)));
  checkDecoded(good.length * length * channels, isBytes ? 1 : Float32Array.BYTES_PER_ELEMENT);
  const labels = good.map(({ label }) => label);
  const { names, codes } = codeLabels(first.place, labels, options.classNames);
  let filled = 0;
  const part = async (half: 'train' | 'test'): Promise<Part> => {
    const members = good.flatMap((one, index) => (one.half === half ? [index] : []));
    const size = length * channels;
    const inputs: Values = isBytes ? new Uint8Array(members.length * size) : new Float32Array(members.length * size);
    for (const [at, index] of members.entries()) {
      good[index]!.channels.forEach((values, channel) => {
        filled += fill(values, inputs, at * size + channel, channels, length);
      });
      await reading.pace(0.8 + (0.2 * index) / good.length);
    }
    return { count: members.length, inputs, labels: Uint8Array.from(members, (index) => codes[index]!) };
  };
  const train = await part('train');
  const test = await part('test');
  if (filled > 0) notes.add(`Missing values filled with the value before them: ${grouped(filled)}.`);
  return { format, kind: 'classes', names, grid: [length], channels, train, test: test.count > 0 ? test : null };
}

/** The length that the user asks for, or the longest's up to the most that is read. */
function fittingLength(series: readonly Series[], { options }: Reading): number {
  if (options.length !== undefined) return options.length;
  const longest = series.reduce((most, { channels }) => Math.max(most, lengthOf(channels)), 1);
  return Math.min(longest, MOST_LENGTH);
}

function lengthOf(channels: readonly Float32Array[]): number {
  return channels.reduce((most, values) => Math.max(most, values.length), 0);
}

function sayLengths(series: readonly Series[], length: number, { notes }: Reading): void {
  const lengths = series.map(({ channels }) => lengthOf(channels));
  const shorter = lengths.filter((found) => found < length).length;
  const longer = lengths.filter((found) => found > length).length;
  const of = `of ${grouped(series.length)} sequences`;
  if (shorter > 0) notes.add(`${grouped(shorter)} ${of} were padded to ${grouped(length)} with their last value.`);
  if (longer > 0) notes.add(`${grouped(longer)} ${of} were cut to ${grouped(length)}.`);
}

function isByte(value: number): boolean {
  return value >= 0 && value <= 255 && Number.isInteger(value);
}

/**
 * Writes a channel into its place, every `stride` values.
 * @returns how many missing values it filled
 */
function fill(values: Float32Array, inputs: Values, from: number, stride: number, length: number): number {
  let last = values.find(Number.isFinite) ?? 0;
  let filled = 0;
  for (let time = 0; time < length; time++) {
    const value = values[time];
    if (value !== undefined) {
      if (Number.isFinite(value)) last = value;
      else filled++;
    }
    inputs[from + time * stride] = last;
  }
  return filled;
}
