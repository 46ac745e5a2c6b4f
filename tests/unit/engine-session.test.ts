/** The session behind the worker's door, driven by messages as a page drives it. */
import { describe, expect, it } from 'vitest';
import { wasmFiles } from '../../src/cli/backend.ts';
import type { FromEngine, RunSettings } from '../../src/engine/protocol.ts';
import { Session, type Loaded, type Surroundings } from '../../src/engine/session.ts';
import { digits } from '../../src/tasks/digits.ts';
import { findTask } from '../../src/tasks/index.ts';
import { readPublic } from '../support/public.ts';

const SETTINGS: RunSettings = {
  task: 'digits',
  seed: 1,
  learn: { K: true, R: true, W: true, D: true },
  budget: 0.25,
  lambda: 1,
  oneSided: false,
  learningRate: 0.01,
  maskLearningRate: 0.01,
  batch: 8,
  dropout: 0,
  start: 'budget',
  steps: null,
};

type Kind = FromEngine['type'];
type Message<K extends Kind> = Extract<FromEngine, { type: K }>;

type Load = Surroundings['load'];

const loadPublic: Load = async (id, progress) => {
  const task = findTask(id);
  return { task, data: await task.load(readPublic, progress) };
};

/** A session with what it has posted, and a way to wait for more. */
function openSession(load: Load = loadPublic) {
  const posted: FromEngine[] = [];
  const session = new Session({
    post: (message) => posted.push(message),
    load,
    wasm: wasmFiles(),
    breathe: () => new Promise((resolve) => setImmediate(resolve)),
  });
  const all = <K extends Kind>(type: K): Message<K>[] =>
    posted.filter((message): message is Message<K> => message.type === type);
  const until = <K extends Kind>(type: K, count = 1): Promise<Message<K>> =>
    expect
      .poll(() => all(type).length, { timeout: 30_000, interval: 5 })
      .toBeGreaterThanOrEqual(count)
      .then(() => all(type)[count - 1]!);
  return { session, all, until };
}

it('starts, trains, pauses between two steps, evaluates, and resets to the same weights', async () => {
  const { session, all, until } = openSession();
  session.handle({ type: 'start', settings: SETTINGS, backend: 'wasm' });
  const { backend, backends, snapshot } = await until('ready');
  expect(backend).toBe('wasm');
  expect(snapshot.step).toBe(0);
  expect(backends.find(({ name }) => name === 'webgpu')?.reason).toMatch(/./);

  session.handle({ type: 'step' });
  const first = (await until('snapshot')).snapshot;
  expect(first.step).toBe(1);
  expect(first.kernels).not.toBeNull();

  session.handle({ type: 'play' });
  const { evaluation } = await until('evaluation');
  expect(evaluation.metric).toBeGreaterThan(0.05);
  session.handle({ type: 'pause' });
  const last = (await until('snapshot', all('snapshot').length + 1)).snapshot;
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(all('snapshot').at(-1)?.snapshot.step).toBe(last.step);
  expect(all('playing').map(({ playing }) => playing)).toEqual([true, false]);

  session.handle({ type: 'reset' });
  expect((await until('ready', 2)).snapshot.step).toBe(0);
  session.handle({ type: 'step' });
  const again = (await until('snapshot', all('snapshot').length + 1)).snapshot;
  expect(again.taskLoss).toBe(first.taskLoss);
  expect(all('failure')).toEqual([]);
});

it('settles when asked, and a moved budget sets the sizes free; another learning rate does not', async () => {
  const { session, all, until } = openSession();
  session.handle({ type: 'start', settings: SETTINGS, backend: 'wasm' });
  await until('ready');
  const next = async (act: () => void): Promise<string> => {
    const count = all('snapshot').length;
    act();
    return (await until('snapshot', count + 1)).snapshot.phase;
  };
  expect(await next(() => session.handle({ type: 'settle' }))).toBe('settled');
  expect(await next(() => session.handle({ type: 'adjust', settings: { ...SETTINGS, learningRate: 0.02 } }))).toBe(
    'settled',
  );
  expect(await next(() => session.handle({ type: 'adjust', settings: { budget: 0.3 } }))).toBe('learning');
});

