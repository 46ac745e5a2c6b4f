/** `npm run bench [-- --quick] [--adapter wasm,lavapipe] [--only TEXT] [--minutes N] [--json FILE] [--write]`. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { format, resolveConfig } from 'prettier';
import { Child, TookTooLong } from './child.ts';
import { CONTESTANTS, type ContestantName } from './contestant.ts';
import type { AdapterName, Job, Outcome, Result, Series } from './messages.ts';
import { markdown, summary, type AdapterReport, type Report } from './report.ts';
import { spread } from './statistics.ts';
import { BUDGETS, growthPlan, HOST, WORKLOADS, type SeriesPlan, type Workload } from './workloads.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const DOCUMENT = join(ROOT, 'docs/performance.md');
const [BEGIN, END] = ['<!-- bench: begin -->', '<!-- bench: end -->'];
const ADAPTERS: readonly AdapterName[] = ['gpu', 'wasm', 'lavapipe', 'chromium'];

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    adapter: { type: 'string' },
    only: { type: 'string' },
    minutes: { type: 'string' },
    json: { type: 'string' },
    write: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
});

if (options.help) {
  console.log(`npm run bench -- [options]
  --quick          a few workloads, within 8 minutes; prints, and leaves docs/performance.md as it is
  --adapter NAMES  some of ${ADAPTERS.join(', ')}, by commas
  --only TEXT      workloads whose name has that text, for instance --only "28×28, K 7"
  --minutes N      stop after so many minutes; what is left is named
  --write          put this run into docs/performance.md, as a run of everything does by itself
  --json FILE      where to write the figures as JSON

PyTorch is compared where python3 or /usr/bin/python3 finds it; DNARCH_PYTHON=PATH names another Python.`);
  process.exit(0);
}

const { quick, only } = options;
const partial = options.adapter !== undefined || only !== undefined;
const adapters = chosenAdapters(options.adapter);
const minutes = Number(options.minutes ?? (quick ? 7.5 : 180));
let deadline = performance.now() + 60_000 * minutes;
const secondsLeft = (): number => (deadline - performance.now()) / 1000;
/** Of the time that is left when its turn comes, the part that an adapter may take. */
const SHARES: Record<AdapterName, number> = { gpu: 0.5, wasm: 0.3, lavapipe: 0.72, chromium: 1 };

function chosenAdapters(names: string | undefined): readonly AdapterName[] {
  if (names === undefined) return quick ? ADAPTERS.filter((name) => name !== 'chromium') : ADAPTERS;
  return names.split(',').map((name) => {
    const found = ADAPTERS.find((adapter) => adapter === name.trim());
    if (found === undefined) throw new Error(`There is no adapter ${name}. There are ${ADAPTERS.join(', ')}.`);
    return found;
  });
}

function versionOf(name: string): string {
  const path = join(ROOT, 'node_modules', name, 'package.json');
  return (JSON.parse(readFileSync(path, 'utf8')) as { version: string }).version;
}

function newReport(): Report {
  const processors = cpus();
  const gibibytes = (totalmem() / 2 ** 30).toFixed(0);
  return {
    quick,
    date: new Date().toISOString().slice(0, 10),
    machine: `${processors.length} cores (${processors[0]?.model.trim() ?? 'unknown'}), ${gibibytes} GiB`,
    load: loadavg()[0] ?? 0,
    versions: {
      Node: process.versions.node,
      'TF.js': versionOf('@tensorflow/tfjs-core'),
      'jax-js': versionOf('@jax-js/jax'),
      webgpu: versionOf('webgpu'),
    },
    adapters: [],
  };
}

/** Seconds that one way to train may take to be warmed and measured. */
const PATIENCE = quick ? 100 : Math.min(300, 2 * minutes);

