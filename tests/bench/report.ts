/** What the benchmark found, as Markdown. */
import { CONTESTANTS, type ContestantName } from './contestant.ts';
import type {
  AdapterName,
  CrystalResult,
  Measured,
  Opened,
  Outcome,
  PipelinesResult,
  Rates,
  Series,
  WorkloadResult,
} from './messages.ts';
import { exponent, ratios, spread, type Spread } from './statistics.ts';

export interface AdapterReport {
  readonly adapter: AdapterName;
  /** Why there is nothing of it; null where there is. */
  reason: string | null;
  opened: Opened | null;
  rates: Rates | null;
  pipelines: PipelinesResult | null;
  readonly budgets: Series[];
  readonly growth: Series[];
  crystals: readonly CrystalResult[];
  workloads: WorkloadResult[];
  /** The network with next to nothing to compute. */
  host: WorkloadResult | null;
  /** What there was no time for, or what failed as a whole. */
  readonly left: string[];
}

export interface Report {
  readonly quick: boolean;
  readonly date: string;
  readonly machine: string;
  /** Processes that waited for a processor, on average over the minute before. */
  readonly load: number;
  readonly versions: Record<string, string>;
  readonly adapters: AdapterReport[];
}

const TITLES: Record<AdapterName, string> = {
  gpu: 'WebGPU in Node, on a GPU',
  lavapipe: 'WebGPU in Node, lavapipe (no GPU)',
  chromium: 'WebGPU in Chromium',
  wasm: 'WebAssembly in Node',
};

const fixed = (value: number, digits: number): string => (Number.isFinite(value) ? value.toFixed(digits) : '–');
const milliseconds = ({ median }: Spread): string => fixed(median, median < 10 ? 1 : 0);
const times = ({ median, least, most }: Spread): string => `${fixed(median, 2)} (${fixed(least, 2)}–${fixed(most, 2)})`;

function measuredOf(outcome: Outcome | undefined): Measured | null {
  return outcome !== undefined && 'milliseconds' in outcome ? outcome : null;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map((_, i) => (i === 0 ? '---' : '--:'))), ...rows.map(line)].join('\n');
}

const NAMES: Record<ContestantName, string> = { ours: 'ours', stock: 'stock', jax: 'jax-js', torch: 'PyTorch' };

function rateOf(name: ContestantName, rates: Rates | null): number | null | undefined {
  switch (name) {
    case 'ours':
    case 'stock':
      return rates?.tfjs;
    case 'jax':
      return rates?.jax;
    case 'torch':
      return rates?.torch?.rate;
  }
}

/** A column for each way to train that was measured in any workload. */
function workloadTable(workloads: readonly WorkloadResult[], rates: Rates | null): string {
  const names = CONTESTANTS.filter((name) => workloads.some(({ outcomes }) => measuredOf(outcomes[name]) !== null));
  const others = names.filter((name) => name !== 'ours');
  const counted = workloads.some(({ outcomes }) => measuredOf(outcomes.ours)?.dispatches != null);
  const head = [
    'workload',
    ...names.map((name) => `${NAMES[name]}, ms`),
    ...others.map((name) => `${NAMES[name]} : ours`),
    'share of its own matMul rate',
    ...(counted ? ['dispatches a step'] : []),
  ];
  const rows = workloads.map(({ name: workload, macs, outcomes }) => {
    const cell = (name: ContestantName): string => {
      const measured = measuredOf(outcomes[name]);
      if (measured !== null) return milliseconds(spread(measured.milliseconds));
      return outcomes[name] === undefined ? '' : '–';
    };
    const ratio = (name: ContestantName): string => {
      const [own, other] = [measuredOf(outcomes.ours), measuredOf(outcomes[name])];
      return own === null || other === null ? '' : times(ratios(other.milliseconds, own.milliseconds));
    };
    const share = (name: ContestantName): string => {
      const measured = measuredOf(outcomes[name]);
      const rate = rateOf(name, rates);
      if (measured === null || rate == null) return '';
      return `${fixed((100 * macs) / (spread(measured.milliseconds).median / 1000) / rate, 0)} %`;
    };
    const dispatches = (name: ContestantName): string => {
      const count = measuredOf(outcomes[name])?.dispatches;
      return count == null ? '' : fixed(count, 0);
    };
    const joined = (of: (name: ContestantName) => string): string => names.map(of).filter(Boolean).join(' · ');
    return [
      workload,
      ...names.map(cell),
      ...others.map(ratio),
      joined(share),
      ...(counted ? [joined(dispatches)] : []),
    ];
  });
  return table(head, rows);
}