it('shows the held-out sample that was chosen, also in the next runs, and trains as without', async () => {
  const { session, all, until } = openSession();
  session.handle({ type: 'start', settings: SETTINGS, backend: 'wasm' });
  const { sample, count = 0 } = (await until('ready')).snapshot.probe ?? {};
  expect(sample).toBe(0);
  const next = async (...messages: Parameters<Session['handle']>): Promise<Message<'snapshot'>['snapshot']> => {
    const before = all('snapshot').length;
    session.handle(...messages);
    return (await until('snapshot', before + 1)).snapshot;
  };
  expect(await next({ type: 'look', sample: -1 })).toMatchObject({ step: 0, probe: { sample: count - 1, count } });
  const losses = [];
  for (const chosen of [7, count + 8]) {
    losses.push((await next({ type: 'step' })).taskLoss);
    // Of several in a row the last one is shown.
    session.handle({ type: 'look', sample: 3 });
    const looked = await next({ type: 'look', sample: chosen });
    expect(looked.probe?.sample).toBe(chosen % count);
    expect(looked.kernels).not.toBeNull();
  }
  session.handle({ type: 'reset' });
  expect((await until('ready', 2)).snapshot.probe?.sample).toBe(8);
  expect([(await next({ type: 'step' })).taskLoss, (await next({ type: 'step' })).taskLoss]).toEqual(losses);
  session.handle({ type: 'start', settings: SETTINGS, backend: 'wasm' });
  expect((await until('ready', 3)).snapshot.probe?.sample).toBe(8);
  expect(all('snapshot').map(({ snapshot }) => snapshot.probe?.sample)).not.toContain(3);
});

it('shows a sample of the user’s own until another one is chosen, and says so where its shape is wrong', async () => {
  const { session, all, until } = openSession();
  session.handle({ type: 'start', settings: SETTINGS, backend: 'wasm' });
  const { inputRange } = await until('ready');
  expect(inputRange[0]).toBeLessThan(0);
  expect(inputRange[1]).toBeGreaterThan(0);
  const sample = { grid: [8, 8], channels: 1, values: Float32Array.from({ length: 64 }, (_, i) => i / 64) };
  session.handle({ type: 'try', sample: { ...sample, channels: 2 } });
  expect(await until('failure')).toMatchObject({
    fatal: false,
    message: expect.stringContaining('[8, 8, 2]') as string,
  });
  session.handle({ type: 'try', sample });
  const { probe } = (await until('snapshot')).snapshot;
  expect(probe).toMatchObject({ sample: null, output: { kind: 'classes', truth: -1 } });
  expect(probe?.input.largest).toBe(63 / 64);
  session.handle({ type: 'step' });
  expect((await until('snapshot', 2)).snapshot).toMatchObject({ step: 1, probe: { sample: null } });
  session.handle({ type: 'look', sample: 2 });
  expect((await until('snapshot', 3)).snapshot.probe?.sample).toBe(2);
  expect(all('failure')).toHaveLength(1);
});

it('looks inside the network now and then while it trains, at once where another sample is chosen', async () => {
  const { session, all, until } = openSession();
  session.handle({ type: 'start', settings: SETTINGS, backend: 'wasm' });
  await until('ready');
  session.handle({ type: 'play' });
  await until('snapshot', 3);
  session.handle({ type: 'look', sample: 5 });
  const seen = () => all('snapshot').map(({ snapshot }) => snapshot);
  await expect.poll(() => seen().some(({ probe }) => probe?.sample === 5), { timeout: 10_000, interval: 5 }).toBe(true);
  await until('snapshot', seen().length + 10);
  session.handle({ type: 'pause' });
  expect(seen().filter(({ probe }) => probe === null).length).toBeGreaterThan(seen().length / 2);
  expect(seen().every(({ probe, kernels }) => (probe === null) === (kernels === null))).toBe(true);
});

it('says what is wrong and stays usable: an unknown task, a backend that is not here', async () => {
  const { session, all, until } = openSession();
  session.handle({ type: 'start', settings: { ...SETTINGS, task: 'cats' }, backend: 'wasm' });
  expect((await until('failure')).message).toContain('cats');
  session.handle({ type: 'start', settings: SETTINGS, backend: 'webgl' });
  const failure = await until('failure', 2);
  expect(failure.message).toContain('webgl');
  expect(failure.remedy).toMatch(/backend/);
  session.handle({ type: 'start', settings: SETTINGS, backend: 'wasm' });
  await until('ready');
  expect(all('failure')).toHaveLength(2);
});

it('of two starts in a row only the last one comes about', async () => {
  const { session, all, until } = openSession();
  session.handle({ type: 'start', settings: { ...SETTINGS, seed: 1 }, backend: 'wasm' });
  session.handle({ type: 'start', settings: { ...SETTINGS, seed: 2 }, backend: 'wasm' });
  expect((await until('ready')).settings.seed).toBe(2);
  expect(all('ready')).toHaveLength(1);
});

