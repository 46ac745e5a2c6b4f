/** The same network in eager PyTorch (`torch_step.py`): a process of Python that is asked line by line. */
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { createInterface, type Interface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import * as v from 'valibot';
import { DEPTH_TEMPERATURE, GENERATOR, TEMPERATURE } from '../../src/dnarch/config.ts';
import { THRESHOLD_LOGIT, THRESHOLD_SIGMAS } from '../../src/dnarch/masks.ts';
import type { Contestant } from './contestant.ts';
import type { TorchRate } from './messages.ts';
import { RATE } from './ours.ts';
import { twinOf, type Twin } from './twin.ts';
import { noise, type Workload } from './workloads.ts';

/** `cpu` is one thread of the processor, `gpu` what PyTorch has of CUDA or MPS. */
export type TorchDevice = 'cpu' | 'gpu';

const SCRIPT = fileURLToPath(new URL('torch_step.py', import.meta.url));
const chosen = process.env['DNARCH_PYTHON'];
const PYTHONS = chosen === undefined ? ['python3', '/usr/bin/python3'] : [chosen];

const startAnswer = v.object({ version: v.string() });
const rateAnswer = v.object({ rate: v.number() });
const doneAnswer = v.object({ firstLoss: v.number() });

const CONSTANTS = {
  temperature: TEMPERATURE,
  depthTemperature: DEPTH_TEMPERATURE,
  thresholdLogit: THRESHOLD_LOGIT,
  thresholdSigmas: THRESHOLD_SIGMAS,
  ...GENERATOR,
  learningRate: RATE,
};

type Request =
  | { readonly ask: 'rate' | 'step' | 'done' | 'dispose' }
  | {
      readonly ask: 'build';
      readonly twin: Twin;
      readonly constants: typeof CONSTANTS;
      readonly learned: boolean;
      readonly inputs: Float32Array;
      readonly targets: Float32Array;
    };

/** JSON has no typed arrays. */
const plain = (_: string, value: unknown): unknown => (value instanceof Float32Array ? Array.from(value) : value);

class Python {
  readonly #process: ChildProcessWithoutNullStreams;
  readonly #lines: Interface;
  readonly #end: Promise<null>;
  #said = 'the process ended';

  constructor(program: string, device: TorchDevice) {
    // A BLAS with threads of its own heeds the variable, not what PyTorch is told.
    const env = { ...process.env, ...(device === 'cpu' && { OMP_NUM_THREADS: '1' }) };
    this.#process = spawn(program, [SCRIPT, device], { env });
    this.#lines = createInterface({ input: this.#process.stdout });
    createInterface({ input: this.#process.stderr }).on('line', (line) => (this.#said = line.trim() || this.#said));
    this.#process.on('error', (error) => (this.#said = error.message));
    // Where it has ended, the next answer says why.
    this.#process.stdin.on('error', () => undefined);
    this.#end = new Promise((resolve) => this.#process.on('close', () => resolve(null)));
  }

  get alive(): boolean {
    return this.#process.exitCode === null && this.#process.signalCode === null;
  }

  tell(request: Request): void {
    this.#process.stdin.write(`${JSON.stringify(request, plain)}\n`);
  }

  /** The next line, which must be listened for before it can come. */
  async answer<T>(schema: v.GenericSchema<unknown, T>): Promise<T> {
    const next = new Promise<string>((resolve) => this.#lines.once('line', resolve));
    const line = await Promise.race([next, this.#end]);
    if (line === null) throw new Error(this.#said);
    return v.parse(schema, JSON.parse(line));
  }
}

let running: { readonly python: Python; readonly version: string } | undefined;

/** One process for all that is asked; another one where it has ended. */
async function start(device: TorchDevice): Promise<NonNullable<typeof running>> {
  if (running?.python.alive === true) return running;
  const reasons: string[] = [];
  for (const program of PYTHONS) {
    const python = new Python(program, device);
    try {
      return (running = { python, ...(await python.answer(startAnswer)) });
    } catch (error) {
      reasons.push(`${program}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  throw new Error(`PyTorch does not run here (${reasons.join('; ')}); DNARCH_PYTHON can name another Python`);
}

export async function torchRate(device: TorchDevice): Promise<TorchRate> {
  const { python, version } = await start(device);
  python.tell({ ask: 'rate' });
  return { version, ...(await python.answer(rateAnswer)) };
}

export async function torch(workload: Workload, device: TorchDevice): Promise<Contestant> {
  const { python } = await start(device);
  const twin = await twinOf(workload);
  const { inputs, targets } = noise(twin.config);
  python.tell({ ask: 'build', twin, constants: CONSTANTS, learned: workload.learned, inputs, targets });
  let first = NaN;
  return {
    step: () => {
      python.tell({ ask: 'step' });
      return Promise.resolve();
    },
    done: async () => {
      python.tell({ ask: 'done' });
      first = (await python.answer(doneAnswer)).firstLoss;
    },
    firstLoss: () => Promise.resolve(first),
    dispose: () => python.tell({ ask: 'dispose' }),
  };
}
