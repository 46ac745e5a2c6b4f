/**
 * Matrix products, in AssemblyScript with SIMD, over the memory of TF.js's wasm backend. All matrices are row-major; arguments
 * that name memory are byte offsets of float32 data.
 *
 * Columns go four at a time; the last four overlap the ones before where their number is no multiple of four. Where there are
 * fewer, what is read by columns is copied with zeros behind it first.
 */

/** Rows that are summed up before they are added to the total: they stay in the cache, and float32 sums stay exact enough. */
const CHUNK: i32 = 64;

/** Byte offset of vector `v` within a row of `columns` columns. */
@inline
function columnOf(v: i32, vectors: i32, columns: i32): usize {
  return (v == vectors - 1 ? max(columns - 4, 0) : v << 2) << 2;
}

/** Copies rows, `row` bytes apart, to rows of whole vectors, with zeros behind them. */
function widen(from: usize, row: i32, to: usize, rows: i32, columns: i32): void {
  for (let r = 0; r < rows; r++) {
    let c = 0;
    for (; c + 4 <= columns; c += 4) {
      v128.store(to, v128.load(from + (c << 2)));
      to += 16;
    }
    if (c < columns) {
      v128.store(to, loadPart(from + (c << 2), columns - c));
      to += 16;
    }
    from += row;
  }
}

/**
 * y = initial + x·w: `[rows, inner]`, `[inner, columns]` → `[rows, columns]`. Rows of x, w and `initial` are as many bytes apart as
 * given: 0 for one row every time; none where the offset of `initial` is 0. `wide` is scratch, `[inner, 4]`.
 */
function multiply(
  x: usize,
  xRow: i32,
  w: usize,
  wRow: i32,
  initial: usize,
  initialRow: i32,
  y: usize,
  rows: i32,
  inner: i32,
  columns: i32,
  wide: usize,
): void {
  if (columns < 4) {
    widen(w, wRow, wide, inner, columns);
    w = wide;
    wRow = 16;
  }
  const vectors = (columns + 3) >> 2;
  const yRow = columns << 2;
  const last = rows - 1;
  for (let r = 0; r < rows; r += 4) {
    // Beyond the last row, that one is worked out again.
    const r1 = min(r + 1, last);
    const r2 = min(r + 2, last);
    const r3 = min(r + 3, last);
    for (let v = 0; v < vectors; v += 2) {
      const c0 = columnOf(v, vectors, columns);
      let p0 = x + r * xRow;
      let p1 = x + r1 * xRow;
      let p2 = x + r2 * xRow;
      let p3 = x + r3 * xRow;
      let q = w + c0;
      let a00 = f32x4.splat(0);
      let a10 = a00;
      let a20 = a00;
      let a30 = a00;
      if (initial) {
        const from = initial + c0;
        a00 = loadPart(from + r * initialRow, columns);
        a10 = loadPart(from + r1 * initialRow, columns);
        a20 = loadPart(from + r2 * initialRow, columns);
        a30 = loadPart(from + r3 * initialRow, columns);
      }
      if (v + 1 < vectors) {
        const c1 = columnOf(v + 1, vectors, columns);
        const step = c1 - c0;
        let a01 = f32x4.splat(0);
        let a11 = a01;
        let a21 = a01;
        let a31 = a01;
        if (initial) {
          const from = initial + c1;
          a01 = v128.load(from + r * initialRow);
          a11 = v128.load(from + r1 * initialRow);
          a21 = v128.load(from + r2 * initialRow);
          a31 = v128.load(from + r3 * initialRow);
        }
        for (let i = 0; i < inner; i++) {
          const w0 = v128.load(q);
          const w1 = v128.load(q + step);
          const s0 = v128.load32_splat(p0);
          const s1 = v128.load32_splat(p1);
          const s2 = v128.load32_splat(p2);
          const s3 = v128.load32_splat(p3);
          a00 = multiplyAdd(s0, w0, a00);
          a01 = multiplyAdd(s0, w1, a01);
          a10 = multiplyAdd(s1, w0, a10);
          a11 = multiplyAdd(s1, w1, a11);
          a20 = multiplyAdd(s2, w0, a20);
          a21 = multiplyAdd(s2, w1, a21);
          a30 = multiplyAdd(s3, w0, a30);
          a31 = multiplyAdd(s3, w1, a31);
          p0 += 4;
          p1 += 4;
          p2 += 4;
          p3 += 4;
          q += wRow;
        }
        const out = y + c1;
        v128.store(out + r * yRow, a01);
        v128.store(out + r1 * yRow, a11);
        v128.store(out + r2 * yRow, a21);
        v128.store(out + r3 * yRow, a31);
      } else {
        for (let i = 0; i < inner; i++) {
          const w0 = v128.load(q);
          a00 = multiplyAdd(v128.load32_splat(p0), w0, a00);
          a10 = multiplyAdd(v128.load32_splat(p1), w0, a10);
          a20 = multiplyAdd(v128.load32_splat(p2), w0, a20);
          a30 = multiplyAdd(v128.load32_splat(p3), w0, a30);
          p0 += 4;
          p1 += 4;
          p2 += 4;
          p3 += 4;
          q += wRow;
        }
      }
      const out = y + c0;
      storePart(out + r * yRow, a00, columns);
      storePart(out + r1 * yRow, a10, columns);
      storePart(out + r2 * yRow, a20, columns);
      storePart(out + r3 * yRow, a30, columns);
    }
  }
}

