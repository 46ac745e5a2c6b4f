/** Products with a matrix for each group, and products of complex numbers: what transforms by stages are made of. */
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { runProgram, sizeOf, type Program } from './program.ts';

/** Lines of an invocation, which works out a block of them by 4 entries from registers. */
const LINES = 8;

const each = (code: (line: number) => string): string =>
  Array.from({ length: LINES }, (_, line) => code(line)).join('\n');

const PRODUCT: Program = {
  name: 'grouped product',
  inputs: ['x', 'w'],
  workgroup: 64,
  code: `
    // Where a group's line begins; beyond the last one, the last one's values are read and never written.
    fn placeOf(line : i32, group : i32, entries : i32) -> i32 {
      let real = min(line, uniforms.lines - 1);
      return (real / uniforms.after * uniforms.groups + group) * entries * uniforms.after + real % uniforms.after;
    }

    fn main(index : i32) {
      let blocks = (uniforms.lines + ${LINES - 1}) / ${LINES};
      let quarters = (uniforms.outer + 3) / 4;
      let group = index / (blocks * quarters);
      if (group >= uniforms.groups) { return; }
      let first = index % blocks;
      let row = index / blocks % quarters * 4;
      let last = uniforms.outer - 1;
      let base = group * uniforms.outer * uniforms.inner;
      let b0 = base + row * uniforms.inner;
      let b1 = base + min(row + 1, last) * uniforms.inner;
      let b2 = base + min(row + 2, last) * uniforms.inner;
      let b3 = base + min(row + 3, last) * uniforms.inner;
      ${each((i) => `let line${i} = first + ${i} * blocks; let place${i} = placeOf(line${i}, group, uniforms.inner); var sum${i} = vec4<f32>(0.0);`)}
      for (var k = 0; k < uniforms.inner; k++) {
        let weights = vec4<f32>(w[b0 + k], w[b1 + k], w[b2 + k], w[b3 + k]);
        let down = k * uniforms.after;
        ${each((i) => `sum${i} += x[place${i} + down] * weights;`)}
      }
      ${each((i) => `finish(line${i}, group, row, sum${i});`)}
    }

    fn finish(line : i32, group : i32, row : i32, values : vec4<f32>) {
      if (line >= uniforms.lines) { return; }
      let place = placeOf(line, group, uniforms.outer);
      for (var i = 0; i < min(4, uniforms.outer - row); i++) { result[place + (row + i) * uniforms.after] = values[i]; }
    }
  `,
};

/** `[before, groups, inner, after]`, `[groups, outer, inner]` → `[before, groups, outer, after]`. */
export function groupedProduct(backend: WebGPUBackend, x: TensorInfo, w: TensorInfo): TensorInfo {
  const [before = 0, , , after = 0] = x.shape;
  const [groups = 0, outer = 0, inner = 0] = w.shape;
  const lines = before * after;
  const invocations = groups * Math.ceil(outer / 4) * Math.ceil(lines / LINES);
  return runProgram(backend, PRODUCT, {
    inputs: [x, w],
    uniforms: { lines, after, groups, inner, outer },
    shape: [before, groups, outer, after],
    workgroups: Math.ceil(invocations / PRODUCT.workgroup),
  });
}

const COMPLEX: Program = {
  name: 'complex product',
  inputs: ['x', 'y'],
  workgroup: 64,
  code: `
    fn main(index : i32) {
      for (var pair = index; pair < uniforms.pairs; pair += uniforms.invocations) {
        let real = pair / uniforms.channels * 2 * uniforms.channels + pair % uniforms.channels;
        let imaginary = real + uniforms.channels;
        let other = real % uniforms.size;
        let b = y[other];
        let d = select(y[other + uniforms.channels], -y[other + uniforms.channels], uniforms.conjugate == 1);
        result[real] = x[real] * b - x[imaginary] * d;
        result[imaginary] = x[real] * d + x[imaginary] * b;
      }
    }
  `,
};

/** Most workgroups of a dispatch, by WebGPU's default limits. */
const MOST_WORKGROUPS = 65_535;

/** `[before, bins, 2, channels]`, and the same or one for all → the first one's shape. */
export function complexProduct(backend: WebGPUBackend, x: TensorInfo, y: TensorInfo, conjugate: boolean): TensorInfo {
  const pairs = sizeOf(x.shape) / 2;
  const workgroups = Math.min(MOST_WORKGROUPS, Math.ceil(pairs / COMPLEX.workgroup));
  return runProgram(backend, COMPLEX, {
    inputs: [x, y],
    uniforms: {
      pairs,
      invocations: workgroups * COMPLEX.workgroup,
      channels: x.shape[3] ?? 1,
      size: sizeOf(y.shape),
      conjugate: conjugate ? 1 : 0,
    },
    shape: x.shape,
    workgroups,
  });
}