/** Ways to train that are worth the time. */
function contestantsFor(adapter: AdapterName, report: AdapterReport, workload: Workload): ContestantName[] {
  return CONTESTANTS.filter((name) => {
    // Why it cannot is the same for all workloads.
    const tried = report.workloads.map(({ outcomes }) => outcomes[name]);
    const never = name === 'stock' ? adapter === 'wasm' : name === 'torch' && report.rates?.torch === null;
    if (never && tried.some((outcome) => outcome !== undefined)) return false;
    if (name === 'torch' && adapter !== 'wasm' && adapter !== 'gpu') return false;
    if (HOST(workload)) return name === 'ours' || name === 'stock';
    if (name !== 'jax' || adapter === 'gpu') return true;
    // Without a GPU it compiles each workload for a minute, or takes seconds a step.
    return quick ? tried.every((outcome) => outcome === undefined) : workload.learned && workload.budget === 1;
  });
}

async function measureAdapter(adapter: AdapterName): Promise<AdapterReport> {
  const report: AdapterReport = {
    adapter,
    reason: null,
    opened: null,
    rates: null,
    pipelines: null,
    budgets: [],
    growth: [],
    crystals: [],
    workloads: [],
    host: null,
    left: [],
  };
  let child: Child | undefined;
  try {
    child = new Child(adapter);
    report.opened = await child.open();
    console.log(`\n── ${adapter}: ${report.opened.device} ──`);
    await measureAll(child, adapter, report);
  } catch (error) {
    report.reason = messageOf(error);
    console.log(`\n── ${adapter}: ${report.reason} ──`);
  }
  child?.stop();
  return report;
}

async function measureAll(child: Child, adapter: AdapterName, report: AdapterReport): Promise<void> {
  const attempt = async (what: string, job: Job, seconds: number): Promise<Result | null> => {
    const most = Math.min(seconds, secondsLeft());
    if (most < 5) {
      report.left.push(`${what} (no time left)`);
      return null;
    }
    try {
      return await child.do(job, most);
    } catch (error) {
      report.left.push(`${what} (${messageOf(error)})`);
      return null;
    }
  };
  const rates = await attempt('the rate of matMul', { kind: 'rate' }, 90);
  if (rates?.kind === 'rate') report.rates = rates.result;
  const crystals = only === undefined ? await attempt('crystallised networks', { kind: 'crystals' }, 90) : null;
  if (crystals?.kind === 'crystals') report.crystals = crystals.result;
  const chosen = ({ name, quick: early }: Workload): boolean =>
    (only === undefined || name.includes(only)) && (early || (!quick && adapter !== 'chromium'));
  const measure = async (which: (workload: Workload) => boolean): Promise<void> => {
    for (const [number, workload] of WORKLOADS.entries()) {
      if (!chosen(workload) || !which(workload)) continue;
      await measureWorkload(child, report, number, contestantsFor(adapter, report, workload));
    }
  };
  await measure((workload) => workload.quick);
  if (only === undefined && adapter !== 'wasm') await measurePipelines();
  if (only === undefined) {
    const shapes = adapter === 'chromium' ? 1 : quick ? 3 : BUDGETS.length;
    for (const plan of BUDGETS.slice(0, shapes)) await measureSeries(plan, report.budgets);
    const kernels = adapter === 'chromium' ? [] : [false, true];
    for (const full of kernels) await measureSeries(growthPlan(full, quick ? 4096 : 16384), report.growth);
  }
  await measure((workload) => !workload.quick);
  report.host = report.workloads.find(HOST) ?? null;
  report.workloads = report.workloads.filter((workload) => !HOST(workload));

  async function measurePipelines(): Promise<void> {
    const found = await attempt('pipelines', { kind: 'pipelines' }, 200);
    if (found?.kind !== 'pipelines') return;
    report.pipelines = found.result;
    const { warming, later, steps } = found.result;
    console.log(`pipelines: ${warming} while warming, ${later} in ${steps} steps with other sizes`);
  }

  async function measureSeries({ name, at, workloads }: SeriesPlan, into: Series[]): Promise<void> {
    const most = quick ? 40 : 200;
    const job = { kind: 'series', workloads, rounds: quick ? 5 : 9, seconds: most / 2 } as const;
    const found = await attempt(`${name} at ${at.join(', ')}`, job, most);
    if (found?.kind !== 'series') return;
    into.push({ name, at, milliseconds: found.result });
    const medians = found.result.map((rounds) => spread(rounds).median.toFixed(1));
    console.log(`${name}: ${at.map((value, i) => `at ${value} ${medians[i]} ms`).join(', ')}`);
  }
}

