/** Products of spectra, in AssemblyScript with SIMD, over the memory of TF.js's wasm backend. */

/**
 * z = x·y, or x·ȳ with `conjugate` 1: `[before, bins, 2, channels]`, real parts and imaginary parts; with `shared` 1 there is one y for
 * all, `[bins, 2, channels]`.
 */
export function complexProduct(
  x: usize,
  y: usize,
  z: usize,
  before: i32,
  bins: i32,
  channels: i32,
  shared: i32,
  conjugate: i32,
): void {
  const half = channels << 2;
  const vectors = channels >> 2;
  const sign: f32 = conjugate ? -1 : 1;
  const signs = f32x4.splat(sign);
  for (let b = 0; b < before; b++) {
    let q = shared ? y : y + b * bins * 2 * half;
    for (let k = 0; k < bins; k++) {
      for (let v = 0; v < vectors; v++) {
        const real = v << 4;
        const imaginary = real + half;
        const a = v128.load(x + real);
        const e = v128.load(x + imaginary);
        const c = v128.load(q + real);
        const d = f32x4.mul(v128.load(q + imaginary), signs);
        v128.store(z + real, f32x4.sub(f32x4.mul(a, c), f32x4.mul(e, d)));
        v128.store(z + imaginary, f32x4.add(f32x4.mul(a, d), f32x4.mul(e, c)));
      }
      for (let real = vectors << 4; real < half; real += 4) {
        const imaginary = real + half;
        const a = load<f32>(x + real);
        const e = load<f32>(x + imaginary);
        const c = load<f32>(q + real);
        const d = load<f32>(q + imaginary) * sign;
        store<f32>(z + real, a * c - e * d);
        store<f32>(z + imaginary, a * d + e * c);
      }
      x += 2 * half;
      q += 2 * half;
      z += 2 * half;
    }
  }
}
