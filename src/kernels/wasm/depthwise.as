/**
 * Depthwise 'same' convolution and its kernel's gradient, in AssemblyScript with SIMD, over the memory of TF.js's wasm
 * backend. `npm run wasm` compiles it into `binary.ts`. Arguments that name memory are byte offsets of float32 data.
 *
 * Channels go four at a time; the last four overlap the ones before where their number is no multiple of four. Fewer are copied with
 * zeros behind them first. The input is read from a copy padded with zeros, so that no tap needs a bounds check.
 */

/** Writes one sample, `[height, width, channels]`, into the middle of zeros, with four channels at least. */
function padSample(x: usize, padded: usize, height: i32, width: i32, channels: i32, top: i32, left: i32): void {
  const pixel = max(channels, 4) << 2;
  const row = (width + 2 * left) * pixel;
  const inner = width * pixel;
  const margin = left * pixel;
  memory.fill(padded, 0, row * top);
  let to = padded + row * top;
  for (let h = 0; h < height; h++) {
    memory.fill(to, 0, margin);
    if (channels < 4) widen(x, channels << 2, to + margin, width, channels);
    else memory.copy(to + margin, x, inner);
    memory.fill(to + margin + inner, 0, margin);
    x += (width * channels) << 2;
    to += row;
  }
  memory.fill(to, 0, row * top);
}

/**
 * y = x ∗ kernel: `[batch, height, width, channels]`, `[kernelHeight, kernelWidth, channels]`. With `flip` 1 the kernel is
 * reversed, which makes it the gradient in the input. `padded` is scratch for one padded sample and, behind it, for the kernel with
 * four channels where there are fewer.
 */
export function correlate(
  x: usize,
  kernel: usize,
  y: usize,
  padded: usize,
  batch: i32,
  height: i32,
  width: i32,
  channels: i32,
  kernelHeight: i32,
  kernelWidth: i32,
  flip: i32,
): void {
  const top = (kernelHeight - 1) >> 1;
  const left = (kernelWidth - 1) >> 1;
  const pixel = max(channels, 4) << 2;
  const row = (width + 2 * left) * pixel;
  const vectors = (channels + 3) >> 2;
  const taps = kernelHeight * kernelWidth;
  if (channels < 4) {
    const wide = padded + (height + 2 * top) * row;
    widen(kernel, channels << 2, wide, taps, channels);
    kernel = wide;
  }
  const tapStep: i32 = flip ? -pixel : pixel;
  const firstTap = flip ? kernel + (taps - 1) * pixel : kernel;
  const outPixel = channels << 2;
  const last = width - 1;
  for (let b = 0; b < batch; b++) {
    const sample = b * height * width * outPixel;
    padSample(x + sample, padded, height, width, channels, top, left);
    for (let h = 0; h < height; h++) {
      const out = y + sample + h * width * outPixel;
      for (let w = 0; w < width; w += 4) {
        // Beyond the last pixel, that one is worked out again.
        const w1 = min(w + 1, last);
        const w2 = min(w + 2, last);
        const w3 = min(w + 3, last);
        const o1 = (w1 - w) * pixel;
        const o2 = (w2 - w) * pixel;
        const o3 = (w3 - w) * pixel;
        const corner = padded + h * row + w * pixel;
        for (let v = 0; v < vectors; v += 2) {
          const c0 = columnOf(v, vectors, channels);
          let tap = firstTap + c0;
          let a00 = f32x4.splat(0);
          let a10 = a00;
          let a20 = a00;
          let a30 = a00;
          if (v + 1 < vectors) {
            const step = columnOf(v + 1, vectors, channels) - c0;
            let a01 = a00;
            let a11 = a00;
            let a21 = a00;
            let a31 = a00;
            for (let i = 0; i < kernelHeight; i++) {
              let p = corner + c0 + i * row;
              for (let j = 0; j < kernelWidth; j++) {
                const k0 = v128.load(tap);
                const k1 = v128.load(tap + step);
                const q = p + step;
                a00 = multiplyAdd(v128.load(p), k0, a00);
                a01 = multiplyAdd(v128.load(q), k1, a01);
                a10 = multiplyAdd(v128.load(p + o1), k0, a10);
                a11 = multiplyAdd(v128.load(q + o1), k1, a11);
                a20 = multiplyAdd(v128.load(p + o2), k0, a20);
                a21 = multiplyAdd(v128.load(q + o2), k1, a21);
                a30 = multiplyAdd(v128.load(p + o3), k0, a30);
                a31 = multiplyAdd(v128.load(q + o3), k1, a31);
                tap += tapStep;
                p += pixel;
              }
            }
            const at = out + c0 + step;
            v128.store(at + w * outPixel, a01);
            v128.store(at + w1 * outPixel, a11);
            v128.store(at + w2 * outPixel, a21);
            v128.store(at + w3 * outPixel, a31);
          } else {
            for (let i = 0; i < kernelHeight; i++) {
              let p = corner + c0 + i * row;
              for (let j = 0; j < kernelWidth; j++) {
                const k0 = v128.load(tap);
                a00 = multiplyAdd(v128.load(p), k0, a00);
                a10 = multiplyAdd(v128.load(p + o1), k0, a10);
                a20 = multiplyAdd(v128.load(p + o2), k0, a20);
                a30 = multiplyAdd(v128.load(p + o3), k0, a30);
                tap += tapStep;
                p += pixel;
              }
            }
          }
          const at = out + c0;
          storePart(at + w * outPixel, a00, channels);
          storePart(at + w1 * outPixel, a10, channels);
          storePart(at + w2 * outPixel, a20, channels);
          storePart(at + w3 * outPixel, a30, channels);
        }
      }
    }
  }
}

