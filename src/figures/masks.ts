/** Geometry of masks: sigmoid and Gaussian curves with their threshold, split into what is kept and what is cropped. */
import { area, curveBasis, line } from 'd3';
import type { SigmoidMask } from '../engine/protocol.ts';

/** What lies under this value of a mask is not computed; the method's `THRESHOLD`. */
export const MASK_THRESHOLD = 0.1;

/** Logits at which a sigmoid is sampled: few, and dense where it bends. */
const LOGITS = [8, 6, 5, 4, 3.25, 2.5, 2, 1.5, 1, 0.5, 0, -0.5, -1, -1.5, -2, -2.5, -3.25, -4, -5, -6, -8];
/** Logit of the threshold: where the curve passes its cut. */
const CUT_LOGIT = -Math.log((1 - MASK_THRESHOLD) / MASK_THRESHOLD);
const SAMPLES = 24;
/** Standard deviations that an envelope reaches out to. */
const REACH = 3.2;
/** Frequencies that a drawn spectrum tells apart. */
const BINS = 48;

type Point = readonly [number, number];

type Sigmoid = Pick<SigmoidMask, 'cut' | 'temperature'>;

/** Value of a sigmoid mask at x ∈ [0, 1]: it falls through the threshold at its cut. */
export function sigmoidAt({ cut, temperature }: Sigmoid, x: number): number {
  return 1 / (1 + Math.exp(temperature * (x - cut) - CUT_LOGIT));
}

/** A mask of given steepness with its cut at 0. It moves as a whole when the cut does, so that its paths stay. */
export interface SigmoidLayout {
  /** The whole curve, far enough to both sides for any cut. */
  readonly curve: string;
  /** Area under the curve where it lies above the threshold. */
  readonly kept: string;
  /** Height of the threshold, in pixels from the top. */
  readonly threshold: number;
}

const toLine = line<Point>(
  ([x]) => x,
  ([, y]) => y,
).digits(2);

const toSmoothLine = line<Point>(
  ([x]) => x,
  ([, y]) => y,
)
  .curve(curveBasis)
  .digits(1);

export function layoutSigmoid(temperature: number, width: number, height: number): SigmoidLayout {
  const mask = { cut: 0, temperature };
  const at = (x: number): Point => [x * width, (1 - sigmoidAt(mask, x)) * height];
  const samples = (end: number): Point[] => {
    const bends = LOGITS.map((logit) => (CUT_LOGIT - logit) / temperature);
    return [-1, ...bends.filter((x) => x > -1 && x < end), end].map(at);
  };
  const toArea = area<Point>(
    ([x]) => x,
    height,
    ([, y]) => y,
  ).digits(2);
  return {
    curve: toLine(samples(1)) ?? '',
    kept: toArea(samples(0)) ?? '',
    threshold: (1 - MASK_THRESHOLD) * height,
  };
}

/** Where a mask is cut, in pixels. */
export const cutAt = (cut: number, width: number): number => Math.min(1, Math.max(0, cut)) * width;

export interface SpectrumLayout {
  readonly area: string;
  readonly line: string;
}

/** What the data hold at each frequency, values in [0, 1] over the same axis as the mask. */
export function layoutSpectrum(values: ArrayLike<number>, width: number, height: number): SpectrumLayout {
  const bins = Math.min(BINS, values.length);
  // The largest value of each bin, so that a single strong frequency is not lost.
  const points = Array.from({ length: bins }, (_, bin): Point => {
    const from = Math.floor((bin * values.length) / bins);
    const to = Math.floor(((bin + 1) * values.length) / bins);
    let most = 0;
    for (let i = from; i < to; i++) most = Math.max(most, values[i] ?? 0);
    return [((bin + 0.5) / bins) * width, (1 - Math.min(1, most)) * height];
  });
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined) return { area: '', line: '' };
  const all: Point[] = [[0, first[1]], ...points, [width, last[1]]];
  const toArea = area<Point>(
    ([x]) => x,
    height,
    ([, y]) => y,
  )
    .curve(curveBasis)
    .digits(1);
  return { area: toArea(all) ?? '', line: toSmoothLine(all) ?? '' };
}

/** Standard deviation of a Gaussian mask of so many taps, in taps: it falls to the threshold half the taps away. */
export const sigmaOfTaps = (taps: number): number => taps / 2 / Math.sqrt(-2 * Math.log(MASK_THRESHOLD));

/** The envelope ±exp(−x²/2) of a kernel, over standard deviations and from −1 to 1: a scale makes it any mask's. */
export const ENVELOPE = [1, -1]
  .map((sign) =>
    toLine(
      Array.from({ length: 2 * SAMPLES + 1 }, (_, i): Point => {
        const x = ((i - SAMPLES) / SAMPLES) * REACH;
        return [x, -sign * Math.exp((-x * x) / 2)];
      }),
    ),
  )
  .join('');
