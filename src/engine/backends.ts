/** The numeric backends: made one at a time, on demand, so that a page carries only what it uses. */
import '@tensorflow/tfjs-core/dist/register_all_gradients';
import { env, ready, setBackend } from '@tensorflow/tfjs-core';
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
    case 'wasm': {
      const { setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm');
      // Threads need headers that a plain static server does not send.
      env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
      setWasmPaths({
        'tfjs-backend-wasm.wasm': wasm.plain,
        'tfjs-backend-wasm-simd.wasm': wasm.simd,
        'tfjs-backend-wasm-threaded-simd.wasm': wasm.simd,
      });
      break;
    }
    case 'cpu':
      await import('@tensorflow/tfjs-backend-cpu');
      break;
  }
  const chosen = await setBackend(name);
  await ready();
  if (!chosen) throw new Error(`the backend ${name} did not start`);
}
