/**
 * The numbers of a band: entry w of row i is N·g at the distance from the row's centre to its w-th sample, from a table of g by cubic
 * interpolation (Catmull & Rom), and rows are scaled to add up to one (`dnarch/band.ts` says what g is).
 */

/**
 * Which entries of a line of `from` the rows of a band are sums of: row i of `width` ones in a row, from `firsts[i]` on. Beyond its ends the
 * line goes on as its mirror image, or on a ring as it begins, and no row reaches further than that.
 */
export interface BandPlaces {
  readonly from: number;
  readonly to: number;
  readonly width: number;
  readonly periodic: boolean;
  /** `[to]`, ascending. */
  readonly firsts: Int32Array;
}

/** `[to, width]` each, row-major: what the entries of each row are times, and the derivative of that in the band's cut. */
export interface BandNumbers {
  readonly values: Float32Array;
  /** Null where nobody asks for it. */
  readonly slopes: Float32Array | null;
}

/** The entry at place n of a line that goes on beyond its ends. */
export function entryAt({ from, periodic }: Pick<BandPlaces, 'from' | 'periodic'>, n: number): number {
  if (periodic) return (n + from) % from;
  if (n < 0) return -1 - n;
  return n < from ? n : 2 * from - 1 - n;
}

/** What the numbers of a band follow from. */
export interface BandTable {
  /** `[to]`: how far each row's centre lies beyond the sample before it, in samples, below 1. */
  readonly fractions: Float32Array;
  /**
   * `[2, points]`: N·g, and its derivative in the cut, at distances that lie evenly, a whole number of them a sample: from one point below 0
   * to one beyond half of a band's width.
   */
  readonly points: Float32Array;
}

/** Numbers of a band of so many samples a row, on the host. */
export function rowsOfTable({ fractions, points }: BandTable, width: number): BandNumbers & { slopes: Float32Array } {
  const half = points.length / 2;
  const [table, steepness] = [points.subarray(0, half), points.subarray(half)];
  const fineness = (2 * (half - 3)) / width;
  const values = new Float32Array(fractions.length * width);
  const slopes = new Float32Array(fractions.length * width);
  fractions.forEach((fraction, i) => {
    let sum = 0;
    let slope = 0;
    for (let w = 0; w < width; w++) {
      const at = i * width + w;
      const position = Math.abs(fraction + width / 2 - 1 - w) * fineness;
      sum += values[at] = interpolated(table, position);
      slope += slopes[at] = interpolated(steepness, position);
    }
    for (let at = i * width; at < (i + 1) * width; at++) {
      slopes[at] = ((slopes[at] ?? 0) - ((values[at] ?? 0) * slope) / sum) / sum;
      values[at] = (values[at] ?? 0) / sum;
    }
  });
  return { values, slopes };
}

/** At a position in points, of which 0 is the second one. */
function interpolated(table: Float32Array, position: number): number {
  const p = Math.floor(position);
  const t = position - p;
  const [a = 0, b = 0, c = 0, d = 0] = table.subarray(p, p + 4);
  return b + 0.5 * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)));
}
