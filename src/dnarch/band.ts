/**
 * Resampling of long axes by a band (METHOD §3, §10): the operator of `spectral.ts` with the small far ends of its rows cut.
 *
 * Its entry from sample n to sample i depends on their distance alone, u_i − v_n on the line that is mirrored at both ends:
 * g(t) = 1/N·(m_0/2 + Σ_k m_k·cos(πkt)), and falls off like exp(−π²·|n|/τ), for the mask is smooth. On a grid that closes upon
 * itself the line goes round instead. Rows are scaled to add up to one, so that a constant stays that constant.
 */
import { BAND } from '../architecture/cost.ts';
import { rowsOfTable, type BandPlaces, type BandTable } from '../kernels/bandRows.ts';
import { TEMPERATURE } from './config.ts';
import { sigmoidMask, type MaskVector } from './masks.ts';

/** Points of g a sample; between them it is interpolated. */
const FINENESS = 12;
/** Of a table; interpolation looks one point back and two ahead. */
const POINTS = (BAND / 2) * FINENESS + 3;
/** The largest number below one in single precision. */
const BELOW_ONE = 1 - 2 ** -24;

/** The band that resamples `from` entries to `to` at the given cut; upwards the cut is 1. */
export function resamplingBand(from: number, to: number, cut: number, periodic: boolean) {
  const numbers = rowsOfTable(bandTable(from, to, cut, periodic), BAND);
  return { ...bandPlaces(from, to, periodic), ...numbers };
}

/** The entries of the old grid that each of the new one is a sum of: those around its centre. */
export function bandPlaces(from: number, to: number, periodic: boolean): BandPlaces {
  const firsts = new Int32Array(to);
  for (let i = 0; i < to; i++) firsts[i] = Math.floor(centreOf(i, from, to, periodic)) - BAND / 2 + 1;
  return { from, to, width: BAND, periodic, firsts };
}

/** N·g and its derivative in the cut, from which the band's numbers follow. */
export function bandTable(from: number, to: number, cut: number, periodic: boolean): BandTable {
  const fractions = new Float32Array(to);
  for (let i = 0; i < to; i++) {
    const centre = centreOf(i, from, to, periodic);
    fractions[i] = Math.min(centre - Math.floor(centre), BELOW_ONE);
  }
  const mask = sigmoidMask(to < from ? cut : 1, TEMPERATURE, from, Math.min(from, to));
  return { fractions, points: tabulate(mask, from, periodic) };
}

/** Where entry i of the new grid lies, in samples of the old one. */
const centreOf = (i: number, from: number, to: number, periodic: boolean): number =>
  periodic ? (i * from) / to : ((i + 0.5) * from) / to - 0.5;

/** `[2, POINTS]`: both sums at distances of (p − 1)/FINENESS samples, by the recurrence of the cosines. */
function tabulate(mask: MaskVector, from: number, periodic: boolean): Float32Array {
  const values = wavesOf(mask.values, periodic);
  const slopes = wavesOf(mask.slopes, periodic);
  const step = ((periodic ? 2 : 1) * Math.PI) / FINENESS / from;
  const table = new Float32Array(2 * POINTS);
  // Two points beside each other, since a recurrence alone waits for its last product; the first of all is that on the other side of 0.
  for (let p = 1; p < POINTS; p += 2) {
    const twice = 2 * Math.cos(step * (p - 1));
    const twice2 = 2 * Math.cos(step * p);
    let [before, before2, now, now2] = [twice / 2, twice2 / 2, 1, 1];
    let [value, value2, slope, slope2] = [0, 0, 0, 0];
    for (let k = 0; k < values.length; k++) {
      const v = values[k] ?? 0;
      const s = slopes[k] ?? 0;
      value += v * now;
      value2 += v * now2;
      slope += s * now;
      slope2 += s * now2;
      const next = twice * now - before;
      const next2 = twice2 * now2 - before2;
      before = now;
      before2 = now2;
      now = next;
      now2 = next2;
    }
    table.set([value, value2], p);
    table.set([slope, slope2], POINTS + p);
  }
  table[0] = table[2] ?? 0;
  table[POINTS] = table[POINTS + 2] ?? 0;
  return table;
}

/** Weight of each wave: of a ring's cosine and sine the sum, since only that depends on the distance alone. */
function wavesOf(mask: Float32Array, periodic: boolean): Float64Array {
  const waves = new Float64Array(periodic ? Math.floor(mask.length / 2) + 1 : mask.length);
  for (let k = 1; k < waves.length; k++) {
    waves[k] = periodic ? (mask[2 * k - 1] ?? 0) + (mask[2 * k] ?? 0) : (mask[k] ?? 0);
  }
  waves[0] = (mask[0] ?? 0) / (periodic ? 1 : 2);
  return waves;
}
