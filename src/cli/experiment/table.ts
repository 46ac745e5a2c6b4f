/** The groups of an experiment as Markdown, which is also readable as it stands. */
import type { Task } from '../../tasks/task.ts';
import { METRIC_NAMES, metricText } from '../metricNames.ts';
import { percent } from './grid.ts';
import { seriesOf } from './lines.ts';
import { comparisonsOf, distinct, gapsOf, settingOf, type Group, type Statistic } from './statistics.ts';

const HEAD = [
  'task',
  'budget',
  'learned',
  'from',
  'steps',
  'runs',
  'metric',
  'cost/budget',
  'MMAC',
  'ms a step',
  'crystallised',
  'its time',
];

export function tableOf(groups: readonly Group[]): string {
  const rows = groups.map(({ spec, lines, metric, worstRatio, macs, msPerStep, crystal }) => {
    const name = lines[0]?.metric.name ?? 'accuracy';
    return [
      spec.task,
      percent(spec.budget),
      spec.rung,
      spec.start,
      String(spec.steps),
      String(lines.length),
      `${METRIC_NAMES[name]} ${metricStatistic(name, metric)}`,
      worstRatio.toFixed(3),
      (macs.mean / 1e6).toFixed(2),
      statisticText(msPerStep, (value) => value.toFixed(0)),
      metricStatistic(name, crystal.metric),
      crystal.time.mean.toFixed(2),
    ];
  });
  const halves = distinct(groups.map(({ spec }) => spec.heldOut)).join(' and ');
  const note = `Means ± standard deviations over the runs, on the ${halves} samples; of the costs the one furthest from the budget. Crystallised: the metric of the discrete network, and how long it takes for them as a part of the soft network’s time.`;
  return [overview(groups), '', markdown(HEAD, rows), '', note, ...comparisonTable(groups), ...gapTable(groups)].join(
    '\n',
  );
}

/** A row a task and budget, a column a rung: what is looked for first. */
export function overview(groups: readonly Group[]): string {
  const names = distinct(groups.map(({ spec }) => seriesOf(spec)));
  const rows = distinct(groups.map(settingOf)).map((setting) => {
    const own = groups.filter((group) => settingOf(group) === setting);
    const [first] = own;
    const name = first?.lines[0]?.metric.name ?? 'accuracy';
    const cells = names.map((series) => {
      const group = own.find(({ spec }) => seriesOf(spec) === series);
      return group === undefined ? '' : metricStatistic(name, group.metric);
    });
    return [`${first?.spec.task ?? ''}, ${METRIC_NAMES[name]}`, percent(first?.spec.budget ?? 0), ...cells];
  });
  return markdown(['task', 'budget', ...names], rows);
}

/** How far what was learned lies above its opponents, and above what had less freedom. */
function comparisonTable(groups: readonly Group[]): string[] {
  const rows = comparisonsOf(groups).map(({ group: { spec, lines }, opponent, gain, deviation }) => {
    const name = lines[0]?.metric.name ?? 'accuracy';
    const amount = name === 'relative-l2' ? gain.toFixed(4) : `${(100 * gain).toFixed(1)} points`;
    const units = deviation === null || deviation === 0 ? '' : (gain / deviation).toFixed(1);
    return [spec.task, percent(spec.budget), seriesOf(spec), seriesOf(opponent.spec), amount, units];
  });
  if (rows.length === 0) return [];
  const head = ['task', 'budget', 'learned', 'beside', 'better by', 'in deviations'];
  return ['', markdown(head, rows), '', 'A deviation is √((s₁² + s₂²)/2) of the two groups’ standard deviations.'];
}

/** Where runs began in a wrong shape: how far they got. */
function gapTable(groups: readonly Group[]): string[] {
  const gaps = gapsOf(groups);
  if (gaps.length === 0) return [];
  const metrics = new Map(groups.map(({ spec, lines }) => [spec.task, lines[0]?.metric.name ?? 'accuracy']));
  const rows = gaps.map(({ task, budget, steps, rung, wrong, learned, best, opponent, part }) => {
    const text = (value: number): string => metricText(metrics.get(task) ?? 'accuracy', value);
    const closed = part === null ? 'no gap' : percent(part);
    return [
      task,
      percent(budget),
      String(steps),
      rung,
      text(wrong),
      text(learned),
      `${text(best)} (${opponent})`,
      closed,
    ];
  });
  const head = ['task', 'budget', 'steps', 'learned', 'wrong shape', 'learned from it', 'best opponent', 'gap closed'];
  return ['', markdown(head, rows)];
}

function metricStatistic(name: Task['metric'], { mean, deviation }: Statistic): string {
  if (deviation === null) return metricText(name, mean);
  return name === 'relative-l2'
    ? `${mean.toFixed(4)} ± ${deviation.toFixed(4)}`
    : `${(100 * mean).toFixed(1)} ± ${(100 * deviation).toFixed(1)} %`;
}

function statisticText({ mean, deviation }: Statistic, text: (value: number) => string): string {
  return deviation === null ? text(mean) : `${text(mean)} ± ${text(deviation)}`;
}

/** Columns as wide as their longest cell. */
function markdown(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((name, column) => Math.max(name.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}
