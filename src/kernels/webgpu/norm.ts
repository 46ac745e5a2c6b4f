/**
 * Batch normalisation of `[lines, channels]` with a mask over the channels, and its gradients.
 *
 * Sums over the lines come in slices; a small table of each channel's numbers then serves one pass over the lines.
 */
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { EPSILON } from '../normalisation.ts';
import type { NormViews } from '../programs.ts';
import { runProgram, type Program } from './program.ts';
import { placeOf, sinkOf } from './views.ts';

const WORKGROUP = 64;

/** Two sums of `terms` over a slice of the lines; `value` is x at the line. */
function sumsProgram(name: string, inputs: readonly string[], terms: readonly [string, string]): Program {
  return {
    name,
    inputs,
    workgroup: WORKGROUP,
    code: `
      fn main(index : i32) {
        if (index >= uniforms.slices * uniforms.channels) { return; }
        let channel = index % uniforms.channels;
        let slice = index / uniforms.channels;
        var sums = vec2<f32>(0.0);
        for (var line = slice * uniforms.share; line < min((slice + 1) * uniforms.share, uniforms.lines); line++) {
          let place = line * uniforms.channels + channel;
          sums += vec2<f32>(${terms.join(', ')});
        }
        result[2 * index] = sums.x;
        result[2 * index + 1] = sums.y;
      }
    `,
  };
}

// About the first line's value, which is no farther from the mean than the values are wide, so that no digits are lost.
const MOMENTS = sumsProgram(
  'sums of a norm',
  ['x'],
  ['x[place] - x[channel]', '(x[place] - x[channel]) * (x[place] - x[channel])'],
);
const SLOPES = sumsProgram(
  'sums of a norm gradient',
  ['x', 'dy', 'table'],
  ['dy[place]', 'dy[place] * (x[place] - table[channel]) * table[uniforms.channels + channel]'],
);

const ADD_UP = `
  fn addUp(channel : i32) -> vec2<f32> {
    var total = vec2<f32>(0.0);
    for (var slice = 0; slice < uniforms.slices; slice++) {
      let place = 2 * (slice * uniforms.channels + channel);
      total += vec2<f32>(sums[place], sums[place + 1]);
    }
    return total;
  }
`;

/** Mean, 1/σ, gain and offset. */
const TABLE: Program = {
  name: 'table of a norm',
  inputs: ['sums', 'x', 'weights', 'masks'],
  workgroup: WORKGROUP,
  code: `
    ${ADD_UP}
    fn main(index : i32) {
      if (index >= uniforms.channels) { return; }
      let total = addUp(index) / f32(uniforms.lines);
      let mean = x[index] + total.x;
      let inverse = 1.0 / sqrt(max(0.0, total.y - total.x * total.x) + ${EPSILON});
      let mask = masks[uniforms.mask + index];
      let gain = inverse * weights[uniforms.scale + index] * mask;
      result[index] = mean;
      result[uniforms.channels + index] = inverse;
      result[2 * uniforms.channels + index] = gain;
      result[3 * uniforms.channels + index] = weights[uniforms.shift + index] * mask - mean * gain;
    }
  `,
};

const APPLY: Program = {
  name: 'norm',
  inputs: ['x', 'table'],
  workgroup: WORKGROUP,
  code: `
    fn main(index : i32) {
      if (index >= uniforms.lines * uniforms.channels) { return; }
      let channel = index % uniforms.channels;
      result[index] = x[index] * table[2 * uniforms.channels + channel] + table[3 * uniforms.channels + channel];
    }
  `,
};

/** How a channel's dx follows from x and dy: dx = gain·dy + p·x + q. */
const SLOPE_TABLE: Program = {
  name: 'table of a norm gradient',
  inputs: ['sums', 'table'],
  workgroup: WORKGROUP,
  code: `
    ${ADD_UP}
    fn main(index : i32) {
      if (index >= uniforms.channels) { return; }
      let mean = addUp(index) / f32(uniforms.lines);
      let gain = table[2 * uniforms.channels + index];
      let p = -gain * table[uniforms.channels + index] * mean.y;
      result[index] = gain;
      result[uniforms.channels + index] = p;
      result[2 * uniforms.channels + index] = -gain * mean.x - p * table[index];
    }
  `,
};

