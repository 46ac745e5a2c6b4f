/** The tasks that the playground knows, in the order in which it offers them. */
import { digits } from './digits.ts';
import { fashionMnist } from './fashion-mnist.ts';
import { ludb } from './ludb.ts';
import type { Dataset, ReadFile, Task } from './task.ts';

export const TASKS: readonly Task[] = [fashionMnist, ludb, digits];

/** The task of that id; throws a message that lists the known ones. */
export function findTask(id: string): Task {
  const task = TASKS.find((candidate) => candidate.id === id);
  if (task !== undefined) return task;
  throw new Error(`there is no task "${id}"; known are ${TASKS.map((known) => known.id).join(', ')}`);
}

/** Loads and checks a task's data; rejects with a message that says what to do. */
export async function loadDataset(task: Task, readFile: ReadFile): Promise<Dataset> {
  return task.parse(await readFile(task.file));
}
