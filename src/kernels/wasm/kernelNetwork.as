/**
 * The kernel network and its masks, and its gradients (METHOD §2), tap by tap. Its weights lie one after the other, from
 * `generator` on: frequency `[d, columns]`, phase `[columns]`, steepness and centre `[d, columns]`, mixing `[filters − 1, hidden, hidden]`
 * and its bias `[filters − 1, hidden]`, with columns = filters·hidden; hidden is a multiple of four.
 */

/**
 * A tap's filters: writes their values, the slopes of these in the phase, what is mixed to each, h, all `[columns]`, and the distances
 * from their centres `[d, columns]`, one after the other.
 */
function filterTap(
  generator: usize,
  d: i32,
  hidden: i32,
  filters: i32,
  slow: f32,
  fast: f32,
  filtered: usize,
): void {
  const row = hidden << 2;
  const columns = filters * row;
  const phase = generator + d * columns;
  const steepness = phase + columns;
  const centre = steepness + d * columns;
  const mixing = centre + d * columns;
  const mixingBias = mixing + (filters - 1) * hidden * row;
  const mixed = filtered + 2 * columns;
  const h = mixed + columns;
  const distances = h + columns;
  for (let at = 0; at < columns; at += 16) {
    let angle = v128.load(phase + at);
    let exponent = f32x4.splat(0);
    for (let axis = 0; axis < d; axis++) {
      const x = f32x4.splat(axis == 0 ? slow : fast);
      const own = axis * columns + at;
      angle = multiplyAdd(x, v128.load(generator + own), angle);
      const distance = f32x4.sub(f32x4.mul(x, v128.load(steepness + own)), v128.load(centre + own));
      exponent = multiplyAdd(distance, distance, exponent);
      v128.store(distances + own, distance);
    }
    const envelope = exponential(f32x4.mul(exponent, f32x4.splat(-0.5)));
    const value = filtered + at;
    const slope = value + columns;
    sineAndCosine(angle, value, slope);
    v128.store(value, f32x4.mul(v128.load(value), envelope));
    v128.store(slope, f32x4.mul(v128.load(slope), envelope));
  }
  memory.copy(h, filtered, row);
  for (let l = 1; l < filters; l++) {
    const own = l * row;
    for (let at = 0; at < row; at += 16) {
      let sum = v128.load(mixingBias + own - row + at);
      for (let j = 0; j < hidden; j++) {
        const weights = v128.load(mixing + ((l - 1) * hidden + j) * row + at);
        sum = multiplyAdd(v128.load32_splat(h + own - row + (j << 2)), weights, sum);
      }
      v128.store(mixed + own + at, sum);
      v128.store(h + own + at, f32x4.mul(v128.load(filtered + own + at), sum));
    }
  }
}

/** Coordinate of a tap of an axis. */
@inline
function coordinate(tap: i32, taps: i32, reach: f32): f32 {
  return (<f32>tap - <f32>(taps - 1) / 2) / reach;
}

/** The output's rows and its bias as one matrix, `[hidden + 1, channels]`, or its transpose. */
function packOutput(
  output: usize,
  stride: i32,
  outputBias: usize,
  hidden: i32,
  channels: i32,
  transposed: bool,
  packed: usize,
): void {
  const row = transposed ? 4 : channels << 2;
  const step = transposed ? (hidden + 1) << 2 : 4;
  for (let j = 0; j <= hidden; j++) {
    const from = j == hidden ? outputBias : output + ((j * stride) << 2);
    for (let c = 0; c < channels; c++) store<f32>(packed + j * row + c * step, load<f32>(from + (c << 2)));
  }
}

/**
 * The masked kernel, `[down·across, channels]`. Of a sequence, d is 1, down is 1, and there is no mask down (0). `scratch` is
 * `[down·across + channels + 4, hidden + 1]` and `[6, columns]`.
 */
export function kernel(
  generator: usize,
  output: usize,
  stride: i32,
  outputBias: usize,
  d: i32,
  hidden: i32,
  filters: i32,
  down: i32,
  across: i32,
  reachDown: f32,
  reachAcross: f32,
  maskDown: usize,
  maskAcross: usize,
  amplitude: f32,
  channels: i32,
  y: usize,
  scratch: usize,
): void {
  const columns = filters * hidden;
  const width = hidden + 1;
  const packed = scratch + ((down * across * width) << 2);
  const wide = packed + ((channels * width) << 2);
  const filtered = wide + (width << 4);
  const last = filtered + ((4 * columns - hidden) << 2);
  packOutput(output, stride, outputBias, hidden, channels, false, packed);
  let record = scratch;
  for (let i = 0; i < down; i++) {
    const row = amplitude * (maskDown ? load<f32>(maskDown + (i << 2)) : 1);
    for (let j = 0; j < across; j++) {
      const window = row * load<f32>(maskAcross + (j << 2));
      const fast = coordinate(j, across, reachAcross);
      filterTap(generator, d, hidden, filters, d == 1 ? fast : coordinate(i, down, reachDown), fast, filtered);
      for (let k = 0; k < hidden; k++) store<f32>(record + (k << 2), load<f32>(last + (k << 2)) * window);
      store<f32>(record + (hidden << 2), window);
      record += width << 2;
    }
  }
  multiply(scratch, width << 2, packed, channels << 2, 0, 0, y, down * across, width, channels, wide);
}

