/** Gradients in the matrices of products: sums over all lines, of the products of what a line reads and what it gets back. */

/** Bytes of the sums of `[rows, columns]`: whole vectors. */
@inline
function sumsOf(rows: i32, columns: i32): i32 {
  return (rows * ((columns + 3) >> 2)) << 4;
}

/**
 * Adds xᵀ·y to sums of whole vectors: `[count, inner]`, `[count, columns]`, at most CHUNK rows; with `withBias` the sums of y's
 * columns to a row behind. `wide` is scratch, `[CHUNK, 4]`.
 */
function addTransposedProduct(
  x: usize,
  y: usize,
  sums: usize,
  count: i32,
  inner: i32,
  columns: i32,
  withBias: bool,
  wide: usize,
): void {
  const vectors = (columns + 3) >> 2;
  const xRow = inner << 2;
  let yRow = columns << 2;
  if (columns < 4) {
    widen(y, yRow, wide, count, columns);
    y = wide;
    yRow = 16;
  }
  const slot = vectors << 4;
  const last = inner - 1;
  for (let v = 0; v < vectors; v += 2) {
    const two = v + 1 < vectors;
    const c0 = columnOf(v, vectors, columns);
    const step = two ? columnOf(v + 1, vectors, columns) - c0 : 0;
    for (let i = 0; i < inner; i += 4) {
      // Beyond the last row, that one is worked out again.
      const o1 = (min(i + 1, last) - i) << 2;
      const o2 = (min(i + 2, last) - i) << 2;
      const o3 = (min(i + 3, last) - i) << 2;
      let p = x + (i << 2);
      let q = y + c0;
      let a00 = f32x4.splat(0);
      let a10 = a00;
      let a20 = a00;
      let a30 = a00;
      let at = sums + i * slot + (v << 4);
      if (two) {
        let a01 = a00;
        let a11 = a00;
        let a21 = a00;
        let a31 = a00;
        for (let r = 0; r < count; r++) {
          const d0 = v128.load(q);
          const d1 = v128.load(q + step);
          const s0 = v128.load32_splat(p);
          const s1 = v128.load32_splat(p + o1);
          const s2 = v128.load32_splat(p + o2);
          const s3 = v128.load32_splat(p + o3);
          a00 = multiplyAdd(s0, d0, a00);
          a01 = multiplyAdd(s0, d1, a01);
          a10 = multiplyAdd(s1, d0, a10);
          a11 = multiplyAdd(s1, d1, a11);
          a20 = multiplyAdd(s2, d0, a20);
          a21 = multiplyAdd(s2, d1, a21);
          a30 = multiplyAdd(s3, d0, a30);
          a31 = multiplyAdd(s3, d1, a31);
          p += xRow;
          q += yRow;
        }
        addRows4(at + 16, slot, inner - i, a01, a11, a21, a31);
      } else {
        for (let r = 0; r < count; r++) {
          const d0 = v128.load(q);
          a00 = multiplyAdd(v128.load32_splat(p), d0, a00);
          a10 = multiplyAdd(v128.load32_splat(p + o1), d0, a10);
          a20 = multiplyAdd(v128.load32_splat(p + o2), d0, a20);
          a30 = multiplyAdd(v128.load32_splat(p + o3), d0, a30);
          p += xRow;
          q += yRow;
        }
      }
      addRows4(at, slot, inner - i, a00, a10, a20, a30);
    }
    if (withBias) {
      let q = y + c0;
      let b0 = f32x4.splat(0);
      let b1 = b0;
      for (let r = 0; r < count; r++) {
        b0 = f32x4.add(b0, v128.load(q));
        b1 = f32x4.add(b1, v128.load(q + step));
        q += yRow;
      }
      const at = sums + inner * slot + (v << 4);
      increase(at, b0);
      if (two) increase(at + 16, b1);
    }
  }
}

/** Adds to the first `rows` of four vectors, `slot` bytes apart. */
@inline
function addRows4(at: usize, slot: i32, rows: i32, a0: v128, a1: v128, a2: v128, a3: v128): void {
  increase(at, a0);
  if (rows > 1) increase(at + slot, a1);
  if (rows > 2) increase(at + 2 * slot, a2);
  if (rows > 3) increase(at + 3 * slot, a3);
}

/** Sums of whole vectors as a matrix, `[rows, columns]`. */
function fromSums(sums: usize, result: usize, rows: i32, columns: i32): void {
  const vectors = (columns + 3) >> 2;
  const row = columns << 2;
  for (let r = 0; r < rows; r++) {
    for (let v = 0; v < vectors; v++) {
      storePart(result + columnOf(v, vectors, columns), v128.load(sums), columns);
      sums += 16;
    }
    result += row;
  }
}

/**
 * xᵀ·dy along the middle axes of `[before, inner, after]` and `[before, columns, after]` → `[inner, columns]`; with `withBias` a row
 * of the sums of dy's columns behind, where `after` is 1. `scratch` is whole vectors of the result, and `[CHUNK, 4]`.
 */
