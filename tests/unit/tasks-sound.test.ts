/** Recordings: reading, halving their rate, cepstral coefficients beside a reference straight from their definition. */
import { describe, expect, it } from 'vitest';
import { halveRate } from '../../scripts/data/downsample.ts';
import {
  BANDS,
  COEFFICIENTS,
  EDGES,
  FFT_SIZE,
  FLOOR,
  FRAMES,
  HOP,
  RATE,
  WINDOW,
  cosineTransform,
  melBands,
  mfcc,
  powerSpectrum,
} from '../../scripts/data/mfcc.ts';
import { readWav } from '../../scripts/data/wav.ts';
import { random } from '../../src/dnarch/random.ts';

function tone(hertz: number, length: number, rate = RATE): Float64Array {
  return Float64Array.from({ length }, (_, i) => Math.cos((2 * Math.PI * hertz * i) / rate + 0.3));
}

function noise(length: number): Float64Array {
  const draw = random(3, 0);
  return Float64Array.from({ length }, () => draw.uniform(-1, 1));
}

const energy = (values: Float64Array): number => values.reduce((sum, value) => sum + value * value, 0);
const hann = (i: number): number => Math.sin((Math.PI * i) / WINDOW) ** 2;
const melOf = (hertz: number): number => 2595 * Math.log10(1 + hertz / 700);

describe('half the rate', () => {
  it.each([100, 500, 1500, 1800])('passes a tone of %i Hz as it is, without delay', (hertz) => {
    const halved = halveRate(tone(hertz, 1600));
    const expected = tone(hertz, 800, RATE / 2);
    for (let i = 50; i < 750; i++) expect(halved[i]).toBeCloseTo(expected[i] ?? NaN, 2);
  });

  it.each([2200, 2500, 3000, 3900])('keeps out a tone of %i Hz, which would fold back', (hertz) => {
    const halved = halveRate(tone(hertz, 1600)).subarray(50, 750);
    expect(energy(halved) / 700).toBeLessThan(1e-4);
  });

  it('leaves a constant alone and rounds the length up', () => {
    expect(halveRate(new Float64Array(401).fill(0.7))[100]).toBeCloseTo(0.7, 12);
    expect(halveRate(new Float64Array(401)).length).toBe(201);
  });
});

describe('cepstral coefficients', () => {
  it('have a spectrum with the energy of the windowed frame (Parseval)', () => {
    const frame = noise(WINDOW);
    const power = powerSpectrum(frame);
    // All bins but the first and the last stand for themselves and their mirror image.
    const total = 2 * energy(power.map(Math.sqrt)) - (power[0] ?? 0) - (power[FFT_SIZE / 2] ?? 0);
    expect(total / FFT_SIZE).toBeCloseTo(energy(frame.map((value, i) => value * hann(i))), 9);
  });

  it('find a pure tone in the band whose middle it is', () => {
    for (let band = 0; band < BANDS; band++) {
      const power = melBands(powerSpectrum(tone(EDGES[band + 1] ?? NaN, WINDOW)));
      // A narrow band's neighbours get nearly as much: the window alone spreads a tone over 80 Hz.
      const loudest = power.indexOf(Math.max(...power));
      expect(Math.abs(loudest - band)).toBeLessThanOrEqual(band < 10 ? 2 : 0);
    }
  });

  it('have bands that are evenly spaced in mel and add up to 1 between the first and the last middle', () => {
    const mels = Array.from(EDGES, melOf);
    mels.forEach((mel, i) => expect(mel).toBeCloseTo((i * melOf(4000)) / 41, 9));
    const bin = (hertz: number): number => Math.ceil((hertz * FFT_SIZE) / RATE);
    for (let at = bin(EDGES[1] ?? NaN); at < bin(EDGES[BANDS] ?? NaN); at++) {
      const bands = melBands(Float64Array.from({ length: FFT_SIZE / 2 + 1 }, (_, i) => (i === at ? 1 : 0)));
      expect(bands.reduce((sum, power) => sum + power, 0)).toBeCloseTo(1, 12);
    }
  });

  it('end in a transform that keeps lengths and turns a constant into its first coefficient', () => {
    const values = noise(BANDS);
    expect(energy(cosineTransform(values))).toBeCloseTo(energy(values), 12);
    const [first, ...rest] = cosineTransform(new Float64Array(BANDS).fill(2));
    expect(first).toBeCloseTo(2 * Math.sqrt(BANDS), 12);
    rest.forEach((value) => expect(value).toBeCloseTo(0, 12));
  });

  it('are those of the definition', () => {
    const signal = noise(1234).map((value, i) => value * Math.cos(i / 9));
    const found = mfcc(signal);
    expect(found.length).toBe(FRAMES * COEFFICIENTS);
    for (const frame of [0, 5, 11, 12]) {
      const expected = reference(signal, frame * HOP);
      expected.forEach((value, k) => expect(found[frame * COEFFICIENTS + k]).toBeCloseTo(value, 8));
    }
  });

  it('are silent beyond the end', () => {
    const last = mfcc(noise(1234)).subarray(-COEFFICIENTS);
    expect(last[0]).toBeCloseTo(Math.sqrt(BANDS) * Math.log(FLOOR), 10);
    last.subarray(1).forEach((value) => expect(value).toBeCloseTo(0, 10));
  });
});

