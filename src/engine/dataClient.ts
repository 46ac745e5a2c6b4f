/** Has data loaded or made by a worker of their own, so that the training worker goes on training. */
import { storedTask } from '../own/store.ts';
import { findTask } from '../tasks/index.ts';
import type { Progress } from '../tasks/task.ts';
import type { FromData, ToData } from './dataProtocol.ts';
import type { Loaded } from './session.ts';

/** @param base where the page's files are, as an absolute URL */
export async function loadInWorker(base: string, id: string, progress: Progress): Promise<Loaded> {
  const worker = new Worker(new URL('./dataWorker.ts', import.meta.url), { type: 'module' });
  try {
    return await new Promise<Loaded>((resolve, reject) => {
      worker.onmessage = ({ data: message }: MessageEvent<FromData>) => {
        switch (message.type) {
          case 'progress':
            progress(message.part);
            break;
          case 'loaded':
            resolve({ task: message.own === null ? findTask(id) : storedTask(message.own), data: message.data });
            break;
          case 'failed':
            reject(new Error(message.reason));
            break;
        }
      };
      worker.onerror = (event) => reject(new Error(event.message || 'the data could not be made'));
      const request: ToData = { base, task: id };
      worker.postMessage(request);
    });
  } finally {
    worker.terminate();
  }
}
