/** A process that measures one adapter, seen from the benchmark. It is ended and started anew where a job takes too long. */
import { fork, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { AdapterName, FromChild, GrowthResult, Job, Opened, Result } from './messages.ts';

const HERE = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** Where Vulkan finds the adapters that run on the processor. */
const DRIVERS: Partial<Record<AdapterName, readonly string[]>> = {
  lavapipe: ['/usr/share/vulkan/icd.d/lvp_icd.json', '/usr/share/vulkan/icd.d/lvp_icd.x86_64.json'],
  swiftshader: ['/usr/lib/chromium/vk_swiftshader_icd.json', '/opt/google/chrome/vk_swiftshader_icd.json'],
};

export class TookTooLong extends Error {
  /** What was under way. */
  readonly phase: string;

  constructor(phase: string, seconds: number) {
    super(`more than ${seconds.toFixed(0)} s`);
    this.phase = phase;
  }
}

export class Child {
  readonly #adapter: AdapterName;
  readonly #driver: string | undefined;
  #process: ChildProcess | undefined;

  /** @throws Error where a driver is missing. */
  constructor(adapter: AdapterName) {
    this.#adapter = adapter;
    const drivers = DRIVERS[adapter];
    this.#driver = drivers?.find((path) => existsSync(path));
    if (drivers !== undefined && this.#driver === undefined) {
      throw new Error(`its Vulkan driver is not installed (${drivers.join(', ')})`);
    }
  }

  /** Starts it where it is not running; rejects where there is no such adapter. */
  async open(): Promise<Opened> {
    this.#process = fork(HERE('adapter.ts'), {
      execArgv: ['--import', new URL('../../scripts/resolve-tfjs.mjs', import.meta.url).href, '--import', 'tsx'],
      env: { ...process.env, ...(this.#driver !== undefined && { VK_ICD_FILENAMES: this.#driver }) },
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    // Dawn warns of limits; what matters is the last thing said.
    this.#process.stderr?.on('data', (text: Buffer) => (this.#said = text.toString().trim()));
    const answer = await this.#ask({ kind: 'open', adapter: this.#adapter }, 60);
    if (answer.kind !== 'opened') throw new Error('it did not open');
    return answer.result;
  }

  #said = '';

  /** Does a job, within so many seconds. What comes before the last answer is shown to `partly`. */
  async do(job: Job, seconds: number, partly: (result: GrowthResult) => void = () => undefined): Promise<Result> {
    if (this.#process === undefined) await this.open();
    return this.#ask(job, seconds, partly);
  }

  stop(): void {
    this.#process?.removeAllListeners();
    this.#process?.kill('SIGKILL');
    this.#process = undefined;
  }

  #ask(job: Job, seconds: number, partly: (result: GrowthResult) => void = () => undefined): Promise<Result> {
    const child = this.#process!;
    let phase = 'start';
    return new Promise<Result>((resolve, reject) => {
      const over = (error: Error): void => {
        clearTimeout(timer);
        this.stop();
        reject(error);
      };
      const timer = setTimeout(() => over(new TookTooLong(phase, seconds)), 1000 * seconds);
      child.removeAllListeners();
      child.on('exit', () => over(new Error(`the process ended: ${this.#said.split('\n').at(-1) ?? ''}`)));
      child.on('message', (message: FromChild) => {
        if (message.kind === 'phase') {
          phase = message.phase;
          return;
        }
        if (message.kind === 'failed') {
          over(new Error(message.reason));
          return;
        }
        if (message.kind === 'partly') {
          partly(message.result);
          return;
        }
        clearTimeout(timer);
        resolve(message);
      });
      child.send(job);
    });
  }
}
