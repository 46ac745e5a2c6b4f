/** From lines to what is said of them: means and deviations over the seeds, and how much of a gap was closed. */
import type { Line } from './lines.ts';
import { isLearned, type Spec } from './grid.ts';

export interface Statistic {
  readonly mean: number;
  /** Sample standard deviation; null of one value. */
  readonly deviation: number | null;
}

/** Runs that differ in their seed alone. */
export interface Group {
  readonly spec: Omit<Spec, 'seed'>;
  readonly lines: readonly Line[];
  readonly metric: Statistic;
  /** Cost divided by the budget, and the furthest from one. */
  readonly ratio: Statistic;
  readonly worstRatio: number;
  readonly msPerStep: Statistic;
  /** Multiply–accumulates a sample. */
  readonly macs: Statistic;
  /** The crystallised network's metric, and its time as a part of the soft network's. */
  readonly crystal: { readonly metric: Statistic; readonly time: Statistic };
}

export function statistic(values: readonly number[]): Statistic {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  if (values.length < 2) return { mean, deviation: null };
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, deviation: Math.sqrt(squares / (values.length - 1)) };
}

/** The groups in the order of their first lines. */
export function groupsOf(lines: readonly Line[]): Group[] {
  const grouped = new Map<string, Line[]>();
  for (const line of lines) {
    const { seed: _, ...rest } = line.spec;
    const key = JSON.stringify(rest);
    grouped.set(key, [...(grouped.get(key) ?? []), line]);
  }
  return [...grouped.values()].map((own) => {
    const [first] = own;
    if (first === undefined) throw new Error('A group has at least one line.');
    const { seed: _, ...spec } = first.spec;
    const ratios = own.map(({ cost }) => cost.ratio);
    return {
      spec,
      lines: own,
      metric: statistic(own.map(({ metric }) => metric.value)),
      ratio: statistic(ratios),
      worstRatio: ratios.reduce((worst, ratio) => (Math.abs(ratio - 1) > Math.abs(worst - 1) ? ratio : worst)),
      msPerStep: statistic(own.map(({ msPerStep }) => msPerStep)),
      macs: statistic(own.map(({ cost }) => cost.macs)),
      crystal: {
        metric: statistic(own.map(({ crystal }) => crystal.metric)),
        time: statistic(own.map(({ crystal }) => crystal.milliseconds / crystal.softMilliseconds)),
      },
    };
  });
}

export interface Closed {
  readonly task: string;
  readonly budget: number;
  readonly steps: number;
  readonly rung: string;
  /** Means of the metric: the wrong shape as it is, what learning made of it, and the best opponent. */
  readonly wrong: number;
  readonly learned: number;
  readonly best: number;
  readonly opponent: string;
  /** (learned − wrong)/(best − wrong); null where the wrong shape is no worse than the best opponent, so that there is no gap. */
  readonly part: number | null;
}

/** How much of the gap between the wrong shape and the best opponent each run that began there closed. */
export function gapsOf(groups: readonly Group[]): Closed[] {
  return groups.flatMap((group) => {
    const { task, budget, steps, rung, start } = group.spec;
    if (start !== 'wrong' || rung === 'fixed') return [];
    const beside = groups.filter((other) => settingOf(other) === settingOf(group));
    const wrong = beside.find(({ spec }) => spec.rung === 'fixed' && spec.start === 'wrong');
    const opponents = beside.filter(({ spec }) => isOpponent(spec.rung));
    const sign = signOf(group);
    const [best] = opponents.toSorted((a, b) => sign * (b.metric.mean - a.metric.mean));
    if (wrong === undefined || best === undefined) return [];
    const gap = sign * (best.metric.mean - wrong.metric.mean);
    return {
      task,
      budget,
      steps,
      rung,
      wrong: wrong.metric.mean,
      learned: group.metric.mean,
      best: best.metric.mean,
      opponent: best.spec.rung,
      part: gap > 0 ? (sign * (group.metric.mean - wrong.metric.mean)) / gap : null,
    };
  });
}

export interface Comparison {
  readonly group: Group;
  readonly opponent: Group;
  /** By how much the learned network is better; under 0 where it is worse. */
  readonly gain: number;
  /** √((s₁² + s₂²)/2) of the two groups' deviations; null of single runs. */
  readonly deviation: number | null;
}

/**
 * What was learned from its own start, beside the opponents of the same task, budget and steps, that start as it was, and the rung
 * with one freedom less.
 */
export function comparisonsOf(groups: readonly Group[]): Comparison[] {
  return groups.flatMap((group) => {
    const { rung, start } = group.spec;
    if (start === 'wrong' || !isLearned(rung)) return [];
    const less = rung.slice(0, -1);
    return groups
      .filter(
        ({ spec }) => isOpponent(spec.rung) || spec.rung === less || (spec.rung === 'fixed' && spec.start === start),
      )
      .filter((other) => settingOf(other) === settingOf(group))
      .map((opponent) => {
        const [own, other] = [group.metric, opponent.metric];
        const deviation =
          own.deviation === null || other.deviation === null
            ? null
            : Math.sqrt((own.deviation ** 2 + other.deviation ** 2) / 2);
        return { group, opponent, gain: signOf(group) * (own.mean - other.mean), deviation };
      });
  });
}

/** What groups have in common that are compared. */
export const settingOf = ({ spec }: Group): string => `${spec.task}, ${spec.budget}, ${spec.steps} steps`;

const isOpponent = (rung: string): boolean => rung === 'uniform' || rung === 'hand-made';

/** A relative error is better the smaller it is. */
const signOf = ({ lines }: Group): 1 | -1 => (lines[0]?.metric.name === 'relative-l2' ? -1 : 1);

export const distinct = (names: readonly string[]): string[] => [...new Set(names)];
