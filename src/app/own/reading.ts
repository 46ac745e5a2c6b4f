/** What the dialog of own data knows, from the choice of files until they are kept. No DOM in here. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import { OwnClient } from '../../own/client.ts';
import type { OwnOptions } from '../../own/own.ts';
import type { Given, NamedFile, Preview } from '../../own/protocol.ts';
import type { OwnEntry } from '../../own/store.ts';

export interface ReadingState {
  readonly stage: 'choosing' | 'reading' | 'read' | 'keeping';
  /** How far reading has come, in [0, 1]; null where that is not known yet. */
  readonly part: number | null;
  /** What is wrong with what was given. */
  readonly problem: string | null;
  readonly given: Given | null;
  readonly preview: Preview | null;
}

const NOTHING: ReadingState = { stage: 'choosing', part: null, problem: null, given: null, preview: null };

export class OwnReading {
  readonly store: StoreApi<ReadingState> = createStore(() => NOTHING);
  readonly #client: OwnClient;
  /** Counts what was asked for: only the last of it may change the state. */
  #asked = 0;

  constructor(client = new OwnClient()) {
    this.#client = client;
  }

  async giveFiles(coming: Promise<readonly NamedFile[]>): Promise<void> {
    const ticket = this.#begin({ ...NOTHING, stage: 'reading' });
    try {
      const files = await coming;
      if (ticket === this.#asked) await this.give({ type: 'files', files });
    } catch (error) {
      this.#failed(ticket, error);
    }
  }

  give(given: Given): Promise<void> {
    this.#client.cancel();
    return this.#read(this.#begin({ ...NOTHING, stage: 'reading', given }), given, {});
  }

  /** Reads the same files with other options; where that fails, what was read before stays. */
  async again(options: OwnOptions): Promise<void> {
    const { given } = this.store.getState();
    if (given === null) return;
    await this.#read(this.#begin({ stage: 'reading', part: null, problem: null }), given, options);
  }

  /** Back to the choice, whatever is under way. */
  cancel(): void {
    this.#begin(NOTHING);
    this.#client.cancel();
  }

  /** Keeps what was read, under these names; null where that failed. */
  async keep(name: string, classes: readonly string[], thumbnail: string): Promise<OwnEntry | null> {
    const ticket = this.#begin({ stage: 'keeping', problem: null });
    try {
      return await this.#client.keep(name, classes, thumbnail);
    } catch (error) {
      this.#failed(ticket, error);
      return null;
    }
  }

  async #read(ticket: number, given: Given, options: OwnOptions): Promise<void> {
    try {
      const preview = await this.#client.read(given, options, (part) => {
        if (ticket === this.#asked) this.store.setState({ part });
      });
      if (ticket === this.#asked) this.store.setState({ stage: 'read', preview });
    } catch (error) {
      this.#failed(ticket, error);
    }
  }

  #begin(change: Partial<ReadingState>): number {
    this.store.setState(change);
    return ++this.#asked;
  }

  #failed(ticket: number, error: unknown): void {
    if (ticket !== this.#asked) return;
    const problem = error instanceof Error ? error.message : String(error);
    this.store.setState(({ preview }) => ({ stage: preview === null ? 'choosing' : 'read', problem }));
  }
}
