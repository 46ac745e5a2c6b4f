/**
 * How our WebGPU programs are run.
 *
 * TF.js compiles a pipeline for each pattern of ranks, equal shapes and broadcast axes of a program's tensors. Ours get
 * their sizes as uniforms and see every tensor as one line of numbers, so that one pipeline serves all sizes.
 */
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import type { TensorInfo } from '@tensorflow/tfjs-core';

export interface Program {
  readonly name: string;
  /** Names of the inputs' buffers; that of the output is `result`. */
  readonly inputs: readonly string[];
  /** Invocations of a workgroup. */
  readonly workgroup: number;
  /** WGSL with `fn main(index : i32)`, called once for each invocation of all workgroups, and of some beyond the last. */
  readonly code: string;
}

export interface Call {
  readonly inputs: readonly TensorInfo[];
  /** Whole numbers, always under the same names in the same order. */
  readonly uniforms: Readonly<Record<string, number>>;
  readonly floats?: Readonly<Record<string, number>>;
  /** Of the result. */
  readonly shape: readonly number[];
  readonly workgroups: number;
  /** What is changed in place, instead of a new result. */
  readonly into?: TensorInfo;
}

/** Runs a program; the result is float32. */
export function runProgram(backend: WebGPUBackend, program: Program, call: Call): TensorInfo {
  const [workgroup, shape] = [program.workgroup, [...call.shape]];
  const floats = call.floats ?? {};
  const declared = (names: readonly string[], type: string): string =>
    names.map((name) => `${name} : ${type},`).join(' ');
  const values = (numbers: Readonly<Record<string, number>>, type: 'int32' | 'float32') =>
    Object.values(numbers).map((value) => ({ type, data: [value] }));
  // A rank unlike the inputs', so that their sizes are never found equal.
  const into = call.into === undefined ? undefined : { ...call.into, shape: [sizeOf(call.into.shape), 1] };
  const output = backend.runWebGPUProgram(
    {
      shaderKey: `dnarch ${program.name}`,
      dispatch: [call.workgroups, 1, 1],
      dispatchLayout: { x: [0, 1] },
      outputShape: [sizeOf(shape), 1],
      variableNames: [...program.inputs],
      uniforms: `${declared(Object.keys(call.uniforms), 'i32')} ${declared(Object.keys(floats), 'f32')}`,
      workgroupSize: [workgroup, 1, 1],
      getUserCode: () => program.code,
    },
    call.inputs.map(({ dataId, dtype, shape }) => ({ dataId, dtype, shape: [sizeOf(shape)] })),
    'float32',
    [...values(call.uniforms, 'int32'), ...values(floats, 'float32')],
    into,
  );
  return { ...output, shape };
}

export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((all, extent) => all * extent, 1);
}
