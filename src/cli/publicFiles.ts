/** The files of `public/` in Node. */
import { readFile } from 'node:fs/promises';
import type { ReadFile } from '../tasks/task.ts';

export const readPublic: ReadFile = async (path) => {
  const bytes = await readFile(new URL(`../../public/${path}`, import.meta.url));
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
};
