/** Files of the user's own on disk. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join, relative, sep } from 'node:path';
import type { OwnFile } from '../own/own.ts';

/** The file of that path, or all files of the folder with their paths in it, the folder's own name first; sorted. */
export async function ownFiles(path: string): Promise<OwnFile[]> {
  const root = await stat(path).catch(() => {
    throw new Error(`there is no file or folder ${path}`);
  });
  if (!root.isDirectory()) return [fileAt(path, basename(path), root.size)];
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Promise.all(
    files.sort().map(async (file) => {
      const inside = [basename(path), ...relative(path, file).split(sep)].join('/');
      return fileAt(file, inside, (await stat(file)).size);
    }),
  );
}

function fileAt(path: string, name: string, size: number): OwnFile {
  return {
    path: name,
    size,
    bytes: async () => {
      const bytes = await readFile(path);
      return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
    },
  };
}