/** Where one way to train takes too long or ends the process, the others are measured without it. */
async function measureWorkload(
  child: Child,
  report: AdapterReport,
  number: number,
  contestants: readonly ContestantName[],
): Promise<void> {
  const workload = WORKLOADS[number]!;
  const given: Partial<Record<ContestantName, Outcome>> = {};
  let rest = contestants;
  while (rest.includes('ours')) {
    const most = Math.min(PATIENCE * rest.length, secondsLeft());
    if (most < 10) {
      report.left.push(`${workload.name} (no time left)`);
      return;
    }
    try {
      const rounds = quick ? 5 : 7;
      const job = { kind: 'workload', workload: number, contestants: rest, rounds, seconds: PATIENCE / 3 } as const;
      const found = await child.do(job, most);
      if (found.kind !== 'workload') throw new Error('no figures came back');
      const result = { ...found.result, outcomes: { ...found.result.outcomes, ...given } };
      report.workloads.push(result);
      say({ ...report, workloads: [result] }, workload.name);
      return;
    } catch (error) {
      const reason = messageOf(error);
      const slow = error instanceof TookTooLong ? CONTESTANTS.find((name) => name === error.phase) : undefined;
      if (slow === undefined || slow === 'ours') {
        report.left.push(`${workload.name} (${reason})`);
        return;
      }
      given[slow] = { reason };
      rest = rest.filter((name) => name !== slow);
    }
  }
}

function say(report: AdapterReport, name: string): void {
  const outcomes = Object.entries(report.workloads[0]?.outcomes ?? {}).map(([contestant, outcome]) => {
    if ('reason' in outcome) return `${contestant} – ${outcome.reason.split('\n')[0] ?? ''}`;
    const sorted = outcome.milliseconds.toSorted((a, b) => a - b);
    const median = sorted[Math.floor(sorted.length / 2)] ?? NaN;
    return `${contestant} ${median.toFixed(0)} ms (loss ${outcome.firstLoss.toFixed(4)})`;
  });
  console.log(`${name}: ${outcomes.join(', ')}`);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

async function formatted(text: string, path: string): Promise<string> {
  return format(text, { ...(await resolveConfig(path)), filepath: path });
}

const report = newReport();
const end = deadline;
for (const adapter of adapters) {
  const share = adapter === adapters.at(-1) ? 1 : SHARES[adapter];
  deadline = performance.now() + share * (end - performance.now());
  const found = await measureAdapter(adapter);
  report.adapters.push(found);
  const version = found.rates?.torch?.version;
  if (version !== undefined) report.versions['PyTorch'] = version;
}

const text = markdown(report);
console.log(`\n${text}\n`);
for (const adapter of report.adapters) {
  for (const line of summary(adapter)) console.log(`${adapter.adapter}: ${line}`);
}

const whole = (!quick && !partial) || options.write;
const json = options.json ?? join(ROOT, whole ? 'docs/performance.json' : '.cache/bench.json');
mkdirSync(dirname(json), { recursive: true });
writeFileSync(json, await formatted(JSON.stringify(report), json));
console.log(`Figures: ${json}`);
if (whole && existsSync(DOCUMENT)) {
  const before = readFileSync(DOCUMENT, 'utf8');
  const [head = ''] = before.split(BEGIN);
  const [, tail = ''] = before.split(END);
  writeFileSync(DOCUMENT, await formatted(`${head}${BEGIN}\n\n${text}\n\n${END}${tail}`, DOCUMENT));
}
process.exit(0);
