/** The page's actions: they talk to the engine and keep the state; components only call them. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { BackendName, FromEngine, Sample, ToEngine } from '../engine/protocol.ts';
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

export class Playground {
  readonly store: StoreApi<State>;
  readonly #builtIn: readonly Task[];
  #table: SettingTable;
  readonly #engine: Engine;
  readonly #nextFrame: (callback: () => void) => void;
  /** The newest state, ahead of the store by up to a frame. */
  #state: State;
  #drawing = false;

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
    this.#set({ playWanted: false });
    if (this.#state.status === 'playing') this.#engine.send({ type: 'pause' });
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

  #adjust(): void {
    this.#engine.send({ type: 'adjust', settings: liveSettings(this.#state.settings) });
  }

  #start(): void {
    const { settings, tasks, status, playWanted } = this.#state;
    const task = tasks.find(({ id }) => id === settings.task);
    if (task === undefined) return;
    if (status === 'failed') this.#engine.restart();
    this.#set({
      status: 'loading',
      loading: task.title,
      playWanted: playWanted || status === 'playing',
      failure: null,
    });
    this.#engine.send({ type: 'start', settings: runSettings(settings, task), backend: settings.backend });
  }

  #receive(message: FromEngine): void {
    this.#state = receive(this.#state, message);
    if (message.type === 'ready' && this.#state.playWanted) {
      this.#state = { ...this.#state, playWanted: false };
      this.#engine.send({ type: 'play' });
    }
    this.#draw(message.type === 'snapshot' || message.type === 'evaluation');
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

/** Whether going from one to the other needs a new run. */
function restarts(table: SettingTable, before: PageSettings, after: PageSettings): boolean {
  const changed = (key: SettingKey) => JSON.stringify(before[key]) !== JSON.stringify(after[key]);
  return SETTING_KEYS.some((key) => !table[key].live && changed(key));
}
