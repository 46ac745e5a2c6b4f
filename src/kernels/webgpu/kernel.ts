/** The kernel network and its masks in one program, and its gradients (METHOD §2). */
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { KernelViews } from '../programs.ts';
import { addOf, backwardOf, forwardOf, placesOf, recordOf, WORKGROUP } from './kernelCode.ts';
import { addMatrixGradient } from './matrixGradient.ts';
import { runProgram, sizeOf, type Program } from './program.ts';
import { placeOf, sinkOf } from './views.ts';

interface Trio {
  readonly forward: Program;
  readonly backward: Program;
  readonly add: Program;
}

const made = new Map<string, Trio>();

function programsOf(d: number, hidden: number, filters: number): Trio {
  const key = `${d} ${hidden} ${filters}`;
  const known = made.get(key);
  if (known !== undefined) return known;
  if (filters * hidden > WORKGROUP) {
    throw new RangeError(
      `A kernel network of ${filters * hidden} filters is too wide for a workgroup of ${WORKGROUP}.`,
    );
  }
  const trio = {
    forward: forwardOf(d, hidden, filters),
    backward: backwardOf(d, hidden, filters),
    add: addOf(d, hidden, filters),
  };
  made.set(key, trio);
  return trio;
}

/** What both directions are told. */
function common({ generator, output, outputBias, taps, reach, masks, amplitude, channels }: KernelViews) {
  const [across = 1, down = 1] = taps.toReversed();
  const [reachX = 1, reachY = 1] = reach.toReversed();
  const [maskX, maskY] = masks.toReversed();
  return {
    uniforms: {
      taps: sizeOf(taps),
      across,
      channels,
      generator: generator.offset,
      output: output.offset,
      stride: output.stride,
      outputBias: outputBias.offset,
      maskX: maskX?.offset ?? 0,
      maskY: maskY?.offset ?? 0,
    },
    floats: { middleX: (across - 1) / 2, middleY: (down - 1) / 2, reachX, reachY, amplitude },
  };
}

/** The masked kernel, `[taps, channels]`. */
export function kernel(backend: WebGPUBackend, views: KernelViews): TensorInfo {
  const { taps, hidden, filters, generator, masks, channels } = views;
  return runProgram(backend, programsOf(taps.length, hidden, filters).forward, {
    inputs: [generator.leaf.values, masks[0]!.leaf.values],
    ...common(views),
    shape: [sizeOf(taps), channels],
    workgroups: sizeOf(taps),
  });
}

/** Workgroups that share the taps. */
const MOST_GROUPS = 64;

/** Adds the gradients in the kernel network's weights and in the masks; dy is `[taps, channels]`. */
export function addKernelGradient(backend: WebGPUBackend, views: KernelViews, dy: TensorInfo): void {
  const { taps, hidden, filters, generator, masks, output, outputBias, channels } = views;
  const d = taps.length;
  const { backward, add } = programsOf(d, hidden, filters);
  const count = sizeOf(taps);
  const groups = Math.min(MOST_GROUPS, count);
  const { end } = placesOf(d, hidden, filters);
  const records = groups * end;
  const { uniforms, floats } = common(views);
  const [maskX, maskY] = masks.toReversed();
  const values = masks[0]!.leaf.values;
  const found = runProgram(backend, backward, {
    inputs: [dy, generator.leaf.values, values],
    uniforms: { ...uniforms, groups, turns: Math.ceil(count / groups), records },
    floats,
    shape: [records + count * recordOf(hidden)],
    workgroups: groups,
  });
  const { across, maskX: atX, maskY: atY } = uniforms;
  runProgram(backend, add, {
    inputs: [found, values],
    uniforms: {
      taps: count,
      across,
      maskX: atX,
      maskY: atY,
      groups,
      records,
      generatorInto: placeOf(generator),
      maskXInto: maskX === undefined ? 0 : placeOf(maskX),
      maskYInto: maskY === undefined ? 0 : placeOf(maskY),
    },
    floats: { amplitude: floats.amplitude },
    shape: [],
    workgroups: Math.ceil((end + taps.reduce((a, b) => a + b, 0)) / WORKGROUP),
    into: sinkOf(generator).gradient,
  });
  const x = { x: found, from: records, stride: recordOf(hidden), dy, at: { lines: count, after: 1 } };
  addMatrixGradient(backend, x, { ...output, rows: hidden, columns: channels }, outputBias, false);
  backend.disposeData(found.dataId);
}
