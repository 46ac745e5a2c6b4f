/** What every reader gets: the options, the notes it leaves, and a pace that lets others run in between. */
import { grouped } from './limits.ts';
import { type DecodeImage, OwnDataError, type OwnOptions } from './own.ts';
import type { Progress } from '../tasks/task.ts';

const SLICE_MS = 50;
/** How many of the things that were left out are named. */
const NAMED = 3;

/** A file to parse, taken out of its archive. */
export interface Entry {
  readonly path: string;
  readonly bytes: () => Promise<Uint8Array<ArrayBuffer>>;
}

export interface Reading {
  readonly options: OwnOptions;
  readonly decodeImage: DecodeImage;
  readonly notes: Notes;
  /** Every 50 ms says how far reading has come, where that is known, and lets others run. Rejects once it is aborted. */
  readonly pace: (part?: number) => Promise<void>;
}

/** A macrotask later; timers would wait 4 ms each. */
function macrotask(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}

export function pacer(progress: Progress, signal: AbortSignal | undefined): Reading['pace'] {
  let last = performance.now();
  return async (part) => {
    if (performance.now() - last < SLICE_MS) return;
    if (part !== undefined) progress(Math.min(1, Math.max(0, part)));
    await macrotask();
    signal?.throwIfAborted();
    last = performance.now();
  };
}

/** What the user should know about how the data were read, in sentences. */
export class Notes {
  readonly #sentences: string[] = [];

  add(sentence: string): void {
    if (!this.#sentences.includes(sentence)) this.#sentences.push(sentence);
  }

  /**
   * Says what was left out, by name as far as that is little; nothing where nothing was.
   * @param what the things, e.g. `images`
   * @param total how many there were
   * @param reasons one for each that was left out, e.g. `a/b.png is not an image`
   * @throws OwnDataError where more than half was left out, or all
   */
  leaveOut(what: string, total: number, reasons: readonly string[]): void {
    if (reasons.length === 0) return;
    const parts = `${grouped(reasons.length)} of ${grouped(total)} ${what}`;
    if (2 * reasons.length > total) throw new OwnDataError(`${parts} cannot be used: ${firstFew(reasons)}`);
    this.add(`${parts} were left out: ${firstFew(reasons)}.`);
  }

  list(): readonly string[] {
    return [...this.#sentences];
  }
}

/** The first few of them, and how many more there are. */
export function firstFew(words: readonly string[]): string {
  const more = words.length - NAMED;
  return words.slice(0, NAMED).join('; ') + (more > 0 ? `; and ${grouped(more)} more` : '');
}