const APPLY_SLOPE: Program = {
  name: 'norm gradient',
  inputs: ['x', 'dy', 'slopes'],
  workgroup: WORKGROUP,
  code: `
    fn main(index : i32) {
      if (index >= uniforms.lines * uniforms.channels) { return; }
      let channel = index % uniforms.channels;
      result[index] = slopes[channel] * dy[index] + slopes[uniforms.channels + channel] * x[index]
        + slopes[2 * uniforms.channels + channel];
    }
  `,
};

/** y = mask·(scale·x̂ + shift): what the three of them get. */
const ADD: Program = {
  name: 'add norm gradient',
  inputs: ['sums', 'weights', 'masks'],
  workgroup: WORKGROUP,
  code: `
    ${ADD_UP}
    fn main(index : i32) {
      if (index >= uniforms.channels) { return; }
      let total = addUp(index);
      let mask = masks[uniforms.mask + index];
      result[uniforms.scaleInto + index] += mask * total.y;
      result[uniforms.shiftInto + index] += mask * total.x;
      result[uniforms.maskInto + index] += weights[uniforms.scale + index] * total.y + weights[uniforms.shift + index] * total.x;
    }
  `,
};

/** Invocations that keep a large GPU busy; slices that are still quickly summed; lines that are worth a slice. */
const ENOUGH = 2 ** 14;
const MOST_SLICES = 256;
const FEWEST_LINES = 16;

function slicesOf(lines: number, channels: number): { lines: number; channels: number; slices: number; share: number } {
  const wanted = Math.min(MOST_SLICES, Math.ceil(ENOUGH / channels), Math.ceil(lines / FEWEST_LINES));
  const share = Math.ceil(lines / wanted);
  return { lines, channels, slices: Math.ceil(lines / share), share };
}

const groups = (invocations: number): number => Math.ceil(invocations / WORKGROUP);

export function norm(
  backend: WebGPUBackend,
  x: TensorInfo,
  { scale, shift, mask }: NormViews,
): { table: TensorInfo; value: TensorInfo } {
  const [lines = 1, channels = 1] = x.shape;
  const sizes = slicesOf(lines, channels);
  const sums = runProgram(backend, MOMENTS, {
    inputs: [x],
    uniforms: sizes,
    shape: [sizes.slices, channels, 2],
    workgroups: groups(sizes.slices * channels),
  });
  const { slices } = sizes;
  const table = runProgram(backend, TABLE, {
    inputs: [sums, x, scale.leaf.values, mask.leaf.values],
    uniforms: { lines, channels, slices, scale: scale.offset, shift: shift.offset, mask: mask.offset },
    shape: [4, channels],
    workgroups: groups(channels),
  });
  backend.disposeData(sums.dataId);
  const value = runProgram(backend, APPLY, {
    inputs: [x, table],
    uniforms: { lines, channels },
    shape: x.shape,
    workgroups: groups(lines * channels),
  });
  return { table, value };
}

/** The gradient in x; those in scale, shift and mask are added. */
export function normGradient(
  backend: WebGPUBackend,
  x: TensorInfo,
  table: TensorInfo,
  dy: TensorInfo,
  { scale, shift, mask }: NormViews,
): TensorInfo {
  const [lines = 1, channels = 1] = x.shape;
  const sizes = slicesOf(lines, channels);
  const sums = runProgram(backend, SLOPES, {
    inputs: [x, dy, table],
    uniforms: sizes,
    shape: [sizes.slices, channels, 2],
    workgroups: groups(sizes.slices * channels),
  });
  const { slices } = sizes;
  const slopes = runProgram(backend, SLOPE_TABLE, {
    inputs: [sums, table],
    uniforms: { lines, channels, slices },
    shape: [3, channels],
    workgroups: groups(channels),
  });
  runProgram(backend, ADD, {
    inputs: [sums, scale.leaf.values, mask.leaf.values],
    uniforms: {
      channels,
      slices,
      scale: scale.offset,
      shift: shift.offset,
      mask: mask.offset,
      scaleInto: placeOf(scale),
      shiftInto: placeOf(shift),
      maskInto: placeOf(mask),
    },
    shape: [],
    workgroups: groups(channels),
    into: sinkOf(scale).gradient,
  });
  backend.disposeData(sums.dataId);
  const dx = runProgram(backend, APPLY_SLOPE, {
    inputs: [x, dy, slopes],
    uniforms: { lines, channels },
    shape: x.shape,
    workgroups: groups(lines * channels),
  });
  backend.disposeData(slopes.dataId);
  return dx;
}
