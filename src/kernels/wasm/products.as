/**
 * Matrix products of tall and narrow matrices, in AssemblyScript with SIMD, over the memory of TF.js's wasm backend. All are
 * row-major; arguments that name memory are byte offsets of float32 data.
 *
 * Columns go four at a time; the last four overlap the ones before where their number is no multiple of four, so at least
 * four are needed. The same holds for the rows of `product`.
 */

/** Rows that are summed up before they are added to the total: they stay in the cache, and float32 sums stay exact enough. */
const CHUNK: i32 = 64;

/** Byte offset of vector `v` within a row of `columns` columns. */
@inline
function columnOf(v: i32, vectors: i32, columns: i32): usize {
  return (v == vectors - 1 ? columns - 4 : v << 2) << 2;
}

/** y = x·w + bias: `[rows, inner]`, `[inner, columns]`, `[columns]` → `[rows, columns]`. No bias where its offset is 0. */
export function product(x: usize, w: usize, bias: usize, y: usize, rows: i32, inner: i32, columns: i32): void {
  const vectors = (columns + 3) >> 2;
  const xRow = inner << 2;
  const yRow = columns << 2;
  for (let r = 0; r < rows; r += 4) {
    const first = r + 4 > rows ? rows - 4 : r;
    const x0 = x + first * xRow;
    for (let v = 0; v < vectors; v += 2) {
      const c0 = columnOf(v, vectors, columns);
      const c1 = columnOf(v + 1 < vectors ? v + 1 : v, vectors, columns);
      let a00 = bias ? v128.load(bias + c0) : f32x4.splat(0);
      let a01 = bias ? v128.load(bias + c1) : f32x4.splat(0);
      let a10 = a00;
      let a11 = a01;
      let a20 = a00;
      let a21 = a01;
      let a30 = a00;
      let a31 = a01;
      let p = x0;
      let q = w;
      for (let i = 0; i < inner; i++) {
        const w0 = v128.load(q + c0);
        const w1 = v128.load(q + c1);
        const s0 = v128.load32_splat(p);
        const s1 = v128.load32_splat(p + xRow);
        const s2 = v128.load32_splat(p + 2 * xRow);
        const s3 = v128.load32_splat(p + 3 * xRow);
        a00 = f32x4.add(a00, f32x4.mul(s0, w0));
        a01 = f32x4.add(a01, f32x4.mul(s0, w1));
        a10 = f32x4.add(a10, f32x4.mul(s1, w0));
        a11 = f32x4.add(a11, f32x4.mul(s1, w1));
        a20 = f32x4.add(a20, f32x4.mul(s2, w0));
        a21 = f32x4.add(a21, f32x4.mul(s2, w1));
        a30 = f32x4.add(a30, f32x4.mul(s3, w0));
        a31 = f32x4.add(a31, f32x4.mul(s3, w1));
        p += 4;
        q += yRow;
      }
      const out = y + first * yRow;
      v128.store(out + c0, a00);
      v128.store(out + c1, a01);
      v128.store(out + yRow + c0, a10);
      v128.store(out + yRow + c1, a11);
      v128.store(out + 2 * yRow + c0, a20);
      v128.store(out + 2 * yRow + c1, a21);
      v128.store(out + 3 * yRow + c0, a30);
      v128.store(out + 3 * yRow + c1, a31);
    }
  }
}

/**
 * xᵀ·y: `[rows, inner]`, `[rows, columns]` → `[inner, columns]`. `sums` is scratch for the result with its columns rounded up
 * to whole vectors.
 */
export function transposedProduct(
  x: usize,
  y: usize,
  result: usize,
  sums: usize,
  rows: i32,
  inner: i32,
  columns: i32,
): void {
  const vectors = (columns + 3) >> 2;
  const xRow = inner << 2;
  const yRow = columns << 2;
  const slot = vectors << 4;
  memory.fill(sums, 0, inner * slot);
  for (let chunk = 0; chunk < rows; chunk += CHUNK) {
    const count = rows - chunk < CHUNK ? rows - chunk : CHUNK;
    const xChunk = x + chunk * xRow;
    const yChunk = y + chunk * yRow;
    for (let v = 0; v < vectors; v++) {
      const c = columnOf(v, vectors, columns);
      let i = 0;
      for (; i + 4 <= inner; i += 4) {
        let a0 = f32x4.splat(0);
        let a1 = f32x4.splat(0);
        let a2 = f32x4.splat(0);
        let a3 = f32x4.splat(0);
        let p = xChunk + (i << 2);
        let q = yChunk + c;
        for (let r = 0; r < count; r++) {
          const d = v128.load(q);
          a0 = f32x4.add(a0, f32x4.mul(v128.load32_splat(p), d));
          a1 = f32x4.add(a1, f32x4.mul(v128.load32_splat(p + 4), d));
          a2 = f32x4.add(a2, f32x4.mul(v128.load32_splat(p + 8), d));
          a3 = f32x4.add(a3, f32x4.mul(v128.load32_splat(p + 12), d));
          p += xRow;
          q += yRow;
        }
        const at = sums + i * slot + (v << 4);
        v128.store(at, f32x4.add(v128.load(at), a0));
        v128.store(at + slot, f32x4.add(v128.load(at + slot), a1));
        v128.store(at + 2 * slot, f32x4.add(v128.load(at + 2 * slot), a2));
        v128.store(at + 3 * slot, f32x4.add(v128.load(at + 3 * slot), a3));
      }
      for (; i < inner; i++) {
        let a = f32x4.splat(0);
        let p = xChunk + (i << 2);
        let q = yChunk + c;
        for (let r = 0; r < count; r++) {
          a = f32x4.add(a, f32x4.mul(v128.load32_splat(p), v128.load(q)));
          p += xRow;
          q += yRow;
        }
        const at = sums + i * slot + (v << 4);
        v128.store(at, f32x4.add(v128.load(at), a));
      }
    }
  }
  for (let i = 0; i < inner; i++) {
    for (let v = 0; v < vectors; v++) {
      v128.store(result + i * yRow + columnOf(v, vectors, columns), v128.load(sums + i * slot + (v << 4)));
    }
  }
}
