/** Metrics in words. */
import type { Task } from '../tasks/task.ts';

export const METRIC_NAMES = {
  accuracy: 'accuracy',
  iou: 'mean IoU',
  'relative-l2': 'relative L2',
} as const satisfies Record<Task['metric'], string>;

/** A value of the metric as people read it, e.g. `84.5 %` or `0.0517`. */
export function metricText(metric: Task['metric'], value: number): string {
  return metric === 'relative-l2' ? value.toFixed(4) : `${(100 * value).toFixed(1)} %`;
}
