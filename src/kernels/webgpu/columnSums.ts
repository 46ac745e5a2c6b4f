/** Sums of columns: a workgroup takes up to 32 neighbouring columns, and its invocations share their rows. */
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { runProgram, type Program } from './program.ts';

const WORKGROUP = 256;
const MOST_ACROSS = 32;

const PROGRAM: Program = {
  name: 'column sums',
  inputs: ['x'],
  workgroup: WORKGROUP,
  code: `
    var<workgroup> sums : array<f32, ${WORKGROUP}>;

    fn main(index : i32) {
      let lane = index % ${WORKGROUP};
      let column = index / ${WORKGROUP} * uniforms.across + lane % uniforms.across;
      let own = lane / uniforms.across;
      let lanes = ${WORKGROUP} / uniforms.across;
      var sum = 0.0;
      if (column < uniforms.columns) {
        for (var row = own; row < uniforms.rows; row += lanes) {
          sum += x[row * uniforms.columns + column];
        }
      }
      sums[lane] = sum;
      for (var half = lanes / 2; half > 0; half /= 2) {
        workgroupBarrier();
        if (own < half) { sums[lane] += sums[lane + half * uniforms.across]; }
      }
      if (own == 0 && column < uniforms.columns) {
        result[column] = sums[lane];
      }
    }
  `,
};

/** `[m, c]` → `[1, c]`, for few rows: each column is summed by one workgroup alone. */
export function columnSums(backend: WebGPUBackend, x: TensorInfo): TensorInfo {
  const [rows = 0, columns = 0] = x.shape;
  let across = 1;
  while (across < Math.min(MOST_ACROSS, columns)) across *= 2;
  return runProgram(backend, PROGRAM, {
    inputs: [x],
    uniforms: { rows, columns, across },
    shape: [1, columns],
    workgroups: Math.ceil(columns / across),
  });
}
