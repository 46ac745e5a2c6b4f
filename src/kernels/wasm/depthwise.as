/**
 * Depthwise 'same' convolution and its kernel's gradient, in AssemblyScript with SIMD, over the memory of TF.js's wasm
 * backend. `npm run wasm` compiles it into `binary.ts`. Arguments that name memory are byte offsets of float32 data.
 *
 * What is read is copied first, with zeros around each sample, so that no tap needs a bounds check, and with zeros behind each pixel's
 * channels up to whole vectors, which then lie within the cache's lines.
 */

/** Pixels beyond the last one that are read, for results that are not kept. */
const AHEAD: i32 = 5;

/** Writes one sample, `[height, width, channels]`, into the middle of zeros, with pixels of whole vectors. */
function padSample(x: usize, padded: usize, height: i32, width: i32, channels: i32, top: i32, left: i32): void {
  const pixel = ((channels + 3) & ~3) << 2;
  const row = (width + 2 * left) * pixel;
  const inner = width * pixel;
  const margin = left * pixel;
  memory.fill(padded, 0, row * top);
  let to = padded + row * top;
  for (let h = 0; h < height; h++) {
    memory.fill(to, 0, margin);
    widen(x, channels << 2, to + margin, width, channels);
    memory.fill(to + margin + inner, 0, margin);
    x += (width * channels) << 2;
    to += row;
  }
  memory.fill(to, 0, row * top);
}

/**
 * y = x ∗ kernel: `[batch, height, width, channels]`, `[kernelHeight, kernelWidth, channels]`. With `flip` 1 the kernel is
 * reversed, which makes it the gradient in the input. `padded` is scratch for one padded sample and AHEAD pixels, and `wide` for the
 * kernel, with their channels rounded up to whole vectors.
 */
export function correlate(
  x: usize,
  kernel: usize,
  y: usize,
  padded: usize,
  wide: usize,
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
  const pixel = ((channels + 3) & ~3) << 2;
  const row = (width + 2 * left) * pixel;
  const vectors = (channels + 3) >> 2;
  const taps = kernelHeight * kernelWidth;
  widen(kernel, channels << 2, wide, taps, channels);
  const tapStep: i32 = flip ? -pixel : pixel;
  const firstTap = flip ? wide + (taps - 1) * pixel : wide;
  const outPixel = channels << 2;
  for (let b = 0; b < batch; b++) {
    const sample = b * height * width * outPixel;
    padSample(x + sample, padded, height, width, channels, top, left);
    for (let h = 0; h < height; h++) {
      const out = y + sample + h * width * outPixel;
      for (let w = 0; w < width; w += 4) {
        const rest = width - w;
        for (let v = 0; v < vectors; v++) {
          const channel = v << 4;
          const known = channels - (v << 2);
          const corner = padded + h * row + w * pixel + channel;
          let tap = firstTap + channel;
          let a0 = f32x4.splat(0);
          let a1 = a0;
          let a2 = a0;
          let a3 = a0;
          for (let i = 0; i < kernelHeight; i++) {
            let p = corner + i * row;
            // Neighbouring pixels read neighbouring pixels: three of the four are known from the tap before.
            let x0 = v128.load(p);
            let x1 = v128.load(p + pixel);
            let x2 = v128.load(p + 2 * pixel);
            p += 3 * pixel;
            for (let j = 0; j < kernelWidth; j++) {
              const k = v128.load(tap);
              const x3 = v128.load(p);
              a0 = multiplyAdd(x0, k, a0);
              a1 = multiplyAdd(x1, k, a1);
              a2 = multiplyAdd(x2, k, a2);
              a3 = multiplyAdd(x3, k, a3);
              x0 = x1;
              x1 = x2;
              x2 = x3;
              tap += tapStep;
              p += pixel;
            }
          }
          const at = out + w * outPixel + channel;
          storePart(at, a0, known);
          if (rest > 1) storePart(at + outPixel, a1, known);
          if (rest > 2) storePart(at + 2 * outPixel, a2, known);
          if (rest > 3) storePart(at + 3 * outPixel, a3, known);
        }
      }
    }
  }
}

/** Neighbouring taps that are worked out at once. */
const TAPS: i32 = 5;

/**
 * The kernel's gradient: `[batch, height, width, channels]` twice → `[kernelHeight, kernelWidth, channels]`. `padded` is scratch for
 * one padded sample and AHEAD pixels, and `sums` for the kernel and a sample, with their channels rounded up to whole vectors.
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
  const pixel = ((channels + 3) & ~3) << 2;
  const row = (width + 2 * left) * pixel;
  const vectors = (channels + 3) >> 2;
  const slot = vectors << 4;
  const taps = kernelHeight * kernelWidth;
  const wide = sums + taps * slot;
  memory.fill(sums, 0, taps * slot);
  for (let b = 0; b < batch; b++) {
    const sample = (b * height * width * channels) << 2;
    padSample(x + sample, padded, height, width, channels, top, left);
    widen(dy + sample, channels << 2, wide, height * width, channels);
    for (let v = 0; v < vectors; v++) {
      const channel = v << 4;
      for (let i = 0; i < kernelHeight; i++) {
        for (let j = 0; j < kernelWidth; j += TAPS) {
          let a0 = f32x4.splat(0);
          let a1 = a0;
          let a2 = a0;
          let a3 = a0;
          let a4 = a0;
          for (let h = 0; h < height; h++) {
            let p = padded + (h + i) * row + j * pixel + channel;
            let d = wide + h * width * pixel + channel;
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
  copyRows(sums, gradient, vectors << 2, taps, channels, channels);
}
