/**
 * Resampling of long axes by a band (METHOD §3, §10): the operator of `spectral.ts` with the small far ends of its rows cut.
 *
 * Its entry from sample n to sample i depends on their distance alone, u_i − v_n on the line that is mirrored at both ends:
 * g(t) = 1/N·(m_0/2 + Σ_k m_k·cos(πkt)), and falls off like exp(−π²·|n|/τ), for the mask is smooth. On a grid that closes upon
 * itself the line goes round instead. Rows are scaled to add up to one, so that a constant stays that constant.
 */
import { BAND } from '../architecture/cost.ts';
import type { BandRows } from '../kernels/banded.ts';
import { TEMPERATURE } from './config.ts';
import { sigmoidMask, type MaskVector } from './masks.ts';

/** Points of g a sample; between them it is interpolated. */
const FINENESS = 12;

/** The band that resamples `from` entries to `to` at the given cut; upwards the cut is 1. */
export function resamplingBand(from: number, to: number, cut: number, periodic: boolean): BandRows {
  const mask = sigmoidMask(to < from ? cut : 1, TEMPERATURE, from, Math.min(from, to));
  const [table, steepness] = tabulate(mask, from, periodic);
  const columns = new Int32Array(to * BAND);
  const values = new Float32Array(to * BAND);
  const slopes = new Float32Array(to * BAND);
  for (let i = 0; i < to; i++) {
    // In samples of the old grid.
    const centre = periodic ? (i * from) / to : ((i + 0.5) * from) / to - 0.5;
    const first = Math.floor(centre) - BAND / 2 + 1;
    let sum = 0;
    let slope = 0;
    for (let w = 0; w < BAND; w++) {
      const at = i * BAND + w;
      const distance = Math.abs(centre - first - w);
      columns[at] = periodic ? modulo(first + w, from) : mirrored(first + w, from);
      sum += values[at] = interpolated(table, distance);
      slope += slopes[at] = interpolated(steepness, distance);
    }
    for (let at = i * BAND; at < (i + 1) * BAND; at++) {
      slopes[at] = ((slopes[at] ?? 0) - ((values[at] ?? 0) * slope) / sum) / sum;
      values[at] = (values[at] ?? 0) / sum;
    }
  }
  return { from, to, columns, values, slopes };
}

/** N·g at distances of p/FINENESS samples, for both masks at once, by the recurrence of the cosines. */
function tabulate(mask: MaskVector, from: number, periodic: boolean): [Float64Array, Float64Array] {
  const values = wavesOf(mask.values, periodic);
  const slopes = wavesOf(mask.slopes, periodic);
  // Interpolation looks two points ahead.
  const points = (BAND / 2) * FINENESS + 2;
  const tables: [Float64Array, Float64Array] = [new Float64Array(points), new Float64Array(points)];
  for (let p = 0; p < points; p++) {
    const cosine = Math.cos(((periodic ? 2 : 1) * Math.PI * p) / FINENESS / from);
    let before = cosine;
    let now = 1;
    let value = 0;
    let slope = 0;
    for (let k = 0; k < values.length; k++) {
      value += (values[k] ?? 0) * now;
      slope += (slopes[k] ?? 0) * now;
      const next = 2 * cosine * now - before;
      before = now;
      now = next;
    }
    tables[0][p] = value;
    tables[1][p] = slope;
  }
  return tables;
}

/** Weight of each wave: of a ring's cosine and sine the sum, since only that depends on the distance alone. */
function wavesOf(mask: Float32Array, periodic: boolean): Float64Array {
  if (!periodic) return Float64Array.from(mask, (value, k) => (k === 0 ? value / 2 : value));
  return Float64Array.from({ length: Math.floor(mask.length / 2) + 1 }, (_, k) =>
    k === 0 ? (mask[0] ?? 0) : (mask[2 * k - 1] ?? 0) + (mask[2 * k] ?? 0),
  );
}

/** Cubic interpolation (Catmull & Rom) of an even function. */
function interpolated(table: Float64Array, distance: number): number {
  const position = distance * FINENESS;
  const p = Math.floor(position);
  const t = position - p;
  const a = table[p === 0 ? 1 : p - 1] ?? 0;
  const b = table[p] ?? 0;
  const c = table[p + 1] ?? 0;
  const d = table[p + 2] ?? 0;
  return b + 0.5 * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)));
}

const modulo = (n: number, size: number): number => ((n % size) + size) % size;

/** Half-sample symmetry: … 1, 0 | 0, 1, … size − 1 | size − 1, … */
function mirrored(n: number, size: number): number {
  const turned = modulo(n, 2 * size);
  return turned < size ? turned : 2 * size - 1 - turned;
}
