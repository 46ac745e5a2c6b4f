/** A recorded sound, brought to the rate, length and loudness of a task's. No DOM in here. */
import type { Sample } from '../../engine/protocol.ts';
import type { Sampling, Task } from '../../tasks/task.ts';
import type { Range } from './trying.ts';

/** A sound of one channel. */
export interface Sound {
  /** Values a second. */
  readonly rate: number;
  readonly values: Float32Array;
}

/** Zero crossings of the low-pass on each side. */
const LOBES = 16;
/** What a sound is measured over, to find where it begins, and how much of what is before stays. */
const MEASURED_SECONDS = 0.01;
const LEAD_SECONDS = 0.02;
/** It begins where it is so loud, of its loudest. */
const BEGINS_AT = 0.1;
/** A sound whose largest value is smaller is none. */
const SILENCE = 1e-3;

/** At another rate, by a sinc under a Hann window that leaves out what the lower of both rates cannot hold. */
export function resampled({ rate: from, values }: Sound, to: number): Sound {
  const cut = Math.min(1, to / from);
  const reach = LOBES / cut;
  const result = new Float32Array(Math.max(1, Math.floor((values.length * to) / from)));
  for (let i = 0; i < result.length; i++) {
    const centre = (i * from) / to;
    let [sum, weights] = [0, 0];
    const last = Math.min(values.length - 1, centre + reach);
    for (let at = Math.max(0, Math.ceil(centre - reach)); at <= last; at++) {
      const distance = at - centre;
      const weight = sinc(cut * distance) * Math.cos((Math.PI * distance) / (2 * reach)) ** 2;
      weights += weight;
      sum += weight * values[at]!;
    }
    result[i] = sum / weights;
  }
  return { rate: to, values: result };
}

const sinc = (x: number): number => (x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x));

/** Index at which something is heard, with a little of what is before it. */
export function beginning({ rate, values }: Sound): number {
  const width = Math.max(1, Math.round(MEASURED_SECONDS * rate));
  const loudness = Array.from({ length: Math.ceil(values.length / width) }, (_, i) =>
    values.subarray(i * width, (i + 1) * width).reduce((sum, value) => sum + value ** 2, 0),
  );
  const most = Math.max(...loudness);
  // Loudness is a square.
  const first = Math.max(
    0,
    loudness.findIndex((own) => own > BEGINS_AT ** 2 * most),
  );
  return Math.max(0, first * width - Math.round(LEAD_SECONDS * rate));
}

/**
 * The sound from where it begins, as loud as the task's; silence where it has ended.
 * @throws Error where nothing is heard
 */
export function soundSample(
  sound: Sound,
  { grid }: Pick<Task, 'grid'>,
  { rate }: Sampling,
  [low, high]: Range,
): Sample {
  const [length = 1] = grid;
  const own = resampled(sound, rate);
  const mean = own.values.reduce((sum, value) => sum + value, 0) / own.values.length;
  const still: Sound = { rate, values: own.values.map((value) => value - mean) };
  const from = beginning(still);
  const heard = still.values.subarray(from, from + length);
  const peak = heard.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  if (peak < SILENCE) throw new Error('Nothing was heard; is the microphone muted? Try again.');
  const loudest = Math.max(Math.abs(low), Math.abs(high));
  const values = new Float32Array(length);
  values.set(heard.map((value) => (value * loudest) / peak));
  return { grid: [length], channels: 1, values };
}