export function matrixGradient(
  x: usize,
  dy: usize,
  result: usize,
  before: i32,
  after: i32,
  inner: i32,
  columns: i32,
  withBias: i32,
  scratch: usize,
): void {
  if (after > 1) {
    dots(x, dy, result, before, after, inner, columns);
    return;
  }
  const rows = inner + (withBias ? 1 : 0);
  const size = sumsOf(rows, columns);
  memory.fill(scratch, 0, size);
  for (let chunk = 0; chunk < before; chunk += CHUNK) {
    const count = min(before - chunk, CHUNK);
    addTransposedProduct(
      x + ((chunk * inner) << 2),
      dy + ((chunk * columns) << 2),
      scratch,
      count,
      inner,
      columns,
      withBias != 0,
      scratch + size,
    );
  }
  fromSums(scratch, result, rows, columns);
}

/** Lines that are summed up before they are added to the total. */
const DOTTED: i32 = 1024;

/** The same where the last axis is longer than 1: products of lines that lie side by side. */
function dots(x: usize, dy: usize, result: usize, before: i32, after: i32, inner: i32, columns: i32): void {
  memory.fill(result, 0, (inner * columns) << 2);
  const row = after << 2;
  const share = max(1, DOTTED / after);
  for (let chunk = 0; chunk < before; chunk += share) {
    const end = min(before, chunk + share);
    for (let i = 0; i < inner; i += 4) {
      const i1 = (min(i + 1, inner - 1) - i) * row;
      const i2 = (min(i + 2, inner - 1) - i) * row;
      const i3 = (min(i + 3, inner - 1) - i) * row;
      for (let c = 0; c < columns; c += 2) {
        const two = c + 1 < columns;
        const step = two ? row : 0;
        let a00 = f32x4.splat(0);
        let a10 = a00;
        let a20 = a00;
        let a30 = a00;
        let a01 = a00;
        let a11 = a00;
        let a21 = a00;
        let a31 = a00;
        for (let b = chunk; b < end; b++) {
          let p = x + (b * inner + i) * row;
          let q = dy + (b * columns + c) * row;
          for (let rest = after; rest > 0; rest -= 4) {
            const d0 = loadPart(q, rest);
            const d1 = loadPart(q + step, rest);
            const s0 = loadPart(p, rest);
            const s1 = loadPart(p + i1, rest);
            const s2 = loadPart(p + i2, rest);
            const s3 = loadPart(p + i3, rest);
            a00 = multiplyAdd(s0, d0, a00);
            a01 = multiplyAdd(s0, d1, a01);
            a10 = multiplyAdd(s1, d0, a10);
            a11 = multiplyAdd(s1, d1, a11);
            a20 = multiplyAdd(s2, d0, a20);
            a21 = multiplyAdd(s2, d1, a21);
            a30 = multiplyAdd(s3, d0, a30);
            a31 = multiplyAdd(s3, d1, a31);
            p += 16;
            q += 16;
          }
        }
        const at = result + ((i * columns + c) << 2);
        const down = columns << 2;
        addTo(at, sumOf(a00));
        if (i + 1 < inner) addTo(at + down, sumOf(a10));
        if (i + 2 < inner) addTo(at + 2 * down, sumOf(a20));
        if (i + 3 < inner) addTo(at + 3 * down, sumOf(a30));
        if (two) {
          addTo(at + 4, sumOf(a01));
          if (i + 1 < inner) addTo(at + 4 + down, sumOf(a11));
          if (i + 2 < inner) addTo(at + 4 + 2 * down, sumOf(a21));
          if (i + 3 < inner) addTo(at + 4 + 3 * down, sumOf(a31));
        }
      }
    }
  }
}

/**
 * From the gradient in mask ⊙ w · gate, `[rows, columns]`: adds those in w, in the mask and in the gate to where they belong; 0 for
 * none.
 */
export function addMasked(
  gradient: usize,
  w: usize,
  stride: i32,
  rows: i32,
  columns: i32,
  mask: usize,
  gate: usize,
  wInto: usize,
  maskInto: usize,
  gateInto: usize,
): void {
  const all: f32 = gate ? load<f32>(gate) : 1;
  let total: f32 = 0;
  for (let k = 0; k < rows; k++) {
    const own = load<f32>(mask + (k << 2));
    const line = (k * stride) << 2;
    let dot: f32 = 0;
    for (let c = 0; c < columns; c++) {
      const g = load<f32>(gradient);
      dot += g * load<f32>(w + line + (c << 2));
      if (wInto) addTo(wInto + line + (c << 2), g * own * all);
      gradient += 4;
    }
    addTo(maskInto + (k << 2), dot * all);
    total += dot * own;
  }
  if (gateInto) addTo(gateInto, total);
}

/** Adds `[rows, columns]`, compact, to rows `stride` entries apart. */
export function addRows(from: usize, to: usize, stride: i32, rows: i32, columns: i32): void {
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) {
      addTo(to + (c << 2), load<f32>(from));
      from += 4;
    }
    to += stride << 2;
  }
}

/** Rows of a table, `[…, columns]`, by their indices, `[rows]`. */
export function embed(table: usize, indices: usize, y: usize, rows: i32, columns: i32): void {
  const row = columns << 2;
  for (let r = 0; r < rows; r++) {
    copyRows(table + load<i32>(indices + (r << 2)) * row, y + r * row, columns, 1, columns, columns);
  }
}

/** The first `columns` of rows `stride` entries apart, `known` of them, and zeros behind those. */
export function copyRows(from: usize, to: usize, stride: i32, rows: i32, known: i32, columns: i32): void {
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c += 4) {
      const value = c < known ? loadPart(from + (c << 2), known - c) : f32x4.splat(0);
      storePart(to + (c << 2), value, columns - c);
    }
    from += stride << 2;
    to += columns << 2;
  }
}
