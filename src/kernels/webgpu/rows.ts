/** WGSL that both depthwise programs share: the correlation of one row with another, at some neighbouring shifts at once. */

/** Shifts that one invocation works out, two vectors of four. */
export const SHIFTS = 8;

/**
 * `addRow` adds Σ_v taps[base + v·step]·x[row, origin + v + s, c] to sums for shifts s from 0 up to SHIFTS, where row is the index of
 * the row's first column, v runs over `count` taps, and x is zero beyond the row's ends. It needs the buffers `x`, `[rows, width,
 * channels]`, and `taps`, and the uniforms `width` and `channels`.
 *
 * Four taps a turn: each value that is read is then used up to eight times from registers.
 */
export const ADD_ROW = `
  struct Sums { low : vec4<f32>, high : vec4<f32> };

  fn valueAt(row : i32, column : i32, c : i32) -> f32 {
    if (column < 0 || column >= uniforms.width) { return 0.0; }
    return x[(row + column) * uniforms.channels + c];
  }

  fn valuesAt(row : i32, column : i32, c : i32) -> vec4<f32> {
    return vec4<f32>(
      valueAt(row, column, c), valueAt(row, column + 1, c), valueAt(row, column + 2, c), valueAt(row, column + 3, c));
  }

  fn tapAt(place : i32, v : i32, end : i32) -> f32 {
    if (v >= end) { return 0.0; }
    return taps[place];
  }

  fn addRow(
    before : Sums, row : i32, origin : i32, c : i32, base : i32, step : i32, count : i32
  ) -> Sums {
    var sums = before;
    // Only taps that reach into the row with one of their shifts.
    let begin = max(0, ${1 - SHIFTS} - origin);
    let end = min(count, uniforms.width - origin);
    if (begin >= end) { return sums; }
    var a = valuesAt(row, origin + begin, c);
    var b = valuesAt(row, origin + begin + 4, c);
    for (var v = begin; v < end; v += 4) {
      let d = valuesAt(row, origin + v + 8, c);
      let place = base + v * step;
      let first = tapAt(place, v, end);
      let second = tapAt(place + step, v + 1, end);
      let third = tapAt(place + 2 * step, v + 2, end);
      let fourth = tapAt(place + 3 * step, v + 3, end);
      sums.low += first * a + second * vec4<f32>(a.yzw, b.x) + third * vec4<f32>(a.zw, b.xy) + fourth * vec4<f32>(a.w, b.xyz);
      sums.high += first * b + second * vec4<f32>(b.yzw, d.x) + third * vec4<f32>(b.zw, d.xy) + fourth * vec4<f32>(b.w, d.xyz);
      a = b;
      b = d;
    }
    return sums;
  }
`;
