/** The command line, run as `npm run train` runs it. */
import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { parseArchitecture } from '../../src/architecture/architecture.ts';
import { trainCommand } from '../../src/cli/train.ts';
import { findTask, TASKS } from '../../src/tasks/index.ts';

const ROOT = new URL('../../', import.meta.url);

interface Outcome {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs the script `train` of package.json with these arguments. */
async function train(...args: string[]): Promise<Outcome> {
  const { scripts } = JSON.parse(await readFile(new URL('package.json', ROOT), 'utf8')) as {
    scripts: { train: string };
  };
  const [program, ...own] = scripts.train.split(' ');
  expect(program).toBe('node');
  const child = spawn(process.execPath, [...own, ...args], { cwd: fileURLToPath(ROOT) });
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, out, err }));
  });
}

afterEach(() => vi.restoreAllMocks());

describe('arguments that are wrong', () => {
  it.each([
    ['no task', [], 'name a task with --task, or data of your own with --data.'],
    [
      'an unknown task',
      ['--task', 'cifar'],
      `there is no task "cifar"; known are ${TASKS.map(({ id }) => id).join(', ')}`,
    ],
    ['an unknown axis', ['--task', 'digits', '--learn', 'KX'], 'there is no axis "X" to learn'],
    ['an unknown backend', ['--task', 'digits', '--backend', 'cuda'], 'there is no backend "cuda"; known are webgpu'],
    ['a budget over 1', ['--task', 'digits', '--budget', '1.5'], '--budget must be a number from'],
    ['no number', ['--task', 'digits', '--budget', 'small'], 'not "small"'],
    ['half a step', ['--task', 'digits', '--steps', '2.5'], '--steps must be a whole number of at least 1, not "2.5"'],
    ['no steps', ['--task', 'digits', '--steps', '0'], '--steps must be a whole number of at least 1, not "0"'],
    ['an empty number', ['--task', 'digits', '--seed', ' '], '--seed must be a whole number'],
    ['an unknown option', ['--task', 'digits', '--speed', '9'], "Unknown option '--speed'"],
    ['a budget under the least', ['--task', 'digits', '--budget', '0.001', '--backend', 'cpu'], 'raise it.'],
  ])('%s: code 2 and one clear line', async (_, args, message) => {
    let text = '';
    vi.spyOn(process.stderr, 'write').mockImplementation((chunk) => {
      text += chunk.toString();
      return true;
    });
    const out = vi.spyOn(process.stdout, 'write').mockImplementation(() => true);
    expect(await trainCommand(args)).toBe(2);
    expect(out).not.toHaveBeenCalled();
    const [first = '', usage = '', ...rest] = text.trimEnd().split('\n');
    expect(first).toMatch(/^train: /);
    expect(first).toContain(message);
    expect(usage).toMatch(/^usage: /);
    expect(rest).toEqual([]);
  });

  it('end the process with code 2', async () => {
    const { code, out, err } = await train('--task', 'cifar');
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(/^train: there is no task "cifar"/);
  });
});

describe('a short run', () => {
  it('writes lines of JSON, the last of them the result with the architecture', async () => {
    const { code, out, err } = await train('--task', 'digits', '--steps', '25', '--batch', '8', '--json');
    expect(err).not.toContain('train:');
    expect(code).toBe(0);
    const lines = out
      .trimEnd()
      .split('\n')
      .map((line): Record<string, unknown> => JSON.parse(line) as Record<string, unknown>);
    expect(lines.map(({ type }) => type)).toEqual(['step', 'step', 'result']);
    expect(lines.map(({ step }) => step)).toEqual([20, 25, undefined]);
    for (const { loss, taskLoss, metric } of lines.slice(0, 2) as Record<string, number>[]) {
      expect([loss, taskLoss, metric].every(Number.isFinite)).toBe(true);
      expect(loss).toBeGreaterThanOrEqual(taskLoss ?? Infinity);
    }
    const result = lines[2] as { architecture: unknown; start: unknown; cost: { macs: number; ratio: number } };
    const architecture = parseArchitecture(result.architecture);
    expect(architecture.blocks).toHaveLength(findTask('digits').network.blocks);
    expect(architecture.macs).toBe(result.cost.macs);
    expect(parseArchitecture(result.start).full).toEqual(architecture.full);
    expect(lines[2]).toMatchObject({ task: 'digits', learn: 'KRWD', seed: 1, steps: 25, backend: 'wasm' });
    const { metric } = lines[2] as { metric: { name: string; value: number; scores: unknown } };
    expect(metric).toMatchObject({ name: 'accuracy', scores: [] });
    expect(metric.value).toBeGreaterThan(0.05);
    expect(err).toMatch(/\nheld out: accuracy \d+\.\d %; /);
  });

  it('on the validation half, crystallised at the end, gives both networks the same metric', async () => {
    const options = ['--steps', '12', '--batch', '8', '--validate', '--crystallise', '--json'];
    const { code, out, err } = await train('--task', 'digits', ...options);
    expect(code).toBe(0);
    const result = JSON.parse(out.trimEnd().split('\n').at(-1) ?? '') as Record<string, unknown>;
    const crystal = result['crystal'] as Record<string, number>;
    expect(result['heldOut']).toBe('validation');
    expect(Math.abs((crystal['metric'] ?? NaN) - (crystal['softMetric'] ?? NaN))).toBeLessThan(0.005);
    expect(crystal['parameters']).toBeGreaterThan(100);
    expect(crystal['milliseconds']).toBeGreaterThan(0);
    expect(err).toMatch(/\nvalidation: accuracy .*\ncrystallised: accuracy /);
  });

  it('says what to do where a backend needs a browser', async () => {
    const err = vi.spyOn(process.stderr, 'write').mockImplementation(() => true);
    expect(await trainCommand(['--task', 'digits', '--backend', 'webgl', '--steps', '1'])).toBe(1);
    expect(err).toHaveBeenCalledWith(
      'train: the backend webgl needs a browser: open the page for it, or use --backend wasm or cpu here.\n',
    );
  });
});
