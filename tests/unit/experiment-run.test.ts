/** A small experiment, run as `npm run experiment` runs it: processes side by side, resumed, then one run by its index. */
import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { readLines } from '../../src/cli/experiment/lines.ts';

const ROOT = new URL('../../', import.meta.url);

/** Runs the script `experiment` of package.json with these arguments. */
async function experiment(...args: string[]): Promise<{ code: number | null; out: string; err: string }> {
  const { scripts } = JSON.parse(await readFile(new URL('package.json', ROOT), 'utf8')) as {
    scripts: { experiment: string };
  };
  const [, ...own] = scripts.experiment.split(' ');
  const child = spawn(process.execPath, [...own, ...args], { cwd: fileURLToPath(ROOT) });
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, out, err }));
  });
}

it('runs what is not there yet, at its budget, and says what failed', { timeout: 240_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'experiment-'));
  try {
    const file = join(folder, 'grid.json');
    const output = join(folder, 'out');
    const grid = {
      name: 'tiny',
      tasks: [{ task: 'digits', batch: 8, steps: [10] }],
      rungs: ['uniform', 'KRWD'],
      budgets: [0.3],
      seeds: [1],
      // Ten steps at the usual rate would leap.
      settings: { maskLearningRate: 0.002 },
    };
    await writeFile(file, JSON.stringify(grid));
    const one = await experiment('run', file, '1', '--output', output);
    expect(one.err).toMatch(/^digits KRWD from budget, 30 %, seed 1: accuracy .* %, cost \d\.\d+ of the budget, /);
    expect(one.code).toBe(0);
    const all = await experiment(file, '--output', output, '--jobs', '2');
    expect(all.err).toContain('tiny: 2 runs, 1 of them done, 2 at a time');
    expect(all.err).toContain('2 of 2 done: digits uniform, 30 %, seed 1: accuracy ');
    expect(all.code).toBe(0);
    expect(all.out.match(/^\| digits .*\| accuracy .*$/gm)).toHaveLength(2);
    const lines = await readLines(output);
    expect(lines.map(({ spec }) => spec.rung).sort()).toEqual(['KRWD', 'uniform']);
    for (const { cost, history } of lines) {
      expect(Math.abs(cost.ratio - 1)).toBeLessThan(0.05);
      expect(history.at(-1)?.step).toBe(10);
    }
    expect((await readdir(output)).sort()).toEqual([
      'axes.svg',
      'grid.json',
      'lines',
      'metric.svg',
      'results.jsonl',
      'shapes.svg',
      'table.md',
    ]);
    // Under its smallest network a budget cannot be met: the others are run all the same.
    await writeFile(file, JSON.stringify({ ...grid, budgets: [0.3, 0.001] }));
    const again = await experiment(file, '--output', output);
    expect(again.code).toBe(1);
    expect(again.err).toContain('4 runs, 2 of them done');
    expect(again.err).toMatch(/digits uniform, 0\.1 %, seed 1 failed: .*The uniform network costs more than \d+ MAC/);
    expect(again.err).toContain('2 runs failed; the same command tries them again.');
  } finally {
    await rm(folder, { recursive: true });
  }
});
