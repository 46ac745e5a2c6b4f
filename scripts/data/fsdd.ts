/** Cuts FSDD from its 3000 recordings, twice: as waveforms at 4 kHz and as cepstral coefficients. */
import { createHash } from 'node:crypto';
import { fsddMfcc, fsddRaw } from '../../src/tasks/fsdd.ts';
import type { Task } from '../../src/tasks/task.ts';
import { openArchive } from './archive.ts';
import { check, histogram, moments, type Cut } from './cut.ts';
import { halveRate } from './downsample.ts';
import { COEFFICIENTS, FRAMES, RATE, mfcc } from './mfcc.ts';
import { heatMaps, waveforms } from './thumbnails.ts';
import { readWav } from './wav.ts';

const SPEAKERS = ['george', 'jackson', 'lucas', 'nicolas', 'theo', 'yweweler'] as const;
const DIGITS = 10;
const TAKES = 50;
/** The official test half: the first takes of each speaker and digit. */
const HELD_OUT = 5;
const TAKE = SPEAKERS.length * DIGITS;
const TRAIN = (TAKES - HELD_OUT) * TAKE;
const TEST = HELD_OUT * TAKE;
/** SHA-256 of all recordings in the order of `recordings`, version of May 2024. */
const RELEASED = '5363ad9bb36e4689c90523643c7923975414077ec1a627226fa09cfe628220c7';

const LENGTH = 2048;
const LIMIT = 127;
/** Steps of int8 in one standard deviation of a coefficient. */
const STEPS = 32;
const PER_SAMPLE = FRAMES * COEFFICIENTS;
/** Training recordings of the thumbnails. */
const SHOWN = { waveforms: [3, 16, 47], heatMaps: [6, 49] } as const;

/** @param directory holds the folder `recordings`, or a tar file of it */
export function cutFsdd(directory: string): readonly Cut[] {
  const signals = recordings(directory);
  const labels = Uint8Array.from(signals, (_, i) => i % DIGITS);
  return [cutRaw(signals, labels), cutMfcc(signals, labels)];
}

/**
 * All recordings about their mean, the test half last: take after take, in each speaker after speaker, digit after digit,
 * so that every stretch of either half has all digits.
 */
function recordings(directory: string): Float64Array[] {
  const archive = openArchive(directory, 'recordings/0_george_0.wav');
  const sum = createHash('sha256');
  const signals: Float64Array[] = [];
  for (let i = 0; i < TAKES; i++) {
    const take = (i + HELD_OUT) % TAKES;
    for (const speaker of SPEAKERS) {
      for (let digit = 0; digit < DIGITS; digit++) {
        const name = `recordings/${digit}_${speaker}_${take}.wav`;
        const bytes = archive(name);
        sum.update(bytes);
        const signal = readWav(name, bytes, RATE);
        const mean = signal.reduce((all, value) => all + value, 0) / signal.length;
        signals.push(signal.map((value) => value - mean));
      }
    }
  }
  check(sum.digest('hex') === RELEASED, `${directory}: the recordings are not those of May 2024`);
  return signals;
}

function cutRaw(signals: readonly Float64Array[], labels: Uint8Array): Cut {
  const values = new Int8Array(signals.length * LENGTH);
  signals.forEach((signal, i) => {
    const kept = halveRate(signal).subarray(0, LENGTH);
    const peak = peakOf(kept);
    values.set(
      kept.map((value) => Math.round((LIMIT * value) / peak)),
      i * LENGTH,
    );
  });
  const { deviation, mean } = moments(values.subarray(0, TRAIN * LENGTH));
  const longer = signals.filter(({ length }) => length > 2 * LENGTH).length;
  return {
    id: fsddRaw.id,
    tensors: tensorsOf(values, labels, [LENGTH, 1]),
    metadata: metadataOf(
      fsddRaw,
      'less its mean, low-passed, 4 kHz, first 2048 samples padded with zeros, int8 of its peak',
    ),
    thumbnails: {
      [fsddRaw.thumbnail]: waveforms(SHOWN.waveforms.map((i) => values.subarray(i * LENGTH, (i + 1) * LENGTH))),
    },
    report: [
      ...halves(labels),
      `  ${((100 * longer) / signals.length).toFixed(1)} % are longer; mean ${mean.toFixed(3)}, deviation ${deviation.toFixed(3)} of ${LIMIT}`,
    ],
  };
}