/**
 * Adds the gradients in the weights and the masks, from that in the masked kernel. `scratch` is `[2·down·across, hidden + 1]`,
 * `[6, columns]`, `[2, hidden]`, `[hidden + 1, channels]`, that in whole vectors, and `[CHUNK, 4]`.
 */
export function addKernelGradient(
  generator: usize,
  output: usize,
  stride: i32,
  outputBias: usize,
  d: i32,
  hidden: i32,
  filters: i32,
  down: i32,
  across: i32,
  reachDown: f32,
  reachAcross: f32,
  maskDown: usize,
  maskAcross: usize,
  amplitude: f32,
  channels: i32,
  dy: usize,
  generatorInto: usize,
  outputInto: usize,
  outputBiasInto: usize,
  maskDownInto: usize,
  maskAcrossInto: usize,
  scratch: usize,
): void {
  const taps = down * across;
  const width = hidden + 1;
  const slopes = scratch + ((taps * width) << 2);
  const filtered = slopes + ((taps * width) << 2);
  const dMixed = filtered + ((6 * filters * hidden) << 2);
  const dh = dMixed + (hidden << 2);
  const last = filtered + ((4 * filters * hidden - hidden) << 2);
  const packed = dh + (hidden << 2);
  const rest = packed + ((width * channels) << 2);
  packOutput(output, stride, outputBias, hidden, channels, true, packed);
  multiply(dy, channels << 2, packed, width << 2, 0, 0, slopes, taps, channels, width, rest);
  let record = scratch;
  let given = slopes;
  for (let i = 0; i < down; i++) {
    const rowMask: f32 = maskDown ? load<f32>(maskDown + (i << 2)) : 1;
    for (let j = 0; j < across; j++) {
      const columnMask = load<f32>(maskAcross + (j << 2));
      const window = amplitude * rowMask * columnMask;
      const fast = coordinate(j, across, reachAcross);
      const slow = d == 1 ? fast : coordinate(i, down, reachDown);
      filterTap(generator, d, hidden, filters, slow, fast, filtered);
      let dot = load<f32>(given + (hidden << 2));
      for (let k = 0; k < hidden; k++) {
        const at = k << 2;
        const value = load<f32>(last + at);
        const slope = load<f32>(given + at);
        dot += value * slope;
        store<f32>(record + at, value * window);
        store<f32>(dh + at, slope * window);
      }
      store<f32>(record + (hidden << 2), window);
      if (maskDownInto) addTo(maskDownInto + (i << 2), dot * amplitude * columnMask);
      addTo(maskAcrossInto + (j << 2), dot * amplitude * rowMask);
      addTap(generator, d, hidden, filters, slow, fast, filtered, dMixed, dh, generatorInto);
      record += width << 2;
      given += width << 2;
    }
  }
  matrixGradient(scratch, dy, packed, taps, 1, width, channels, 0, rest);
  addRows(packed, outputInto, stride, hidden, channels);
  addRows(packed + ((hidden * channels) << 2), outputBiasInto, channels, 1, channels);
}

/** Adds a tap's gradients in the weights before the output, from that in the last h; `filtered` is what `filterTap` left. */
function addTap(
  generator: usize,
  d: i32,
  hidden: i32,
  filters: i32,
  slow: f32,
  fast: f32,
  filtered: usize,
  dMixed: usize,
  dh: usize,
  into: usize,
): void {
  const row = hidden << 2;
  const columns = filters * row;
  const phase = d * columns;
  const steepness = phase + columns;
  const centre = steepness + d * columns;
  const mixing = centre + d * columns;
  const mixingBias = mixing + (filters - 1) * hidden * row;
  const mixed = filtered + 2 * columns;
  const h = mixed + columns;
  const distances = h + columns;
  for (let l = filters - 1; l >= 0; l--) {
    const own = l * row;
    for (let at = 0; at < row; at += 16) {
      const slope = v128.load(dh + at);
      const value = v128.load(filtered + own + at);
      const dFilter = l == 0 ? slope : f32x4.mul(slope, v128.load(mixed + own + at));
      const dAngle = f32x4.mul(dFilter, v128.load(filtered + columns + own + at));
      const dExponent = f32x4.mul(dFilter, value);
      increase(into + phase + own + at, dAngle);
      for (let axis = 0; axis < d; axis++) {
        const x = f32x4.splat(axis == 0 ? slow : fast);
        const place = axis * columns + own + at;
        const dDistance = f32x4.mul(dExponent, v128.load(distances + place));
        increase(into + place, f32x4.mul(dAngle, x));
        increase(into + steepness + place, f32x4.neg(f32x4.mul(dDistance, x)));
        increase(into + centre + place, dDistance);
      }
      v128.store(dMixed + at, f32x4.mul(slope, value));
    }
    if (l == 0) return;
    for (let at = 0; at < row; at += 16) increase(into + mixingBias + own - row + at, v128.load(dMixed + at));
    for (let j = 0; j < hidden; j++) {
      const place = mixing + ((l - 1) * hidden + j) * row;
      const before = v128.load32_splat(h + own - row + (j << 2));
      let sum = f32x4.splat(0);
      for (let at = 0; at < row; at += 16) {
        const slope = v128.load(dMixed + at);
        sum = multiplyAdd(slope, v128.load(generator + place + at), sum);
        increase(into + place + at, f32x4.mul(before, slope));
      }
      store<f32>(dh + (j << 2), sumOf(sum));
    }
  }
}
