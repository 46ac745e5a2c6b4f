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

/** The entry at place n of a line of `from` that goes on beyond its ends: as its mirror image, or on a ring as it begins. */
@inline
function entryAt(n: i32, from: i32, periodic: i32): i32 {
  if (periodic) return n < 0 ? n + from : n < from ? n : n - from;
  return n < 0 ? -1 - n : n < from ? n : 2 * from - 1 - n;
}

/** From place n to the next, in entries. */
@inline
function stepAt(n: i32, from: i32, periodic: i32): i32 {
  return periodic || (n >= 0 && n < from) ? 1 : -1;
}

/** How many places there are from n on before the next end of the line. */
@inline
function runFrom(n: i32, from: i32): i32 {
  return n < 0 ? -n : n < from ? from - n : i32.MAX_VALUE;
}

/**
 * y = band·x, or x = bandᵀ·y with `transposed` 1: row i of the band is `values[i]`, `[to, width]`, from place `firsts[i]` on. Where the last
 * axis is shorter than a vector the first one moves behind it: `scratch` is then as large as x and y.
 */
export function banded(
  given: usize,
  firsts: usize,
  values: usize,
  result: usize,
  before: i32,
  from: i32,
  to: i32,
  after: i32,
  width: i32,
  periodic: i32,
  transposed: i32,
  scratch: usize,
): void {
  const entries = transposed ? to : from;
  const size = transposed ? from : to;
  if (after >= 4 || before == 1) {
    if (transposed) transposedBand(given, firsts, values, result, before, from, to, after, width, periodic);
    else band(given, firsts, values, result, before, from, to, after, width, periodic);
    return;
  }
  const lines = before * after;
  const turned = scratch + ((entries * lines) << 2);
  swapAxes(given, scratch, before, entries, after);
  banded(scratch, firsts, values, turned, 1, from, to, lines, width, periodic, transposed, 0);
  swapAxes(turned, result, size, before, after);
}

/** Σ dy·(band·x): `scratch` is as large as dy, and behind it what the product needs. */
export function bandedSlope(
  x: usize,
  dy: usize,
  firsts: usize,
  slopes: usize,
  result: usize,
  before: i32,
  from: i32,
  to: i32,
  after: i32,
  width: i32,
  periodic: i32,
  scratch: usize,
): void {
  const size = before * to * after;
  banded(x, firsts, slopes, scratch, before, from, to, after, width, periodic, 0, scratch + (size << 2));
  let sum = f32x4.splat(0);
  for (let at = 0; at < size; at += 4) {
    const count = size - at;
    sum = multiplyAdd(loadPart(dy + (at << 2), count), loadPart(scratch + (at << 2), count), sum);
  }
  store<f32>(result, sumOf(sum));
}

/** How many rows begin before place n. */
function rowsBefore(firsts: usize, to: i32, n: i32): i32 {
  let low = 0;
  let high = to;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (load<i32>(firsts + (middle << 2)) < n) low = middle + 1;
    else high = middle;
  }
  return low;
}

function band(
  x: usize,
  firsts: usize,
  values: usize,
  y: usize,
  before: i32,
  from: i32,
  to: i32,
  after: i32,
  width: i32,
  periodic: i32,
): void {
  const row = after << 2;
  const last = max(0, row - 16);
  for (let b = 0; b < before; b++) {
    const source = x + b * from * row;
    for (let i = 0; i < to; i++) {
      const first = load<i32>(firsts + (i << 2));
      const own = values + ((i * width) << 2);
      const target = y + (b * to + i) * row;
      // Four vectors at once; the last ones overlap.
      for (let c0 = 0; c0 < row; c0 += 64) {
        const c1 = min(c0 + 16, last);
        const c2 = min(c0 + 32, last);
        const c3 = min(c0 + 48, last);
        const c = min(c0, last);
        let a0 = f32x4.splat(0);
        let a1 = f32x4.splat(0);
        let a2 = f32x4.splat(0);
        let a3 = f32x4.splat(0);
        for (let w = 0; w < width; ) {
          const n = first + w;
          const end = w + min(width - w, runFrom(n, from));
          const step = stepAt(n, from, periodic) * row;
          let p = source + entryAt(n, from, periodic) * row;
          for (; w < end; w++) {
            const weight = v128.load32_splat(own + (w << 2));
            if (after >= 4) {
              a0 = multiplyAdd(v128.load(p + c), weight, a0);
              a1 = multiplyAdd(v128.load(p + c1), weight, a1);
              a2 = multiplyAdd(v128.load(p + c2), weight, a2);
              a3 = multiplyAdd(v128.load(p + c3), weight, a3);
            } else a0 = multiplyAdd(loadPart(p, after), weight, a0);
            p += step;
          }
        }
        storePart(target + c, a0, after);
        if (after < 4) continue;
        v128.store(target + c1, a1);
        v128.store(target + c2, a2);
        v128.store(target + c3, a3);
      }
    }
  }
}

