/**
 * Products with a band: an invocation works out four neighbouring rows of some lines from registers, for which it reads each entry of a line
 * once. A line is what lies along the middle axis of `[before, entries, after]`; those of neighbouring invocations are beside each other.
 */
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { columnSums } from './columnSums.ts';
import { runProgram, sizeOf, type Program } from './program.ts';

const ROWS = 4;
const LINES = 4;

const each = (code: (line: number) => string): string =>
  Array.from({ length: LINES }, (_, line) => code(line)).join('\n');

/** Lines beyond the last one are the last one's again: read, and never written. */
const SHARED = `
  fn startOf(line : i32, entries : i32) -> i32 {
    let real = min(line, uniforms.lines - 1);
    return real / uniforms.after * entries * uniforms.after + real % uniforms.after;
  }

  // What row i gives of the entry at place n.
  fn weightOf(i : i32, n : i32) -> f32 {
    let w = n - firsts[i];
    if (w < 0 || w >= uniforms.width) { return 0.0; }
    return rows[(uniforms.part * uniforms.to + i) * uniforms.width + w];
  }
`;

/** `finish` is what is done with the sums of a line, of whose rows in y, from `y` on, `left` are there; `begin` and `end` stand around all lines. */
const forwards = (finish: (line: number) => string, begin = '', end = ''): string => `
  ${SHARED}
  // The entry of a line at place n, which may lie beyond its ends.
  fn entryAt(n : i32) -> i32 {
    if (uniforms.periodic == 1) { return (n + uniforms.entries) % uniforms.entries; }
    return select(min(n, 2 * uniforms.entries - 1 - n), -1 - n, n < 0);
  }

  fn main(index : i32) {
    let blocks = (uniforms.lines + ${LINES - 1}) / ${LINES};
    let row = index / blocks * ${ROWS};
    if (row >= uniforms.to) { return; }
    let first = index % blocks;
    let last = uniforms.to - 1;
    let own = vec4<i32>(row, min(row + 1, last), min(row + 2, last), min(row + 3, last));
    ${each((i) => `let line${i} = first + ${i} * blocks; let x${i} = startOf(line${i}, uniforms.entries); var sum${i} = vec4<f32>(0.0);`)}
    for (var n = firsts[own.x]; n < firsts[own.w] + uniforms.width; n++) {
      let weights = vec4<f32>(weightOf(own.x, n), weightOf(own.y, n), weightOf(own.z, n), weightOf(own.w, n));
      let down = entryAt(n) * uniforms.after;
      ${each((i) => `sum${i} += x[x${i} + down] * weights;`)}
    }
    let left = min(${ROWS}, uniforms.to - row);
    ${begin}
    ${each((i) => `if (line${i} < uniforms.lines) { let y${i} = startOf(line${i}, uniforms.to) + row * uniforms.after; ${finish(i)} }`)}
    ${end}
  }
`;

const PROGRAM: Program = {
  name: 'banded',
  inputs: ['x', 'firsts', 'rows'],
  workgroup: 64,
  code: forwards((line) => `for (var r = 0; r < left; r++) { result[y${line} + r * uniforms.after] = sum${line}[r]; }`),
};

/** A part of Σ dy·(slope·x) an invocation. */
const SLOPE: Program = {
  name: 'slope of banded',
  inputs: ['x', 'firsts', 'rows', 'dy'],
  workgroup: 64,
  code: forwards(
    (line) => `for (var r = 0; r < left; r++) { part += dy[y${line} + r * uniforms.after] * sum${line}[r]; }`,
    'var part = 0.0;',
    'result[index] = part;',
  ),
};

