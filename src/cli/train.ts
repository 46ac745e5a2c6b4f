/** `train`: one run of given length; JSON lines on stdout with `--json`, words for people on stderr. */
import { parseArgs } from 'node:util';
import type { Architecture } from '../architecture/architecture.ts';
import { AXES, type Axis, type LearnedAxes } from '../dnarch/config.ts';
import { describeArchitecture } from '../dnarch/describe.ts';
import { openBackend } from './backend.ts';
import { BACKENDS, type BackendName, type RunSettings } from '../engine/protocol.ts';
import { evaluateWhole, Run } from '../engine/run.ts';
import { ownTask } from '../own/ownTask.ts';
import { readOwn } from '../own/readOwn.ts';
import { findTask } from '../tasks/index.ts';
import type { Task } from '../tasks/task.ts';
import { validationSplit, VALIDATION_SEED } from '../tasks/validation.ts';
import { crystalOf } from './crystal.ts';
import { decodeImage } from './images.ts';
import { METRIC_NAMES, metricText } from './metricNames.ts';
import { ownFiles } from './ownFiles.ts';
import { readPublic } from './publicFiles.ts';

const USAGE =
  'usage: npm run --silent train -- (--task NAME | --data PATH) [--learn KRWD|K|…|fixed] [--budget 0.25] [--steps N] [--seed 1] [--backend wasm] [--validate] [--crystallise] [--json]';

/** Something is wrong with the arguments; the message says what. */
class UsageError extends Error {}

interface Arguments {
  readonly task: Task;
  readonly settings: RunSettings;
  readonly backend: BackendName;
  readonly json: boolean;
  /** Measure on training samples that were set aside, and leave the test samples alone. */
  readonly validate: boolean;
  /** At the end, make the ordinary discrete network of the learned one and measure it as well. */
  readonly crystallise: boolean;
}

/** Steps between lines of progress. */
const REPORT = 20;

export async function trainCommand(argv: readonly string[]): Promise<number> {
  try {
    await train(await readArguments(argv));
    return 0;
  } catch (error) {
    process.stderr.write(`train: ${error instanceof Error ? error.message : String(error)}\n`);
    if (!(error instanceof UsageError)) return 1;
    process.stderr.write(`${USAGE}\n`);
    return 2;
  }
}

async function readArguments(argv: readonly string[]): Promise<Arguments> {
  const { values } = parse(argv);
  const backend = BACKENDS.find((name) => name === (values.backend ?? 'wasm'));
  if (backend === undefined) {
    throw new UsageError(`there is no backend "${values.backend ?? ''}"; known are ${BACKENDS.join(', ')}.`);
  }
  const learn = readAxes(values.learn);
  const task = await readTask(values);
  const steps = number('steps', values.steps, task.steps, { least: 1, integer: true });
  return {
    task,
    backend,
    json: values.json,
    validate: values.validate,
    crystallise: values.crystallise,
    settings: {
      task: task.id,
      seed: number('seed', values.seed, 1, { least: 0, integer: true }),
      learn,
      budget: number('budget', values.budget, 0.25, { least: 0.001, most: 1 }),
      lambda: number('lambda', values.lambda, 1, { least: 0 }),
      oneSided: values['one-sided'],
      learningRate: number('learning-rate', values['learning-rate'], 0.01, { least: 0 }),
      maskLearningRate: number('mask-learning-rate', values['mask-learning-rate'], 4 / steps, { least: 0 }),
      batch: number('batch', values.batch, task.batch, { least: 2, integer: true }),
      dropout: number('dropout', values.dropout, 0, { least: 0, most: 0.9 }),
      start: values['full-start'] ? 'full' : AXES.some((axis) => learn[axis]) ? 'budget' : 'hand-made',
      steps,
    },
  };
}

/** The task of that name, or one of the user's own data. */
async function readTask({ task, data }: { readonly task?: string; readonly data?: string }): Promise<Task> {
  if (task !== undefined && data === undefined) return usage(() => findTask(task));
  if (task !== undefined || data === undefined) {
    throw new UsageError('name a task with --task, or data of your own with --data.');
  }
  const files = await ownFiles(data).catch((error: unknown) => {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  });
  const own = await readOwn(files, {}, { decodeImage, progress: () => undefined });
  const { train, test } = own.dataset;
  const shape = [...own.grid, own.channels].join('×');
  say(`${own.name}: ${own.format}, ${train.count} + ${test.count} samples of ${shape}, ${own.classes.join(', ')}`);
  for (const note of own.notes) say(`note: ${note}`);
  return ownTask(own, 'own-data');
}

function parse(argv: readonly string[]) {
  return usage(() =>
    parseArgs({
      args: [...argv],
      options: {
        task: { type: 'string' },
        data: { type: 'string' },
        learn: { type: 'string' },
        budget: { type: 'string' },
        steps: { type: 'string' },
        seed: { type: 'string' },
        backend: { type: 'string' },
        lambda: { type: 'string' },
        batch: { type: 'string' },
        dropout: { type: 'string' },
        'learning-rate': { type: 'string' },
        'mask-learning-rate': { type: 'string' },
        'one-sided': { type: 'boolean', default: false },
        'full-start': { type: 'boolean', default: false },
        validate: { type: 'boolean', default: false },
        crystallise: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
      },
    }),
  );
}

