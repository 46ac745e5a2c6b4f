/**
 * Gradient in a depthwise convolution's kernel: an invocation works out a few neighbouring taps of a channel over a slice of
 * the batch's rows; the slices are summed afterwards.
 */
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { columnSums } from './columnSums.ts';
import { runProgram, type Program } from './program.ts';
import { ADD_ROW, SHIFTS } from './rows.ts';

const PROGRAM: Program = {
  name: 'kernel gradient',
  inputs: ['x', 'taps'],
  workgroup: 64,
  code: `
    ${ADD_ROW}
    fn main(index : i32) {
      if (index >= uniforms.invocations) { return; }
      let c = index % uniforms.channels;
      var rest = index / uniforms.channels;
      let v = rest % uniforms.blocks * ${SHIFTS};
      rest = rest / uniforms.blocks;
      let u = rest % uniforms.kernelHeight;
      let part = rest / uniforms.kernelHeight;
      let down = u - (uniforms.kernelHeight - 1) / 2;
      let origin = v - (uniforms.kernelWidth - 1) / 2;
      let begin = part * uniforms.share;
      var sums = Sums(vec4<f32>(0.0), vec4<f32>(0.0));
      for (var line = begin; line < min(begin + uniforms.share, uniforms.lines); line++) {
        let i = line % uniforms.height + down;
        if (i < 0 || i >= uniforms.height) { continue; }
        let base = line * uniforms.width * uniforms.channels + c;
        sums = addRow(sums, (line + down) * uniforms.width, origin, c, base, uniforms.channels, uniforms.width);
      }
      let tap = (part * uniforms.kernelHeight + u) * uniforms.kernelWidth + v;
      for (var s = 0; s < min(${SHIFTS}, uniforms.kernelWidth - v); s++) {
        let value = select(sums.high[s & 3], sums.low[s & 3], s < 4);
        result[(tap + s) * uniforms.channels + c] = value;
      }
    }
  `,
};

/** Invocations that keep a large GPU busy, and slices that are still quickly summed. */
const ENOUGH = 2 ** 16;
const MOST_SLICES = 256;

/** x and dy `[batch, height, width, channels]` → `[kernel height, kernel width, channels]`. */
export function kernelGradient(
  backend: WebGPUBackend,
  x: TensorInfo,
  dy: TensorInfo,
  kernelHeight: number,
  kernelWidth: number,
): TensorInfo {
  const [batch = 0, height = 0, width = 0, channels = 0] = x.shape;
  const blocks = Math.ceil(kernelWidth / SHIFTS);
  const each = kernelHeight * blocks * channels;
  const lines = batch * height;
  const share = Math.ceil(lines / Math.min(MOST_SLICES, Math.ceil(ENOUGH / each)));
  const slices = Math.ceil(lines / share);
  const invocations = slices * each;
  const shape = [kernelHeight, kernelWidth, channels];
  const parts = runProgram(backend, PROGRAM, {
    inputs: [x, dy],
    uniforms: { invocations, height, width, channels, kernelHeight, kernelWidth, blocks, lines, share },
    shape: [slices, kernelHeight * kernelWidth * channels],
    workgroups: Math.ceil(invocations / PROGRAM.workgroup),
  });
  if (slices === 1) return { ...parts, shape };
  const gradient = columnSums(backend, parts);
  backend.disposeData(parts.dataId);
  return { ...gradient, shape };
}
