/** Brings samples from arrays to the size that they are trained at, with their labels where these are dense. */
import { MOST_LENGTH, checkDecoded, grouped } from './limits.ts';
import type { Reading } from './reading.ts';
import { type Resampling, type Size, pickNearest, resample, resampling, trainingSize } from './resample.ts';
import { type Part, type Samples, type Values, like, shapeInWords, volume } from './samples.ts';

/** Samples between two looks at the clock. */
const STRETCH = 100;

/** The same samples where their size is right already. */
export async function fit(samples: Samples, reading: Reading): Promise<Samples> {
  const { grid, channels, train, test } = samples;
  const [height = 1, width] = grid;
  const count = train.count + (test?.count ?? 0);
  const check = (to: readonly number[]): void =>
    checkDecoded(count * volume(to) * channels, train.inputs.BYTES_PER_ELEMENT);
  if (width === undefined) {
    const length = lengthOf(height, reading);
    if (length === height) return samples;
    check([length]);
    const fitPart = (part: Part): Part => fitLengths(part, height, length, samples);
    return { ...samples, grid: [length], train: fitPart(train), test: test && fitPart(test) };
  }
  const to = sizeOf([height, width], reading);
  if (to.join() === grid.join()) return samples;
  check(to);
  const how = resampling([height, width], to);
  const fitPart = (part: Part): Promise<Part> => fitImages(part, how, samples, reading);
  return { ...samples, grid: to, train: await fitPart(train), test: test && (await fitPart(test)) };
}

function lengthOf(length: number, { options, notes }: Reading): number {
  const wanted = options.length ?? Math.min(length, MOST_LENGTH);
  const [from, to] = [grouped(length), grouped(wanted)];
  if (wanted < length) notes.add(`All sequences were cut from ${from} to ${to}.`);
  if (wanted > length) notes.add(`All sequences were padded from ${from} to ${to} with their last value.`);
  return wanted;
}

function sizeOf(size: Size, { options, notes }: Reading): Size {
  const wanted = options.resize ?? trainingSize([size]);
  if (wanted.join() !== size.join()) {
    notes.add(`All images were brought from ${shapeInWords(size)} to ${shapeInWords(wanted)}.`);
  }
  return wanted;
}

/** Labels a position, or 0 where there is one a sample. */
function labelsEach({ kind, names }: Samples): number {
  return kind === 'classes' ? 0 : kind === 'field' ? names.length : 1;
}

function fitLengths(part: Part, from: number, to: number, samples: Samples): Part {
  const fitValues = <T extends Values>(values: T, each: number): T => {
    const fitted = like(values, part.count * to * each);
    for (let sample = 0; sample < part.count; sample++) {
      for (let time = 0; time < to; time++) {
        const source = (sample * from + Math.min(time, from - 1)) * each;
        for (let i = 0; i < each; i++) fitted[(sample * to + time) * each + i] = values[source + i]!;
      }
    }
    return fitted;
  };
  const each = labelsEach(samples);
  return {
    count: part.count,
    inputs: fitValues(part.inputs, samples.channels),
    labels: each === 0 ? part.labels : fitValues(part.labels, each),
  };
}

async function fitImages(part: Part, how: Resampling, samples: Samples, { pace }: Reading): Promise<Part> {
  const [from, to] = [volume(how.from), volume(how.to)];
  const { channels } = samples;
  const each = labelsEach(samples);
  const inputs = like(part.inputs, part.count * to * channels);
  const labels = each === 0 ? part.labels : like(part.labels, part.count * to * each);
  for (let sample = 0; sample < part.count; sample++) {
    const at = (values: number): { source: number; target: number } => ({
      source: sample * from * values,
      target: sample * to * values,
    });
    resample(how, channels, part.inputs, inputs, at(channels));
    if (each > 0 && part.labels instanceof Uint8Array && labels instanceof Uint8Array) {
      pickNearest(how, part.labels, labels, at(1));
    } else if (each > 0) {
      resample(how, each, part.labels, labels, at(each));
    }
    if (sample % STRETCH === 0) await pace(sample / part.count);
  }
  return { count: part.count, inputs, labels };
}
