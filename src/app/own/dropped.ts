/** Files and folders that were dropped or chosen, with their paths. */
import type { NamedFile } from '../../own/protocol.ts';

export type Dropped = readonly (FileSystemEntry | File)[];

export const bringsFiles = ({ dataTransfer }: DragEvent): boolean => dataTransfer?.types.includes('Files') ?? false;

/** To be called while the drop is handled: afterwards the browser has forgotten what it was. */
export function entriesOf({ items }: DataTransfer): Dropped {
  return Array.from(items).flatMap((item) => {
    if (item.kind !== 'file') return [];
    const found = item.webkitGetAsEntry() ?? item.getAsFile();
    return found === null ? [] : [found];
  });
}

/** All files, those of folders with the folders' names before their own. */
export async function filesOf(dropped: Dropped): Promise<readonly NamedFile[]> {
  return (await Promise.all(dropped.map(filesIn))).flat();
}

/** What a file chooser gives; of a folder, its name stands first. */
export function chosenFiles(files: FileList): readonly NamedFile[] {
  return Array.from(files, (file) => ({ path: file.webkitRelativePath || file.name, file }));
}

async function filesIn(entry: Dropped[number]): Promise<readonly NamedFile[]> {
  if (entry instanceof File) return [{ path: entry.name, file: entry }];
  const path = entry.fullPath.replace(/^\//, '');
  if (isFileEntry(entry)) {
    const file = await new Promise<File>((resolve, reject) => entry.file(resolve, reject));
    return [{ path, file }];
  }
  if (!isFolder(entry)) return [];
  const reader = entry.createReader();
  const inside: FileSystemEntry[] = [];
  // It gives some at a time, and at the end none.
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0) break;
    inside.push(...some);
  }
  return filesOf(inside);
}

// Not by `instanceof`: not every browser gives these classes a name (Chromium does not).
const isFileEntry = (entry: FileSystemEntry): entry is FileSystemFileEntry => entry.isFile;
const isFolder = (entry: FileSystemEntry): entry is FileSystemDirectoryEntry => entry.isDirectory;
