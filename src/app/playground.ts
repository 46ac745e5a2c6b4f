/** The page's actions: they talk to the engine and keep the state; components only call them. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { BackendName, FromEngine, RunSettings, Sample, ToEngine } from '../engine/protocol.ts';
import type { StepRange } from '../figures/focus.ts';
import { storedTask, type OwnEntry } from '../own/store.ts';
import type { Task } from '../tasks/task.ts';
import { readLink, writeLink } from './permalink.ts';
import {
  liveSettings,
  runSettings,
  settingTable,
  SETTING_KEYS,
  withText,
  type PageSettings,
  type SettingKey,
  type SettingTable,
} from './settings.ts';
import { initialState, receive, type State } from './state.ts';

/** What the playground needs of the engine's client. */
export interface Engine {
  send(message: ToEngine): void;
  subscribe(listener: (message: FromEngine) => void): () => void;
  restart(): void;
}

export interface Surroundings {
  /** The page's own tasks. */
  readonly tasks: readonly Task[];
  /** The user's own data that this browser keeps. */
  readonly own: readonly OwnEntry[];
  readonly engine: Engine;
  /** The address's part after `#`. */
  readonly hash: string;
  /** Calls back before the next frame is drawn. */
  readonly nextFrame: (callback: () => void) => void;
}

interface Wish {
  readonly run: RunSettings;
  readonly page: PageSettings;
}

export class Playground {
  readonly store: StoreApi<State>;
  readonly #builtIn: readonly Task[];
  #table: SettingTable;
  readonly #engine: Engine;
  readonly #nextFrame: (callback: () => void) => void;
  /** The newest state, ahead of the store by up to a frame. */
  #state: State;
  #drawing = false;
  /** What was asked for last, and what the run that is shown began with, as a person can set it. */
  #wished: Wish | null = null;
  #begun: PageSettings | null = null;

