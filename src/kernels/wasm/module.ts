/** The second WebAssembly module: AssemblyScript that works in the memory of TF.js's. */
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { BINARY } from './binary.ts';

/** Arguments that name memory are byte offsets. */
type Program = (...args: number[]) => void;

/** What the module exports. */
function programsIn(exports: WebAssembly.Exports) {
  const named = (name: string): Program => {
    const value = exports[name];
    if (typeof value !== 'function') throw new Error(`the WebAssembly kernels lack ${name}`);
    return (...args) => void Reflect.apply(value, undefined, args);
  };
  return {
    adamW: named('adamW'),
    addKernelGradient: named('addKernelGradient'),
    addMasked: named('addMasked'),
    addRows: named('addRows'),
    banded: named('banded'),
    bandedSlope: named('bandedSlope'),
    bandRows: named('bandRows'),
    branch: named('branch'),
    branchGradient: named('branchGradient'),
    complexProduct: named('complexProduct'),
    copyRows: named('copyRows'),
    correlate: named('correlate'),
    embed: named('embed'),
    groupedProduct: named('groupedProduct'),
    kernel: named('kernel'),
    kernelGradient: named('kernelGradient'),
    matrixGradient: named('matrixGradient'),
    norm: named('norm'),
    normGradient: named('normGradient'),
    plainBranch: named('plainBranch'),
    product: named('product'),
  };
}

/** The module beside the backend whose memory it works in. */
export interface Own {
  readonly backend: BackendWasm;
  readonly exports: ReturnType<typeof programsIn>;
}

/** The memory that the backend's module works in; its name there is minified away. */
function memoryOf(module: BackendWasm['wasm']): WebAssembly.Memory {
  const exported: unknown = 'asm' in module ? module.asm : undefined;
  const values: unknown[] = typeof exported === 'object' && exported !== null ? Object.values(exported) : [];
  const memory = values.find((value) => value instanceof WebAssembly.Memory);
  if (memory === undefined) throw new Error('the WebAssembly backend shows no memory');
  return memory;
}

export async function instantiate(backend: BackendWasm): Promise<Own> {
  const bytes = Uint8Array.from(atob(BINARY), (character) => character.charCodeAt(0));
  const { instance } = await WebAssembly.instantiate(bytes, { env: { memory: memoryOf(backend.wasm) } });
  return { backend, exports: programsIn(instance.exports) };
}

/** Byte offset of a tensor's data in the backend's memory; 0 for none. */
export function offsetOf({ backend }: Own, tensor: TensorInfo | null): number {
  return tensor === null ? 0 : backend.dataIdMap.get(tensor.dataId).memoryOffset;
}

/** Calls back with scratch memory for `entries` numbers. */
export function withScratch({ backend }: Own, entries: number, use: (offset: number) => void): void {
  const scratch = backend.makeOutput([entries], 'float32');
  use(backend.dataIdMap.get(scratch.dataId).memoryOffset);
  backend.disposeData(scratch.dataId);
}
