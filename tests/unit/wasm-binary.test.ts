import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { compile } from '../../scripts/compile-wasm.mjs';

it('the committed WebAssembly is what its source compiles to', async () => {
  const committed = await readFile(new URL('../../src/kernels/wasm/binary.ts', import.meta.url), 'utf8');
  const bytes = (text: string): string | undefined => /'([\w+/=]+)'/.exec(text)?.[1];
  expect(bytes(committed)).toBe(bytes(compile()));
});
