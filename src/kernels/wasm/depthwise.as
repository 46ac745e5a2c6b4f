/**
 * Depthwise 'same' convolution and its kernel's gradient, in AssemblyScript with SIMD, over the memory of TF.js's wasm
 * backend. `npm run wasm` compiles it into `binary.ts`. Arguments that name memory are byte offsets of float32 data.
 *
 * Channels go four at a time; the last four overlap the ones before where their number is no multiple of four, so at
 * least four are needed. The input is read from a copy padded with zeros, so that no tap needs a bounds check.
 */

/** Writes one sample, `[height, width, channels]`, into the middle of zeros, `[height + 2·top, width + 2·left, channels]`. */
function padSample(x: usize, padded: usize, height: i32, width: i32, channels: i32, top: i32, left: i32): void {
  const row = ((width + 2 * left) * channels) << 2;
  const inner = (width * channels) << 2;
  const margin = (left * channels) << 2;
  memory.fill(padded, 0, row * top);
  let to = padded + row * top;
  for (let h = 0; h < height; h++) {
    memory.fill(to, 0, margin);
    memory.copy(to + margin, x, inner);
    memory.fill(to + margin + inner, 0, margin);
    x += inner;
    to += row;
  }
  memory.fill(to, 0, row * top);
}

/**
 * y = x ∗ kernel: `[batch, height, width, channels]`, `[kernelHeight, kernelWidth, channels]`. With `flip` 1 the kernel is
 * reversed, which makes it the gradient in the input. `padded` is scratch for one padded sample.
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
  const pixel = channels << 2;
  const row = (width + 2 * left) * pixel;
  const vectors = (channels + 3) >> 2;
  const taps = kernelHeight * kernelWidth;
  const tapStep: i32 = flip ? -pixel : pixel;
  const firstTap = flip ? kernel + (taps - 1) * pixel : kernel;
  for (let b = 0; b < batch; b++) {
    padSample(x + b * height * width * pixel, padded, height, width, channels, top, left);
    const out = y + b * height * width * pixel;
    for (let h = 0; h < height; h++) {
      for (let w = 0; w < width; w += 4) {
        // The last four pixels overlap the ones before, too; a grid of fewer goes one by one.
        const four = width >= 4;
        const first = four && w + 4 > width ? width - 4 : w;
        const pixels = four ? 4 : width - w;
        for (let v = 0; v < vectors; v++) {
          const channel = (v == vectors - 1 ? channels - 4 : v << 2) << 2;
          let tap = firstTap + channel;
          const corner = padded + h * row + first * pixel + channel;
          let a0 = f32x4.splat(0);
          let a1 = f32x4.splat(0);
          let a2 = f32x4.splat(0);
          let a3 = f32x4.splat(0);
          if (four) {
            for (let i = 0; i < kernelHeight; i++) {
              let p = corner + i * row;
              for (let j = 0; j < kernelWidth; j++) {
                const k = v128.load(tap);
                a0 = f32x4.add(a0, f32x4.mul(v128.load(p), k));
                a1 = f32x4.add(a1, f32x4.mul(v128.load(p + pixel), k));
                a2 = f32x4.add(a2, f32x4.mul(v128.load(p + 2 * pixel), k));
                a3 = f32x4.add(a3, f32x4.mul(v128.load(p + 3 * pixel), k));
                tap += tapStep;
                p += pixel;
              }
            }
            const at = out + (h * width + first) * pixel + channel;
            v128.store(at, a0);
            v128.store(at + pixel, a1);
            v128.store(at + 2 * pixel, a2);
            v128.store(at + 3 * pixel, a3);
          } else {
            for (let s = 0; s < pixels; s++) {
              tap = firstTap + channel;
              a0 = f32x4.splat(0);
              for (let i = 0; i < kernelHeight; i++) {
                let p = corner + i * row + s * pixel;
                for (let j = 0; j < kernelWidth; j++) {
                  a0 = f32x4.add(a0, f32x4.mul(v128.load(p), v128.load(tap)));
                  tap += tapStep;
                  p += pixel;
                }
              }
              v128.store(out + (h * width + first + s) * pixel + channel, a0);
            }
          }
        }
      }
    }
  }
}

/**
 * The kernel's gradient: `[batch, height, width, channels]` twice → `[kernelHeight, kernelWidth, channels]`. `sums` is scratch
 * for the kernel with its channels rounded up to whole vectors.
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
  const pixel = channels << 2;
  const row = (width + 2 * left) * pixel;
  const vectors = (channels + 3) >> 2;
  const slot = vectors << 4;
  const taps = kernelHeight * kernelWidth;
  memory.fill(sums, 0, taps * slot);
  for (let b = 0; b < batch; b++) {
    padSample(x + b * height * width * pixel, padded, height, width, channels, top, left);
    const source = dy + b * height * width * pixel;
    for (let v = 0; v < vectors; v++) {
      const channel = (v == vectors - 1 ? channels - 4 : v << 2) << 2;
      for (let i = 0; i < kernelHeight; i++) {
        for (let j = 0; j < kernelWidth; j += 4) {
          const at = sums + (i * kernelWidth + j) * slot + (v << 4);
          if (j + 4 <= kernelWidth) {
            let a0 = v128.load(at);
            let a1 = v128.load(at + slot);
            let a2 = v128.load(at + 2 * slot);
            let a3 = v128.load(at + 3 * slot);
            for (let h = 0; h < height; h++) {
              let p = padded + (h + i) * row + j * pixel + channel;
              let d = source + h * width * pixel + channel;
              // Neighbouring taps read neighbouring pixels: three of the four are known from the step before.
              let x0 = v128.load(p);
              let x1 = v128.load(p + pixel);
              let x2 = v128.load(p + 2 * pixel);
              p += 3 * pixel;
              for (let w = 0; w < width; w++) {
                const g = v128.load(d);
                const x3 = v128.load(p);
                a0 = f32x4.add(a0, f32x4.mul(x0, g));
                a1 = f32x4.add(a1, f32x4.mul(x1, g));
                a2 = f32x4.add(a2, f32x4.mul(x2, g));
                a3 = f32x4.add(a3, f32x4.mul(x3, g));
                x0 = x1;
                x1 = x2;
                x2 = x3;
                p += pixel;
                d += pixel;
              }
            }
            v128.store(at, a0);
            v128.store(at + slot, a1);
            v128.store(at + 2 * slot, a2);
            v128.store(at + 3 * slot, a3);
          } else {
            const rest = kernelWidth - j;
            for (let s = 0; s < rest; s++) {
              let a = v128.load(at + s * slot);
              for (let h = 0; h < height; h++) {
                let p = padded + (h + i) * row + (j + s) * pixel + channel;
                let d = source + h * width * pixel + channel;
                for (let w = 0; w < width; w++) {
                  a = f32x4.add(a, f32x4.mul(v128.load(p), v128.load(d)));
                  p += pixel;
                  d += pixel;
                }
              }
              v128.store(at + s * slot, a);
            }
          }
        }
      }
    }
  }
  for (let t = 0; t < taps; t++) {
    for (let v = 0; v < vectors; v++) {
      const channel = (v == vectors - 1 ? channels - 4 : v << 2) << 2;
      v128.store(gradient + t * pixel + channel, v128.load(sums + t * slot + (v << 4)));
    }
  }
}
