/**
 * How our WebGPU programs are run: recorded into TF.js's own command encoder, in order with its programs.
 *
 * TF.js compiles a pipeline for each pattern of ranks, equal shapes and broadcast axes of a program's tensors, and makes uniforms
 * and a bind group for each call. Ours get their sizes as uniforms and see every tensor as one line of numbers, so that one
 * pipeline serves all sizes; and while sizes stay, so do the uniforms and the bind groups of each call.
 */
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { env, type TensorInfo } from '@tensorflow/tfjs-core';
import { Bindings } from './bindings.ts';

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
  /** Of a type that is always the same. */
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

/** What TF.js keeps to itself: its pipelines by their keys, promises while they are compiled, and what is being recorded. */
interface Recorder {
  readonly pipelineCache: Record<string, GPUComputePipeline | Promise<GPUComputePipeline>>;
  readonly commandEncoder: GPUCommandEncoder;
  computePassEncoder: GPUComputePassEncoder | null | undefined;
  /** Of tensors whose buffers are in use until the commands are submitted. */
  readonly commandQueueOwnedIds: WeakSet<object>;
  dispatchCountInPass: number;
}

function isRecorder(backend: object): backend is Recorder {
  return ['pipelineCache', 'commandQueueOwnedIds', 'dispatchCountInPass'].every((field) => field in backend);
}

/** One backend, seen from our programs. */
interface Own {
  readonly recorder: Recorder;
  readonly bindings: Map<Program, Bindings>;
}

const owns = new WeakMap<WebGPUBackend, Own>();

function ownOf(backend: WebGPUBackend): Own {
  const found = owns.get(backend);
  if (found !== undefined) return found;
  const recorder: object = backend;
  if (!isRecorder(recorder)) throw new Error('this version of the WebGPU backend records its commands in another way');
  const own = { recorder, bindings: new Map<Program, Bindings>() };
  owns.set(backend, own);
  return own;
}

/** Runs a program; the result is float32. */
export function runProgram(backend: WebGPUBackend, program: Program, call: Call): TensorInfo {
  const own = ownOf(backend);
  const result = call.into ?? backend.makeTensorInfo([...call.shape], 'float32');
  const tensors = [result, ...call.inputs];
  for (const { dataId } of tensors) backend.uploadToGPU(dataId);
  const pipeline = pipelineOf(backend, own, program, call);
  if (pipeline !== null) record(backend, own, program, pipeline, tensors, call);
  return { ...result, shape: [...call.shape] };
}

/** The program's pipeline, among TF.js's; null while pipelines are asked for without being run. */
function pipelineOf(
  { device }: WebGPUBackend,
  { recorder: { pipelineCache } }: Own,
  program: Program,
  call: Call,
): GPUComputePipeline | null {
  const { name } = program;
  const asked = env().getBool('WEBGPU_ENGINE_COMPILE_ONLY');
  const found = pipelineCache[name];
  if (found === undefined) {
    const module = device.createShaderModule({ code: sourceOf(program, call), label: name });
    const descriptor = { compute: { module }, label: name, layout: 'auto' } as const;
    if (!asked) return (pipelineCache[name] = device.createComputePipeline(descriptor));
    pipelineCache[name] = device.createComputePipelineAsync(descriptor);
  }
  if (asked) return null;
  if (found instanceof GPUComputePipeline) return found;
  throw new Error(`the pipeline of ${name} is not ready`);
}

function sourceOf({ inputs, workgroup, code }: Program, { inputs: tensors, uniforms, floats = {} }: Call): string {
  const fields = [
    ...Object.keys(uniforms).map((name) => `${name} : i32`),
    ...Object.keys(floats).map((name) => `${name} : f32`),
  ];
  const typeOf = (at: number): string => (tensors[at]?.dtype === 'int32' ? 'i32' : 'f32');
  return `
    struct Uniforms { ${fields.join(', ')} }
    @group(0) @binding(0) var<storage, read_write> result : array<f32>;
    ${inputs.map((name, at) => `@group(0) @binding(${at + 1}) var<storage, read> ${name} : array<${typeOf(at)}>;`).join('\n')}
    @group(0) @binding(${inputs.length + 1}) var<uniform> uniforms : Uniforms;
    ${code}
    @compute @workgroup_size(${workgroup})
    fn start(
      @builtin(workgroup_id) group : vec3<u32>,
      @builtin(num_workgroups) groups : vec3<u32>,
      @builtin(local_invocation_index) own : u32,
    ) {
      main(i32((group.y * groups.x + group.x) * ${workgroup}u + own));
    }
  `;
}

function record(
  backend: WebGPUBackend,
  { recorder, bindings }: Own,
  program: Program,
  pipeline: GPUComputePipeline,
  tensors: readonly TensorInfo[],
  { uniforms, floats = {}, workgroups }: Call,
): void {
  const buffers = tensors.map(({ dataId }) => {
    recorder.commandQueueOwnedIds.add(dataId);
    const { resource } = backend.tensorMap.get(dataId);
    if (!(resource instanceof GPUBuffer)) throw new Error(`${program.name} was given a tensor that is not in a buffer`);
    return resource;
  });
  let own = bindings.get(program);
  if (own === undefined) bindings.set(program, (own = new Bindings(backend.device, pipeline)));
  backend.ensureCommandEncoderReady();
  const pass = (recorder.computePassEncoder ??= recorder.commandEncoder.beginComputePass());
  pass.setPipeline(pipeline);
  pass.setBindGroup(0, own.get(buffers, uniforms, floats));
  const most = backend.device.limits.maxComputeWorkgroupsPerDimension;
  const across = workgroups <= most ? workgroups : Math.ceil(Math.sqrt(workgroups));
  pass.dispatchWorkgroups(across, Math.ceil(workgroups / across));
  recorder.dispatchCountInPass++;
  if (recorder.dispatchCountInPass >= env().getNumber('WEBGPU_DEFERRED_SUBMIT_BATCH_SIZE')) submit(backend);
}

/** Hands over what was recorded. */
export function submit(backend: WebGPUBackend): void {
  backend.ensureCommandEncoderReady();
  backend.endComputePassEncoder();
  backend.submitQueue();
}

export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((all, extent) => all * extent, 1);
}
