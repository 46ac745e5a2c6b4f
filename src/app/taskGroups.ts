/** Tasks by what they are about, so that one of many is found. */
import type { Task } from '../tasks/task.ts';

export type GroupName = 'Pictures' | 'Sequences' | 'Text' | 'Fields and masks';

const GROUPS: readonly GroupName[] = ['Pictures', 'Sequences', 'Text', 'Fields and masks'];

type Kind = Pick<Task, 'kind' | 'grid' | 'tokens' | 'field'>;

export function groupOf({ kind, grid, tokens, field }: Kind): GroupName {
  if (tokens !== undefined) return 'Text';
  if (field !== undefined || (kind === 'dense' && grid.length === 2)) return 'Fields and masks';
  return grid.length === 2 ? 'Pictures' : 'Sequences';
}

/** The groups that have tasks, in a fixed order; within one, tasks keep theirs. */
export const groupTasks = <T extends Kind>(
  tasks: readonly T[],
): readonly { readonly name: GroupName; readonly tasks: readonly T[] }[] =>
  GROUPS.map((name) => ({ name, tasks: tasks.filter((task) => groupOf(task) === name) })).filter(
    (group) => group.tasks.length > 0,
  );
