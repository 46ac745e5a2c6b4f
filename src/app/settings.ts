/** One table of the page's settings: it gives each its control, its help, its bounds and its key in the permalink. */
import * as v from 'valibot';
import { AXES, type LearnedAxes } from '../dnarch/config.ts';
import { BACKENDS, type BackendName, type LiveSettings, type RunSettings } from '../engine/protocol.ts';
import { isOwnId } from '../own/store.ts';
import type { Task } from '../tasks/task.ts';

/** What a person can set on the page; `batch` is null where the task's own applies. */
export interface PageSettings {
  readonly task: string;
  readonly seed: number;
  readonly learn: LearnedAxes;
  readonly budget: number;
  readonly lambda: number;
  readonly oneSided: boolean;
  readonly learningRate: number;
  readonly maskLearningRate: number;
  readonly batch: number | null;
  readonly dropout: number;
  readonly start: RunSettings['start'];
  readonly backend: BackendName | 'auto';
}

export type SettingKey = keyof PageSettings;

/** How a setting is shown; values travel as text, as they do in the permalink. */
export type Control =
  | { readonly kind: 'range'; readonly scale: 'linear' | 'log'; readonly min: number; readonly max: number }
  | { readonly kind: 'number'; readonly min: number; readonly max: number }
  | { readonly kind: 'toggle' }
  | { readonly kind: 'choice'; readonly options: readonly { readonly text: string; readonly label: string }[] }
  /** Drawn by a component of its own. */
  | { readonly kind: 'own' };

export interface Setting<V> {
  readonly label: string;
  /** One sentence, shown as tooltip and beside the control. */
  readonly help: string;
  readonly url: string;
  readonly fallback: V;
  /** Whether a run takes a new value as it goes on; otherwise the run starts anew. */
  readonly live: boolean;
  readonly control: Control;
  readonly schema: v.GenericSchema<string, V>;
  readonly text: (value: V) => string;
}

type SettingTable = { readonly [K in SettingKey]: Setting<PageSettings[K]> };

const number = (min: number, max: number) =>
  v.pipe(
    v.string(),
    v.decimal(`must be a number from ${min} to ${max}`),
    v.transform(Number),
    v.minValue(min, `must be at least ${min}`),
    v.maxValue(max, `must be at most ${max}`),
  );

const integer = (min: number, max: number) => v.pipe(number(min, max), v.integer('must be a whole number'));

const flag = v.pipe(
  v.picklist(['0', '1'], 'must be 0 or 1'),
  v.transform((text) => text === '1'),
);

/** The axes as text: `KRWD`, `KR`, … or `fixed` for none. */
export const learnText = (learn: LearnedAxes): string => AXES.filter((axis) => learn[axis]).join('') || 'fixed';

const learn = v.pipe(
  v.string(),
  v.regex(/^(fixed|K?R?W?D?)$/, 'must be letters of KRWD in this order, or “fixed”'),
  v.transform((text) => {
    const has = (axis: string) => text !== 'fixed' && text.includes(axis);
    return { K: has('K'), R: has('R'), W: has('W'), D: has('D') };
  }),
);

const decimal = (value: number): string => String(Number(value.toPrecision(3)));

/** Smallest budget on the slider, as a fraction of the full network's cost. */
export const MIN_BUDGET = 0.02;

export const DEFAULT_TASK = 'fashion-mnist';

