/** The numeric backends: made one at a time, on demand, so that a page carries only what it uses. */
import './gradients.ts';
import { backend, env, ready, setBackend } from '@tensorflow/tfjs-core';
import type { BackendName } from './protocol.ts';

/** Where the WebAssembly binaries are: with and without SIMD. */
export interface WasmFiles {
  readonly simd: string;
  readonly plain: string;
}

/** Loads a backend and makes it the current one. Rejects with the reason where it cannot be used here. */
export async function activateBackend(name: BackendName, wasm: WasmFiles): Promise<void> {
  switch (name) {
    case 'webgpu':
      return activateWebGpu();
    case 'webgl':
      await import('@tensorflow/tfjs-backend-webgl');
      env().set('WEBGL_DELETE_TEXTURE_THRESHOLD', IDLE_BYTES);
      break;
    case 'wasm':
      return activateWasm(wasm);
    case 'cpu':
      await import('@tensorflow/tfjs-backend-cpu');
      break;
  }
  await makeCurrent(name);
}

async function makeCurrent(name: BackendName): Promise<void> {
  // Before anything waits for readiness: TF.js would then start another backend instead.
  if (!(await setBackend(name))) throw new Error(`the backend ${name} did not start`);
  await ready();
}

/** Bytes of GPU memory that may wait for reuse. */
const IDLE_BYTES = 256 * 2 ** 20;

const bounded = new WeakSet();

async function activateWebGpu(): Promise<void> {
  const { WebGPUBackend, boundPool, installWebgpuKernels, uploadByQueue } = await import('./webgpuBackend.ts');
  await makeCurrent('webgpu');
  const current = backend();
  if (!(current instanceof WebGPUBackend) || bounded.has(current)) return;
  bounded.add(current);
  boundPool(current, IDLE_BYTES);
  uploadByQueue(current);
  installWebgpuKernels(current);
}

/** Whether TF.js knows where the binaries are; it refuses to be told twice. */
let located = false;

async function activateWasm({ simd, plain }: WasmFiles): Promise<void> {
  const { BackendWasm, installWasmKernels, setWasmPaths } = await import('./wasmBackend.ts');
  // Threads need headers that a plain static server does not send.
  env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  if (!located) {
    located = true;
    setWasmPaths({
      'tfjs-backend-wasm.wasm': plain,
      'tfjs-backend-wasm-simd.wasm': simd,
      'tfjs-backend-wasm-threaded-simd.wasm': simd,
    });
  }
  await makeCurrent('wasm');
  const current = backend();
  // Our kernels use SIMD; without it the composed forms do.
  if (current instanceof BackendWasm && (await env().getAsync('WASM_HAS_SIMD_SUPPORT')))
    await installWasmKernels(current);
}
