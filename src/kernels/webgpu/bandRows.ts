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
    // A value and its derivative in the cut.
    fn both(p : i32) -> vec2<f32> { return vec2<f32>(points[p], points[uniforms.half + p]); }

    // The cubic of Catmull & Rom between the second and the third of four points.
    fn weighed(p : i32, weights : vec4<f32>) -> vec2<f32> {
      return weights.x * both(p) + weights.y * both(p + 1) + weights.z * both(p + 2) + weights.w * both(p + 3);
    }

    fn put(at : i32, value : vec2<f32>) {
      result[at] = value.x;
      result[uniforms.rows * uniforms.width + at] = value.y;
    }

    fn main(row : i32) {
      if (row >= uniforms.rows) { return; }
      // Samples lie a whole number of points apart: all on one side of the centre are at the same place between two points.
      let position = fractions[row] * f32(uniforms.fineness);
      let whole = i32(position);
      let t = position - f32(whole);
      let u = 1.0 - t;
      let weights = vec4<f32>(
        -0.5 * t * u * u, 1.0 - 0.5 * t * t * (5.0 - 3.0 * t), 1.0 - 0.5 * u * u * (5.0 - 3.0 * u), -0.5 * u * t * t);
      let half = uniforms.width / 2;
      let first = row * uniforms.width;
      var sum = vec2<f32>(0.0);
      for (var w = 0; w < half; w++) {
        let left = weighed(whole + (half - 1 - w) * uniforms.fineness, weights);
        let right = weighed((w + 1) * uniforms.fineness - whole - 1, weights.wzyx);
        put(first + w, left);
        put(first + half + w, right);
        sum += left + right;
      }
      for (var at = first; at < first + uniforms.width; at++) {
        let value = result[at];
        let slope = result[uniforms.rows * uniforms.width + at];
        put(at, vec2<f32>(value, slope - value * sum.y / sum.x) / sum.x);
      }
    }
  `,
};

/** `[to]`, `[2, points]` → `[2, to, width]`: values, and slopes in the cut. */
export function bandRows(backend: WebGPUBackend, fractions: TensorInfo, table: TensorInfo, width: number): TensorInfo {
  const rows = sizeOf(fractions.shape);
  const half = table.shape[1] ?? 0;
  return runProgram(backend, PROGRAM, {
    inputs: [fractions, table],
    uniforms: { rows, width, half, fineness: (2 * (half - 3)) / width },
    shape: [2, rows, width],
    workgroups: Math.ceil(rows / WORKGROUP),
  });
}
