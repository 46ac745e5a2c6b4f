/** The fast Fourier transform of complex sequences whose length is a power of two (Cooley & Tukey, 1965). */

/** In place; `-1` is the forward transform Σ z_j e^(−2πijk/n), `1` the same with the other sign. Neither divides by n. */
export type Transform = (real: Float64Array, imaginary: Float64Array, sign: -1 | 1) => void;

/** @param n the length, a power of two */
export function fourier(n: number): Transform {
  const cosine = Float64Array.from({ length: n / 2 }, (_, k) => Math.cos((2 * Math.PI * k) / n));
  const sine = Float64Array.from({ length: n / 2 }, (_, k) => Math.sin((2 * Math.PI * k) / n));
  const reversed = bitReversal(n);
  return (real, imaginary, sign) => {
    for (let i = 0; i < n; i++) {
      const j = reversed[i]!;
      if (j <= i) continue;
      const x = real[i]!;
      const y = imaginary[i]!;
      real[i] = real[j]!;
      imaginary[i] = imaginary[j]!;
      real[j] = x;
      imaginary[j] = y;
    }
    for (let half = 1; half < n; half *= 2) {
      const step = n / (2 * half);
      for (let block = 0; block < n; block += 2 * half) {
        for (let k = 0; k < half; k++) {
          const c = cosine[k * step]!;
          const s = sign * sine[k * step]!;
          const upper = block + k;
          const lower = upper + half;
          const re = c * real[lower]! - s * imaginary[lower]!;
          const im = c * imaginary[lower]! + s * real[lower]!;
          real[lower] = real[upper]! - re;
          imaginary[lower] = imaginary[upper]! - im;
          real[upper]! += re;
          imaginary[upper]! += im;
        }
      }
    }
  };
}

function bitReversal(n: number): Uint32Array {
  const reversed = new Uint32Array(n);
  for (let i = 1; i < n; i++) reversed[i] = (reversed[i >> 1]! >> 1) | (i % 2 === 1 ? n / 2 : 0);
  return reversed;
}

/** Frequency of each entry of a transform, in turns a period: 0 … n/2, then the negative ones. */
export function frequencies(n: number): Float64Array {
  return Float64Array.from({ length: n }, (_, k) => (k <= n / 2 ? k : k - n));
}
