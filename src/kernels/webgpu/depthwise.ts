/** Depthwise 'same' convolution: an invocation works out a few neighbouring columns of a channel of a row. */
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { runProgram, type Program } from './program.ts';
import { ADD_ROW, SHIFTS } from './rows.ts';

const PROGRAM: Program = {
  name: 'depthwise',
  inputs: ['x', 'taps'],
  workgroup: 64,
  code: `
    ${ADD_ROW}
    fn main(index : i32) {
      if (index >= uniforms.invocations) { return; }
      let c = index % uniforms.channels;
      let block = index / uniforms.channels;
      let column = block % uniforms.blocks * ${SHIFTS};
      let line = block / uniforms.blocks;
      let i = line % uniforms.height;
      let top = (uniforms.kernelHeight - 1) / 2;
      let left = (uniforms.kernelWidth - 1) / 2;
      let last = uniforms.kernelHeight * uniforms.kernelWidth - 1;
      var sums = Sums(vec4<f32>(0.0), vec4<f32>(0.0));
      for (var u = max(0, top - i); u < min(uniforms.kernelHeight, uniforms.height + top - i); u++) {
        let tap = u * uniforms.kernelWidth;
        let base = select(tap, last - tap, uniforms.flip == 1) * uniforms.channels + c;
        let step = select(uniforms.channels, -uniforms.channels, uniforms.flip == 1);
        let row = (line + u - top) * uniforms.width;
        sums = addRow(sums, row, column - left, c, base, step, uniforms.kernelWidth);
      }
      for (var s = 0; s < min(${SHIFTS}, uniforms.width - column); s++) {
        let value = select(sums.high[s & 3], sums.low[s & 3], s < 4);
        result[(line * uniforms.width + column + s) * uniforms.channels + c] = value;
      }
    }
  `,
};

/** `[batch, height, width, channels]`, `[kernel height, kernel width, channels]` → the input's shape. */
export function depthwise(backend: WebGPUBackend, x: TensorInfo, kernel: TensorInfo, flip: boolean): TensorInfo {
  const [batch = 0, height = 0, width = 0, channels = 0] = x.shape;
  const [kernelHeight = 0, kernelWidth = 0] = kernel.shape;
  const blocks = Math.ceil(width / SHIFTS);
  const invocations = batch * height * blocks * channels;
  return runProgram(backend, PROGRAM, {
    inputs: [x, kernel],
    uniforms: { invocations, height, width, channels, kernelHeight, kernelWidth, blocks, flip: flip ? 1 : 0 },
    shape: x.shape,
    workgroups: Math.ceil(invocations / PROGRAM.workgroup),
  });
}
