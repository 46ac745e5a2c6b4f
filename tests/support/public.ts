/** Files of the page, read in Node. */
import { readFile } from 'node:fs/promises';
import type { ReadFile } from '../../src/tasks/task.ts';

const PUBLIC = new URL('../../public/', import.meta.url);

export const readPublic: ReadFile = async (path) => new Uint8Array(await readFile(new URL(path, PUBLIC))).buffer;
