/**
 * The second half of a branch and its gradients, some rows at a time: what is between its nonlinearity and its product stays in
 * the cache.
 */

const GELU_SLOPE: f32 = 1.702;

/** Writes gelu of `count` entries times their factors and, where there is a place for it, gelu's slope times these; 0 for no factors. */
function activate(pre: usize, factors: usize, h: usize, slope: usize, count: i32): void {
  const whole = count & ~3;
  for (let i = 0; i < whole; i += 4) {
    const at = i << 2;
    const z = v128.load(pre + at);
    const factor = factors ? v128.load(factors + at) : f32x4.splat(1);
    const s = sigmoidOf(z);
    const value = f32x4.mul(z, s);
    v128.store(h + at, f32x4.mul(value, factor));
    if (slope) v128.store(slope + at, f32x4.mul(slopeOf(value, s), factor));
  }
  if (whole == count) return;
  const at = whole << 2;
  const rest = count - whole;
  const z = loadPart(pre + at, rest);
  const factor = factors ? loadPart(factors + at, rest) : f32x4.splat(1);
  const s = sigmoidOf(z);
  const value = f32x4.mul(z, s);
  storePart(h + at, f32x4.mul(value, factor), rest);
  if (slope) storePart(slope + at, f32x4.mul(slopeOf(value, s), factor), rest);
}

/** −1.702·log₂e. */
const POWER: f32 = -2.4554669596;

/**
 * gelu of `count` entries in place, in whole vectors, for inference: z/(1 + 2ᵗ), which takes a third fewer operations than what training
 * does, to 1e-6. The power of the fraction is a polynomial with the least relative error, 8e-8.
 */
function activatePlainly(h: usize, count: i32): void {
  const end = h + (count << 2);
  for (; h < end; h += 16) {
    const z = v128.load(h);
    const t = f32x4.pmax(f32x4.splat(-126), f32x4.pmin(f32x4.splat(126), f32x4.mul(z, f32x4.splat(POWER))));
    const shifted = f32x4.add(t, f32x4.splat(WHOLE));
    const fraction = f32x4.sub(t, f32x4.sub(shifted, f32x4.splat(WHOLE)));
    let p = f32x4.splat(1.3267e-3);
    p = multiplyAdd(p, fraction, f32x4.splat(9.67546e-3));
    p = multiplyAdd(p, fraction, f32x4.splat(5.550743e-2));
    p = multiplyAdd(p, fraction, f32x4.splat(2.4022122e-1));
    p = multiplyAdd(p, fraction, f32x4.splat(6.9314695e-1));
    p = multiplyAdd(p, fraction, f32x4.splat(1.00000007));
    // The whole part is added to the exponent's bits.
    const power = i32x4.add(p, i32x4.shl(shifted, 23));
    v128.store(h, f32x4.div(z, f32x4.add(power, f32x4.splat(1))));
  }
}

/** σ(1.702z). */
@inline
function sigmoidOf(z: v128): v128 {
  const one = f32x4.splat(1);
  return f32x4.div(one, f32x4.add(one, exponential(f32x4.mul(z, f32x4.splat(-GELU_SLOPE)))));
}

/** d(z·s)/dz = s + 1.702·z·s·(1 − s), with z·s the value itself. */
@inline
function slopeOf(value: v128, s: v128): v128 {
  return multiplyAdd(f32x4.mul(value, f32x4.sub(f32x4.splat(1), s)), f32x4.splat(GELU_SLOPE), s);
}

/** The same of rows from `first` on; `dropout` has factors for each `points` of all rows. */
function activateRows(
  pre: usize,
  dropout: usize,
  points: i32,
  first: i32,
  count: i32,
  inner: i32,
  h: usize,
  slope: usize,
): void {
  if (!dropout) {
    activate(pre, 0, h, slope, count * inner);
    return;
  }
  const row = inner << 2;
  for (let r = 0; r < count; r++) {
    const own = slope ? slope + r * row : 0;
    activate(pre + r * row, dropout + ((first + r) / points) * row, h + r * row, own, inner);
  }
}

/**
 * y = shortcut + (gelu(pre) ⊙ dropout)·(mask ⊙ w)·gate: `[lines, inner]`, `[lines, shortcutColumns]` → `[lines, outer]`. `scratch` is
 * w, `[inner, 4]`, and CHUNK rows of inner and of outer entries.
 */
