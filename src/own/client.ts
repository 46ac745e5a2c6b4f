/** The page's end of the worker that reads own data: one thing at a time, and whatever it does can be cancelled. */
import { OwnDataError, type OwnOptions } from './own.ts';
import type { FromReader, Given, Preview, ToReader } from './protocol.ts';
import type { OwnEntry } from './store.ts';
import type { Progress } from '../tasks/task.ts';

/** What the client needs of a worker; a real `Worker` is one. */
export interface ReaderLike {
  postMessage(message: ToReader): void;
  terminate(): void;
  onmessage: ((event: MessageEvent<FromReader>) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
}

const openWorker = (): ReaderLike => new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });

type Answer = Extract<FromReader, { type: 'read' | 'kept' }>;

export class OwnClient {
  readonly #open: () => ReaderLike;
  #worker: ReaderLike | null = null;
  #pending: { readonly reject: (reason: Error) => void } | null = null;

  constructor(open: () => ReaderLike = openWorker) {
    this.#open = open;
  }

  /** @throws OwnDataError with a message for the user; an AbortError once it is cancelled */
  async read(given: Given, options: OwnOptions, progress: Progress): Promise<Preview> {
    const answer = await this.#ask({ type: 'read', given, options }, progress);
    if (answer.type !== 'read') throw new OwnDataError('the reader answered out of turn; give the files again');
    return answer.preview;
  }

  /** Keeps what was read last in this browser. */
  async keep(name: string, classes: readonly string[], thumbnail: string): Promise<OwnEntry> {
    const answer = await this.#ask({ type: 'keep', name, classes, thumbnail }, () => undefined);
    if (answer.type !== 'kept') throw new OwnDataError('the reader answered out of turn; give the files again');
    return answer.entry;
  }

  /** Ends whatever is under way, and forgets what was read. */
  cancel(): void {
    this.#worker?.terminate();
    this.#worker = null;
    this.#pending?.reject(new DOMException('Reading was cancelled.', 'AbortError'));
    this.#pending = null;
  }

  #ask(message: ToReader, progress: Progress): Promise<Answer> {
    if (this.#pending !== null) this.cancel();
    const worker = (this.#worker ??= this.#open());
    return new Promise<Answer>((resolve, reject) => {
      const pending = { reject };
      this.#pending = pending;
      const done = (): void => {
        if (this.#pending === pending) this.#pending = null;
      };
      worker.onmessage = ({ data }) => {
        switch (data.type) {
          case 'progress':
            progress(data.part);
            break;
          case 'failed':
            done();
            reject(new OwnDataError(data.message));
            break;
          case 'read':
          case 'kept':
            done();
            resolve(data);
            break;
        }
      };
      worker.onerror = (event) => {
        done();
        worker.terminate();
        this.#worker = null;
        reject(new OwnDataError(event.message || 'the reader stopped; the files may be too large for this machine'));
      };
      worker.postMessage(message);
    });
  }
}
