/** The numeric backends: made one at a time, on demand, so that a page carries only what it uses. */
import '@tensorflow/tfjs-core/dist/register_all_gradients';
import { backend, env, findBackend, ready, setBackend } from '@tensorflow/tfjs-core';
import { installWasmKernels } from '../kernels/wasm/register.ts';
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
      await import('@tensorflow/tfjs-backend-webgpu');
      break;
    case 'webgl':
      await import('@tensorflow/tfjs-backend-webgl');
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
  const chosen = await setBackend(name);
  await ready();
  if (!chosen) throw new Error(`the backend ${name} did not start`);
}

async function activateWasm({ simd, plain }: WasmFiles): Promise<void> {
  const { BackendWasm, setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm');
  // Threads need headers that a plain static server does not send.
  env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  if (findBackend('wasm') === undefined) {
    setWasmPaths({
      'tfjs-backend-wasm.wasm': plain,
      'tfjs-backend-wasm-simd.wasm': simd,
      'tfjs-backend-wasm-threaded-simd.wasm': simd,
    });
  }
  await makeCurrent('wasm');
  const current = backend();
  // Our kernels use SIMD; without it the composed forms do.
  if (current instanceof BackendWasm && (await env().getAsync('WASM_HAS_SIMD_SUPPORT'))) await installWasmKernels(current);
}
