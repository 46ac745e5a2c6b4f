/** Products with a band along the middle axis of `[before, from, after]`, in AssemblyScript with SIMD. */

/** Swaps the first two axes of `[rows, columns, entries]`. */
function swapAxes(from: usize, to: usize, rows: i32, columns: i32, entries: i32): void {
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) {
      const target = to + (((c * rows + r) * entries) << 2);
      for (let e = 0; e < entries; e++) store<f32>(target + (e << 2), load<f32>(from + (e << 2)));
      from += entries << 2;
    }
  }
}

/**
 * y = band·x, or x = bandᵀ·y with `transposed` 1: `columns` and `values` are `[to, width]`; y is `[before, to, after]`. Where the last
 * axis is shorter than a vector the first one moves behind it: `scratch` is then as large as x and y.
 */
export function banded(
  given: usize,
  columns: usize,
  values: usize,
  result: usize,
  before: i32,
  from: i32,
  to: i32,
  after: i32,
  width: i32,
  transposed: i32,
  scratch: usize,
): void {
  const entries = transposed ? to : from;
  const size = transposed ? from : to;
  if (after >= 4 || before == 1) {
    if (transposed) addBand(given, columns, values, result, before, from, to, after, width);
    else band(given, columns, values, result, before, from, to, after, width);
    return;
  }
  const lines = before * after;
  const turned = scratch + ((entries * lines) << 2);
  swapAxes(given, scratch, before, entries, after);
  banded(scratch, columns, values, turned, 1, from, to, lines, width, transposed, 0);
  swapAxes(turned, result, size, before, after);
}

function band(
  x: usize,
  columns: usize,
  values: usize,
  y: usize,
  before: i32,
  from: i32,
  to: i32,
  after: i32,
  width: i32,
): void {
  const row = after << 2;
  const bytes = width << 2;
  for (let b = 0; b < before; b++) {
    const source = x + b * from * row;
    for (let i = 0; i < to; i++) {
      const own = i * bytes;
      const target = y + (b * to + i) * row;
      // The last sixteen, or four, overlap the ones before.
      for (let c = 0; after >= 16 && c < after; c += 16) {
        const channel = min(c, after - 16) << 2;
        let a0 = f32x4.splat(0);
        let a1 = f32x4.splat(0);
        let a2 = f32x4.splat(0);
        let a3 = f32x4.splat(0);
        for (let at = own; at < own + bytes; at += 4) {
          const weight = v128.load32_splat(values + at);
          const p = source + load<i32>(columns + at) * row + channel;
          a0 = multiplyAdd(v128.load(p), weight, a0);
          a1 = multiplyAdd(v128.load(p + 16), weight, a1);
          a2 = multiplyAdd(v128.load(p + 32), weight, a2);
          a3 = multiplyAdd(v128.load(p + 48), weight, a3);
        }
        v128.store(target + channel, a0);
        v128.store(target + channel + 16, a1);
        v128.store(target + channel + 32, a2);
        v128.store(target + channel + 48, a3);
      }
      for (let c = 0; after < 16 && c < after; c += 4) {
        const channel = (after < 4 ? 0 : min(c, after - 4)) << 2;
        let sum = f32x4.splat(0);
        for (let at = own; at < own + bytes; at += 4) {
          const p = source + load<i32>(columns + at) * row + channel;
          sum = multiplyAdd(after < 4 ? loadPart(p, after) : v128.load(p), v128.load32_splat(values + at), sum);
        }
        storePart(target + channel, sum, after);
      }
    }
  }
}

function addBand(
  y: usize,
  columns: usize,
  values: usize,
  x: usize,
  before: i32,
  from: i32,
  to: i32,
  after: i32,
  width: i32,
): void {
  const row = after << 2;
  memory.fill(x, 0, before * from * row);
  for (let b = 0; b < before; b++) {
    const target = x + b * from * row;
    for (let i = 0; i < to; i++) {
      const source = y + (b * to + i) * row;
      for (let w = 0; w < width; w++) {
        const at = (i * width + w) << 2;
        const weight = v128.load32_splat(values + at);
        const p = target + load<i32>(columns + at) * row;
        let c = 0;
        for (; c + 4 <= after; c += 4) {
          const channel = c << 2;
          v128.store(p + channel, multiplyAdd(v128.load(source + channel), weight, v128.load(p + channel)));
        }
        if (c == after) continue;
        const channel = c << 2;
        const rest = after - c;
        storePart(
          p + channel,
          multiplyAdd(loadPart(source + channel, rest), weight, loadPart(p + channel, rest)),
          rest,
        );
      }
    }
  }
}