describe('while the data of another task are on their way', () => {
  /** The digits come at once; other tasks when they are told to, as the digits under another name. */
  function openSlow() {
    const waiting = new Map<string, { progress: (part: number) => void; settle: (outcome: Loaded | Error) => void }>();
    const opened = openSession((id, progress) =>
      id === digits.id
        ? loadPublic(id, progress)
        : new Promise((resolve, reject) => {
            const settle = (outcome: Loaded | Error): void =>
              outcome instanceof Error ? reject(outcome) : resolve(outcome);
            waiting.set(id, { progress, settle });
          }),
    );
    const wish = (task: string): void =>
      opened.session.handle({ type: 'start', settings: { ...SETTINGS, task }, backend: 'wasm' });
    const arrive = async (id: string): Promise<void> => {
      const { data } = await loadPublic(digits.id, () => undefined);
      waiting.get(id)?.settle({ task: { ...digits, id }, data });
    };
    const rest = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 100));
    return { ...opened, waiting, wish, arrive, rest };
  }

  it('the old run goes on, and how far they are is told', async () => {
    const { session, all, until, waiting, wish, arrive } = openSlow();
    wish('digits');
    await until('ready');
    session.handle({ type: 'play' });
    await until('snapshot', 2);
    const before = all('loading').length;
    wish('slow');
    waiting.get('slow')?.progress(0.5);
    expect(all('loading').slice(before)).toEqual([
      { type: 'loading', what: 'the data', part: null },
      { type: 'loading', what: 'the data', part: 0.5 },
    ]);
    const { step } = all('snapshot').at(-1)!.snapshot;
    expect((await until('snapshot', all('snapshot').length + 5)).snapshot.step).toBeGreaterThan(step);
    expect(all('playing').map(({ playing }) => playing)).toEqual([true]);
    expect(all('ready')).toHaveLength(1);
    await arrive('slow');
    const { settings, snapshot } = await until('ready', 2);
    expect(settings.task).toBe('slow');
    expect(snapshot.step).toBe(0);
    expect(all('playing').map(({ playing }) => playing)).toEqual([true, false]);
    expect(all('failure')).toEqual([]);
  });

  it('of several wishes only the last one begins, whichever data come first', async () => {
    const { all, until, waiting, wish, arrive, rest } = openSlow();
    wish('first');
    wish('second');
    wish('third');
    await arrive('first');
    const before = all('loading').length;
    waiting.get('first')?.progress(0.9);
    expect(all('loading')).toHaveLength(before);
    await arrive('third');
    expect((await until('ready')).settings.task).toBe('third');
    await arrive('second');
    await rest();
    expect(all('ready')).toHaveLength(1);
  });

  it('a wish for the task that is there begins at once, and what was wished for before does not', async () => {
    const { all, until, wish, arrive, rest } = openSlow();
    wish('digits');
    await until('ready');
    wish('slow');
    wish('digits');
    await until('ready', 2);
    await arrive('slow');
    await rest();
    expect(all('ready').map(({ settings }) => settings.task)).toEqual(['digits', 'digits']);
  });

  it('a failure leaves the old run and its settings alone and says why; one of a wish that is past says nothing', async () => {
    const { session, all, until, waiting, wish, rest } = openSlow();
    wish('digits');
    await until('ready');
    session.handle({ type: 'play' });
    await until('snapshot', 2);
    wish('past');
    wish('slow');
    waiting.get('past')?.settle(new Error('nobody asks any more'));
    waiting.get('slow')?.settle(new Error('slow.pack could not be loaded (the server said 503)'));
    expect(await until('refused')).toMatchObject({
      settings: { task: 'slow' },
      reason: 'slow.pack could not be loaded (the server said 503)',
      playing: true,
    });
    const { step } = all('snapshot').at(-1)!.snapshot;
    expect((await until('snapshot', all('snapshot').length + 5)).snapshot.step).toBeGreaterThan(step);
    session.handle({ type: 'pause' });
    await rest();
    expect(all('refused')).toHaveLength(1);
    expect(all('failure')).toEqual([]);
    expect(all('ready')).toHaveLength(1);
    expect(all('playing').map(({ playing }) => playing)).toEqual([true, false]);
    // The run that goes on can still be reset to what it was.
    session.handle({ type: 'reset' });
    expect((await until('ready', 2)).settings.task).toBe('digits');
  });

  it('a failure that comes while another run starts leaves that one', async () => {
    const { all, until, waiting, wish, arrive } = openSlow();
    wish('first');
    await arrive('first');
    wish('second');
    waiting.get('second')?.settle(new Error('it is damaged'));
    await until('refused');
    expect((await until('ready')).settings.task).toBe('first');
    expect(all('failure')).toEqual([]);
  });

  it('a failure of the first data of all ends in no run', async () => {
    const { until, waiting, wish } = openSlow();
    wish('slow');
    waiting.get('slow')?.settle(new Error('slow.pack is damaged'));
    expect(await until('failure')).toMatchObject({
      fatal: true,
      message: 'The run could not start: slow.pack is damaged',
    });
  });
});
