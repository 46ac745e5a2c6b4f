/** `experiment`: a grid of runs, one of its runs, or what came back from them. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { fullCost } from '../../dnarch/budget.ts';
import { networkConfig } from '../../engine/run.ts';
import { METRIC_NAMES, metricText } from '../metricNames.ts';
import { figuresOf } from './figures.ts';
import { ExperimentError, keyOf, nameOf, parseGrid, parseJson, runsOf, type Grid, type Spec } from './grid.ts';
import { finished, readLines, writeLine, writeMerged, type Line } from './lines.ts';
import { runJobs, timeText } from './pool.ts';
import { presetOf } from './presets.ts';
import { runOne, taskOf } from './runOne.ts';
import { groupsOf } from './statistics.ts';
import { tableOf } from './table.ts';

const USAGE = [
  'usage: npm run --silent experiment -- GRID [--output DIR] [--jobs N]   all runs of a grid, then the table',
  '       npm run --silent experiment -- list GRID                        its runs by index, one a line',
  '       npm run --silent experiment -- run GRID INDEX [--output DIR]    one of them',
  '       npm run --silent experiment -- collect DIR                      table and figures of what is in a folder',
  'GRID is ladder or wrong-start, each with [--quick] and [--validate], or a file of JSON (docs/experiments.md).',
].join('\n');

const FOLDER = '.cache/experiments';

export async function experimentCommand(argv: readonly string[], main: readonly string[]): Promise<number> {
  try {
    return await experiment(argv, main);
  } catch (error) {
    process.stderr.write(`experiment: ${error instanceof Error ? error.message : String(error)}\n`);
    if (!(error instanceof ExperimentError)) return 1;
    process.stderr.write(`${USAGE}\n`);
    return 2;
  }
}

interface Options {
  readonly quick: boolean;
  readonly validate: boolean;
  readonly output?: string | undefined;
  readonly jobs?: string | undefined;
}

/** `main` is how a process of this command is begun. */
async function experiment(argv: readonly string[], main: readonly string[]): Promise<number> {
  const { values, positionals } = parse(argv);
  const [first, second, third, ...rest] = positionals;
  if (first === undefined) throw new ExperimentError('name a grid.');
  const takes = { run: 3, list: 2, collect: 2 }[first] ?? 1;
  const tooMany = positionals[takes] ?? rest[0];
  if (tooMany !== undefined) throw new ExperimentError(`"${tooMany}" is one argument too many.`);
  switch (first) {
    case 'run':
      return runIndex(await readGrid(second, values), third, values);
    case 'list':
      for (const [index, spec] of runsOf(await readGrid(second, values)).entries()) say(`${index} ${nameOf(spec)}`);
      return 0;
    case 'collect':
      if (second === undefined) throw new ExperimentError('name the folder to collect.');
      return collect(second);
    default:
      return runGrid(await readGrid(first, values), values, main);
  }
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        quick: { type: 'boolean', default: false },
        validate: { type: 'boolean', default: false },
        output: { type: 'string' },
        jobs: { type: 'string' },
      },
    });
  } catch (error) {
    throw new ExperimentError(error instanceof Error ? error.message : String(error));
  }
}

async function readGrid(name: string | undefined, { quick, validate }: Options): Promise<Grid> {
  if (name === undefined) throw new ExperimentError('name a grid.');
  const preset = presetOf(name, quick);
  if (preset !== undefined) {
    const half = validate ? { name: `${preset.name}-validation`, heldOut: 'validation' } : {};
    return parseGrid(name, { ...preset, ...half });
  }
  if (quick || validate) throw new ExperimentError('--quick and --validate are for ladder and wrong-start alone.');
  const text = await readFile(name, 'utf8').catch(() => {
    throw new ExperimentError(`there is no experiment "${name}", and no file of that name.`);
  });
  return parseGrid(name, parseJson(name, text));
}

