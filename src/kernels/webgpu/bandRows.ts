/** The numbers of a band from its table: an invocation works out a row. */
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { runProgram, sizeOf, type Program } from './program.ts';

const WORKGROUP = 64;

const PROGRAM: Program = {
  name: 'rows of a band',
  inputs: ['fractions', 'points'],
  workgroup: WORKGROUP,
  code: `
    // N·g at a position in points, and its derivative in the cut.
    fn interpolated(position : f32) -> vec2<f32> {
      let p = i32(position);
      let t = position - f32(p);
      let a = both(p);
      let b = both(p + 1);
      let c = both(p + 2);
      let d = both(p + 3);
      return b + 0.5 * t * (c - a + t * (2.0 * a - 5.0 * b + 4.0 * c - d + t * (3.0 * (b - c) + d - a)));
    }

    fn both(p : i32) -> vec2<f32> { return vec2<f32>(points[p], points[uniforms.half + p]); }

    fn entry(fraction : f32, w : i32) -> vec2<f32> {
      return interpolated(abs(fraction + f32(uniforms.width / 2 - 1 - w)) * uniforms.fineness);
    }

    fn main(row : i32) {
      if (row >= uniforms.rows) { return; }
      let fraction = fractions[row];
      var sum = vec2<f32>(0.0);
      for (var w = 0; w < uniforms.width; w++) { sum += entry(fraction, w); }
      for (var w = 0; w < uniforms.width; w++) {
        let value = entry(fraction, w);
        let slope = value.y - value.x * sum.y / sum.x;
        result[row * uniforms.width + w] = select(value.x, slope, uniforms.slopes == 1) / sum.x;
      }
    }
  `,
};

/** `[to]`, `[2, points]` → `[to, width]`: values, or slopes in the cut. */
export function bandRows(
  backend: WebGPUBackend,
  fractions: TensorInfo,
  table: TensorInfo,
  width: number,
  slopes: boolean,
): TensorInfo {
  const rows = sizeOf(fractions.shape);
  const half = table.shape[1] ?? 0;
  return runProgram(backend, PROGRAM, {
    inputs: [fractions, table],
    uniforms: { rows, width, half, slopes: slopes ? 1 : 0 },
    floats: { fineness: (2 * (half - 3)) / width },
    shape: [rows, width],
    workgroups: Math.ceil(rows / WORKGROUP),
  });
}
