/** What an experiment consists of: a grid of runs, read from untrusted JSON, and the runs that it stands for. */
import { createHash } from 'node:crypto';
import * as v from 'valibot';
import { AXES, type LearnedAxes } from '../../dnarch/config.ts';
import { STARTS } from '../../dnarch/training.ts';
import { findTask } from '../../tasks/index.ts';

/** Something is wrong with the arguments or a file; the message says what. */
export class ExperimentError extends Error {}

const whole = (least: number) =>
  v.pipe(
    v.number(),
    v.integer(),
    v.minValue(least, ({ input }) => `must be at least ${least}, not ${input}`),
  );
const between = (least: number, most: number) =>
  v.pipe(
    v.number(),
    v.minValue(least, ({ input }) => `must be from ${least} to ${most}, not ${input}`),
    v.maxValue(most, ({ input }) => `must be from ${least} to ${most}, not ${input}`),
  );
const list = <T extends v.GenericSchema>(item: T) => v.pipe(v.array(item), v.minLength(1, 'must not be empty'));

const taskId = v.pipe(
  v.string(),
  v.check(
    (id) => known(id) === null,
    ({ input }) => known(input) ?? '',
  ),
);

/** Why there is no task of that id; null where there is one. */
function known(id: string): string | null {
  try {
    findTask(id);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Nothing learned but the weights of an opponent or of a start, or the axes that are learned. */
const rung = v.pipe(
  v.string(),
  v.regex(
    /^(?:uniform|hand-made|fixed|(?=.)K?R?W?D?)$/,
    ({ input }) => `must be uniform, hand-made, fixed or some of ${AXES.join('')} in this order, not "${input}"`,
  ),
);
const start = v.picklist(STARTS, `must be one of ${STARTS.join(', ')}`);
const budget = between(0.001, 1);

/** What a task's network may be given otherwise: tuned on the validation half, as the learned network's settings are. */
const network = v.strictObject({
  startKernel: v.exactOptional(whole(1)),
  startResolution: v.exactOptional(list(between(0.01, 1))),
  startDepth: v.exactOptional(between(0.01, 1)),
  handMade: v.exactOptional(v.strictObject({ taps: whole(1), strides: v.array(between(1, 64)) })),
});

const settings = v.strictObject({
  lambda: v.exactOptional(between(0, 1000)),
  oneSided: v.exactOptional(v.boolean()),
  learningRate: v.exactOptional(between(0, 10)),
  maskLearningRate: v.exactOptional(between(0, 10)),
  dropout: v.exactOptional(between(0, 0.9)),
});

/** Which half is measured at the end. */
const heldOut = v.picklist(['validation', 'test'], 'must be validation or test');

const gridSchema = v.strictObject({
  name: v.pipe(v.string(), v.regex(/^[\w-]+$/, 'must be letters, digits and dashes')),
  /** A task by its id, or with what is to be otherwise for it. */
  tasks: list(
    v.union(
      [
        taskId,
        v.strictObject({
          task: taskId,
          budgets: v.exactOptional(list(budget)),
          steps: v.exactOptional(list(whole(1))),
          batch: v.exactOptional(whole(2)),
          network: v.exactOptional(network),
        }),
      ],
      unionMessage,
    ),
  ),
  /** A rung is run from each of the starts, but for the opponents, which have their own; or from the one beside it. */
  rungs: list(v.union([rung, v.strictObject({ rung, start })], unionMessage)),
  budgets: list(budget),
  starts: v.optional(list(start), ['budget']),
  seeds: list(whole(0)),
  /** Lengths of the runs; where there are none, the task's own. */
  steps: v.exactOptional(list(whole(1))),
  heldOut: v.optional(heldOut, 'validation'),
  settings: v.optional(settings, {}),
});

export type Grid = v.InferOutput<typeof gridSchema>;
export type GridInput = v.InferInput<typeof gridSchema>;

export const specSchema = v.strictObject({
  task: taskId,
  rung,
  start,
  budget,
  seed: whole(0),
  steps: whole(1),
  batch: whole(2),
  heldOut,
  settings,
  network,
});

/** All that defines a run. */
export type Spec = v.InferOutput<typeof specSchema>;

/** Of what could be two things, the message of the one that was meant. */
function unionMessage({ input, issues }: v.UnionIssue<v.BaseIssue<unknown>>): string {
  const meant = issues?.filter((issue) => (issue.type === 'strict_object') !== (typeof input === 'object'));
  return meant?.[0]?.message ?? 'must be a name or an object';
}

/** @throws ExperimentError where the text of `file` is no JSON */
export function parseJson(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ExperimentError(`${file} is no JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** @throws ExperimentError naming the first field that is wrong, and what was expected there */
export function parseGrid(file: string, value: unknown): Grid {
  const result = v.safeParse(gridSchema, value);
  if (result.success) return result.output;
  const issue = result.issues[0];
  throw new ExperimentError(`${file}: ${v.getDotPath(issue) ?? 'the whole file'}: ${issue.message}`);
}

/** The grid's runs; their order is that of the indices. Seeds come last, so that half a grid is not half of each group. */
export function runsOf(grid: Grid): Spec[] {
  const rungs = grid.rungs.flatMap((own) => {
    if (typeof own !== 'string') return [own];
    if (own === 'uniform' || own === 'hand-made') return [{ rung: own, start: own } as const];
    return grid.starts.map((start) => ({ rung: own, start }));
  });
  const groups = grid.tasks.flatMap((entry) => {
    const own = typeof entry === 'string' ? { task: entry } : entry;
    const task = findTask(own.task);
    return (own.budgets ?? grid.budgets).flatMap((budget) =>
      (own.steps ?? grid.steps ?? [task.steps]).flatMap((steps) =>
        rungs.map((rung) => ({
          task: task.id,
          ...rung,
          budget,
          steps,
          batch: own.batch ?? task.batch,
          heldOut: grid.heldOut,
          settings: grid.settings,
          network: own.network ?? {},
        })),
      ),
    );
  });
  return grid.seeds.flatMap((seed) => groups.map((group) => ({ ...group, seed })));
}

/** Whether a rung learns something beside the weights. */
export const isLearned = (rung: string): boolean => /^[KRWD]+$/.test(rung);

/** The axes that a rung learns. */
export function learnedAxes(rung: string): LearnedAxes {
  const learned = isLearned(rung) ? rung : '';
  return { K: learned.includes('K'), R: learned.includes('R'), W: learned.includes('W'), D: learned.includes('D') };
}

/** A run's name: what a person looks for, and a digest of all that defines it, so that other settings are another run. */
export function keyOf(spec: Spec): string {
  const ordered = v.parse(specSchema, spec);
  const digest = createHash('sha256').update(JSON.stringify(ordered)).digest('hex').slice(0, 8);
  const { task, rung, start, budget, seed } = spec;
  return `${task}_${rung}_${start}_${budget}_s${seed}_${digest}`;
}

/** A run in words, e.g. `digits KRWD from budget, 25 %, seed 1`. */
export function nameOf({ task, rung, start, budget, seed }: Spec): string {
  const from = rung === start ? '' : ` from ${start}`;
  return `${task} ${rung}${from}, ${percent(budget)}, seed ${seed}`;
}

/** E.g. `25 %` or `0.5 %`. */
export const percent = (part: number): string => `${Number((100 * part).toFixed(1))} %`;
