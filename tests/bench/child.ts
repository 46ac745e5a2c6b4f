/** What measures one adapter, seen from the benchmark: a process or a page, ended and started anew where a job takes too long. */
import { fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { openPage } from './chromium.ts';
import type { AdapterName, FromChild, Job, Opened, Result } from './messages.ts';

const HERE = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** A way to what measures. */
export interface Channel {
  readonly post: (job: Job) => void;
  /** Who hears of messages, and of the end. */
  readonly listen: (onMessage: (message: FromChild) => void, onEnd: (reason: string) => void) => void;
  readonly close: () => void;
}

/** Where Vulkan finds lavapipe. */
const LAVAPIPE = ['/usr/share/vulkan/icd.d/lvp_icd.json', '/usr/share/vulkan/icd.d/lvp_icd.x86_64.json'];

export class TookTooLong extends Error {
  /** What was under way. */
  readonly phase: string;

  constructor(phase: string, seconds: number) {
    super(`more than ${seconds.toFixed(0)} s`);
    this.phase = phase;
  }
}

/** @throws Error where a driver is missing. */
function openProcess(adapter: AdapterName): Channel {
  const driver = LAVAPIPE.find((path) => existsSync(path));
  if (adapter === 'lavapipe' && driver === undefined) {
    throw new Error(`its Vulkan driver is not installed (${LAVAPIPE.join(', ')})`);
  }
  const child = fork(HERE('adapter.ts'), {
    execArgv: ['--import', new URL('../../scripts/resolve-tfjs.mjs', import.meta.url).href, '--import', 'tsx'],
    env: { ...process.env, ...(adapter === 'lavapipe' && { VK_ICD_FILENAMES: driver }) },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let said = '';
  // Dawn warns of limits; what matters is the last thing said.
  child.stderr?.on('data', (text: Buffer) => (said = text.toString().trim()));
  return {
    post: (job) => child.send(job),
    listen: (onMessage, onEnd) => {
      child.removeAllListeners();
      child.on('message', onMessage);
      child.on('exit', () => onEnd(`the process ended: ${said.split('\n').at(-1) ?? ''}`));
    },
    close: () => {
      child.removeAllListeners();
      child.kill('SIGKILL');
    },
  };
}

export class Child {
  readonly #adapter: AdapterName;
  #channel: Channel | undefined;

  constructor(adapter: AdapterName) {
    this.#adapter = adapter;
  }

  /** Starts it where it is not running; rejects where there is no such adapter. */
  async open(): Promise<Opened> {
    this.#channel = this.#adapter === 'chromium' ? await openPage() : openProcess(this.#adapter);
    const answer = await this.#ask(this.#channel, { kind: 'open', adapter: this.#adapter }, 60);
    if (answer.kind !== 'opened') throw new Error('it did not open');
    return answer.result;
  }

  /** Does a job, within so many seconds. */
  async do(job: Job, seconds: number): Promise<Result> {
    if (this.#channel === undefined) await this.open();
    if (this.#channel === undefined) throw new Error('it did not open');
    return this.#ask(this.#channel, job, seconds);
  }

  stop(): void {
    this.#channel?.close();
    this.#channel = undefined;
  }

  #ask(channel: Channel, job: Job, seconds: number): Promise<Result> {
    let phase = 'start';
    return new Promise<Result>((resolve, reject) => {
      const over = (error: Error): void => {
        clearTimeout(timer);
        this.stop();
        reject(error);
      };
      const timer = setTimeout(() => over(new TookTooLong(phase, seconds)), 1000 * seconds);
      const receive = (message: FromChild): void => {
        switch (message.kind) {
          case 'phase':
            phase = message.phase;
            return;
          case 'failed':
            over(new Error(message.reason));
            return;
          default:
            clearTimeout(timer);
            resolve(message);
        }
      };
      channel.listen(receive, (reason) => over(new Error(reason)));
      channel.post(job);
    });
  }
}