/** Row k of `[rows, columns]` times mask[k] and the gate, where there are any; or the transpose of that. */
function pack(
  w: usize,
  stride: i32,
  rows: i32,
  columns: i32,
  mask: usize,
  gate: usize,
  transposed: bool,
  packed: usize,
): void {
  for (let k = 0; k < rows; k++) {
    let factor: f32 = mask ? load<f32>(mask + (k << 2)) : 1;
    if (gate) factor *= load<f32>(gate);
    const from = w + ((k * stride) << 2);
    const to = packed + ((transposed ? k : k * columns) << 2);
    const step = (transposed ? rows : 1) << 2;
    for (let c = 0; c < columns; c++) store<f32>(to + c * step, load<f32>(from + (c << 2)) * factor);
  }
}

/**
 * x·w along the middle axis of `[before, inner, after]`, with row k of w, `[rows, columns]`, times mask[k]·gate; or x·wᵀ. Where
 * `after` is 1, `bias` is added to the result's rows. `scratch` is as large as w and four columns of it.
 */
export function product(
  x: usize,
  before: i32,
  after: i32,
  w: usize,
  stride: i32,
  rows: i32,
  columns: i32,
  transposed: i32,
  mask: usize,
  gate: usize,
  bias: usize,
  y: usize,
  scratch: usize,
): void {
  const inner = transposed ? columns : rows;
  const outer = transposed ? rows : columns;
  const wide = scratch + ((rows * columns) << 2);
  pack(w, stride, rows, columns, mask, gate, (transposed != 0) == (after == 1), scratch);
  if (after == 1) {
    multiply(x, inner << 2, scratch, outer << 2, bias, 0, y, before, inner, outer, wide);
    return;
  }
  const row = after << 2;
  for (let b = 0; b < before; b++) {
    multiply(scratch, inner << 2, x + b * inner * row, row, 0, 0, y + b * outer * row, outer, inner, after, wide);
  }
}

/** Products of a matrix for each group, `[groups, outer, inner]`, with `[before, groups, inner, after]`. */
export function groupedProduct(
  x: usize,
  w: usize,
  y: usize,
  before: i32,
  groups: i32,
  outer: i32,
  inner: i32,
  after: i32,
  wide: usize,
): void {
  const row = after << 2;
  for (let line = 0; line < before * groups; line++) {
    const matrix = w + (((line % groups) * outer * inner) << 2);
    multiply(matrix, inner << 2, x + line * inner * row, row, 0, 0, y + line * outer * row, outer, inner, after, wide);
  }
}
