/** Product with a band: an invocation works out one entry of the result. */
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { runProgram, sizeOf, type Program } from './program.ts';

/** The entry `index` of the result is in channel c of row i; `base` is the first row of x of the same line. */
const PLACE = `
  if (index >= uniforms.invocations) { return; }
  let c = index % uniforms.after;
  let line = index / uniforms.after;
  let i = line % uniforms.size;
  let base = line / uniforms.size * uniforms.entries;
`;

const PROGRAM: Program = {
  name: 'banded',
  inputs: ['x', 'columns', 'values'],
  workgroup: 64,
  code: `
    fn main(index : i32) {
      ${PLACE}
      var sum = 0.0;
      for (var at = i * uniforms.width; at < (i + 1) * uniforms.width; at++) {
        sum += values[at] * x[(base + columns[at]) * uniforms.after + c];
      }
      result[index] = sum;
    }
  `,
};

const TRANSPOSED: Program = {
  name: 'transposed banded',
  inputs: ['x', 'starts', 'places', 'values'],
  workgroup: 64,
  code: `
    fn main(index : i32) {
      ${PLACE}
      var sum = 0.0;
      for (var at = starts[i]; at < starts[i + 1]; at++) {
        let place = places[at];
        sum += values[place] * x[(base + place / uniforms.width) * uniforms.after + c];
      }
      result[index] = sum;
    }
  `,
};

/** `[before, entries, after]`, and `[size, width]` each → `[before, size, after]`. */
export function banded(backend: WebGPUBackend, x: TensorInfo, columns: TensorInfo, values: TensorInfo): TensorInfo {
  const [size = 0] = columns.shape;
  return run(backend, PROGRAM, [x, columns, values], size);
}

/** `[before, entries, after]`, `[size + 1]`, `[entries · width]`, `[entries, width]` → `[before, size, after]`. */
export function transposedBanded(
  backend: WebGPUBackend,
  x: TensorInfo,
  starts: TensorInfo,
  places: TensorInfo,
  values: TensorInfo,
): TensorInfo {
  return run(backend, TRANSPOSED, [x, starts, places, values], sizeOf(starts.shape) - 1);
}

function run(
  backend: WebGPUBackend,
  program: Program,
  inputs: readonly [TensorInfo, ...TensorInfo[]],
  size: number,
): TensorInfo {
  const [before = 0, entries = 0, after = 0] = inputs[0].shape;
  const width = inputs.at(-1)?.shape[1] ?? 0;
  const invocations = before * size * after;
  return runProgram(backend, program, {
    inputs,
    uniforms: { invocations, entries, size, after, width },
    shape: [before, size, after],
    workgroups: Math.ceil(invocations / program.workgroup),
  });
}