const TRANSPOSED: Program = {
  name: 'transposed banded',
  inputs: ['x', 'firsts', 'rows'],
  workgroup: 64,
  code: `
    ${SHARED}
    // How many rows begin before place n.
    fn rowsBefore(n : i32) -> i32 {
      var low = 0;
      var high = uniforms.to;
      while (low < high) {
        let middle = (low + high) / 2;
        if (firsts[middle] < n) { low = middle + 1; } else { high = middle; }
      }
      return low;
    }

    fn main(index : i32) {
      let blocks = (uniforms.lines + ${LINES - 1}) / ${LINES};
      let entry = index / blocks * ${ROWS};
      if (entry >= uniforms.entries) { return; }
      let first = index % blocks;
      let beyond = uniforms.to - 1;
      ${each((i) => `let line${i} = first + ${i} * blocks; let y${i} = startOf(line${i}, uniforms.to); var sum${i} = vec4<f32>(0.0);`)}
      // Each entry stands at its own place, and again beyond either end.
      for (var image = -1; image <= 1; image++) {
        var place = entry + image * uniforms.entries;
        var step = 1;
        if (image != 0 && uniforms.periodic == 0) {
          place = (image + 1) * uniforms.entries - 1 - entry;
          step = -1;
        }
        let lowest = min(place, place + ${ROWS - 1} * step);
        let highest = max(place, place + ${ROWS - 1} * step);
        let end = rowsBefore(highest + 1);
        for (var i = rowsBefore(lowest - uniforms.width + 1); i < end; i++) {
          let weights = vec4<f32>(
            weightOf(i, place), weightOf(i, place + step), weightOf(i, place + 2 * step), weightOf(i, place + 3 * step));
          let down = i * uniforms.after;
          ${each((i) => `sum${i} += x[y${i} + down] * weights;`)}
        }
      }
      let left = min(${ROWS}, uniforms.entries - entry);
      ${each(
        (i) => `
        if (line${i} < uniforms.lines) {
          let at${i} = startOf(line${i}, uniforms.entries) + entry * uniforms.after;
          for (var r = 0; r < left; r++) { result[at${i} + r * uniforms.after] = sum${i}[r]; }
        }`,
      )}
    }
  `,
};

export interface Band {
  /** `[to]` */
  readonly firsts: TensorInfo;
  /** Values, and slopes where there are any: `[1 or 2, to, width]`. */
  readonly rows: TensorInfo;
  readonly from: number;
  readonly periodic: boolean;
}

/** `[before, from, after]` → `[before, to, after]`. */
export function banded(backend: WebGPUBackend, x: TensorInfo, band: Band): TensorInfo {
  const [before = 0, , after = 0] = x.shape;
  const to = sizeOf(band.firsts.shape);
  return run(backend, PROGRAM, [x, band.firsts, band.rows], band, to, [before, to, after]);
}

/** `[before, to, after]` → `[before, from, after]`. */
export function transposedBanded(backend: WebGPUBackend, x: TensorInfo, band: Band): TensorInfo {
  const [before = 0, , after = 0] = x.shape;
  return run(backend, TRANSPOSED, [x, band.firsts, band.rows], band, band.from, [before, band.from, after]);
}

/** Σ dy·(slope·x): `[before, from, after]` and `[before, to, after]` → `[1]`. */
export function bandedSlope(backend: WebGPUBackend, x: TensorInfo, dy: TensorInfo, band: Band): TensorInfo {
  const [, to = 0] = dy.shape;
  const parts = run(backend, SLOPE, [x, band.firsts, band.rows, dy], band, to, null);
  const sum = columnSums(backend, parts);
  backend.disposeData(parts.dataId);
  return { ...sum, shape: [1] };
}

/** A block of rows and lines an invocation; without a shape, a number each. */
function run(
  backend: WebGPUBackend,
  program: Program,
  inputs: readonly [TensorInfo, ...TensorInfo[]],
  { firsts, rows, from, periodic }: Band,
  size: number,
  shape: readonly number[] | null,
): TensorInfo {
  const [before = 0, , after = 0] = inputs[0].shape;
  const to = sizeOf(firsts.shape);
  const lines = before * after;
  const invocations = Math.ceil(size / ROWS) * Math.ceil(lines / LINES);
  return runProgram(backend, program, {
    inputs,
    uniforms: {
      lines,
      after,
      entries: from,
      to,
      width: rows.shape[2] ?? 0,
      periodic: periodic ? 1 : 0,
      part: shape === null ? 1 : 0,
    },
    shape: shape ?? [invocations, 1],
    workgroups: Math.ceil(invocations / program.workgroup),
  });
}
