/** What a task is measured by, in the words and numbers of its field. */
import { formatDecimal, formatPercent } from '../figures/format.ts';
import type { Task } from '../tasks/task.ts';

export interface MetricWords {
  /** As its field calls it, within a sentence: `accuracy`. */
  readonly name: string;
  /** What its number counts, beside a number: `right answers`. */
  readonly short: string;
  readonly smallerIsBetter: boolean;
  /** Ends of its axis; null where it has no upper end. */
  readonly range: readonly [number, number] | null;
  readonly format: (value: number) => string;
  /** Numbers at an axis. */
  readonly formatAxis: (value: number) => string;
  /** How to read it, as a sentence that follows another; empty where everybody knows. */
  readonly hint: string;
}

const SHARE = {
  smallerIsBetter: false,
  range: [0, 1],
  format: (value: number) => formatPercent(value),
  formatAxis: (value: number) => formatPercent(value, 0),
  hint: '',
} as const;

/** Of no task as of one of right answers. */
export function metricWords(task: Pick<Task, 'metric' | 'kind'> | undefined): MetricWords {
  switch (task?.metric) {
    case undefined:
    case 'accuracy':
      return { ...SHARE, name: 'accuracy', short: task?.kind === 'dense' ? 'positions right' : 'right answers' };
    case 'iou':
      return {
        ...SHARE,
        name: 'mean IoU',
        short: 'mean IoU',
        hint: ' Intersection over union: what answer and truth both mark, as a share of what either marks.',
      };
    case 'relative-l2':
      return {
        name: 'relative error',
        short: 'relative error',
        smallerIsBetter: true,
        range: null,
        format: formatDecimal,
        formatAxis: formatPlain,
        hint: ' The size of the error as a part of the size of the truth: less is better, and 1 is as bad as answering 0.',
      };
  }
}

/** As few digits as tell it. */
export const formatPlain = (value: number): string => String(Number(value.toPrecision(2)));

export const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** What a further score means, by its name. */
export function explainScore(name: string): string {
  if (name.startsWith('F1')) return `${name} on held-out data: the harmonic mean of precision and recall.`;
  if (name === 'Dice') return 'Dice on held-out data: twice what both mark, as a share of what the two mark together.';
  return `${capitalised(name)}, on held-out data.`;
}

/** The class of a position where there is nothing: the one beside those that are measured. */
export function backgroundOf({ kind, metric, reported }: Pick<Task, 'kind' | 'metric' | 'reported'>): number | null {
  if (kind !== 'dense') return null;
  return metric === 'iou' || (reported.length > 0 && !reported.includes(0)) ? 0 : null;
}