  constructor({ tasks: builtIn, own, engine, hash, nextFrame }: Surroundings) {
    this.#builtIn = builtIn;
    const tasks = [...builtIn, ...own.map(storedTask)];
    this.#table = settingTable(tasks);
    this.#engine = engine;
    this.#nextFrame = nextFrame;
    const { settings, notices } = readLink(this.#table, hash);
    this.#state = initialState({ settings, tasks, own, notices });
    this.store = createStore(() => this.#state);
    engine.subscribe((message) => this.#receive(message));
    this.#start();
  }

  /** The settings' table, whose tasks are those at hand. */
  get table(): SettingTable {
    return this.#table;
  }

  play(): void {
    const { status } = this.#state;
    if (status === 'paused') this.#engine.send({ type: 'play' });
    else if (status === 'failed') {
      this.#set({ playWanted: true });
      this.#start();
    } else this.#set({ playWanted: true });
  }

  pause(): void {
    const { status, snapshot } = this.#state;
    this.#set({ playWanted: false });
    // While another run loads, the one before may go on.
    if (status === 'playing' || (status === 'loading' && snapshot !== null)) this.#engine.send({ type: 'pause' });
  }

  /** Play or pause, whichever is not the case. */
  toggle(): void {
    if (this.#state.status === 'playing' || this.#state.playWanted) this.pause();
    else this.play();
  }

  /** One step; a run that plays stops with it. */
  step(): void {
    this.#engine.send({ type: 'step' });
  }

  /** Back to step 0 with the same weights. */
  reset(): void {
    this.#engine.send({ type: 'reset' });
  }

  settle(): void {
    this.#engine.send({ type: 'settle' });
  }

  /** Shows another held-out sample inside the network. */
  look(sample: number): void {
    this.#engine.send({ type: 'look', sample });
  }

  /** Shows a sample of the user's own instead. */
  try(sample: Sample): void {
    this.#engine.send({ type: 'try', sample });
  }

  /** Own data that are kept by now become a task, which is chosen. */
  addOwn(entry: OwnEntry): void {
    this.#setOwn([...this.#state.own, entry]);
    this.change('task', entry.id);
  }

  /** The same data under another name; the run goes on. */
  renameOwn(entry: OwnEntry): void {
    this.#setOwn(this.#state.own.map((own) => (own.id === entry.id ? entry : own)));
  }

  /** Own data that are kept no longer; where they were chosen, the first task is. */
  removeOwn(id: string): void {
    this.#setOwn(this.#state.own.filter((own) => own.id !== id));
    if (this.#state.settings.task === id) this.change('task', this.#table.task.fallback);
  }

  /** Shows an earlier step of the run instead of the present, or the present again. */
  lookBack(step: number | null): void {
    this.#set({ lookedBack: step });
  }

  point(block: number | null): void {
    if (this.#state.pointed !== block) this.#set({ pointed: block });
  }

  choose(block: number | null): void {
    this.#set({ chosen: block });
  }

  pointAtStep(step: number | null): void {
    if (this.#state.pointedStep !== step) this.#set({ pointedStep: step });
  }

  /** Shows a range of steps in the charts over steps, or, with null, all. */
  zoom(range: StepRange | null): void {
    this.#set({ stepRange: range });
  }

  newSeed(): void {
    this.change('seed', String(Math.floor(Math.random() * 100_000)));
  }

  /** Sets one setting from text; returns what is wrong with the text, or null. */
  change(key: SettingKey, text: string): string | null {
    const result = withText(this.#table, this.#state.settings, key, text);
    if ('problem' in result) return result.problem;
    this.#set({ settings: result.settings });
    if (this.#table[key].live) this.#adjust();
    else this.#start();
    return null;
  }

  /** Starts anew with the same settings, after a failure. */
  retry(): void {
    this.#start();
  }

  retryWith(backend: BackendName): void {
    this.change('backend', backend);
  }

  dismissFailure(): void {
    this.#set({ failure: null });
  }

  dismissNotices(): void {
    this.#set({ notices: [] });
  }

  /** The address changed: by hand, or by going back. */
  follow(hash: string): void {
    const { settings, notices } = readLink(this.#table, hash);
    const before = this.#state.settings;
    this.#set({ settings, notices });
    if (restarts(this.#table, before, settings)) this.#start();
    else this.#adjust();
  }

  /** What the address should say after `#`. */
  link(): string {
    return writeLink(this.#table, this.#state.settings);
  }

  #setOwn(own: readonly OwnEntry[]): void {
    const tasks = [...this.#builtIn, ...own.map(storedTask)];
    this.#table = settingTable(tasks);
    this.#set({ own, tasks });
  }

  /** Tells the run of settings that may change while it goes on; one that loads is told once it is ready. */
  #adjust(): void {
    if (this.#state.status === 'loading') return;
    this.#begun = this.#state.settings;
    this.#engine.send({ type: 'adjust', settings: liveSettings(this.#state.settings) });
  }

  #start(): void {
    const { settings, tasks, status, playWanted } = this.#state;
    const task = tasks.find(({ id }) => id === settings.task);
    if (task === undefined) return;
    if (status === 'failed') this.#engine.restart();
    const run = runSettings(settings, task);
    this.#wished = { run, page: settings };
    this.#set({
      status: 'loading',
      loading: task.title,
      isStale: status === 'failed',
      playWanted: playWanted || status === 'playing',
      failure: null,
    });
    this.#engine.send({ type: 'start', settings: run, backend: settings.backend });
  }

  #receive(message: FromEngine): void {
    if (message.type === 'refused' && !this.#isWished(message.settings)) return;
    this.#state = receive(this.#state, message);
    if (message.type === 'ready') this.#begin(message.settings);
    if (message.type === 'refused') this.#goBack();
    this.#draw(message.type === 'snapshot' || message.type === 'evaluation');
  }

  #isWished(run: RunSettings): boolean {
    return isSame(run, this.#wished?.run);
  }

  /** The run is ready: it is told what changed while it loaded, and plays if that was asked for. */
  #begin(run: RunSettings): void {
    if (this.#isWished(run)) this.#begun = this.#wished?.page ?? null;
    if (!isSame(liveSettings(this.#state.settings), liveSettings(run))) this.#adjust();
    if (!this.#state.playWanted) return;
    this.#state = { ...this.#state, playWanted: false };
    this.#engine.send({ type: 'play' });
  }

  /** The run that was asked for cannot begin: the page says again what the one that goes on was set to, if it still can. */
  #goBack(): void {
    const { tasks, failure } = this.#state;
    const settings = this.#begun;
    if (settings !== null && tasks.some(({ id }) => id === settings.task)) {
      this.#state = { ...this.#state, settings };
    } else if (failure !== null) {
      // Its data were removed meanwhile.
      const remedy = 'Try again, or choose another task.';
      this.#state = { ...this.#state, status: 'failed', failure: { ...failure, remedy, fatal: true } };
    }
  }

  #set(change: Partial<State>): void {
    this.#state = { ...this.#state, ...change };
    this.#draw(false);
  }

  /** Shows the state at once, or, where it may wait, with the next frame. */
  #draw(mayWait: boolean): void {
    if (!mayWait) this.store.setState(this.#state, true);
    else if (!this.#drawing) {
      this.#drawing = true;
      this.#nextFrame(() => {
        this.#drawing = false;
        this.store.setState(this.#state, true);
      });
    }
  }
}

const isSame = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

/** Whether going from one to the other needs a new run. */
function restarts(table: SettingTable, before: PageSettings, after: PageSettings): boolean {
  return SETTING_KEYS.some((key) => !table[key].live && !isSame(before[key], after[key]));
}
