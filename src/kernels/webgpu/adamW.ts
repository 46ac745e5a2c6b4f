/** AdamW of all weights at once, and the norm of the gradient that it is clipped by. */
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { AdamWStep } from '../programs.ts';
import { runProgram, sizeOf, submit, type Program } from './program.ts';

const GROUPS = 32;
const WORKGROUP = 64;

const SQUARES: Program = {
  name: 'sums of squares',
  inputs: ['x'],
  workgroup: WORKGROUP,
  code: `
    var<workgroup> sums : array<f32, ${WORKGROUP}>;

    fn main(index : i32) {
      let lane = index % ${WORKGROUP};
      var sum = 0.0;
      for (var i = index; i < uniforms.size; i += ${GROUPS * WORKGROUP}) { sum += x[i] * x[i]; }
      sums[lane] = sum;
      for (var half = ${WORKGROUP / 2}; half > 0; half /= 2) {
        workgroupBarrier();
        if (lane < half) { sums[lane] += sums[lane + half]; }
      }
      if (lane == 0) { result[index / ${WORKGROUP}] = sums[0]; }
    }
  `,
};

const UPDATE: Program = {
  name: 'AdamW',
  inputs: ['gradient', 'decay', 'squares'],
  workgroup: WORKGROUP,
  code: `
    fn main(index : i32) {
      if (index >= uniforms.size) { return; }
      var square = 1e-12;
      for (var i = 0; i < ${GROUPS}; i++) { square += squares[i]; }
      let g = gradient[index] * min(1.0, uniforms.clip / sqrt(square));
      let first = uniforms.beta1 * result[uniforms.size + index] + (1.0 - uniforms.beta1) * g;
      let second = uniforms.beta2 * result[2 * uniforms.size + index] + (1.0 - uniforms.beta2) * g * g;
      let weight = result[index];
      let step = uniforms.firstScale * first / (sqrt(uniforms.secondScale * second) + uniforms.epsilon);
      result[index] = weight - uniforms.learningRate * (decay[index] * weight + step);
      result[uniforms.size + index] = first;
      result[2 * uniforms.size + index] = second;
    }
  `,
};

export function adamW(
  backend: WebGPUBackend,
  state: TensorInfo,
  gradient: TensorInfo,
  decay: TensorInfo,
  { learningRate, step, beta1, beta2, epsilon, clip }: AdamWStep,
): void {
  const size = sizeOf(gradient.shape);
  const squares = runProgram(backend, SQUARES, {
    inputs: [gradient],
    uniforms: { size },
    shape: [GROUPS],
    workgroups: GROUPS,
  });
  runProgram(backend, UPDATE, {
    inputs: [gradient, decay, squares],
    uniforms: { size },
    floats: {
      learningRate,
      beta1,
      beta2,
      epsilon,
      clip,
      firstScale: 1 / (1 - beta1 ** step),
      secondScale: 1 / (1 - beta2 ** step),
    },
    shape: [],
    workgroups: Math.ceil(size / WORKGROUP),
    into: state,
  });
  backend.disposeData(squares.dataId);
  // The end of a step: where each is submitted at the same places, the pool hands out the same buffers, and bind groups fit again.
  submit(backend);
}