/** Neighbouring taps that are worked out at once. */
const TAPS: i32 = 5;

/**
 * The kernel's gradient: `[batch, height, width, channels]` twice → `[kernelHeight, kernelWidth, channels]`. `padded` is scratch for
 * one padded sample and TAPS pixels; `sums` for the kernel with its channels rounded up to whole vectors and, where there are fewer
 * than four, for a sample with four of them.
 */
export function kernelGradient(
  x: usize,
  dy: usize,
  gradient: usize,
  padded: usize,
  sums: usize,
  batch: i32,
  height: i32,
  width: i32,
  channels: i32,
  kernelHeight: i32,
  kernelWidth: i32,
): void {
  const top = (kernelHeight - 1) >> 1;
  const left = (kernelWidth - 1) >> 1;
  const pixel = max(channels, 4) << 2;
  const row = (width + 2 * left) * pixel;
  const vectors = (channels + 3) >> 2;
  const slot = vectors << 4;
  const taps = kernelHeight * kernelWidth;
  const wide = sums + taps * slot;
  memory.fill(sums, 0, taps * slot);
  for (let b = 0; b < batch; b++) {
    const sample = (b * height * width * channels) << 2;
    padSample(x + sample, padded, height, width, channels, top, left);
    let source = dy + sample;
    if (channels < 4) {
      widen(source, channels << 2, wide, height * width, channels);
      source = wide;
    }
    for (let v = 0; v < vectors; v++) {
      const channel = columnOf(v, vectors, channels);
      for (let i = 0; i < kernelHeight; i++) {
        for (let j = 0; j < kernelWidth; j += TAPS) {
          let a0 = f32x4.splat(0);
          let a1 = a0;
          let a2 = a0;
          let a3 = a0;
          let a4 = a0;
          for (let h = 0; h < height; h++) {
            let p = padded + (h + i) * row + j * pixel + channel;
            let d = source + h * width * pixel + channel;
            // Neighbouring taps read neighbouring pixels: four of the five are known from the step before.
            let x0 = v128.load(p);
            let x1 = v128.load(p + pixel);
            let x2 = v128.load(p + 2 * pixel);
            let x3 = v128.load(p + 3 * pixel);
            p += 4 * pixel;
            for (let w = 0; w < width; w++) {
              const g = v128.load(d);
              const x4 = v128.load(p);
              a0 = multiplyAdd(x0, g, a0);
              a1 = multiplyAdd(x1, g, a1);
              a2 = multiplyAdd(x2, g, a2);
              a3 = multiplyAdd(x3, g, a3);
              a4 = multiplyAdd(x4, g, a4);
              x0 = x1;
              x1 = x2;
              x2 = x3;
              x3 = x4;
              p += pixel;
              d += pixel;
            }
          }
          const rest = kernelWidth - j;
          const at = sums + (i * kernelWidth + j) * slot + (v << 4);
          addRows4(at, slot, rest, a0, a1, a2, a3);
          if (rest > 4) increase(at + 4 * slot, a4);
        }
      }
    }
  }
  fromSums(sums, gradient, taps, channels);
}
