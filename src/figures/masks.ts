/** Geometry of masks: sigmoid and Gaussian curves with their threshold, split into what is kept and what is cropped. */
import { area, line } from 'd3';
import type { SigmoidMask } from '../engine/protocol.ts';

/** What lies under this value of a mask is not computed; the method's `THRESHOLD`. */
export const MASK_THRESHOLD = 0.1;

const SAMPLES = 64;

type Point = readonly [number, number];

export interface MaskLayout {
  /** The whole curve. */
  readonly curve: string;
  /** Area under the curve where it lies above the threshold. */
  readonly kept: string;
  /** Where the kept part ends, in pixels. */
  readonly cut: number;
  /** Height of the threshold, in pixels from the top. */
  readonly threshold: number;
  readonly width: number;
  readonly height: number;
}

/** Value of a sigmoid mask at x ∈ [0, 1]: it falls through the threshold at its cut. */
export function sigmoidAt({ cut, temperature }: Pick<SigmoidMask, 'cut' | 'temperature'>, x: number): number {
  const middle = cut - Math.log((1 - MASK_THRESHOLD) / MASK_THRESHOLD) / temperature;
  return 1 / (1 + Math.exp(temperature * (x - middle)));
}

const toLine = line<Point>(
  ([x]) => x,
  ([, y]) => y,
);

export function layoutSigmoid(
  mask: Pick<SigmoidMask, 'cut' | 'temperature'>,
  width: number,
  height: number,
): MaskLayout {
  const cut = Math.min(1, Math.max(0, mask.cut));
  const at = (x: number): Point => [x * width, (1 - sigmoidAt(mask, x)) * height];
  const toArea = area<Point>(
    ([x]) => x,
    height,
    ([, y]) => y,
  );
  const samples = (end: number) => Array.from({ length: SAMPLES + 1 }, (_, i) => at((end * i) / SAMPLES));
  return {
    curve: toLine(samples(1)) ?? '',
    kept: toArea(samples(cut)) ?? '',
    cut: cut * width,
    threshold: (1 - MASK_THRESHOLD) * height,
    width,
    height,
  };
}

/** Standard deviation of a Gaussian mask of so many taps, in taps: it falls to the threshold half the taps away. */
export const sigmaOfTaps = (taps: number): number => taps / 2 / Math.sqrt(-2 * Math.log(MASK_THRESHOLD));

/** The envelope ±exp(−x²/2σ²) over `extent` taps as two lines about the middle of a box. */
export function layoutEnvelope(taps: number, extent: number, width: number, height: number): readonly [string, string] {
  const sigma = sigmaOfTaps(taps);
  const side = (sign: number): string =>
    toLine(
      Array.from({ length: SAMPLES + 1 }, (_, i): Point => {
        const x = (i / SAMPLES - 0.5) * extent;
        const value = Math.exp((-x * x) / (2 * sigma * sigma));
        return [(i / SAMPLES) * width, (height / 2) * (1 - sign * value)];
      }),
    ) ?? '';
  return [side(1), side(-1)];
}