/** What goes wrong in `read` is the arguments' fault. */
function usage<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function readAxes(text = 'KRWD'): LearnedAxes {
  const learned = new Set<string>(text === 'fixed' ? '' : text.toUpperCase());
  const unknown = [...learned].find((letter) => !AXES.some((axis) => axis === letter));
  if (unknown !== undefined) {
    throw new UsageError(`there is no axis "${unknown}" to learn; give some of ${AXES.join('')}, or "fixed".`);
  }
  const has = (axis: Axis): boolean => learned.has(axis);
  return { K: has('K'), R: has('R'), W: has('W'), D: has('D') };
}

function number(
  name: string,
  text: string | undefined,
  fallback: number,
  { least, most = Infinity, integer = false }: { least: number; most?: number; integer?: boolean },
): number {
  if (text === undefined) return fallback;
  const value = text.trim() === '' ? NaN : Number(text);
  if (Number.isFinite(value) && value >= least && value <= most && (!integer || Number.isInteger(value))) return value;
  const range = most === Infinity ? `of at least ${least}` : `from ${least} to ${most}`;
  throw new UsageError(`--${name} must be ${integer ? 'a whole number' : 'a number'} ${range}, not "${text}".`);
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

async function train({ task, settings, backend, json, validate, crystallise }: Arguments): Promise<void> {
  const emit = (line: object): void => {
    if (json) process.stdout.write(`${JSON.stringify(line)}\n`);
  };
  let said = 0;
  const loaded = await task.load(readPublic, (part) => {
    if (part < said + 0.2) return;
    said = part;
    say(`${task.title}: ${Math.round(100 * part)} % of the samples are there`);
  });
  const data = validate ? usage(() => validationSplit(task, loaded, VALIDATION_SEED)) : loaded;
  const device = await openBackend(backend);
  const run = usage(() => new Run(task, data, settings));
  const { training, budget } = run;
  const start = describeArchitecture(training.config, training.parameters);
  const name = AXES.filter((axis) => settings.learn[axis]).join('');
  say(`${task.title}: learning ${name || 'weights alone'} for ${settings.steps ?? 0} steps on ${backend} (${device})`);
  say(sentence(start));
  const measure = (value: number): string => `${METRIC_NAMES[task.metric]} ${metricText(task.metric, value)}`;
  const before = performance.now();
  for (let step = 1; step <= (settings.steps ?? 0); step++) {
    await run.step();
    if (step % REPORT !== 0 && step !== settings.steps) continue;
    await training.flush();
    const results = training.takeResults();
    const mean = (pick: (result: (typeof results)[number]) => number): number =>
      results.reduce((sum, result) => sum + pick(result), 0) / results.length;
    const architecture = describeArchitecture(training.config, training.parameters);
    const taskLoss = mean((result) => result.taskLoss);
    const loss = taskLoss + mean((result) => result.budgetLoss);
    const metric = mean((result) => result.metric);
    emit({ type: 'step', step, loss, taskLoss, metric, macs: architecture.macs, target: Math.round(budget.target) });
    const ratio = (architecture.macs / budget.target).toFixed(3);
    say(`step ${step}: loss ${taskLoss.toFixed(3)}, ${measure(metric)}, cost ${ratio} of the budget`);
  }
  const seconds = (performance.now() - before) / 1000;
  const { metric, scores, loss } = await evaluateWhole(run);
  const crystal = crystallise ? await crystalOf(run) : null;
  const architecture = describeArchitecture(training.config, training.parameters);
  emit({
    type: 'result',
    task: task.id,
    learn: name,
    seed: settings.seed,
    steps: settings.steps,
    backend,
    heldOut: validate ? 'validation' : 'test',
    metric: { name: METRIC_NAMES[task.metric], value: metric, scores },
    loss,
    cost: {
      macs: architecture.macs,
      target: Math.round(budget.target),
      ratio: architecture.macs / budget.target,
    },
    start,
    architecture,
    ...(crystal === null ? {} : { crystal }),
    seconds,
    msPerStep: (1000 * seconds) / (settings.steps ?? 1),
  });
  say(sentence(architecture));
  const others = scores.map((one) => `, ${one.name} ${(100 * one.value).toFixed(1)} %`).join('');
  say(
    `${validate ? 'validation' : 'held out'}: ${measure(metric)}${others}; ${seconds.toFixed(0)} s, ${((1000 * seconds) / training.step).toFixed(0)} ms a step`,
  );
  if (crystal !== null) {
    const { parameters, macs, milliseconds, softMilliseconds } = crystal;
    say(
      `crystallised: ${measure(crystal.metric)}, ${parameters} parameters, ${(macs / 1e6).toFixed(2)} MMAC; ` +
        `${milliseconds.toFixed(0)} ms for all of them, the soft network ${softMilliseconds.toFixed(0)} ms`,
    );
  }
  run.dispose();
}

function sentence({ blocks, macs, full }: Architecture): string {
  const each = blocks
    .filter(({ kept }) => kept)
    .map(({ grid, kernel, width }) => `${grid.join('×')} k${kernel.join('×')} ${width.inner}→${width.outer}`);
  return `${each.join(' | ')}; ${(macs / 1e6).toFixed(2)} of ${(full.macs / 1e6).toFixed(2)} MMAC`;
}
