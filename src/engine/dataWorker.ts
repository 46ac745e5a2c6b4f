/** Loads or makes the samples of one task and hands them over. */
import { isOwnId, OwnStore, storedTask } from '../own/store.ts';
import { findTask } from '../tasks/index.ts';
import type { Dataset } from '../tasks/task.ts';
import type { FromData, ToData } from './dataProtocol.ts';

async function readFile(base: string, path: string): Promise<ArrayBuffer> {
  const response = await fetch(new URL(path, base)).catch((error: unknown) => {
    throw new Error(`${path} could not be loaded (${String(error)}); check the connection and try again`);
  });
  if (!response.ok) throw new Error(`${path} could not be loaded (the server said ${response.status}); try again`);
  return response.arrayBuffer();
}

/** Every buffer once: halves may share one, and one that is named twice cannot be handed over. */
function buffersOf({ train, test }: Dataset): Transferable[] {
  return [...new Set([train, test].flatMap(({ inputs, labels }) => [inputs.buffer, labels.buffer]))].filter(
    (buffer) => buffer instanceof ArrayBuffer,
  );
}

self.onmessage = async ({ data: { base, task } }: MessageEvent<ToData>) => {
  const post = (message: FromData, transfer: Transferable[] = []) => self.postMessage(message, { transfer });
  try {
    const own = isOwnId(task) ? await new OwnStore().find(task) : null;
    const data = await (own === null ? findTask(task) : storedTask(own)).load(
      (path) => readFile(base, path),
      (part) => post({ type: 'progress', part }),
    );
    post({ type: 'loaded', data, own }, buffersOf(data));
  } catch (error) {
    post({ type: 'failed', reason: error instanceof Error ? error.message : String(error) });
  }
};
