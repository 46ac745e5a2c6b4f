/**
 * Mel-frequency cepstral coefficients: the cosine transform of the log spectrum, as the ear spaces it.
 * S. Davis, P. Mermelstein, IEEE Trans. ASSP 28 (1980) 357–366; mel scale of D. O'Shaughnessy, Speech Communication (1987).
 */
import FFT from 'fft.js';

export const RATE = 8000;
export const WINDOW = 200;
export const HOP = 100;
export const FRAMES = 64;
export const BANDS = 40;
export const COEFFICIENTS = 20;
/** Frames are padded to this length, so that even the narrowest band holds several bins. */
export const FFT_SIZE = 512;
/** Power under which a band counts as silent: 64 dB under a full tone. */
export const FLOOR = 1e-3;

const BINS = FFT_SIZE / 2 + 1;
const fft = new FFT(FFT_SIZE);

/** Hann window, periodic: shifted copies at half its length add up to 1. */
const HANN = Float64Array.from({ length: WINDOW }, (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / WINDOW));

/** `[64, 20]`: frame t begins at sample 100 t; beyond the end there is silence. */
export function mfcc(signal: Float64Array): Float64Array {
  const coefficients = new Float64Array(FRAMES * COEFFICIENTS);
  for (let frame = 0; frame < FRAMES; frame++) {
    const bands = melBands(powerSpectrum(signal.subarray(frame * HOP, frame * HOP + WINDOW)));
    const logs = bands.map((power) => Math.log(Math.max(power, FLOOR)));
    coefficients.set(cosineTransform(logs).subarray(0, COEFFICIENTS), frame * COEFFICIENTS);
  }
  return coefficients;
}

/** Squared magnitudes of the windowed frame's spectrum from 0 to half the rate. */
export function powerSpectrum(frame: Float64Array): Float64Array {
  const windowed = new Array<number>(FFT_SIZE).fill(0);
  frame.forEach((sample, i) => {
    windowed[i] = sample * (HANN[i] ?? 0);
  });
  const spectrum = new Array<number>(2 * FFT_SIZE).fill(0);
  fft.realTransform(spectrum, windowed);
  return Float64Array.from({ length: BINS }, (_, k) => (spectrum[2 * k] ?? 0) ** 2 + (spectrum[2 * k + 1] ?? 0) ** 2);
}

/** Middles of the bands in Hz, with the lower end of the first before them and the upper end of the last after. */
export const EDGES = Float64Array.from({ length: BANDS + 2 }, (_, i) => toHertz((i * toMel(RATE / 2)) / (BANDS + 1)));

function toMel(hertz: number): number {
  return 2595 * Math.log10(1 + hertz / 700);
}

function toHertz(mel: number): number {
  return 700 * (10 ** (mel / 2595) - 1);
}

/** Triangles of height 1, each from the middle of the band before it to that of the one after. */
const TRIANGLES = Array.from({ length: BANDS }, (_, band) => {
  const [low = 0, middle = 0, high = 0] = EDGES.subarray(band, band + 3);
  return Float64Array.from({ length: BINS }, (_, bin) => {
    const hertz = (bin * RATE) / FFT_SIZE;
    return Math.max(0, Math.min((hertz - low) / (middle - low), (high - hertz) / (high - middle)));
  });
});

/** Power in each band. */
export function melBands(power: Float64Array): Float64Array {
  return Float64Array.from(TRIANGLES, (weights) =>
    weights.reduce((sum, weight, bin) => sum + weight * (power[bin] ?? 0), 0),
  );
}

/** DCT-II of 40 values, orthonormal. */
const COSINES = Array.from({ length: BANDS }, (_, k) =>
  Float64Array.from(
    { length: BANDS },
    (_, i) => Math.sqrt((k === 0 ? 1 : 2) / BANDS) * Math.cos((Math.PI * k * (i + 0.5)) / BANDS),
  ),
);

export function cosineTransform(values: Float64Array): Float64Array {
  return Float64Array.from(COSINES, (row) => row.reduce((sum, cosine, i) => sum + cosine * (values[i] ?? 0), 0));
}
