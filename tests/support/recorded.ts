/** Messages of the engine as JSON: typed arrays in base64, numbers with the digits that can be seen. */
import { readFileSync } from 'node:fs';
import type { FromEngine, ToEngine } from '../../src/engine/protocol.ts';

const DIGITS = 6;

/** What JSON cannot say: `["Float32Array", base64]` under this key, or a number that is none. */
const KEY = '$';

export function writeMessages(messages: readonly FromEngine[]): string {
  const lines = messages.map((message) => JSON.stringify(message, replace));
  return `[\n${lines.join(',\n')}\n]\n`;
}

function replace(_key: string, value: unknown): unknown {
  if (ArrayBuffer.isView(value)) {
    const bytes = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
    return { [KEY]: [value.constructor.name, bytes.toString('base64')] };
  }
  if (typeof value !== 'number') return value;
  return Number.isFinite(value) ? Number(value.toPrecision(DIGITS)) : { [KEY]: ['Number', String(value)] };
}

/** Also runs inside the page, so it stands alone. */
export function reviveMessages(text: string): FromEngine[] {
  const arrays = { Float32Array, Int8Array, Uint8Array };
  return JSON.parse(text, (_key, value: { $?: [keyof typeof arrays | 'Number', string] } | null) => {
    const special = value?.$;
    if (special === undefined) return value;
    const [kind, content] = special;
    if (kind === 'Number') return Number(content);
    const bytes = Uint8Array.from(atob(content), (character) => character.charCodeAt(0));
    return new arrays[kind](bytes.buffer);
  }) as FromEngine[];
}

export const RECORDED = ['digits', 'ludb'] as const;
export type RecordedTask = (typeof RECORDED)[number];

/** Runs inside the page. A task without a recording answers with a failure. */
function installWorker(runs: Record<string, FromEngine[]>): void {
  class RecordedWorker {
    onmessage: ((event: MessageEvent<FromEngine>) => void) | null = null;
    onerror = null;
    onmessageerror = null;

    postMessage(message: ToEngine): void {
      if (message.type === 'start') this.#say(runs[message.settings.task] ?? [MISSING]);
      if (message.type === 'play') this.#say([{ type: 'playing', playing: true }]);
      if (message.type === 'pause') this.#say([{ type: 'playing', playing: false }]);
    }

    terminate(): void {
      this.onmessage = null;
    }

    #say(messages: readonly FromEngine[]): void {
      setTimeout(() => {
        for (const data of messages) this.onmessage?.(new MessageEvent('message', { data }));
      });
    }
  }
  const MISSING: FromEngine = {
    type: 'failure',
    message: 'Nothing was recorded of this task.',
    remedy: 'Choose another one.',
    fatal: true,
  };
  Object.assign(globalThis, { Worker: RecordedWorker });
}

/** A script for the page, to be run before all others: its worker then answers from the recorded runs. */
export function recordedWorker(): string {
  const runs = RECORDED.map((task) => {
    const text = readFileSync(new URL(`../fixtures/run-${task}.json`, import.meta.url), 'utf8');
    return `${task}: revive(${JSON.stringify(text)})`;
  });
  // Compilers may have given functions a helper that keeps their names.
  return `{ const __name = (it) => it; const revive = ${String(reviveMessages)}; (${String(installWorker)})({ ${runs.join()} }); }`;
}