function transposedBand(
  y: usize,
  firsts: usize,
  values: usize,
  x: usize,
  before: i32,
  from: i32,
  to: i32,
  after: i32,
  width: i32,
  periodic: i32,
): void {
  const row = after << 2;
  const last = max(0, row - 16);
  const lowest = load<i32>(firsts);
  const beyond = load<i32>(firsts + ((to - 1) << 2)) + width;
  for (let b = 0; b < before; b++) {
    const source = y + b * to * row;
    // The rows that reach entry j at its own place, which move on with it.
    let begin = 0;
    let end = 0;
    for (let j = 0; j < from; j++) {
      while (end < to && load<i32>(firsts + (end << 2)) <= j) end++;
      while (begin < end && load<i32>(firsts + (begin << 2)) + width <= j) begin++;
      const target = x + (b * from + j) * row;
      for (let c0 = 0; c0 < row; c0 += 64) {
        const c1 = min(c0 + 16, last);
        const c2 = min(c0 + 32, last);
        const c3 = min(c0 + 48, last);
        const c = min(c0, last);
        let a0 = f32x4.splat(0);
        let a1 = f32x4.splat(0);
        let a2 = f32x4.splat(0);
        let a3 = f32x4.splat(0);
        // Each entry stands at its own place, and again beyond either end.
        for (let image = -1; image <= 1; image++) {
          const n = image == 0 || periodic ? j + image * from : (image + 1) * from - 1 - j;
          if (n < lowest || n >= beyond) continue;
          const stop = image == 0 ? end : rowsBefore(firsts, to, n + 1);
          for (let i = image == 0 ? begin : rowsBefore(firsts, to, n - width + 1); i < stop; i++) {
            const w = n - load<i32>(firsts + (i << 2));
            const weight = v128.load32_splat(values + ((i * width + w) << 2));
            const p = source + i * row;
            if (after >= 4) {
              a0 = multiplyAdd(v128.load(p + c), weight, a0);
              a1 = multiplyAdd(v128.load(p + c1), weight, a1);
              a2 = multiplyAdd(v128.load(p + c2), weight, a2);
              a3 = multiplyAdd(v128.load(p + c3), weight, a3);
            } else a0 = multiplyAdd(loadPart(p, after), weight, a0);
          }
        }
        storePart(target + c, a0, after);
        if (after < 4) continue;
        v128.store(target + c1, a1);
        v128.store(target + c2, a2);
        v128.store(target + c3, a3);
      }
    }
  }
}

/** Four neighbouring sums of a table's points, `[fineness, stride]`: p and the three behind it, and a sample further each. */
@inline
function weighed(table: usize, stride: i32, fineness: i32, p: i32, a: v128, b: v128, c: v128, d: v128): v128 {
  return f32x4.add(
    multiplyAdd(pointsAt(table, stride, fineness, p), a, f32x4.mul(pointsAt(table, stride, fineness, p + 1), b)),
    multiplyAdd(pointsAt(table, stride, fineness, p + 2), c, f32x4.mul(pointsAt(table, stride, fineness, p + 3), d)),
  );
}

@inline
function pointsAt(table: usize, stride: i32, fineness: i32, p: i32): v128 {
  return v128.load(table + (((p % fineness) * stride + p / fineness) << 2));
}

/**
 * A row of N·g, or of its derivative, and their sum. Samples lie a whole number of points apart, so all on one side of the centre lie at
 * the same place between two points, and are weighed alike by the cubic of Catmull & Rom.
 */
function interpolatedRow(table: usize, stride: i32, fraction: f32, result: usize, width: i32, fineness: i32): f32 {
  const position = fraction * <f32>fineness;
  const whole = <i32>position;
  const t = position - <f32>whole;
  const u: f32 = 1 - t;
  // The weights of one side are those of the other the other way round.
  const a = f32x4.splat(-0.5 * t * u * u);
  const b = f32x4.splat(1 - 0.5 * t * t * (5 - 3 * t));
  const c = f32x4.splat(1 - 0.5 * u * u * (5 - 3 * u));
  const d = f32x4.splat(-0.5 * u * t * t);
  const half = width / 2;
  let sum = f32x4.splat(0);
  for (let k = 0; k < half; k += 4) {
    const left = weighed(table, stride, fineness, whole + k * fineness, a, b, c, d);
    const right = weighed(table, stride, fineness, (k + 1) * fineness - whole - 1, d, c, b, a);
    v128.store(result + ((half - 4 - k) << 2), v128.shuffle<f32>(left, left, 3, 2, 1, 0));
    v128.store(result + ((half + k) << 2), right);
    sum = f32x4.add(sum, f32x4.add(left, right));
  }
  return sumOf(sum);
}

/**
 * The numbers of a band and their slopes in the cut, `[2, to, width]`, from the fractions of its rows and a table `[2, points]`. The width is a
 * multiple of 8; `scratch` takes the table with the points of a place between samples beside each other: 2·fineness·(width/2 + 4) numbers.
 */
export function bandRows(
  fractions: usize,
  table: usize,
  result: usize,
  to: i32,
  width: i32,
  points: i32,
  scratch: usize,
): void {
  const fineness = ((points - 3) << 1) / width;
  const stride = width / 2 + 4;
  const steepness = scratch + ((fineness * stride) << 2);
  memory.fill(scratch, 0, (2 * fineness * stride) << 2);
  for (let p = 0; p < points; p++) {
    const at = ((p % fineness) * stride + p / fineness) << 2;
    store<f32>(scratch + at, load<f32>(table + (p << 2)));
    store<f32>(steepness + at, load<f32>(table + ((points + p) << 2)));
  }
  let slopes = result + ((to * width) << 2);
  for (let i = 0; i < to; i++) {
    const fraction = load<f32>(fractions + (i << 2));
    const sum = interpolatedRow(scratch, stride, fraction, result, width, fineness);
    const share = f32x4.splat(interpolatedRow(steepness, stride, fraction, slopes, width, fineness) / sum);
    const scale = f32x4.splat(1 / sum);
    for (let at = 0; at < width << 2; at += 16) {
      const value = v128.load(result + at);
      v128.store(slopes + at, f32x4.mul(f32x4.sub(v128.load(slopes + at), f32x4.mul(value, share)), scale));
      v128.store(result + at, f32x4.mul(value, scale));
    }
    result += width << 2;
    slopes += width << 2;
  }
}
