/**
 * The two masks of DNArch (METHOD §1) in closed form, on the host.
 *
 * A mask hands the device two vectors: its values and their derivative in its one parameter. The device sees
 * `value + ε · slope` with a scalar ε = 0, so that the gradient in ε is the loss's exact gradient in the parameter.
 */
import { THRESHOLD } from './config.ts';

/** ln((1 − T)/T): how far beyond its centre a sigmoid mask falls to the threshold, in units of 1/τ. */
export const THRESHOLD_LOGIT = Math.log((1 - THRESHOLD) / THRESHOLD);
/** √(−2 ln T): where a Gaussian mask falls to the threshold, in units of σ. */
export const THRESHOLD_SIGMAS = Math.sqrt(-2 * Math.log(THRESHOLD));

/** Values of a mask over the entries kept, and the derivatives of those values in the mask's parameter. */
export interface MaskVector {
  readonly values: Float32Array;
  readonly slopes: Float32Array;
}

/**
 * Value of the sigmoid mask at `x` in [0, 1], by its cut c (the fraction kept):
 * 1/(1 + exp(τ(x − μ))), μ = c − ln((1 − T)/T)/τ; it equals T at x = c.
 */
export function sigmoidMaskAt(x: number, cut: number, temperature: number): number {
  return 1 / (1 + Math.exp(temperature * (x - cut) + THRESHOLD_LOGIT));
}

/**
 * Sigmoid mask over the first `kept` of `total` entries, entry i at (i + ½)/total; slopes are in the cut.
 */
export function sigmoidMask(cut: number, temperature: number, total: number, kept: number): MaskVector {
  const values = new Float32Array(kept);
  const slopes = new Float32Array(kept);
  for (let i = 0; i < kept; i++) {
    const m = sigmoidMaskAt((i + 0.5) / total, cut, temperature);
    values[i] = m;
    slopes[i] = temperature * m * (1 - m);
  }
  return { values, slopes };
}

/**
 * Gaussian mask exp(−x²/2σ²) over the taps −J … J of one axis, by the half-width j in taps at which it falls to T
 * (σ = j/√(−2 ln T) taps). Slopes are in j.
 */
export function gaussianMask(halfWidth: number, taps: number): MaskVector {
  const values = new Float32Array(taps);
  const slopes = new Float32Array(taps);
  const centre = (taps - 1) / 2;
  const sigma = halfWidth / THRESHOLD_SIGMAS;
  for (let i = 0; i < taps; i++) {
    const x = (i - centre) / sigma;
    const m = Math.exp((-x * x) / 2);
    values[i] = m;
    slopes[i] = (m * x * x) / halfWidth;
  }
  return { values, slopes };
}

/** Entries of N that a cut keeps, at least `least`: entry i is kept iff (i + ½)/N ≤ c. */
export function keptEntries(cut: number, total: number, least: number): number {
  return Math.min(total, Math.max(least, Math.round(cut * total)));
}

/** Integer taps of a kernel of real half-width j: 2·max(1, ⌊j⌋) + 1; its real size is 2j. */
export function kernelTaps(halfWidth: number): number {
  return 2 * Math.max(1, Math.floor(halfWidth)) + 1;
}
