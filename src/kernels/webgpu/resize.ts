/** A matrix with fewer columns, or with zeros behind them. */
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { runProgram, type Program } from './program.ts';

const PROGRAM: Program = {
  name: 'resize',
  inputs: ['x'],
  workgroup: 64,
  code: `
    fn main(index : i32) {
      if (index >= uniforms.invocations) { return; }
      let column = index % uniforms.columns;
      var value = 0.0;
      if (column < uniforms.before) { value = x[index / uniforms.columns * uniforms.before + column]; }
      result[index] = value;
    }
  `,
};

/** `[lines, any]` → `[lines, columns]`. */
export function resize(backend: WebGPUBackend, x: TensorInfo, columns: number): TensorInfo {
  const [lines = 1, before = 1] = x.shape;
  const invocations = lines * columns;
  return runProgram(backend, PROGRAM, {
    inputs: [x],
    uniforms: { invocations, before, columns },
    shape: [lines, columns],
    workgroups: Math.ceil(invocations / PROGRAM.workgroup),
  });
}
