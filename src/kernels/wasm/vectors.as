/** Vectors of four float32 numbers, in AssemblyScript with SIMD: parts of them in memory, and functions of them. */

/** The first `count` numbers at an offset, at most four, and zeros behind them. */
@inline
function loadPart(at: usize, count: i32): v128 {
  return count >= 4 ? v128.load(at) : loadFew(at, count);
}

function loadFew(at: usize, count: i32): v128 {
  let value = v128.load32_zero(at);
  if (count > 1) value = v128.load_lane<f32>(at + 4, value, 1);
  if (count > 2) value = v128.load_lane<f32>(at + 8, value, 2);
  return value;
}

/** Writes the first `count` numbers, at most four. */
@inline
function storePart(at: usize, value: v128, count: i32): void {
  if (count >= 4) v128.store(at, value);
  else storeFew(at, value, count);
}

function storeFew(at: usize, value: v128, count: i32): void {
  v128.store_lane<f32>(at, value, 0);
  if (count > 1) v128.store_lane<f32>(at + 4, value, 1);
  if (count > 2) v128.store_lane<f32>(at + 8, value, 2);
}

@inline
function sumOf(value: v128): f32 {
  return (
    f32x4.extract_lane(value, 0) +
    f32x4.extract_lane(value, 1) +
    (f32x4.extract_lane(value, 2) + f32x4.extract_lane(value, 3))
  );
}

@inline
function addTo(at: usize, value: f32): void {
  store<f32>(at, load<f32>(at) + value);
}

@inline
function increase(at: usize, value: v128): void {
  v128.store(at, f32x4.add(v128.load(at), value));
}

/** c + a·b. */
@inline
function multiplyAdd(a: v128, b: v128, c: v128): v128 {
  return f32x4.add(c, f32x4.mul(a, b));
}

/** 1.5·2²³: a small number's nearest whole number is in the last bits of their sum. */
const WHOLE: f32 = 12582912;

/** eˣ: a power of two times a polynomial over half a binary order on either side (Cephes, expf). */
@inline
function exponential(x: v128): v128 {
  const bounded = f32x4.pmax(f32x4.splat(-87), f32x4.pmin(f32x4.splat(88), x));
  const shifted = multiplyAdd(bounded, f32x4.splat(1.44269504088896341), f32x4.splat(WHOLE));
  const n = f32x4.sub(shifted, f32x4.splat(WHOLE));
  let r = multiplyAdd(n, f32x4.splat(-0.693359375), bounded);
  r = multiplyAdd(n, f32x4.splat(2.12194440e-4), r);
  let p = f32x4.splat(1.9875691500e-4);
  p = multiplyAdd(p, r, f32x4.splat(1.3981999507e-3));
  p = multiplyAdd(p, r, f32x4.splat(8.3334519073e-3));
  p = multiplyAdd(p, r, f32x4.splat(4.1665795894e-2));
  p = multiplyAdd(p, r, f32x4.splat(1.6666665459e-1));
  p = multiplyAdd(p, r, f32x4.splat(5.0000001201e-1));
  p = multiplyAdd(p, f32x4.mul(r, r), f32x4.add(r, f32x4.splat(1)));
  // n is added to the exponent's bits.
  return i32x4.add(p, i32x4.shl(shifted, 23));
}

/** Writes sin x and cos x: polynomials over an eighth of a turn on either side of a quarter turn (Cephes, sinf and cosf). */
function sineAndCosine(x: v128, sine: usize, cosine: usize): void {
  const n = f32x4.nearest(f32x4.mul(x, f32x4.splat(0.636619772367581343)));
  let r = multiplyAdd(n, f32x4.splat(-1.5703125), x);
  r = multiplyAdd(n, f32x4.splat(-4.837512969970703125e-4), r);
  r = multiplyAdd(n, f32x4.splat(-7.54978995489188216e-8), r);
  const z = f32x4.mul(r, r);
  let s = f32x4.splat(-1.9515295891e-4);
  s = multiplyAdd(s, z, f32x4.splat(8.3321608736e-3));
  s = multiplyAdd(s, z, f32x4.splat(-1.6666654611e-1));
  s = multiplyAdd(f32x4.mul(s, z), r, r);
  let c = f32x4.splat(2.443315711809948e-5);
  c = multiplyAdd(c, z, f32x4.splat(-1.388731625493765e-3));
  c = multiplyAdd(c, z, f32x4.splat(4.166664568298827e-2));
  c = multiplyAdd(f32x4.mul(c, z), z, multiplyAdd(z, f32x4.splat(-0.5), f32x4.splat(1)));
  const quarter = i32x4.trunc_sat_f32x4_s(n);
  const one = i32x4.splat(1);
  const odd = i32x4.eq(v128.and(quarter, one), one);
  // The second and third quarters turn the sine's sign, the first and second that of the cosine.
  const sineSign = i32x4.shl(v128.and(quarter, i32x4.splat(2)), 30);
  const cosineSign = i32x4.shl(v128.and(i32x4.add(quarter, one), i32x4.splat(2)), 30);
  v128.store(sine, v128.xor(v128.bitselect(c, s, odd), sineSign));
  v128.store(cosine, v128.xor(v128.bitselect(s, c, odd), cosineSign));
}
