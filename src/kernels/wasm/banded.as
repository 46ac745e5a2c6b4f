/** Products with a band along the middle axis of `[before, from, after]`, in AssemblyScript with SIMD. */

/** y = band·x: `columns` and `values` are `[to, width]`; the result is `[before, to, after]`. */
export function banded(
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
      let c = 0;
      for (; c + 16 <= after; c += 16) {
        const channel = c << 2;
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
      for (; c < after; c += 4) {
        const channel = c << 2;
        const rest = after - c;
        let sum = f32x4.splat(0);
        for (let at = own; at < own + bytes; at += 4) {
          const p = source + load<i32>(columns + at) * row + channel;
          sum = multiplyAdd(loadPart(p, rest), v128.load32_splat(values + at), sum);
        }
        storePart(target + channel, sum, rest);
      }
    }
  }
}

/** x = bandᵀ·y: `[before, to, after]` → `[before, from, after]`. */
export function bandedTransposed(
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
        for (let c = 0; c < after; c += 4) {
          const channel = c << 2;
          const rest = after - c;
          const value = multiplyAdd(loadPart(source + channel, rest), weight, loadPart(p + channel, rest));
          storePart(p + channel, value, rest);
        }
      }
    }
  }
}
