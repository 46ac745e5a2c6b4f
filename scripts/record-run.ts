/**
 * Records short real runs for the tests that must not depend on training: `npm run record-run`.
 *
 * Each is trained on wasm from a fixed seed; the budget is moved at step 100, as by a drag, and the run ends at step 400.
 * Kept are a snapshot every 20 steps, three of them with kernels and probe, and all evaluations.
 */
import { writeFileSync } from 'node:fs';
import { wasmFiles } from '../src/cli/backend.ts';
import type { FromEngine, RunSettings } from '../src/engine/protocol.ts';
import { Session } from '../src/engine/session.ts';
import { findTask } from '../src/tasks/index.ts';
import { readPublic } from '../tests/support/public.ts';
import { writeMessages, type RecordedTask } from '../tests/support/recorded.ts';

const DRAG_AT = 100;
const END_AT = 400;
const EVERY = 20;
const BUDGETS = { first: 0.3, second: 0.12 };

type Ready = Extract<FromEngine, { type: 'ready' }>;

function settingsOf(id: RecordedTask): RunSettings {
  return {
    task: id,
    seed: 7,
    learn: { K: true, R: true, W: true, D: true },
    budget: BUDGETS.first,
    lambda: 1,
    oneSided: false,
    learningRate: 0.01,
    maskLearningRate: 0.004,
    batch: findTask(id).batch,
    dropout: 0,
    start: 'budget',
    steps: null,
  };
}

/** All that the engine says in a run of so many steps. */
function train(settings: RunSettings): Promise<FromEngine[]> {
  const said: FromEngine[] = [];
  return new Promise((resolve, reject) => {
    let dragged = false;
    let ended = false;
    const session = new Session({
      post: (message) => {
        said.push(message);
        if (message.type === 'failure') reject(new Error(message.message));
        if (message.type === 'ready') session.handle({ type: 'play' });
        if (message.type !== 'snapshot') return;
        const { step } = message.snapshot;
        if (!dragged && step >= DRAG_AT) {
          dragged = true;
          session.handle({ type: 'adjust', settings: { budget: BUDGETS.second } });
        }
        // The pause brings a last, complete snapshot.
        if (ended) resolve(said);
        else if (step >= END_AT) {
          ended = true;
          session.handle({ type: 'pause' });
        }
      },
      load: async (id, progress) => {
        const task = findTask(id);
        return { task, data: await task.load(readPublic, progress) };
      },
      wasm: wasmFiles(),
      breathe: () => new Promise((next) => setImmediate(next)),
    });
    session.handle({ type: 'start', settings, backend: 'wasm' });
  });
}

/** The first, the last, and one every so many steps; only three of them look inside the network. */
function thin(said: readonly FromEngine[]): FromEngine[] {
  const start = said.find((message): message is Ready => message.type === 'ready');
  if (start === undefined) throw new Error('the run did not start');
  const snapshots = said.filter((message) => message.type === 'snapshot').map((message) => message.snapshot);
  const last = snapshots.at(-1);
  const middle = snapshots.find(({ step, kernels }) => step >= DRAG_AT && kernels !== null);
  let next = EVERY;
  const rest = said.flatMap((message): FromEngine[] => {
    if (message.type === 'evaluation') return [message];
    if (message.type !== 'snapshot') return [];
    const { snapshot } = message;
    if (snapshot === middle || snapshot === last) return [message];
    if (snapshot.step < next) return [];
    next = snapshot.step + EVERY;
    return [{ type: 'snapshot', snapshot: { ...snapshot, kernels: null, probe: null } }];
  });
  // How fast this machine is, and what it lacks, is not worth recording.
  const backends = [{ name: 'wasm', device: 'WebAssembly SIMD', milliseconds: 10, reason: null }] as const;
  return [{ ...start, backends }, ...rest];
}

for (const task of ['digits', 'ludb'] as const) {
  const text = writeMessages(thin(await train(settingsOf(task))));
  writeFileSync(new URL(`../tests/fixtures/run-${task}.json`, import.meta.url), text);
  console.log(`tests/fixtures/run-${task}.json: ${Math.round(text.length / 1024)} KB`);
}
