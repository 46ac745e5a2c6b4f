/** Experiments on paper: grids and their runs, lines, statistics, table and figures; nothing is trained. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { experimentCommand } from '../../src/cli/experiment/command.ts';
import { axesFigure, metricFigure } from '../../src/cli/experiment/figures.ts';
import { keyOf, nameOf, parseGrid, runsOf, type Spec } from '../../src/cli/experiment/grid.ts';
import { finished, parseLine, readLines, writeLine, type Line } from '../../src/cli/experiment/lines.ts';
import { timeText } from '../../src/cli/experiment/pool.ts';
import { presetOf } from '../../src/cli/experiment/presets.ts';
import { comparisonsOf, gapsOf, groupsOf, statistic } from '../../src/cli/experiment/statistics.ts';
import { shapesFigure } from '../../src/cli/experiment/shapesFigure.ts';
import { tableOf } from '../../src/cli/experiment/table.ts';
import { fullParameters } from '../../src/dnarch/shapes.ts';
import { describeArchitecture } from '../../src/dnarch/describe.ts';
import { networkConfig } from '../../src/engine/run.ts';
import { findTask } from '../../src/tasks/index.ts';

const GRID = {
  name: 'small',
  tasks: ['digits', { task: 'ludb', steps: [7], budgets: [0.5] }],
  rungs: ['uniform', 'KR', { rung: 'fixed', start: 'wrong' }],
  budgets: [0.1, 0.25],
  starts: ['budget', 'full'],
  seeds: [1, 2],
  steps: [5],
};

const folders: string[] = [];
afterEach(async () => {
  vi.restoreAllMocks();
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
});

async function folder(): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), 'experiment-'));
  folders.push(made);
  return made;
}

const [SPEC] = runsOf(parseGrid('grid', GRID)) as [Spec];
const DIGITS = describeArchitecture(
  networkConfig(findTask('digits'), 32),
  fullParameters(networkConfig(findTask('digits'), 32)),
);

function lineOf(own: Partial<Spec>, value: number, name: Line['metric']['name'] = 'accuracy'): Line {
  return {
    version: 1,
    spec: { ...SPEC, ...own },
    metric: { name, value, scores: [] },
    loss: 1,
    cost: { macs: 1e6, target: 1e6, full: 4e6, ratio: 1.01 },
    seconds: 3,
    msPerStep: 30,
    device: 'one',
    history: [1, 2].map((step) => ({
      step,
      loss: 1,
      metric: value,
      ratio: 1,
      kernel: 3,
      resolution: 1 / step,
      width: 0.5,
      depth: 4,
    })),
    start: DIGITS,
    architecture: DIGITS,
    crystal: { metric: value - 0.01, parameters: 1000, macs: 9e5, milliseconds: 20, softMilliseconds: 40 },
  };
}

describe('a grid', () => {
  it('stands for each of its runs once, in an order of its own, the seeds last', () => {
    const specs = runsOf(parseGrid('grid', GRID));
    // A budget has an opponent, KR from two starts, and a wrong one; there are three budgets and two seeds.
    expect(specs).toHaveLength(3 * 4 * 2);
    expect(new Set(specs.map(keyOf)).size).toBe(specs.length);
    expect(specs.slice(0, 4).map(nameOf)).toEqual([
      'digits uniform, 10 %, seed 1',
      'digits KR from budget, 10 %, seed 1',
      'digits KR from full, 10 %, seed 1',
      'digits fixed from wrong, 10 %, seed 1',
    ]);
    expect(
      specs.filter(({ task }) => task === 'ludb').every(({ steps, budget }) => steps === 7 && budget === 0.5),
    ).toBe(true);
    expect(specs.slice(12).every(({ seed }) => seed === 2)).toBe(true);
    expect(specs[0]).toMatchObject({ batch: 32, heldOut: 'validation', settings: {}, network: {} });
  });

  it('names a run by all that defines it, in whatever order that is written', () => {
    expect(keyOf(SPEC)).toMatch(/^digits_uniform_uniform_0\.1_s1_[0-9a-f]{8}$/);
    expect(keyOf({ ...SPEC, settings: { lambda: 2 } })).not.toBe(keyOf(SPEC));
    const { task, ...rest } = SPEC;
    expect(keyOf({ ...rest, task })).toBe(keyOf(SPEC));
  });

  it.each([
    ['an unknown task', { tasks: ['cats'] }, 'tasks.0: there is no task "cats"'],
    ['an unknown task with settings', { tasks: [{ task: 'cats' }] }, 'tasks.0.task: there is no task "cats"'],
    [
      'an unknown rung',
      { rungs: ['RK'] },
      'rungs.0: must be uniform, hand-made, fixed or some of KRWD in this order, not "RK"',
    ],
    ['no rung', { rungs: [''] }, 'rungs.0: must be uniform'],
    ['an unknown start', { starts: ['small'] }, 'starts.0: must be one of budget, full, hand-made, uniform, wrong'],
    ['a budget over 1', { budgets: [2] }, 'budgets.0: must be from 0.001 to 1, not 2'],
    ['no seeds', { seeds: [] }, 'seeds: must not be empty'],
    ['an unknown setting', { settings: { speed: 1 } }, 'settings.speed: '],
    ['an unknown half', { heldOut: 'train' }, 'heldOut: must be validation or test'],
    ['a name that is a path', { name: '../x' }, 'name: must be letters, digits and dashes'],
  ])('%s: says where and what', (_, change, message) => {
    expect(() => parseGrid('my.json', { ...GRID, ...change })).toThrow(`my.json: ${message}`);
  });

  it('of the presets is whole', () => {
    for (const [name, quick, runs] of [
      ['ladder', false, 6 * 7 * 3 * 3],
      ['ladder', true, 2 * 7 * 2],
      ['wrong-start', false, 4 * 4 * 3],
      ['wrong-start', true, 2 * 4 * 2],
    ] as const) {
      expect(runsOf(parseGrid(name, presetOf(name, quick)))).toHaveLength(runs);
    }
    expect(presetOf('toString', false)).toBeUndefined();
  });
});

describe('lines', () => {
  it('come back as they were written, one of each run, and are known by their run', async () => {
    const output = await folder();
    const lines = [lineOf({}, 0.5), lineOf({ seed: 9 }, 0.6)];
    for (const line of [...lines, ...lines]) await writeLine(output, line);
    expect(await readLines(output)).toEqual(lines);
    const other = { ...SPEC, seed: 77 };
    expect(await finished(output, [SPEC, other])).toEqual(new Set([keyOf(SPEC)]));
    expect(await finished(join(output, 'nowhere'), [SPEC])).toEqual(new Set());
  });

  it('that are damaged name the place', () => {
    const text = JSON.stringify(lineOf({}, 0.5));
    expect(() => parseLine('a, line 1', text.slice(0, 50))).toThrow('a, line 1 is no JSON');
    expect(() => parseLine('a, line 1', text.replace('"loss":1', '"loss":"1"'))).toThrow('a, line 1: loss: ');
    expect(() => parseLine('a, line 1', text.replace('"gate":', '"gates":'))).toThrow(
      'a, line 1: start: Not a valid architecture: blocks.0.gate',
    );
  });
});

describe('statistics', () => {
  it('are means and sample deviations over the seeds', () => {
    expect(statistic([1, 2, 3])).toEqual({ mean: 2, deviation: 1 });
    expect(statistic([4])).toEqual({ mean: 4, deviation: null });
    const groups = groupsOf([lineOf({}, 0.5), lineOf({ budget: 0.5 }, 1), lineOf({ seed: 2 }, 0.7)]);
    expect(groups.map(({ lines, metric }) => [lines.length, metric.mean])).toEqual([
      [2, 0.6],
      [1, 1],
    ]);
  });

  it('say how much of the gap to the better opponent was closed, also where less is better', () => {
    const lines = (name: Line['metric']['name'], [uniform, made, wrong, learned]: [number, number, number, number]) => [
      lineOf({ rung: 'uniform', start: 'uniform' }, uniform, name),
      lineOf({ rung: 'hand-made', start: 'hand-made' }, made, name),
      lineOf({ rung: 'fixed', start: 'wrong' }, wrong, name),
      lineOf({ rung: 'KRWD', start: 'wrong' }, learned, name),
    ];
    const [accuracy] = gapsOf(groupsOf(lines('accuracy', [0.7, 0.8, 0.6, 0.75])));
    expect(accuracy).toMatchObject({ opponent: 'hand-made', best: 0.8 });
    expect(accuracy?.part).toBeCloseTo(0.75, 12);
    const [error] = gapsOf(groupsOf(lines('relative-l2', [0.1, 0.2, 0.3, 0.2])));
    expect(error).toMatchObject({ opponent: 'uniform', best: 0.1 });
    expect(error?.part).toBeCloseTo(0.5, 12);
    expect(gapsOf(groupsOf(lines('accuracy', [0.5, 0.5, 0.6, 0.75])))[0]?.part).toBeNull();
    expect(gapsOf(groupsOf(lines('accuracy', [0.7, 0.8, 0.6, 0.75]).slice(0, 3)))).toEqual([]);
    expect(tableOf(groupsOf(lines('accuracy', [0.7, 0.8, 0.6, 0.75])))).toContain('75 %');
  });
});

describe('comparisons', () => {
  const groups = (name: Line['metric']['name'], learned: readonly number[], uniform: readonly number[]) =>
    groupsOf([
      ...learned.map((value, seed) => lineOf({ rung: 'KRWD', start: 'budget', seed }, value, name)),
      ...uniform.map((value, seed) => lineOf({ rung: 'uniform', start: 'uniform', seed }, value, name)),
    ]);

  it('are in deviations of both groups, and a smaller error is better', () => {
    const [one, ...rest] = comparisonsOf(groups('accuracy', [0.8, 0.9], [0.7, 0.7]));
    expect(rest).toEqual([]);
    expect(one?.gain).toBeCloseTo(0.15, 12);
    expect(one?.deviation).toBeCloseTo(Math.sqrt((2 * 0.05 ** 2) / 2), 12);
    expect(comparisonsOf(groups('relative-l2', [0.8], [0.7]))[0]).toMatchObject({ deviation: null });
    expect(comparisonsOf(groups('relative-l2', [0.8], [0.7]))[0]?.gain).toBeCloseTo(-0.1, 12);
    expect(tableOf(groups('accuracy', [0.8, 0.9], [0.7, 0.7]))).toMatch(/15\.0 points +\| 3\.0 /);
  });

  it('are also with what had one freedom less, and with the same start as it was', () => {
    const lines = [
      lineOf({ rung: 'fixed', start: 'budget' }, 0.5),
      lineOf({ rung: 'fixed', start: 'full' }, 0.5),
      lineOf({ rung: 'K', start: 'uniform' }, 0.6),
      lineOf({ rung: 'KR', start: 'budget' }, 0.7),
      lineOf({ rung: 'KRW', start: 'budget' }, 0.8),
    ];
    const pairs = comparisonsOf(groupsOf(lines)).map(({ group, opponent }) => [group.spec.rung, opponent.spec]);
    expect(pairs).toMatchObject([
      ['KR', { rung: 'fixed', start: 'budget' }],
      ['KR', { rung: 'K' }],
      ['KRW', { rung: 'fixed', start: 'budget' }],
      ['KRW', { rung: 'KR' }],
    ]);
  });

  it('leave out wrong starts, and other budgets', () => {
    const lines = [
      lineOf({ rung: 'KRWD', start: 'wrong' }, 1),
      lineOf({ rung: 'KRWD', start: 'budget', budget: 0.5 }, 1),
      lineOf({ rung: 'uniform', start: 'uniform' }, 1),
    ];
    expect(comparisonsOf(groupsOf(lines))).toEqual([]);
  });
});

it('the table has a row a group, with means and deviations', () => {
  const table = tableOf(groupsOf([lineOf({}, 0.5), lineOf({ seed: 2 }, 0.7), lineOf({ budget: 0.25 }, 1)]));
  const rows = table.split('\n').map((row) => row.split('|').map((cell) => cell.trim()));
  expect(rows[2]).toEqual(['', 'digits, accuracy', '10 %', '60.0 ± 14.1 %', '']);
  expect(rows[7]).toEqual([
    '',
    'digits',
    '10 %',
    'uniform',
    'uniform',
    '5',
    '2',
    'accuracy 60.0 ± 14.1 %',
    '1.010',
    '1.00',
    '30 ± 0',
    '59.0 ± 14.1 %',
    '0.50',
    '',
  ]);
  expect(rows[8]?.[7]).toBe('accuracy 100.0 %');
  expect(table).toContain('on the validation samples');
});

it('the figures have a mark a group and a line a run that learned, with finite numbers', () => {
  const lines = [
    lineOf({}, 0.5),
    lineOf({ rung: 'KR', start: 'budget' }, 0.7),
    lineOf({ rung: 'KR', start: 'budget', seed: 2 }, 0.8),
  ];
  const metric = metricFigure(groupsOf(lines));
  expect(metric.match(/r="3.5"/g)).toHaveLength(2);
  const axes = axesFigure(lines);
  expect(axes.match(/stroke-opacity/g)).toHaveLength(2 * 5);
  const shapes = shapesFigure(lines);
  const kept = DIGITS.blocks.filter((block) => block.kept).length;
  expect(shapes.match(/kernel \d/g)).toHaveLength(kept * lines.length);
  for (const svg of [metric, axes, axesFigure([]), shapes]) expect(svg).not.toMatch(/NaN|Infinity|undefined/);
});

it.each([
  [3.2, '4 s'],
  [180, '3 min'],
  [7800, '2 h 10 min'],
])('%f seconds are %s', (seconds, text) => {
  expect(timeText(seconds)).toBe(text);
});

describe('the command', () => {
  const run = async (...args: string[]) => {
    const texts = { out: '', err: '' };
    vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => Boolean((texts.out += chunk.toString())));
    vi.spyOn(process.stderr, 'write').mockImplementation((chunk) => Boolean((texts.err += chunk.toString())));
    return { code: await experimentCommand(args, []), ...texts };
  };

  it.each([
    [[], 'name a grid.'],
    [['stairs'], 'there is no experiment "stairs", and no file of that name.'],
    [['run', 'ladder', '378'], 'the index must be a whole number from 0 to 377, not "378".'],
    [['run', 'ladder'], 'the index must be a whole number from 0 to 377, not "".'],
    [['ladder', '--jobs', 'many'], '--jobs must be a whole number of at least 1.'],
    [['ladder', '--fast'], "Unknown option '--fast'"],
    [['ladder', 'wrong-start'], '"wrong-start" is one argument too many.'],
    [['collect'], 'name the folder to collect.'],
    [['collect', 'nowhere'], 'there are no lines in nowhere.'],
  ])('%j: code 2 and one clear line, then the usage', async (args, message) => {
    const { code, out, err } = await run(...args);
    expect([code, out]).toEqual([2, '']);
    expect(err.split('\n')[0]).toContain(`experiment: ${message}`);
    expect(err.split('\n')[1]).toMatch(/^usage: /);
  });

  it('lists the runs of a grid', async () => {
    const file = join(await folder(), 'grid.json');
    await writeFile(file, JSON.stringify(GRID));
    const { code, out } = await run('list', file);
    expect(code).toBe(0);
    expect(out.split('\n')[1]).toBe('1 digits KR from budget, 10 %, seed 1');
    await writeFile(file, '{');
    expect((await run('list', file)).err).toContain(`${file} is no JSON: `);
  });

  it('merges what is in a folder', async () => {
    const output = await folder();
    await writeLine(output, lineOf({ seed: 2 }, 0.6));
    await writeLine(output, lineOf({}, 0.5));
    const { code, out } = await run('collect', output);
    expect(code).toBe(0);
    const table = await readFile(join(output, 'table.md'), 'utf8');
    expect(out).toBe(table);
    expect((await readFile(join(output, 'results.jsonl'), 'utf8')).trimEnd().split('\n')).toHaveLength(2);
    for (const figure of ['metric.svg', 'axes.svg', 'shapes.svg']) {
      expect(await readFile(join(output, figure), 'utf8')).toMatch(/^<svg /);
    }
    await rm(join(output, 'lines'), { recursive: true });
    expect(await finished(output, [SPEC])).toEqual(new Set([keyOf(SPEC)]));
    await writeLine(output, lineOf({ seed: 3 }, 0.7));
    expect((await readLines(output)).map(({ spec }) => spec.seed).sort()).toEqual([1, 2, 3]);
  });
});
