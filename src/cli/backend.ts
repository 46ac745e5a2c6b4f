/** Numeric backends in Node. */
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { activateBackend, type WasmFiles } from '../engine/backends.ts';
import type { BackendName } from '../engine/protocol.ts';

/** The WebAssembly binaries of the installed package. */
export function wasmFiles(): WasmFiles {
  const folder = dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm/package.json'));
  const file = (variant: string): string => join(folder, 'dist', `tfjs-backend-wasm${variant}.wasm`);
  return { simd: file('-simd'), plain: file('') };
}

/** Opens a backend; gives the device in words. Rejects with what to do where it is not to be had in Node. */
export async function openBackend(name: BackendName): Promise<string> {
  if (name === 'webgl' || name === 'webgpu') {
    throw new Error(`the backend ${name} needs a browser: open the page for it, or use --backend wasm or cpu here.`);
  }
  await activateBackend(name, wasmFiles());
  return name === 'wasm' ? 'WebAssembly, one thread' : 'plain JavaScript';
}
