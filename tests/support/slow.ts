/** Slow twins of the kernels: loops over their definitions. */

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

/** Products with a band and with its slopes' derivative, `[before, from, after]` → `[before, to, after]`, entry by entry. */
export function slowBanded(
  band: { from: number; to: number; columns: Int32Array; values: Float32Array; slopes: Float32Array },
  x: Values,
  dy: Float32Array,
) {
  const { from, to, columns, values, slopes } = band;
  const [before = 0, , after = 0] = x.shape;
  const width = columns.length / to;
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
