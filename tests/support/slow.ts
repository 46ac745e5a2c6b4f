/** Slow twins of the kernels: loops over their definitions. */

import type { BandPlaces } from '../../src/kernels/bandRows.ts';

export interface Values {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** Slow depthwise correlation and its two gradients, term by term from the definition: zeros beyond an end, or round. */
export function slowDepthwise(x: Values, kernel: Values, dy: Float32Array, periodic: boolean) {
  const [samples = 0, height = 0, width = 0, channels = 0] = x.shape;
  const [rows = 0, columns = 0] = kernel.shape;
  const y = new Float64Array(x.values.length);
  const dx = new Float64Array(x.values.length);
  const dk = new Float64Array(kernel.values.length);
  const at = (n: number, i: number, j: number, c: number): number => ((n * height + i) * width + j) * channels + c;
  for (let n = 0; n < samples; n++)
    for (let i = 0; i < height; i++)
      for (let j = 0; j < width; j++)
        for (let c = 0; c < channels; c++)
          for (let u = 0; u < rows; u++)
            for (let v = 0; v < columns; v++) {
              let fromRow = i + u - (rows - 1) / 2;
              let fromColumn = j + v - (columns - 1) / 2;
              if (periodic) {
                fromRow = (fromRow + height) % height;
                fromColumn = (fromColumn + width) % width;
              }
              if (fromRow < 0 || fromRow >= height || fromColumn < 0 || fromColumn >= width) continue;
              const to = at(n, i, j, c);
              const from = at(n, fromRow, fromColumn, c);
              const tap = (u * columns + v) * channels + c;
              y[to]! += x.values[from]! * kernel.values[tap]!;
              dx[from]! += dy[to]! * kernel.values[tap]!;
              dk[tap]! += dy[to]! * x.values[from]!;
            }
  return { y, dx, dk };
}

/** `[to, width]`: the entries that the rows of a band read, found by walking from the middle of the line to either side. */
export function columnsOf({ from, to, width, periodic, firsts }: BandPlaces): number[] {
  const last = from - 1;
  return Array.from({ length: to * width }, (_, at) => {
    const n = firsts[Math.floor(at / width)]! + (at % width);
    let [entry, direction] = [0, 1];
    for (let walked = 0; walked < Math.abs(n); walked++) {
      const wanted = Math.sign(n) * direction;
      if (entry + wanted >= 0 && entry + wanted <= last) entry += wanted;
      else if (periodic) entry = wanted < 0 ? last : 0;
      else direction = -direction;
    }
    return entry;
  });
}

/** Products with a band and with its slopes' derivative, `[before, from, after]` → `[before, to, after]`, entry by entry. */
export function slowBanded(
  band: BandPlaces & { values: Float32Array; slopes: Float32Array },
  x: Values,
  dy: Float32Array,
) {
  const { from, to, width, values, slopes } = band;
  const columns = columnsOf(band);
  const [before = 0, , after = 0] = x.shape;
  const y = new Float64Array(before * to * after);
  const dx = new Float64Array(x.values.length);
  let slope = 0;
  for (let b = 0; b < before; b++)
    for (let i = 0; i < to; i++)
      for (let c = 0; c < after; c++)
        for (let entry = i * width; entry < (i + 1) * width; entry++) {
          const input = (b * from + columns[entry]!) * after + c;
          const output = (b * to + i) * after + c;
          y[output]! += values[entry]! * x.values[input]!;
          dx[input]! += values[entry]! * dy[output]!;
          slope += slopes[entry]! * x.values[input]! * dy[output]!;
        }
  return { y, dx, slope };
}
