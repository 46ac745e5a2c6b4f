/** What the training worker and the one that loads data say to each other. Types only. */
import type { Dataset } from '../tasks/task.ts';

export interface ToData {
  /** Where the page's files are, as an absolute URL. */
  readonly base: string;
  /** Id of the task. */
  readonly task: string;
}

export type FromData =
  | { readonly type: 'progress'; readonly part: number }
  | { readonly type: 'loaded'; readonly data: Dataset }
  | { readonly type: 'failed'; readonly reason: string };
