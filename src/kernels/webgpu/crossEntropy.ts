/** Softmax cross-entropy of weighted rows with its measure, and its gradient: an invocation works out whole rows. */
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { runProgram, type Program } from './program.ts';

const WORKGROUP = 64;
const MOST_GROUPS = 64;

/** Sums over its rows of a workgroup: the loss; the weight of rows that are right, or of the last class's intersection; of its union. */
const PARTS: Program = {
  name: 'parts of cross-entropy',
  inputs: ['logits', 'labels', 'weights'],
  workgroup: WORKGROUP,
  code: `
    var<workgroup> sums : array<vec3<f32>, ${WORKGROUP}>;

    fn partOf(row : i32) -> vec3<f32> {
      let base = row * uniforms.classes;
      var answer = 0;
      var truth = 0;
      for (var k = 1; k < uniforms.classes; k++) {
        if (logits[base + k] > logits[base + answer]) { answer = k; }
        if (labels[base + k] > labels[base + truth]) { truth = k; }
      }
      let most = logits[base + answer];
      var total = 0.0;
      for (var k = 0; k < uniforms.classes; k++) { total += exp(logits[base + k] - most); }
      let shift = most + log(total);
      var loss = 0.0;
      // No probability counts as less than 1e-20.
      for (var k = 0; k < uniforms.classes; k++) { loss -= labels[base + k] * max(logits[base + k] - shift, ${Math.log(1e-20)}); }
      let last = uniforms.classes - 1;
      let both = select(answer == truth, answer == last && truth == last, uniforms.overlap == 1);
      let either = answer == last || truth == last;
      return vec3<f32>(loss, select(0.0, weights[row], both), select(0.0, weights[row], either));
    }

    fn main(index : i32) {
      let lane = index % ${WORKGROUP};
      var sum = vec3<f32>(0.0);
      for (var row = index; row < uniforms.rows; row += uniforms.invocations) { sum += partOf(row); }
      sums[lane] = sum;
      for (var half = ${WORKGROUP / 2}; half > 0; half /= 2) {
        workgroupBarrier();
        if (lane < half) { sums[lane] += sums[lane + half]; }
      }
      if (lane < 3) { result[index / ${WORKGROUP} * 3 + lane] = sums[0][lane]; }
    }
  `,
};

const WHOLE: Program = {
  name: 'cross-entropy of its parts',
  inputs: ['parts'],
  workgroup: 1,
  code: `
    fn main(index : i32) {
      var sum = vec3<f32>(0.0);
      for (var i = 0; i < uniforms.groups; i++) { sum += vec3<f32>(parts[3 * i], parts[3 * i + 1], parts[3 * i + 2]); }
      result[0] = sum.x;
      result[1] = sum.y / select(1.0, max(sum.z, 1e-9), uniforms.overlap == 1);
    }
  `,
};

const GRADIENT: Program = {
  name: 'gradient of cross-entropy',
  inputs: ['logits', 'labels', 'weights', 'dy'],
  workgroup: WORKGROUP,
  code: `
    fn main(row : i32) {
      if (row >= uniforms.rows) { return; }
      let base = row * uniforms.classes;
      var most = logits[base];
      for (var k = 1; k < uniforms.classes; k++) { most = max(most, logits[base + k]); }
      var total = 0.0;
      for (var k = 0; k < uniforms.classes; k++) { total += exp(logits[base + k] - most); }
      for (var k = 0; k < uniforms.classes; k++) {
        result[base + k] = (exp(logits[base + k] - most) / total * weights[row] - labels[base + k]) * dy[0];
      }
    }
  `,
};

/** `[rows, classes]` twice, `[rows, 1]` → `[2]`: the loss; the weight of right rows, or the last class's intersection over union. */
export function crossEntropy(
  backend: WebGPUBackend,
  inputs: readonly [logits: TensorInfo, target: TensorInfo, weights: TensorInfo],
  overlap: boolean,
): TensorInfo {
  const [rows = 0, classes = 0] = inputs[0].shape;
  const groups = Math.min(MOST_GROUPS, Math.ceil(rows / WORKGROUP));
  const parts = runProgram(backend, PARTS, {
    inputs,
    uniforms: { rows, classes, invocations: groups * WORKGROUP, overlap: overlap ? 1 : 0 },
    shape: [groups, 3],
    workgroups: groups,
  });
  const whole = runProgram(backend, WHOLE, {
    inputs: [parts],
    uniforms: { groups, overlap: overlap ? 1 : 0 },
    shape: [2],
    workgroups: 1,
  });
  backend.disposeData(parts.dataId);
  return whole;
}

/** `[rows, classes]` twice, `[rows, 1]`, `[2]` → `[rows, classes]`; the measure has no gradient. */
export function crossEntropyGradient(
  backend: WebGPUBackend,
  inputs: readonly [logits: TensorInfo, target: TensorInfo, weights: TensorInfo, dy: TensorInfo],
): TensorInfo {
  const [rows = 0, classes = 0] = inputs[0].shape;
  return runProgram(backend, GRADIENT, {
    inputs,
    uniforms: { rows, classes },
    shape: inputs[0].shape,
    workgroups: Math.ceil(rows / WORKGROUP),
  });
}
