/** Batch normalisation over the rows of `[lines, channels]` with a mask over the channels, and its gradients. */

const EPSILON: f32 = 1e-5;

/**
 * Two sums over the lines for each channel, `[2, channels]`: of x − origin and its square or, where dy is given, of dy and of
 * dy·(x − origin); `origin` is one row.
 */
function twoSums(x: usize, dy: usize, origin: usize, lines: i32, channels: i32, sums: usize): void {
  const row = channels << 2;
  memory.fill(sums, 0, 2 * row);
  for (let chunk = 0; chunk < lines; chunk += CHUNK) {
    const count = min(lines - chunk, CHUNK);
    for (let c = 0; c < channels; c += 4) {
      const rest = channels - c;
      const middle = loadPart(origin + (c << 2), rest);
      let p = x + chunk * row + (c << 2);
      let q = dy + chunk * row + (c << 2);
      let a = f32x4.splat(0);
      let b = a;
      for (let r = 0; r < count; r++) {
        const centred = f32x4.sub(loadPart(p, rest), middle);
        const slope = dy ? loadPart(q, rest) : centred;
        a = f32x4.add(a, slope);
        b = multiplyAdd(centred, slope, b);
        p += row;
        q += row;
      }
      const at = sums + (c << 2);
      storePart(at, f32x4.add(loadPart(at, rest), a), rest);
      storePart(at + row, f32x4.add(loadPart(at + row, rest), b), rest);
    }
  }
}

/** y = gain·dy + p·x + q for each channel, `[3, channels]`; without dy y = p·x + q, with p and q `[2, channels]`. */
function affine(x: usize, dy: usize, factors: usize, y: usize, lines: i32, channels: i32): void {
  const row = channels << 2;
  for (let r = 0; r < lines; r++) {
    for (let c = 0; c < channels; c += 4) {
      const at = c << 2;
      const rest = channels - c;
      let own = factors + at;
      let value = multiplyAdd(loadPart(x + at, rest), loadPart(own, rest), loadPart(own + row, rest));
      if (dy) value = multiplyAdd(loadPart(dy + at, rest), loadPart(own + 2 * row, rest), value);
      storePart(y + at, value, rest);
    }
    x += row;
    y += row;
    if (dy) dy += row;
  }
}

/** `table` is `[4, channels]`: mean, 1/σ, gain and offset; `sums` is scratch, `[2, channels]`. */
export function norm(
  x: usize,
  scale: usize,
  shift: usize,
  mask: usize,
  table: usize,
  y: usize,
  lines: i32,
  channels: i32,
  sums: usize,
): void {
  const row = channels << 2;
  // About the first line's value, which is no farther from the mean than the values are wide, so that no digits are lost.
  twoSums(x, 0, x, lines, channels, sums);
  for (let at = 0; at < row; at += 4) {
    const distance = load<f32>(sums + at) / <f32>lines;
    const variance = max<f32>(0, load<f32>(sums + row + at) / <f32>lines - distance * distance);
    const mean = load<f32>(x + at) + distance;
    const inverse: f32 = 1 / sqrt<f32>(variance + EPSILON);
    const own = load<f32>(mask + at);
    const gain = inverse * load<f32>(scale + at) * own;
    store<f32>(table + at, mean);
    store<f32>(table + row + at, inverse);
    store<f32>(table + 2 * row + at, gain);
    store<f32>(table + 3 * row + at, load<f32>(shift + at) * own - mean * gain);
  }
  affine(x, 0, table + 2 * row, y, lines, channels);
}

/** The gradient in x; those in scale, shift and mask are added. `scratch` is `[5, channels]`. */
export function normGradient(
  x: usize,
  table: usize,
  dy: usize,
  scale: usize,
  shift: usize,
  mask: usize,
  scaleInto: usize,
  shiftInto: usize,
  maskInto: usize,
  dx: usize,
  lines: i32,
  channels: i32,
  scratch: usize,
): void {
  const row = channels << 2;
  const factors = scratch + 2 * row;
  twoSums(x, dy, table, lines, channels, scratch);
  for (let at = 0; at < row; at += 4) {
    const inverse = load<f32>(table + row + at);
    const gain = load<f32>(table + 2 * row + at);
    const sum = load<f32>(scratch + at);
    const along = load<f32>(scratch + row + at) * inverse;
    // y = mask·(scale·x̂ + shift): what the three of them get.
    const own = load<f32>(mask + at);
    addTo(scaleInto + at, own * along);
    addTo(shiftInto + at, own * sum);
    addTo(maskInto + at, load<f32>(scale + at) * along + load<f32>(shift + at) * sum);
    const p = -gain * inverse * (along / <f32>lines);
    store<f32>(factors + at, p);
    store<f32>(factors + row + at, -gain * (sum / <f32>lines) - p * load<f32>(table + at));
    store<f32>(factors + 2 * row + at, gain);
  }
  affine(x, dy, factors, dx, lines, channels);
}