export function branch(
  pre: usize,
  dropout: usize,
  points: i32,
  w: usize,
  stride: i32,
  mask: usize,
  gate: usize,
  shortcut: usize,
  shortcutColumns: i32,
  y: usize,
  lines: i32,
  inner: i32,
  outer: i32,
  scratch: usize,
): void {
  const wide = scratch + ((inner * outer) << 2);
  const h = wide + (inner << 4);
  const resized = h + ((CHUNK * inner) << 2);
  pack(w, stride, inner, outer, mask, gate, false, scratch);
  for (let first = 0; first < lines; first += CHUNK) {
    const count = min(lines - first, CHUNK);
    activateRows(pre + ((first * inner) << 2), dropout, points, first, count, inner, h, 0);
    let initial = shortcut + ((first * shortcutColumns) << 2);
    if (shortcutColumns != outer) {
      copyRows(initial, resized, shortcutColumns, count, shortcutColumns, outer);
      initial = resized;
    }
    const out = y + ((first * outer) << 2);
    multiply(h, inner << 2, scratch, outer << 2, initial, outer << 2, out, count, inner, outer, wide);
  }
}

/**
 * y = shortcut + gelu(x·w1 + bias)·w2, for inference: `[lines, width]`, of which each `points` begin anew with the rows of `bias`,
 * `[points, inner]`, and `[lines, shortcutColumns]` → `[lines, outer]`. `scratch` is CHUNK rows of inner and of outer entries, and four
 * columns of the larger matrix.
 */
export function plainBranch(
  x: usize,
  width: i32,
  w1: usize,
  bias: usize,
  points: i32,
  w2: usize,
  shortcut: usize,
  shortcutColumns: i32,
  y: usize,
  lines: i32,
  inner: i32,
  outer: i32,
  h: usize,
): void {
  const resized = h + ((CHUNK * inner) << 2);
  const wide = resized + ((CHUNK * outer) << 2);
  const row = inner << 2;
  let count = 0;
  for (let first = 0; first < lines; first += count) {
    const point = first % points;
    count = min(points - point, CHUNK);
    multiply(x + ((first * width) << 2), width << 2, w1, row, bias + point * row, row, h, count, width, inner, wide);
    activatePlainly(h, count * inner);
    let initial = shortcut + ((first * shortcutColumns) << 2);
    if (shortcutColumns != outer) {
      copyRows(initial, resized, shortcutColumns, count, shortcutColumns, outer);
      initial = resized;
    }
    const out = y + ((first * outer) << 2);
    multiply(h, row, w2, outer << 2, initial, outer << 2, out, count, inner, outer, wide);
  }
}

/**
 * The gradients in `pre`, `[lines, inner]`, and in mask ⊙ w · gate, `[inner, outer]`. `scratch` is w, its sums, `[outer + CHUNK, 4]`,
 * and twice CHUNK rows of inner entries.
 */
export function branchGradient(
  pre: usize,
  dropout: usize,
  points: i32,
  w: usize,
  stride: i32,
  mask: usize,
  gate: usize,
  dy: usize,
  dPre: usize,
  dW: usize,
  lines: i32,
  inner: i32,
  outer: i32,
  scratch: usize,
): void {
  const sums = scratch + ((inner * outer) << 2);
  const size = sumsOf(inner, outer);
  const wide = sums + size;
  const h = wide + ((outer + CHUNK) << 4);
  const slope = h + ((CHUNK * inner) << 2);
  pack(w, stride, inner, outer, mask, gate, true, scratch);
  memory.fill(sums, 0, size);
  for (let first = 0; first < lines; first += CHUNK) {
    const count = min(lines - first, CHUNK);
    activateRows(pre + ((first * inner) << 2), dropout, points, first, count, inner, h, slope);
    const from = dy + ((first * outer) << 2);
    const out = dPre + ((first * inner) << 2);
    addTransposedProduct(h, from, sums, count, inner, outer, false, wide);
    multiply(from, outer << 2, scratch, inner << 2, 0, 0, out, count, outer, inner, wide);
    const entries = count * inner;
    for (let i = 0; i < entries; i += 4) {
      const at = i << 2;
      const rest = entries - i;
      storePart(out + at, f32x4.mul(loadPart(out + at, rest), loadPart(slope + at, rest)), rest);
    }
  }
  fromSums(sums, dW, inner, outer);
}