/** Medians over the workloads. */
export function summary({ workloads, crystals, host }: AdapterReport): string[] {
  const lines: string[] = [];
  const against = (name: ContestantName, title: string): void => {
    const all = workloads.flatMap(({ outcomes }) => {
      const [own, other] = [measuredOf(outcomes.ours), measuredOf(outcomes[name])];
      return own === null || other === null ? [] : [ratios(other.milliseconds, own.milliseconds).median];
    });
    if (all.length === 0) return;
    lines.push(
      `${title} takes ${times(spread(all))} times as long as ours (median, least and most of ${all.length} workloads).`,
    );
  };
  against('stock', 'Stock TF.js');
  against('jax', 'jax-js');
  against('torch', 'PyTorch');
  const dispatched = workloads.flatMap(({ outcomes }) => {
    const [own, other] = [measuredOf(outcomes.ours)?.dispatches, measuredOf(outcomes.stock)?.dispatches];
    return own == null || other == null ? [] : [own / other];
  });
  if (dispatched.length > 0) {
    lines.push(`Ours dispatches ${times(spread(dispatched))} of what stock TF.js does in a step.`);
  }
  const [own, stock] = [measuredOf(host?.outcomes.ours), measuredOf(host?.outcomes.stock)];
  if (own !== null) {
    const than = stock === null ? '' : `, where stock TF.js takes ${milliseconds(spread(stock.milliseconds))} ms`;
    const step = milliseconds(spread(own.milliseconds));
    lines.push(`With next to nothing to compute (4×4 points, 4 channels) a step of ours takes ${step} ms${than}.`);
  }
  const parts = crystals.map(({ soft, discrete }) => ratios(discrete, soft).median);
  if (parts.length > 0)
    lines.push(`The crystallised network takes ${times(spread(parts))} of the soft one's forward pass.`);
  return lines;
}

/** Step times under a budget, relative to the full network's in the same round. */
function budgetText(budgets: readonly Series[]): string {
  const rows = budgets.map(({ name, milliseconds: [full = [], ...parts] }) => [
    name,
    milliseconds(spread(full)),
    ...parts.map((part) => times(ratios(part, full))),
  ]);
  if (rows.length === 0) return '';
  const head = ['', '100 %, ms', '50 %', '25 %', '10 %'];
  return `Step time of ours under a budget, all sizes learned, relative to the full network's; measured in turns:\n\n${table(head, rows)}`;
}

function growthText(growth: readonly Series[]): string {
  const rows = growth.map(({ name, at, milliseconds: all }) => [
    name,
    at.map((length, i) => `${length}: ${milliseconds(spread(all[i] ?? []))}`).join(', '),
    at
      .slice(1)
      .map((length, i) => fixed(exponent(length / (at[i] ?? NaN), ratios(all[i + 1] ?? [], all[i] ?? []).median), 2))
      .join(', '),
  ]);
  if (rows.length === 0) return '';
  const head = ['kernel', 'milliseconds a step, by length', 'exponent from each length to the next'];
  return `Growth with the length of a sequence (2 blocks of 8–16 channels, one sample); N·log N has exponents of 1.14 to 1.11 here:\n\n${table(head, rows)}`;
}

function reasons(workloads: readonly WorkloadResult[]): string[] {
  const found = new Map<string, string[]>();
  for (const { name, outcomes } of workloads) {
    for (const [contestant, outcome] of Object.entries(outcomes)) {
      if (!('reason' in outcome)) continue;
      const key = `${contestant}: ${outcome.reason.split('\n')[0] ?? ''}`;
      found.set(key, [...(found.get(key) ?? []), name]);
    }
  }
  return [...found].map(([reason, names]) => `Not measured, ${reason} (${names.length} workloads).`);
}

function adapterText(report: AdapterReport): string {
  const title = `### ${TITLES[report.adapter]}`;
  if (report.reason !== null) return `${title}\n\nNot measured: ${report.reason}.`;
  const { rates, workloads, pipelines, budgets, growth, left } = report;
  const facts = [`Adapter: ${report.opened?.device ?? ''}.`];
  if (rates !== null) {
    const giga = (rate: number): string => `${fixed(rate / 1e9, 1)} GMAC/s`;
    const all = [`TF.js ${giga(rates.tfjs)}`];
    if (rates.jax !== null) all.push(`jax-js ${giga(rates.jax)}`);
    if (rates.torch !== null) all.push(`PyTorch ${giga(rates.torch.rate)}`);
    facts.push(`A product of matrices of 1024×1024: ${all.join(', ')}.`);
  }
  facts.push(...summary(report));
  if (pipelines !== null) {
    const { warming, later, steps } = pipelines;
    facts.push(
      `Pipelines compiled while warming: ${warming}; in ${steps} later steps, each with other sizes: ${later}.`,
    );
  }
  facts.push(...reasons(workloads));
  if (left.length > 0) facts.push(`Left out: ${left.join('; ')}.`);
  const parts = [title, facts.map((fact) => `- ${fact}`).join('\n')];
  if (workloads.length > 0) parts.push(workloadTable(workloads, rates));
  return [...parts, budgetText(budgets), growthText(growth)].filter(Boolean).join('\n\n');
}

export function markdown(report: Report): string {
  const versions = Object.entries(report.versions)
    .map(([name, version]) => `${name} ${version}`)
    .join(', ');
  const lines = [
    `${report.quick ? 'A quick run' : 'A full run'} on ${report.date}: ${report.machine}; load before it ${fixed(report.load, 1)}.`,
    `${versions}.`,
  ];
  return [lines.join('\n'), ...report.adapters.map(adapterText)].join('\n\n');
}