/** Builds the table for the tasks at hand. */
export function settingTable(tasks: readonly Pick<Task, 'id'>[]): SettingTable {
  const ids = tasks.map((task) => task.id);
  return {
    task: {
      label: 'Data set',
      help: 'What the network learns to do.',
      url: 'task',
      fallback: ids.includes(DEFAULT_TASK) ? DEFAULT_TASK : (ids[0] ?? DEFAULT_TASK),
      live: false,
      control: { kind: 'own' },
      schema: v.picklist(ids, ({ input }) =>
        typeof input === 'string' && isOwnId(input)
          ? 'names someone’s own data, which are not in this browser; give the files again with “Your own data”'
          : `must be one of ${ids.filter((id) => !isOwnId(id)).join(', ')}`,
      ),
      text: (value) => value,
    },
    seed: {
      label: 'Seed',
      help: 'The number that all randomness comes from: the same seed, settings and backend give the same run.',
      url: 'seed',
      fallback: 1,
      live: false,
      control: { kind: 'number', min: 0, max: 999_999 },
      schema: integer(0, 999_999),
      text: String,
    },
    learn: {
      label: 'What may it learn?',
      help: 'Which sizes the gradient may change; a size that is off stays as it is.',
      url: 'learn',
      fallback: { K: true, R: true, W: true, D: true },
      live: true,
      control: { kind: 'own' },
      schema: learn,
      text: learnText,
    },
    budget: {
      label: 'Compute budget',
      help: 'How much one prediction may cost, as a share of the full network; drag it while it trains.',
      url: 'budget',
      fallback: 0.25,
      live: true,
      control: { kind: 'range', scale: 'log', min: MIN_BUDGET, max: 1 },
      schema: number(MIN_BUDGET, 1),
      text: decimal,
    },
    lambda: {
      label: 'Weight of the budget',
      help: 'How hard the budget pulls against the task; at 0 it does not pull at all.',
      url: 'lambda',
      fallback: 1,
      live: true,
      control: { kind: 'range', scale: 'linear', min: 0, max: 10 },
      schema: number(0, 10),
      text: decimal,
    },
    oneSided: {
      label: 'May stay under the budget',
      help: 'The budget only pulls when the network costs too much; a network that needs less may stay small.',
      url: 'onesided',
      fallback: false,
      live: true,
      control: { kind: 'toggle' },
      schema: flag,
      text: (value) => (value ? '1' : '0'),
    },
    learningRate: {
      label: 'Learning rate of the weights',
      help: 'How far one step moves the weights.',
      url: 'lr',
      fallback: 0.01,
      live: true,
      control: { kind: 'range', scale: 'log', min: 0.0001, max: 0.1 },
      schema: number(0.0001, 0.1),
      text: decimal,
    },
    maskLearningRate: {
      label: 'Learning rate of the sizes',
      help: 'How far one step moves the kernel sizes, cutoffs, widths and depth.',
      url: 'masklr',
      fallback: 0.004,
      live: true,
      control: { kind: 'range', scale: 'log', min: 0.0001, max: 0.1 },
      schema: number(0.0001, 0.1),
      text: decimal,
    },
    batch: {
      label: 'Samples a step',
      help: 'How many samples each step averages over; more is calmer and slower.',
      url: 'batch',
      fallback: null,
      live: false,
      control: {
        kind: 'choice',
        options: [
          { text: 'auto', label: 'as the task suggests' },
          ...[8, 16, 32, 64, 128].map((size) => ({ text: String(size), label: String(size) })),
        ],
      },
      schema: v.union(
        [
          v.pipe(
            v.literal('auto'),
            v.transform(() => null),
          ),
          integer(1, 512),
        ],
        'must be “auto” or a whole number from 1 to 512',
      ),
      text: (value) => (value === null ? 'auto' : String(value)),
    },
    dropout: {
      label: 'Dropout',
      help: 'Share of the activations that each step switches off, against learning the training set by heart.',
      url: 'dropout',
      fallback: 0,
      live: false,
      control: { kind: 'range', scale: 'linear', min: 0, max: 0.5 },
      schema: number(0, 0.5),
      text: decimal,
    },
    start: {
      label: 'Start from',
      help: 'Begin at the budget, in a neutral or a hand-made shape, or as the full network and shrink.',
      url: 'start',
      fallback: 'budget',
      live: false,
      control: {
        kind: 'choice',
        options: [
          { text: 'budget', label: 'the budget' },
          { text: 'full', label: 'the full network' },
          { text: 'hand-made', label: 'a hand-made network' },
        ],
      },
      schema: v.picklist(['budget', 'full', 'hand-made'], 'must be “budget”, “full” or “hand-made”'),
      text: (value) => value,
    },
    backend: {
      label: 'Runs on',
      help: 'What does the arithmetic; automatic measures what this browser offers and takes the fastest.',
      url: 'backend',
      fallback: 'auto',
      live: false,
      control: {
        kind: 'choice',
        options: [
          { text: 'auto', label: 'fastest (automatic)' },
          { text: 'webgpu', label: 'WebGPU' },
          { text: 'webgl', label: 'WebGL' },
          { text: 'wasm', label: 'WebAssembly' },
          { text: 'cpu', label: 'plain JavaScript' },
        ],
      },
      schema: v.picklist(['auto', ...BACKENDS], `must be auto, ${BACKENDS.join(', ')}`),
      text: (value) => value,
    },
  };
}

/** The page's order of the settings, which is also the permalink's. */
export const SETTING_KEYS: readonly SettingKey[] = [
  'task',
  'seed',
  'learn',
  'budget',
  'lambda',
  'oneSided',
  'learningRate',
  'maskLearningRate',
  'batch',
  'dropout',
  'start',
  'backend',
];

export function defaultSettings(table: SettingTable): PageSettings {
  const { task, seed, learn, budget, lambda, oneSided, learningRate, maskLearningRate } = table;
  return {
    task: task.fallback,
    seed: seed.fallback,
    learn: learn.fallback,
    budget: budget.fallback,
    lambda: lambda.fallback,
    oneSided: oneSided.fallback,
    learningRate: learningRate.fallback,
    maskLearningRate: maskLearningRate.fallback,
    batch: table.batch.fallback,
    dropout: table.dropout.fallback,
    start: table.start.fallback,
    backend: table.backend.fallback,
  };
}

/** The settings with one of them read from text, or what is wrong with that text. */
export function withText<K extends SettingKey>(
  table: Pick<SettingTable, K>,
  settings: PageSettings,
  key: K,
  text: string,
): { readonly settings: PageSettings } | { readonly problem: string } {
  const setting = table[key];
  const result = v.safeParse(setting.schema, text);
  if (!result.success) return { problem: result.issues[0].message };
  return { settings: { ...settings, [key]: result.output } };
}

export function textOf<K extends SettingKey>(
  table: Pick<SettingTable, K>,
  settings: Pick<PageSettings, K>,
  key: K,
): string {
  return table[key].text(settings[key]);
}

/** What defines the run that these settings ask for. */
export function runSettings(settings: PageSettings, task: Pick<Task, 'batch'>): RunSettings {
  const { backend: _, batch, ...rest } = settings;
  return { ...rest, batch: batch ?? task.batch, steps: null };
}

export function liveSettings(settings: Required<LiveSettings>): LiveSettings {
  const { learn, budget, lambda, oneSided, learningRate, maskLearningRate } = settings;
  return { learn, budget, lambda, oneSided, learningRate, maskLearningRate };
}

export type { SettingTable };
