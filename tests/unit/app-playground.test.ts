import { describe, expect, it } from 'vitest';
import { describeArchitecture, describeBlock } from '../../src/architecture/describe.ts';
import { History } from '../../src/app/history.ts';
import { Playground, type Engine } from '../../src/app/playground.ts';
import { EngineClient, type WorkerLike } from '../../src/engine/client.ts';
import type { FromEngine, RunSettings, ToEngine } from '../../src/engine/protocol.ts';
import { TASKS } from '../../src/tasks/index.ts';
import { FAKE_IMAGES, fakeSnapshot } from './app-fixture.ts';

/** An engine that keeps what it is told and says what it is asked to. */
class FakeEngine implements Engine {
  readonly sent: ToEngine[] = [];
  restarts = 0;
  #listener: (message: FromEngine) => void = () => undefined;

  send(message: ToEngine): void {
    this.sent.push(message);
  }

  subscribe(listener: (message: FromEngine) => void): () => void {
    this.#listener = listener;
    return () => undefined;
  }

  restart(): void {
    this.restarts++;
  }

  say(message: FromEngine): void {
    this.#listener(message);
  }

  refuse(reason: string, playing: boolean): void {
    this.say({ type: 'refused', settings: this.#started(), reason, playing });
  }

  ready(): void {
    const settings = this.#started();
    this.say({
      type: 'ready',
      settings,
      backend: 'wasm',
      backends: [],
      inputRange: [-1, 1],
      snapshot: fakeSnapshot(FAKE_IMAGES, settings.budget, 0),
    });
  }

  #started(): RunSettings {
    const start = this.sent.findLast((message) => message.type === 'start');
    if (start === undefined) throw new Error('Nothing was started.');
    return start.settings;
  }
}

function open(hash = '') {
  const engine = new FakeEngine();
  const frames: (() => void)[] = [];
  const playground = new Playground({
    tasks: TASKS,
    own: [],
    engine,
    hash,
    nextFrame: (callback) => frames.push(callback),
  });
  const state = () => playground.store.getState();
  return { engine, playground, frames, state };
}

const FATAL = { type: 'failure', message: 'Gone.', remedy: 'Again.', fatal: true } as const;

describe('the playground', () => {
  it('starts the run as soon as it opens, with the settings of the address', () => {
    const { engine } = open('#budget=0.1&seed=7');
    const expected: Partial<RunSettings> = { task: 'fashion-mnist', budget: 0.1, seed: 7, steps: null };
    expect(engine.sent).toHaveLength(1);
    expect(engine.sent[0]).toMatchObject({ type: 'start', backend: 'auto', settings: expected });
  });

  it('remembers that play was pressed before it was ready', () => {
    const { engine, playground, state } = open();
    playground.toggle();
    expect(state().playWanted).toBe(true);
    expect(engine.sent.at(-1)?.type).toBe('start');
    engine.ready();
    expect(engine.sent.at(-1)).toEqual({ type: 'play' });
    expect(state().playWanted).toBe(false);
  });

  it('forgets it when pause was pressed after', () => {
    const { engine, playground } = open();
    playground.toggle();
    playground.toggle();
    engine.ready();
    expect(engine.sent.map(({ type }) => type)).toEqual(['start']);
  });

  it('adjusts a run that goes on when the budget moves, and starts anew for another seed', () => {
    const { engine, playground } = open();
    engine.ready();
    expect(playground.change('budget', '0.5')).toBeNull();
    expect(engine.sent.at(-1)).toMatchObject({ type: 'adjust', settings: { budget: 0.5 } });
    playground.change('seed', '2');
    expect(engine.sent.at(-1)).toMatchObject({ type: 'start', settings: { seed: 2, budget: 0.5 } });
    expect(playground.link()).toBe('seed=2&budget=0.5');
  });

  it('says what is wrong with a value and changes nothing', () => {
    const { engine, playground } = open();
    expect(playground.change('seed', '-3')).toBe('must be at least 0');
    expect(engine.sent).toHaveLength(1);
  });

  it('draws snapshots once a frame, and misses none in the history or the kernels', () => {
    const { engine, frames, state } = open();
    engine.ready();
    for (const step of [1, 2, 3]) {
      engine.say({ type: 'snapshot', snapshot: fakeSnapshot(FAKE_IMAGES, 0.25, step, step === 2) });
    }
    expect(frames).toHaveLength(1);
    expect(state().snapshot?.step).toBe(0);
    frames[0]?.();
    expect(state().snapshot?.step).toBe(3);
    expect(state().history.points.map(({ step }) => step)).toEqual([0, 1, 2, 3]);
    expect(state().kernels).toEqual(fakeSnapshot(FAKE_IMAGES, 0.25, 2).kernels);
  });

  it('clears the history when the run goes back to its start', () => {
    const { engine, state } = open();
    engine.ready();
    engine.say({ type: 'snapshot', snapshot: fakeSnapshot(FAKE_IMAGES, 0.25, 5) });
    engine.say({ type: 'snapshot', snapshot: fakeSnapshot(FAKE_IMAGES, 0.25, 0) });
    engine.say({ type: 'playing', playing: false });
    expect(state().history.points).toHaveLength(1);
  });

  it('keeps the last means where a snapshot has none', () => {
    const { engine, state } = open();
    engine.ready();
    const first = fakeSnapshot(FAKE_IMAGES, 0.25, 5);
    engine.say({ type: 'snapshot', snapshot: first });
    engine.say({ type: 'snapshot', snapshot: { ...first, loss: NaN, taskLoss: NaN, trainMetric: NaN } });
    engine.say({ type: 'playing', playing: false });
    expect(state().snapshot?.taskLoss).toBe(first.taskLoss);
    expect(state().history.points.at(-1)?.trainMetric).toBe(first.trainMetric);
  });

  it('keeps the figure after a failure and starts a new worker on another backend', () => {
    const { engine, playground, state } = open();
    engine.ready();
    engine.say(FATAL);
    expect(state()).toMatchObject({ status: 'failed', failure: { message: 'Gone.', remedy: 'Again.' } });
    expect(state().snapshot).not.toBeNull();
    playground.retryWith('cpu');
    expect(engine.restarts).toBe(1);
    expect(engine.sent.at(-1)).toMatchObject({ type: 'start', backend: 'cpu' });
    expect(state().failure).toBeNull();
  });

  it('starts again on the backend that is already chosen', () => {
    const { engine, playground } = open('#backend=wasm');
    engine.say(FATAL);
    playground.retry();
    expect(engine.sent.filter(({ type }) => type === 'start')).toHaveLength(2);
  });

  it('ignores what the run before says while another one loads', () => {
    const { engine, playground, state } = open();
    engine.ready();
    engine.say({ type: 'playing', playing: true });
    playground.change('task', 'ludb');
    engine.say({ type: 'playing', playing: false });
    expect(state().status).toBe('loading');
    engine.ready();
    expect(engine.sent.at(-1)).toEqual({ type: 'play' });
  });

  it('goes on showing the run before while the data of another one load', () => {
    const { engine, playground, frames, state } = open();
    engine.ready();
    engine.say({ type: 'playing', playing: true });
    playground.change('task', 'ludb');
    engine.say({ type: 'loading', what: 'the data', part: 0.5 });
    engine.say({ type: 'snapshot', snapshot: fakeSnapshot(FAKE_IMAGES, 0.25, 7) });
    frames.at(-1)?.();
    expect(state()).toMatchObject({ status: 'loading', isStale: false, shownTask: 'fashion-mnist' });
    expect(state().snapshot?.step).toBe(7);
    expect(state().history.points).toHaveLength(2);
    playground.pause();
    expect(engine.sent.at(-1)).toEqual({ type: 'pause' });
    engine.say({ type: 'loading', what: 'the numeric backend', part: null });
    expect(state().isStale).toBe(true);
    engine.ready();
    expect(state()).toMatchObject({ isStale: false, shownTask: 'ludb', status: 'paused' });
  });

  it('goes back to the settings of the run that goes on where the data of another one could not be loaded', () => {
    const { engine, playground, state } = open('#budget=0.1&seed=7');
    engine.ready();
    playground.change('budget', '0.2');
    engine.say({ type: 'snapshot', snapshot: fakeSnapshot(FAKE_IMAGES, 0.2, 7) });
    engine.say({ type: 'playing', playing: true });
    playground.change('task', 'ludb');
    playground.change('budget', '0.3');
    expect(engine.sent.at(-1)).toMatchObject({ type: 'start', settings: { task: 'ludb' } });
    engine.refuse('ludb.pack is damaged', true);
    expect(state()).toMatchObject({
      status: 'playing',
      playWanted: false,
      settings: { task: 'fashion-mnist', seed: 7, budget: 0.2 },
      failure: { message: '“ECG waves” cannot begin: ludb.pack is damaged.', fatal: false },
    });
    expect(state().snapshot?.step).toBe(7);
    expect(state().history.points).toHaveLength(2);
    expect(engine.restarts).toBe(0);
    expect(playground.link()).toBe('seed=7&budget=0.2');
    playground.pause();
    expect(engine.sent.at(-1)).toEqual({ type: 'pause' });
  });

  it('hears no refusal of what is wished for no more, and tells a run what changed while it loaded', () => {
    const { engine, playground, state } = open();
    engine.ready();
    playground.change('task', 'ludb');
    const past = engine.sent.at(-1);
    playground.change('task', 'nuclei');
    if (past?.type === 'start') {
      engine.say({ type: 'refused', settings: past.settings, reason: 'gone', playing: false });
    }
    expect(state()).toMatchObject({ status: 'loading', failure: null, settings: { task: 'nuclei' } });
    playground.change('budget', '0.3');
    expect(engine.sent.at(-1)?.type).toBe('start');
    engine.ready();
    expect(engine.sent.at(-1)).toMatchObject({ type: 'adjust', settings: { budget: 0.3 } });
  });

  it('offers to try again where the run before cannot be gone back to, for its data were removed', () => {
    const { engine, playground, state } = open();
    engine.refuse('gone', false);
    expect(state()).toMatchObject({ status: 'failed', failure: { fatal: true } });
    playground.retry();
    expect(engine.restarts).toBe(1);
  });

  it('tells a sentence a block on pause', () => {
    const { engine, state } = open();
    engine.ready();
    engine.say({ type: 'playing', playing: false });
    expect(state().announcement).toContain('Paused at step 0.');
    expect(state().announcement.match(/block \d:/g)).toHaveLength(FAKE_IMAGES.blocks);
  });
});

describe('the history', () => {
  it('stays within a thousand points, in order, from the first step to the last', () => {
    const history = new History();
    const snapshot = fakeSnapshot(FAKE_IMAGES, 0.25, 0, false);
    for (let step = 0; step <= 20_000; step++) history.push({ ...snapshot, step });
    const steps = history.points.map((point) => point.step);
    expect(steps.length).toBeLessThanOrEqual(1000);
    expect(steps.length).toBeGreaterThan(400);
    expect(steps[0]).toBe(0);
    expect(steps.at(-1)).toBe(20_000);
    expect(steps.every((step, i) => i === 0 || step > (steps[i - 1] ?? Infinity))).toBe(true);
  });
});

describe('the engine’s client', () => {
  const fakeWorkers = () => {
    const workers: (WorkerLike & { ended: boolean; got: ToEngine[] })[] = [];
    const client = new EngineClient(() => {
      const worker = {
        ended: false,
        got: [] as ToEngine[],
        onmessage: null,
        onerror: null,
        onmessageerror: null,
        postMessage: (message: ToEngine) => worker.got.push(message),
        terminate: () => (worker.ended = true),
      };
      workers.push(worker);
      return worker;
    });
    return { client, workers };
  };

  it('turns an unreadable message into a fatal failure with a remedy', () => {
    const { client, workers } = fakeWorkers();
    const heard: FromEngine[] = [];
    client.subscribe((message) => heard.push(message));
    workers[0]?.onmessageerror?.(new MessageEvent('messageerror'));
    expect(heard).toMatchObject([{ type: 'failure', fatal: true }]);
    expect(workers[0]?.ended).toBe(true);
  });

  it('sends to the new worker after a restart and hears no more of the old one', () => {
    const { client, workers } = fakeWorkers();
    client.restart();
    client.send({ type: 'play' });
    expect(workers.map(({ ended, got }) => [ended, got.length])).toEqual([
      [true, 0],
      [false, 1],
    ]);
    expect(workers[0]?.onmessage).toBeNull();
  });
});

describe('the description', () => {
  it('says the sizes of a block in words', () => {
    const { architecture } = fakeSnapshot(FAKE_IMAGES, 0.25, 0);
    expect(describeBlock(architecture, 0)).toMatch(
      /^block 1: \d+ of 24 channels, \d+×\d+ kernel, sees \d+×\d+, grid \d+×\d+, \d+ % of the cost$/,
    );
    expect(describeArchitecture(architecture)).toMatch(/^The network runs \d of 5 blocks\. block 1: /);
    expect(() => describeBlock(architecture, 9)).toThrow('no block 10');
  });
});
