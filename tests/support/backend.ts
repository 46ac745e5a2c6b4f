/** A numeric backend in Node, for the tests of a file. */
import { enableProdMode } from '@tensorflow/tfjs-core';
import { beforeAll } from 'vitest';
import { openBackend } from '../../src/cli/backend.ts';

export async function switchBackend(name: 'cpu' | 'wasm'): Promise<void> {
  // Keeps the library from advertising its native backend.
  enableProdMode();
  await openBackend(name);
}

export function useBackend(name: 'cpu' | 'wasm'): void {
  beforeAll(() => switchBackend(name));
}
