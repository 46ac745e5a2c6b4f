/**
 * The engine behind the worker's door: one run at a time, driven by messages. No worker and no page in here.
 *
 * Everything that touches tensors goes through one queue, so that nothing is disposed under a step; between two steps messages
 * are let in, which is why a pause takes hold at once.
 */
import { sampleKernels } from '../dnarch/kernelSamples.ts';
import type { Dataset, Progress, Task } from '../tasks/task.ts';
import { chooseBackend, onDeviceLost, type Choice } from './chooseBackend.ts';
import type { WasmFiles } from './backends.ts';
import { Plateau } from './plateau.ts';
import type { BackendName, Evaluation, FromEngine, RunSettings, Sample, Snapshot, ToEngine } from './protocol.ts';
import { Run } from './run.ts';
import { takeSnapshot } from './snapshot.ts';
import { fitted } from './tried.ts';
import { warm } from './warm.ts';

/** Time for training in each turn of the loop: a frame, less what the rest of it needs; one step at least. */
const TURN_MS = 12;
const FRAME_MS = 16;
/** Least time between two looks inside the network, and the largest share of the time that they may take. */
const LOOK_EVERY_MS = 250;
const LOOK_SHARE = 0.05;
const KERNEL_CHANNELS = 6;
/** What a snapshot has of the inside of a network that was not looked into. */
const UNSEEN = { kernels: null, probe: null };
/** Steps between two evaluations, and the largest share of the time that they may take. */
const EVALUATE_EVERY = 50;
const EVALUATION_SHARE = 0.2;

/** A task with its samples. */
export interface Loaded {
  readonly task: Task;
  readonly data: Dataset;
}

export interface Surroundings {
  readonly post: (message: FromEngine) => void;
  /** Loads a task by its id, without keeping others from their work. */
  readonly load: (task: string, progress: Progress) => Promise<Loaded>;
  readonly wasm: WasmFiles;
  /** Resolves after the messages that are waiting have been handled. */
  readonly breathe: () => Promise<void>;
}

interface Current extends Loaded {
  readonly choice: Choice;
  run: Run;
}

export class Session {
  readonly #around: Surroundings;
  #queue: Promise<void> = Promise.resolve();
  #current: Current | null = null;
  /** Counts starts: what was asked for before the last one is not done any more. */
  #generation = 0;
  /** Counts wishes for a run: of several whose data are on their way, only the last one begins. */
  #starts = 0;
  #playing = false;
  /** Counts presses of play: of two loops only the newer one goes on, however fast it is paused and played again. */
  #loop = 0;
  #evaluation: AsyncGenerator<undefined, Evaluation> | null = null;
  #evaluatedAt = -1;
  #evaluationTime = 0;
  #trainingTime = 0;
  #stepTimes: number[] = [];
  #shownAt = 0;
  /** When the next look inside the network is due, and at which held-out sample; the next run goes on with it. */
  #lookAt = 0;
  #sample: number | Sample = 0;
  #plateau = new Plateau();

  constructor(around: Surroundings) {
    this.#around = around;
  }

  handle(message: Exclude<ToEngine, { type: 'open' }>): void {
    switch (message.type) {
      case 'start':
        this.#prepare(message.settings, message.backend);
        break;
      case 'play':
        if (!this.#playing && this.#current !== null) {
          this.#setPlaying(true);
          const loop = ++this.#loop;
          this.#enqueue(() => this.#turn(loop), 'training');
        }
        break;
      case 'pause':
        this.#setPlaying(false);
        this.#enqueue(() => this.#show(true), 'training');
        break;
      case 'step':
        this.#setPlaying(false);
        this.#enqueue(() => this.#single(), 'training');
        break;
      case 'reset':
        this.#setPlaying(false);
        this.#enqueue(() => this.#reset(), 'start');
        break;
      case 'adjust':
        this.#plateau = new Plateau();
        this.#current?.run.adjust(message.settings);
        if (!this.#playing) this.#enqueue(() => this.#show(true), 'training');
        break;
      case 'settle':
        this.#current?.run.settle();
        if (!this.#playing) this.#enqueue(() => this.#show(true), 'training');
        break;
      case 'look':
        this.#lookAtSample(message.sample);
        break;
      case 'try':
        this.#try(message.sample);
        break;
    }
  }

  /** Looks at a sample of the user's own, where it has the task's shape. */
  #try(sample: Sample): void {
    if (this.#current === null) return;
    const { task } = this.#current;
    try {
      this.#lookAtSample({ grid: task.grid, channels: task.channels, values: fitted(sample, task) });
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      this.#around.post({
        type: 'failure',
        message,
        remedy: 'Give it that shape, or choose another task.',
        fatal: false,
      });
    }
  }