function cutMfcc(signals: readonly Float64Array[], labels: Uint8Array): Cut {
  const coefficients = new Float64Array(signals.length * PER_SAMPLE);
  signals.forEach((signal, i) => {
    const peak = peakOf(signal);
    coefficients.set(mfcc(signal.map((value) => value / peak)), i * PER_SAMPLE);
  });
  const values = new Int8Array(coefficients.length);
  let clipped = 0;
  for (let which = 0; which < COEFFICIENTS; which++) {
    const { mean, deviation } = momentsOf(coefficients, which);
    for (let at = which; at < coefficients.length; at += COEFFICIENTS) {
      const step = Math.round((STEPS * ((coefficients[at] ?? 0) - mean)) / deviation);
      if (Math.abs(step) > LIMIT) clipped++;
      values[at] = Math.max(-LIMIT, Math.min(LIMIT, step));
    }
  }
  const { mean, deviation } = moments(values.subarray(0, TRAIN * PER_SAMPLE));
  return {
    id: fsddMfcc.id,
    tensors: tensorsOf(values, labels, [FRAMES, COEFFICIENTS]),
    metadata: metadataOf(
      fsddMfcc,
      'less its mean, of its peak, Hann 200, hop 100, 40 mel bands, log, DCT-II, 20 coefficients, int8 in 1/32 deviation about the mean of each',
    ),
    thumbnails: {
      [fsddMfcc.thumbnail]: heatMaps(
        SHOWN.heatMaps.map((i) => values.subarray(i * PER_SAMPLE, (i + 1) * PER_SAMPLE)),
        FRAMES,
        COEFFICIENTS,
      ),
    },
    report: [
      ...halves(labels),
      `  ${((100 * clipped) / values.length).toFixed(2)} % clipped; mean ${mean.toFixed(3)}, deviation ${deviation.toFixed(3)} of ${STEPS}`,
    ],
  };
}

/** Of one coefficient over all frames of the training half. */
function momentsOf(coefficients: Float64Array, which: number): { readonly mean: number; readonly deviation: number } {
  const train = coefficients.subarray(0, TRAIN * PER_SAMPLE);
  return moments(train.filter((_, at) => at % COEFFICIENTS === which));
}

function peakOf(signal: Float64Array): number {
  return signal.reduce((peak, value) => Math.max(peak, Math.abs(value)), 0);
}

function tensorsOf(values: Int8Array, labels: Uint8Array, shape: readonly number[]): Cut['tensors'] {
  const border = (TRAIN * values.length) / labels.length;
  return {
    'train.inputs': { dtype: 'I8', shape: [TRAIN, ...shape], values: values.subarray(0, border) },
    'train.labels': { dtype: 'U8', shape: [TRAIN], values: labels.subarray(0, TRAIN) },
    'test.inputs': { dtype: 'I8', shape: [TEST, ...shape], values: values.subarray(border) },
    'test.labels': { dtype: 'U8', shape: [TEST], values: labels.subarray(TRAIN) },
  };
}

function metadataOf({ source }: Task, cut: string): Cut['metadata'] {
  return {
    source: `${source.name}, ${source.url}`,
    licence: source.licence,
    'licence-url': 'https://creativecommons.org/licenses/by-sa/4.0/',
    cut: `takes 5 to 49 train, 0 to 4 test; each recording ${cut}`,
  };
}

function halves(labels: Uint8Array): string[] {
  const half = (name: string, part: Uint8Array): string =>
    `${name}: ${part.length}, a class ${histogram(part, DIGITS).join(' ')}`;
  return [half('train', labels.subarray(0, TRAIN)), half('test', labels.subarray(TRAIN))];
}
