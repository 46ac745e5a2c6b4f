/** The tasks that the playground knows, in the order in which it offers them. */
import { burgers } from './burgers.ts';
import { darcy } from './darcy.ts';
import { denoisedFashion } from './denoise.ts';
import { digits } from './digits.ts';
import { fashionMnist } from './fashion-mnist.ts';
import { fsddMfcc, fsddRaw } from './fsdd.ts';
import { fullListOps, shortListOps } from './listops.ts';
import { ludb } from './ludb.ts';
import { mnist, permutedMnist, sequentialMnist } from './mnist.ts';
import { nuclei } from './nuclei.ts';
import {
  easyPathfinder,
  intermediatePathfinder,
  pathfinder,
  sequentialPathfinder,
  tracedPathfinder,
} from './pathfinder.ts';
import { subjectivity } from './subjectivity.ts';
import type { Task } from './task.ts';

export const TASKS: readonly Task[] = [
  fashionMnist,
  mnist,
  sequentialMnist,
  permutedMnist,
  fsddRaw,
  fsddMfcc,
  subjectivity,
  ludb,
  nuclei,
  darcy,
  burgers,
  shortListOps,
  fullListOps,
  easyPathfinder,
  intermediatePathfinder,
  pathfinder,
  sequentialPathfinder,
  tracedPathfinder,
  denoisedFashion,
  digits,
];

/** The task of that id; throws a message that lists the known ones. */
export function findTask(id: string): Task {
  const task = TASKS.find((candidate) => candidate.id === id);
  if (task !== undefined) return task;
  throw new Error(`there is no task "${id}"; known are ${TASKS.map((known) => known.id).join(', ')}`);
}
