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

/** Sum of a table's four points from p on, weighed as the cubic of Catmull & Rom weighs them. */
// @ts-ignore: a decorator
@inline
function weighed(p: usize, a: f32, b: f32, c: f32, d: f32): f32 {
  return a * load<f32>(p) + b * load<f32>(p, 4) + c * load<f32>(p, 8) + d * load<f32>(p, 12);
}

/**
 * A row of N·g, or of its derivative, and their sum. Samples lie a whole number of points apart, so all on one side of the centre lie at
 * the same place between two points, and are weighed alike.
 */
function interpolatedRow(table: usize, fraction: f32, result: usize, width: i32, fineness: i32): f32 {
  const position = fraction * <f32>fineness;
  const whole = <i32>position;
  const t = position - <f32>whole;
  const u: f32 = 1 - t;
  // The weights of one side are those of the other the other way round.
  const a: f32 = -0.5 * t * u * u;
  const b: f32 = 1 - 0.5 * t * t * (5 - 3 * t);
  const c: f32 = 1 - 0.5 * u * u * (5 - 3 * u);
  const d: f32 = -0.5 * u * t * t;
  const half = width / 2;
  let sum: f32 = 0;
  for (let w = 0; w < half; w++) {
    const left = weighed(table + ((whole + (half - 1 - w) * fineness) << 2), a, b, c, d);
    const right = weighed(table + (((w + 1) * fineness - whole - 1) << 2), d, c, b, a);
    store<f32>(result + (w << 2), left);
    store<f32>(result + ((half + w) << 2), right);
    sum += left + right;
  }
  return sum;
}

/**
 * The numbers of a band, `[to, width]`, from the fractions of its rows and a table `[2, points]`; its slopes in the cut with `slopes` 1, for
 * which `scratch` takes a row.
 */
export function bandRows(
  fractions: usize,
  table: usize,
  result: usize,
  to: i32,
  width: i32,
  points: i32,
  slopes: i32,
  scratch: usize,
): void {
  const fineness = ((points - 3) << 1) / width;
  const steepness = table + (points << 2);
  for (let i = 0; i < to; i++) {
    const fraction = load<f32>(fractions + (i << 2));
    const sum = interpolatedRow(table, fraction, slopes ? scratch : result, width, fineness);
    const scale = f32x4.splat(1 / sum);
    const share = slopes ? f32x4.splat(interpolatedRow(steepness, fraction, result, width, fineness) / sum) : scale;
    for (let at = 0; at < width << 2; at += 16) {
      let value = v128.load(result + at);
      if (slopes) value = f32x4.sub(value, f32x4.mul(v128.load(scratch + at), share));
      v128.store(result + at, f32x4.mul(value, scale));
    }
    result += width << 2;
  }
}