async function runIndex(grid: Grid, text: string | undefined, { output }: Options): Promise<number> {
  const specs = runsOf(grid);
  const spec = specs[/^\d+$/.test(text ?? '') ? Number(text) : -1];
  if (spec === undefined) {
    throw new ExperimentError(`the index must be a whole number from 0 to ${specs.length - 1}, not "${text ?? ''}".`);
  }
  const folder = output ?? join(FOLDER, grid.name);
  if ((await finished(folder, [spec])).size > 0) {
    note(`${nameOf(spec)} is in ${folder} already`);
    return 0;
  }
  const line = await runOne(spec);
  await writeLine(folder, line);
  note(sentence(line));
  return 0;
}

function sentence({ spec, metric, cost, seconds }: Line): string {
  const measured = `${METRIC_NAMES[metric.name]} ${metricText(metric.name, metric.value)}`;
  return `${nameOf(spec)}: ${measured}, cost ${cost.ratio.toFixed(3)} of the budget, ${timeText(seconds)}`;
}

async function runGrid(grid: Grid, { output, jobs }: Options, main: readonly string[]): Promise<number> {
  const most = jobs === undefined ? availableParallelism() : Number(jobs);
  if (!Number.isInteger(most) || most < 1) throw new ExperimentError(`--jobs must be a whole number of at least 1.`);
  const folder = output ?? join(FOLDER, grid.name);
  const file = join(folder, 'grid.json');
  await mkdir(folder, { recursive: true });
  await writeFile(file, `${JSON.stringify(grid, null, 2)}\n`);
  const specs = runsOf(grid);
  const done = await finished(folder, specs);
  const waiting = specs
    .map((spec, index) => ({ spec, index }))
    .filter(({ spec }) => !done.has(keyOf(spec)))
    .map(({ spec, index }) => ({
      name: nameOf(spec),
      args: [...main, 'run', file, String(index), '--output', folder],
      work: workOf(spec),
    }));
  note(`${grid.name}: ${specs.length} runs, ${done.size} of them done, ${most} at a time, in ${folder}`);
  const failed = await runJobs(waiting, most, (report) => {
    const left = report.finished < waiting.length ? `, about ${timeText(report.left)} left` : '';
    note(`${done.size + report.finished} of ${specs.length} done${left}: ${report.last}`);
  });
  if (failed > 0) note(`${failed} runs failed; the same command tries them again.`);
  await collect(folder);
  return failed > 0 ? 1 : 0;
}

/** About the milliseconds of a run on one core: what was measured of tasks from 0.2 to 20 MMAC, in batches of 32 or as many points. */
function workOf(spec: Spec): number {
  const config = networkConfig(taskOf(spec), spec.batch);
  return spec.steps * (20 + (0.6 * spec.batch * spec.budget * fullCost(config)) / 1e6) + 3000;
}

/** Merges the lines of a folder into one file, and writes table and figures beside it. */
async function collect(folder: string): Promise<number> {
  const file = join(folder, 'grid.json');
  const text = await readFile(file, 'utf8').catch(() => null);
  const keys = text === null ? [] : runsOf(parseGrid(file, parseJson(file, text))).map(keyOf);
  // In the grid's order; what is of no grid, or of another one, comes last.
  const place = (line: Line): number => {
    const index = keys.indexOf(keyOf(line.spec));
    return index < 0 ? keys.length : index;
  };
  const lines = (await readLines(folder)).toSorted((a, b) => place(a) - place(b));
  if (lines.length === 0) throw new ExperimentError(`there are no lines in ${folder}.`);
  const groups = groupsOf(lines);
  const table = tableOf(groups);
  await writeMerged(folder, lines);
  await writeFile(join(folder, 'table.md'), `${table}\n`);
  const figures = Object.entries(figuresOf(lines));
  for (const [name, figure] of figures) await writeFile(join(folder, name), figure);
  say(table);
  const missing = keys.filter((key) => !lines.some((line) => keyOf(line.spec) === key)).length;
  if (missing > 0) note(`${missing} of the grid's ${keys.length} runs are missing.`);
  note(`results.jsonl, table.md and ${figures.map(([name]) => name).join(', ')} are in ${folder}`);
  return 0;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

function note(text: string): void {
  process.stderr.write(`${text}\n`);
}
