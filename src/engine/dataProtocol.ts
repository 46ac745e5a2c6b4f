/** What the training worker and the one that loads data say to each other. Types only. */
import type { OwnEntry } from '../own/store.ts';
import type { Dataset } from '../tasks/task.ts';

export interface ToData {
  /** Where the page's files are, as an absolute URL. */
  readonly base: string;
  /** Id of the task. */
  readonly task: string;
}

export type FromData =
  | { readonly type: 'progress'; readonly part: number }
  /** `own` tells the task of data of the user's own, which only their store knows; else it is null. */
  | { readonly type: 'loaded'; readonly data: Dataset; readonly own: OwnEntry | null }
  | { readonly type: 'failed'; readonly reason: string };