/** One frame: Fourier sum at each bin, triangles in mel-spaced hertz, logarithm, cosine sum. */
function reference(signal: Float64Array, from: number): number[] {
  const power = Array.from({ length: 257 }, (_, bin) => {
    let [real, imaginary] = [0, 0];
    for (let i = 0; i < 200; i++) {
      const value = (signal[from + i] ?? 0) * hann(i);
      real += value * Math.cos((2 * Math.PI * bin * i) / 512);
      imaginary -= value * Math.sin((2 * Math.PI * bin * i) / 512);
    }
    return real * real + imaginary * imaginary;
  });
  const edge = (i: number): number => 700 * (10 ** ((i * melOf(4000)) / 41 / 2595) - 1);
  const logs = Array.from({ length: 40 }, (_, band) => {
    const [low, middle, high] = [edge(band), edge(band + 1), edge(band + 2)];
    const sum = power.reduce((all, value, bin) => {
      const hertz = bin * 15.625;
      if (hertz <= low || hertz >= high) return all;
      return all + value * (hertz < middle ? (hertz - low) / (middle - low) : (high - hertz) / (high - middle));
    }, 0);
    return Math.log(Math.max(1e-3, sum));
  });
  return Array.from({ length: 20 }, (_, k) => {
    const sum = logs.reduce((all, value, i) => all + value * Math.cos((Math.PI / 40) * (i + 0.5) * k), 0);
    return sum * Math.sqrt((k === 0 ? 1 : 2) / 40);
  });
}

describe('a recording', () => {
  function wav(samples: readonly number[], rate: number): Buffer {
    const file = Buffer.alloc(44 + 2 * samples.length);
    file.write('RIFF', 0, 'latin1');
    file.writeUInt32LE(file.length - 8, 4);
    file.write('WAVEfmt ', 8, 'latin1');
    [16, 0x1_0001, rate, 2 * rate, 0x10_0002].forEach((value, i) => file.writeUInt32LE(value, 16 + 4 * i));
    file.write('data', 36, 'latin1');
    file.writeUInt32LE(2 * samples.length, 40);
    samples.forEach((sample, i) => file.writeInt16LE(sample, 44 + 2 * i));
    return file;
  }

  it('is read as numbers from −1 to 1', () => {
    expect([...readWav('a.wav', wav([0, 16384, -32768], 8000), 8000)]).toEqual([0, 0.5, -1]);
  });

  it('is refused where it is cut short, of another rate, or none', () => {
    const file = wav([1, 2, 3], 8000);
    expect(() => readWav('a.wav', file.subarray(0, 47), 8000)).toThrow('a.wav is cut short');
    expect(() => readWav('a.wav', file, 16000)).toThrow('a.wav is not one channel of 16 bits at 16000 Hz');
    expect(() => readWav('a.wav', Buffer.from('<html>'), 8000)).toThrow('a.wav is no WAV file');
    expect(() => readWav('a.wav', file.subarray(0, 36), 8000)).toThrow('a.wav has no samples');
  });
});
