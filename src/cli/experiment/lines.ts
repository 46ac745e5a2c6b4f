/** What a run leaves: one line of JSON, in a file of its own until all are merged. */
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import * as v from 'valibot';
import { parseArchitecture } from '../../architecture/architecture.ts';
import { ExperimentError, keyOf, parseJson, specSchema, type Spec } from './grid.ts';

const finite = v.pipe(v.number(), v.finite());
const architecture = v.pipe(
  v.unknown(),
  v.rawTransform(({ dataset, addIssue, NEVER }) => {
    try {
      return parseArchitecture(dataset.value);
    } catch (error) {
      addIssue({ message: error instanceof Error ? error.message : String(error) });
      return NEVER;
    }
  }),
);

/** The architecture's axes at a step. */
const moment = v.strictObject({
  step: finite,
  /** Mean loss and metric on training data since the moment before. */
  loss: finite,
  metric: finite,
  /** Cost divided by the budget. */
  ratio: finite,
  /** Means over the blocks that are run: taps an axis; points of the grid and channels, as parts of the most. Blocks that are run. */
  kernel: finite,
  resolution: finite,
  width: finite,
  depth: finite,
});

const lineSchema = v.strictObject({
  version: v.literal(1),
  spec: specSchema,
  metric: v.strictObject({
    name: v.picklist(['accuracy', 'iou', 'relative-l2']),
    value: finite,
    scores: v.array(v.strictObject({ name: v.string(), value: finite })),
  }),
  loss: finite,
  /** Multiply–accumulates a sample. */
  cost: v.strictObject({ macs: finite, target: finite, full: finite, ratio: finite }),
  seconds: finite,
  msPerStep: finite,
  /** Where it ran: backend and processor, in words. */
  device: v.string(),
  history: v.array(moment),
  start: architecture,
  architecture,
  /** The same network crystallised: its metric, learned numbers, cost, and how long it takes for all held-out samples beside the soft one. */
  crystal: v.strictObject({
    metric: finite,
    parameters: finite,
    macs: finite,
    milliseconds: finite,
    softMilliseconds: finite,
  }),
});

export type Line = v.InferOutput<typeof lineSchema>;
export type Moment = v.InferOutput<typeof moment>;

/** What is compared with each other: what was learned, and from which start where that is not its own. */
export function seriesOf({ rung, start }: Pick<Spec, 'rung' | 'start'>): string {
  return rung === start ? rung : `${rung} from ${start}`;
}

/** @throws ExperimentError naming the place, and what was expected there */
export function parseLine(where: string, text: string): Line {
  const result = v.safeParse(lineSchema, parseJson(where, text));
  if (result.success) return result.output;
  const issue = result.issues[0];
  throw new ExperimentError(`${where}: ${v.getDotPath(issue) ?? 'the whole line'}: ${issue.message}`);
}

const folderOf = (output: string): string => join(output, 'lines');

/** Writes a run's line, whole or not at all. */
export async function writeLine(output: string, line: Line): Promise<void> {
  await mkdir(folderOf(output), { recursive: true });
  await writeWhole(join(folderOf(output), `${keyOf(line.spec)}.jsonl`), [line]);
}

async function writeWhole(file: string, lines: readonly Line[]): Promise<void> {
  const unfinished = `${file}.${process.pid}.part`;
  await writeFile(unfinished, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  await rename(unfinished, file);
}

/** All lines of a folder, merged. */
const MERGED = 'results.jsonl';

/** Those of the runs whose lines are in the folder already, by their keys. */
export async function finished(output: string, specs: readonly Spec[]): Promise<Set<string>> {
  const there = new Set((await readLines(output)).map(({ spec }) => keyOf(spec)));
  return new Set(specs.map(keyOf).filter((key) => there.has(key)));
}

/** Writes all lines of a folder, in the order given, into one file, whole or not at all. */
export async function writeMerged(output: string, lines: readonly Line[]): Promise<void> {
  await writeWhole(join(output, MERGED), lines);
}

/** All lines of a folder: those merged before, then those that came back since, in the order of their files' names; a file may hold several. */
export async function readLines(output: string): Promise<Line[]> {
  const single = (await readdir(folderOf(output)).catch((): string[] => [])).filter((file) => file.endsWith('.jsonl'));
  const lines = new Map<string, Line>();
  for (const file of [join(output, MERGED), ...single.sort().map((name) => join(folderOf(output), name))]) {
    const text = await readFile(file, 'utf8').catch((error: unknown) => {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
      throw error;
    });
    for (const [index, row] of text.split('\n').entries()) {
      if (row.trim() === '') continue;
      const line = parseLine(`${basename(file)}, line ${index + 1}`, row);
      // A run that came back twice counts once.
      lines.set(keyOf(line.spec), line);
    }
  }
  return [...lines.values()];
}
