/** The page's end of the training worker: typed messages out and in, and a new worker when the old one is gone. */
import type { FromEngine, ToEngine } from './protocol.ts';

/** What the client needs of a worker; a real `Worker` is one. */
export interface WorkerLike {
  postMessage(message: ToEngine): void;
  terminate(): void;
  onmessage: ((event: MessageEvent<FromEngine>) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
  onmessageerror: ((event: MessageEvent) => void) | null;
}

const REMEDY = 'Start again; if it happens again, choose another backend or reload the page.';

function createWorker(): WorkerLike {
  const worker: WorkerLike = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
  // A bundled worker stands in another folder than the page, from which the data's paths are told.
  worker.postMessage({ type: 'open', base: document.baseURI });
  return worker;
}

export class EngineClient {
  readonly #create: () => WorkerLike;
  readonly #listeners = new Set<(message: FromEngine) => void>();
  #worker: WorkerLike;

  constructor(create: () => WorkerLike = createWorker) {
    this.#create = create;
    this.#worker = this.#open();
  }

  send(message: ToEngine): void {
    this.#worker.postMessage(message);
  }

  /** Calls back with every message until the returned function is called. */
  subscribe(listener: (message: FromEngine) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Ends the worker, whatever it is doing, and opens a new one that has been told nothing yet. */
  restart(): void {
    this.#close();
    this.#worker = this.#open();
  }

  #open(): WorkerLike {
    const worker = this.#create();
    worker.onmessage = ({ data }) => this.#emit(data);
    worker.onerror = (event) => {
      const reason = event.message ? `: ${event.message}` : '.';
      this.#fail(`The training worker stopped with an error${reason}`);
    };
    worker.onmessageerror = () => this.#fail('A message of the training worker could not be read.');
    return worker;
  }

  #close(): void {
    this.#worker.onmessage = null;
    this.#worker.onerror = null;
    this.#worker.onmessageerror = null;
    this.#worker.terminate();
  }

  #fail(message: string): void {
    this.#close();
    this.#emit({ type: 'failure', message, remedy: REMEDY, fatal: true });
  }

  #emit(message: FromEngine): void {
    for (const listener of this.#listeners) listener(message);
  }
}
