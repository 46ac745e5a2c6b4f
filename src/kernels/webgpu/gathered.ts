/** Product with a band whose rows are lists: an invocation works out one entry of the result. */
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { runProgram, sizeOf, type Program } from './program.ts';

const PROGRAM: Program = {
  name: 'gathered',
  inputs: ['x', 'starts', 'rows', 'weights'],
  workgroup: 64,
  code: `
    fn main(index : i32) {
      if (index >= uniforms.invocations) { return; }
      let c = index % uniforms.after;
      let line = index / uniforms.after;
      let i = line % uniforms.size;
      let base = line / uniforms.size * uniforms.entries;
      var sum = 0.0;
      for (var at = starts[i]; at < starts[i + 1]; at++) {
        sum += weights[at] * x[(base + rows[at]) * uniforms.after + c];
      }
      result[index] = sum;
    }
  `,
};

export interface Lists {
  /** `[size + 1]`. */
  readonly starts: TensorInfo;
  /** `[entries of the band]`. */
  readonly rows: TensorInfo;
  readonly weights: TensorInfo;
}

/** `[before, entries, after]` → `[before, size, after]`. */
export function gathered(backend: WebGPUBackend, x: TensorInfo, { starts, rows, weights }: Lists): TensorInfo {
  const [before = 0, entries = 0, after = 0] = x.shape;
  const size = sizeOf(starts.shape) - 1;
  const invocations = before * size * after;
  return runProgram(backend, PROGRAM, {
    inputs: [x, starts, rows, weights],
    uniforms: { invocations, entries, size, after },
    shape: [before, size, after],
    workgroups: Math.ceil(invocations / PROGRAM.workgroup),
  });
}
