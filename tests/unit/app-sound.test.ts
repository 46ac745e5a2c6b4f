/** What becomes of a recording before the network hears it. */
import { describe, expect, it } from 'vitest';
import { beginning, resampled, soundSample, type Sound } from '../../src/app/draw/sound.ts';
import { fsddRaw } from '../../src/tasks/fsdd.ts';

function tone(hertz: number, rate: number, seconds: number): Sound {
  return {
    rate,
    values: Float32Array.from({ length: Math.round(rate * seconds) }, (_, i) =>
      Math.cos((2 * Math.PI * hertz * i) / rate),
    ),
  };
}

const power = (values: Float32Array): number => values.reduce((sum, value) => sum + value ** 2, 0) / values.length;
const inner = ({ values }: Sound): Float32Array => values.subarray(100, -100);

describe('another rate', () => {
  it.each([
    [100, 48_000, 4000],
    [1500, 48_000, 4000],
    [1500, 44_100, 4000],
    [1000, 4000, 8000],
  ])('keeps a tone of %i Hz from %i to %i Hz, in its place', (hertz, from, to) => {
    const heard = inner(resampled(tone(hertz, from, 0.3), to));
    const expected = inner(tone(hertz, to, 0.3));
    expect(Math.abs(heard.length - expected.length)).toBeLessThanOrEqual(1);
    for (let i = 0; i < heard.length; i += 7) expect(heard[i]).toBeCloseTo(expected[i] ?? NaN, 1);
    expect(power(heard)).toBeCloseTo(0.5, 1);
  });

  it.each([2600, 4100, 7000])('leaves out a tone of %i Hz, which would fold back', (hertz) => {
    expect(power(inner(resampled(tone(hertz, 48_000, 0.3), 4000)))).toBeLessThan(1e-3);
  });
});

describe('a recorded sound', () => {
  const range = [-5, 4] as const;
  const sampling = fsddRaw.sampling!;
  /** Silence with a hiss, then a tone of half a second. */
  const spoken: Sound = {
    rate: 8000,
    values: Float32Array.from({ length: 12_000 }, (_, i) =>
      i >= 4000 && i < 8000 ? 0.02 + 0.1 * Math.sin(0.3 * i) : 0.02 + 0.001 * Math.sin(2.1 * i),
    ),
  };

  it('begins a little before it is heard', () => {
    expect(beginning(spoken)).toBe(0);
    const still = { ...spoken, values: spoken.values.map((value) => value - 0.02) };
    expect(beginning(still) / 8000).toBeCloseTo(0.48, 2);
  });

  it('has the rate, the length and the loudness of the task, about 0', () => {
    const { grid, channels, values } = soundSample(spoken, fsddRaw, sampling, range);
    expect([grid, channels, values.length]).toEqual([[2048], 1, 2048]);
    expect(values.reduce((most, value) => Math.max(most, Math.abs(value)), 0)).toBeCloseTo(5, 5);
    expect(power(values.subarray(0, 60))).toBeLessThan(0.05);
    expect(power(values.subarray(100, 1900))).toBeGreaterThan(5);
    expect(power(values.subarray(2040))).toBeGreaterThan(0);
  });

  it('is silent where it has ended before its time', () => {
    const short = { ...spoken, values: spoken.values.subarray(0, 6000) };
    expect([...soundSample(short, fsddRaw, sampling, range).values.subarray(1200)].every((value) => value === 0)).toBe(
      true,
    );
  });

  it('is missed where nothing is heard', () => {
    const silence = { rate: 8000, values: new Float32Array(8000).fill(0.3) };
    expect(() => soundSample(silence, fsddRaw, sampling, range)).toThrow(/muted/);
  });
});