  #lookAtSample(sample: number | Sample): void {
    this.#sample = sample;
    this.#lookAt = 0;
    // Of several that wait, only the last is shown: looking takes longer than turning the pages.
    if (!this.#playing) this.#enqueue(async () => (sample === this.#sample ? this.#show(true) : undefined), 'training');
  }

  #setPlaying(playing: boolean): void {
    if (this.#playing === playing) return;
    this.#playing = playing;
    this.#around.post({ type: 'playing', playing });
  }

  #enqueue(job: () => Promise<void>, kind: 'start' | 'training'): void {
    const generation = this.#generation;
    this.#queue = this.#queue.then(async () => {
      if (generation !== this.#generation) return;
      try {
        await job();
      } catch (error) {
        this.#setPlaying(false);
        const reason = error instanceof Error ? error.message : String(error);
        const what = kind === 'start' ? 'The run could not start' : 'Training stopped';
        this.#fail(`${what}: ${reason}`, 'Try again, or choose another backend or task.');
      }
      await this.#around.breathe();
    });
  }

  /** Loads what is not there yet; the run that is under way goes on meanwhile. */
  #prepare(settings: RunSettings, backend: BackendName | 'auto'): void {
    const ticket = ++this.#starts;
    const begin = (loaded: Loaded): void => {
      if (ticket !== this.#starts) return;
      this.#generation += 1;
      this.#setPlaying(false);
      this.#enqueue(() => this.#start(loaded, settings, backend), 'start');
    };
    const before = this.#current;
    if (before?.task.id === settings.task) {
      begin(before);
      return;
    }
    const { post, load } = this.#around;
    const what = 'the data';
    post({ type: 'loading', what, part: null });
    const progress = (part: number): void => {
      if (ticket === this.#starts) post({ type: 'loading', what, part });
    };
    load(settings.task, progress).then(begin, (error: unknown) => {
      // After the start of another run that may be under way: if that comes about, it is the one that goes on.
      this.#enqueue(() => {
        if (ticket === this.#starts) this.#refuse(settings, error);
        return Promise.resolve();
      }, 'start');
    });
  }

  /** The data of a run that was asked for could not be had: the run before goes on, where there is one. */
  #refuse(settings: RunSettings, error: unknown): void {
    const reason = error instanceof Error ? error.message : String(error);
    if (this.#current === null) this.#fail(`The run could not start: ${reason}`, 'Try again, or choose another task.');
    else this.#around.post({ type: 'refused', settings, reason, playing: this.#playing });
  }

  #fail(message: string, remedy: string): void {
    this.#around.post({ type: 'failure', message, remedy, fatal: true });
  }

  async #start({ task, data }: Loaded, settings: RunSettings, wanted: BackendName | 'auto'): Promise<void> {
    const { post, wasm } = this.#around;
    const before = this.#current;
    post({ type: 'loading', what: 'the numeric backend', part: null });
    // A sample of the user's own belongs to the task that it was made for.
    if (before?.task.id !== task.id && typeof this.#sample !== 'number') this.#sample = 0;
    this.#drop();
    const known = before !== null && (wanted === 'auto' ? before.choice.automatic : wanted === before.choice.name);
    const choice = known ? before.choice : await chooseBackend(wanted, wasm);
    onDeviceLost((reason) => this.#lost(choice.name, reason));
    this.#current = { task, data, choice, run: new Run(task, data, settings) };
    if (choice.name !== 'webgpu') {
      await this.#announce(true);
      return;
    }
    // The network is seen while pipelines are compiled: beside each other, and not one by one as each is first needed.
    await this.#announce(false);
    await warm({ task, data }, settings);
    await this.#show(true);
  }

  async #reset(): Promise<void> {
    const before = this.#current;
    if (before === null) return;
    const { settings } = before.run;
    this.#drop();
    this.#current = { ...before, run: new Run(before.task, before.data, settings) };
    await this.#announce(true);
  }

  /** Ends the current run and everything that belongs to it. */
  #drop(): void {
    // It waits at one of its pauses, and frees its own tensors.
    void this.#evaluation?.return({ step: 0, metric: 0, loss: 0, scores: [], confusion: null });
    this.#current?.run.dispose();
    this.#current = null;
    this.#evaluation = null;
    this.#evaluatedAt = -1;
    this.#stepTimes = [];
    this.#plateau = new Plateau();
  }

  async #announce(looks: boolean): Promise<void> {
    const current = this.#current;
    if (current === null) return;
    const { run, choice } = current;
    const inside = looks ? await this.#look(run) : UNSEEN;
    const snapshot = takeSnapshot(run, { results: [], ...inside, stepTime: NaN });
    const { name: backend, reports: backends } = choice;
    const inputRange = run.inputRange();
    this.#around.post({ type: 'ready', settings: run.settings, backend, backends, inputRange, snapshot });
  }

  /** A turn of the loop: some steps, a slice of an evaluation, a snapshot; then the next turn. */
  async #turn(loop: number): Promise<void> {
    const run = this.#current?.run;
    if (!this.#isPlaying(loop) || run === undefined) return;
    const from = performance.now();
    do {
      const before = performance.now();
      await run.step();
      this.#stepTimes.push(performance.now() - before);
      if (this.#stepTimes.length > 25) this.#stepTimes.shift();
      this.#beginEvaluation(run);
      await this.#around.breathe();
    } while (this.#isPlaying(loop) && performance.now() - from < TURN_MS);
    this.#trainingTime += performance.now() - from;
    // An evaluation that falls behind only becomes rarer: training never waits for it.
    if (this.#evaluationTime < EVALUATION_SHARE * this.#trainingTime) await this.#evaluateSlice();
    if (performance.now() - this.#shownAt >= FRAME_MS) await this.#show(false);
    this.#enqueue(() => this.#turn(loop), 'training');
  }

  #isPlaying(loop: number): boolean {
    return this.#playing && loop === this.#loop;
  }

  async #single(): Promise<void> {
    const run = this.#current?.run;
    if (run === undefined) return;
    await run.step();
    await this.#show(true);
  }

  #beginEvaluation(run: Run): void {
    const due = Math.floor(run.training.step / EVALUATE_EVERY);
    if (this.#evaluation !== null || due === this.#evaluatedAt) return;
    this.#evaluatedAt = due;
    this.#evaluation = run.evaluate();
  }

  async #evaluateSlice(): Promise<void> {
    const evaluation = this.#evaluation;
    if (evaluation === null) return;
    const from = performance.now();
    const { done, value } = await evaluation.next();
    this.#evaluationTime += performance.now() - from;
    if (done !== true || evaluation !== this.#evaluation) return;
    this.#evaluation = null;
    this.#around.post({ type: 'evaluation', evaluation: value });
    if (this.#plateau.reached(value)) this.#current?.run.settle();
  }

  /** Kernels and the chosen sample, which take long enough to be looked at more rarely. */
  async #look(run: Run): Promise<Pick<Snapshot, 'kernels' | 'probe'>> {
    const from = performance.now();
    const sample = this.#sample;
    const kernels = await sampleKernels(run.training, KERNEL_CHANNELS);
    const probe = await run.probe(sample);
    const now = performance.now();
    // Another sample chosen in the meantime need not wait.
    if (sample === this.#sample) this.#lookAt = now + Math.max(LOOK_EVERY_MS, (now - from) / LOOK_SHARE);
    return { kernels, probe };
  }

  /** Posts a snapshot. `complete` waits for the results of the last steps and looks inside the network. */
  async #show(complete: boolean): Promise<void> {
    const run = this.#current?.run;
    if (run === undefined) return;
    if (complete) await run.training.flush();
    const now = performance.now();
    const results = run.training.takeResults();
    this.#shownAt = now;
    const inside = complete || now >= this.#lookAt ? await this.#look(run) : UNSEEN;
    const sorted = this.#stepTimes.toSorted((a, b) => a - b);
    const stepTime = sorted[Math.floor(sorted.length / 2)] ?? NaN;
    this.#around.post({ type: 'snapshot', snapshot: takeSnapshot(run, { results, ...inside, stepTime }) });
  }

  #lost(name: BackendName, reason: string): void {
    if (this.#current?.choice.name !== name) return;
    this.#generation += 1;
    this.#setPlaying(false);
    this.#current = null;
    this.#evaluation = null;
    this.#fail(
      `The GPU went away in mid-run (${reason || 'no reason given'}). What has been drawn so far stays.`,
      'Start again, or choose the wasm backend, which needs no GPU.',
    );
  }
}
