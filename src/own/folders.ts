/** Classes by folder: `cat/1.png`, or `train/cat/1.png` beside `test/cat/9.png`. */
import { OwnDataError } from './own.ts';
import type { Entry, Notes } from './reading.ts';
import { halfOf, useHalves } from './samples.ts';

export interface Placed {
  readonly entry: Entry;
  readonly label: string;
  readonly half: 'train' | 'test';
}

/**
 * The files with their classes and halves. Below a folder named for a half, the next folder is the class; without one,
 * the folder that a file lies in, which may then be called `train` as well.
 * @param what the files, for notes: `images`
 * @throws OwnDataError where more than half of the files lie in no folder of a class
 */
export function placeByFolder(entries: readonly Entry[], what: string, notes: Notes): readonly Placed[] {
  const members = entries.map((entry) => {
    const folders = entry.path.split('/').slice(0, -1);
    return { entry, folders, at: folders.findIndex((folder) => halfOf(folder) !== null) };
  });
  const hasPlain = members.some(({ folders, at }) => at < 0 && folders.length > 0);
  const reasons: string[] = [];
  const found = members.flatMap(({ entry, folders, at }) => {
    const isBare = at < 0 || (hasPlain && at === folders.length - 1);
    const label = isBare ? folders.at(-1) : folders[at + 1];
    if (label !== undefined) return [{ entry, label, half: isBare ? null : halfOf(folders[at] ?? '') }];
    reasons.push(`${entry.path} lies in no folder that names its class`);
    return [];
  });
  notes.leaveOut(what, entries.length, reasons);
  const uses = useHalves(found.map(({ half }) => half));
  const placed = found.flatMap(({ entry, label }, index) => {
    const half = uses[index];
    return half === null || half === undefined ? [] : [{ entry, label, half }];
  });
  if (placed.length < found.length) notes.add('The folder for validation was left out: there is one for testing.');
  if (placed.length === 0) throw new OwnDataError(`no ${what} were found in folders; give a folder a class`);
  return placed;
}
