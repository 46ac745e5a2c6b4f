/**
 * Products with a band along the middle axis of `[before, from, after]`, in AssemblyScript with SIMD. The last axis goes four
 * at a time; the last four overlap the ones before where its length is no multiple of four, so at least four are needed.
 */

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
  for (let b = 0; b < before; b++) {
    const source = x + b * from * row;
    for (let i = 0; i < to; i++) {
      const firstColumn = columns + ((i * width) << 2);
      const firstValue = values + ((i * width) << 2);
      const target = y + (b * to + i) * row;
      for (let c = 0; c < after; c += 16) {
        if (c + 16 <= after) {
          const channel = c << 2;
          let a0 = f32x4.splat(0);
          let a1 = f32x4.splat(0);
          let a2 = f32x4.splat(0);
          let a3 = f32x4.splat(0);
          for (let w = 0; w < width; w++) {
            const weight = v128.load32_splat(firstValue + (w << 2));
            const p = source + load<i32>(firstColumn + (w << 2)) * row + channel;
            a0 = f32x4.add(a0, f32x4.mul(v128.load(p), weight));
            a1 = f32x4.add(a1, f32x4.mul(v128.load(p + 16), weight));
            a2 = f32x4.add(a2, f32x4.mul(v128.load(p + 32), weight));
            a3 = f32x4.add(a3, f32x4.mul(v128.load(p + 48), weight));
          }
          v128.store(target + channel, a0);
          v128.store(target + channel + 16, a1);
          v128.store(target + channel + 32, a2);
          v128.store(target + channel + 48, a3);
        } else {
          for (let d = c; d < after; d += 4) {
            const channel = (d + 4 <= after ? d : after - 4) << 2;
            let sum = f32x4.splat(0);
            for (let w = 0; w < width; w++) {
              const weight = v128.load32_splat(firstValue + (w << 2));
              const p = source + load<i32>(firstColumn + (w << 2)) * row + channel;
              sum = f32x4.add(sum, f32x4.mul(v128.load(p), weight));
            }
            v128.store(target + channel, sum);
          }
        }
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
  const whole = after & ~3;
  for (let b = 0; b < before; b++) {
    const target = x + b * from * row;
    for (let i = 0; i < to; i++) {
      const source = y + (b * to + i) * row;
      for (let w = 0; w < width; w++) {
        const at = ((i * width + w) << 2);
        const weight = load<f32>(values + at);
        const weights = f32x4.splat(weight);
        const p = target + load<i32>(columns + at) * row;
        for (let c = 0; c < whole; c += 4) {
          const channel = c << 2;
          v128.store(p + channel, f32x4.add(v128.load(p + channel), f32x4.mul(v128.load(source + channel), weights)));
        }
        // What is added to must not be added to twice, so the rest goes one by one.
        for (let c = whole; c < after; c++) {
          const channel = c << 2;
          store<f32>(p + channel, load<f32>(p + channel) + load<f32>(source + channel) * weight);
        }
      }
    }
  }
}
