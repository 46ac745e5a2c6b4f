/** Notes how the built page is cut into chunks, and what is in each, for `sizes.mjs` to weigh. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import type { Plugin } from 'vite';

export interface ChunkNote {
  readonly file: string;
  /** The module that it was made for; null for what several share. */
  readonly module: string | null;
  readonly entry: boolean;
  readonly imports: readonly string[];
  /** Characters by module, as they are before they are minified. */
  readonly parts: Readonly<Record<string, number>>;
}

/** Two plugins that share one list: the workers' builds are finished before the page's is. */
export function chunks(fileName: string): { page: Plugin; worker: Plugin } {
  const notes = new Map<string, ChunkNote>();
  const nameOf = (module: string): string => {
    const path = module.replaceAll('\\', '/').replace('\0', '');
    const [, inPackage] = /^.*\/node_modules\/(.*)$/.exec(path) ?? [];
    return inPackage ?? relative('.', path).replaceAll('\\', '/');
  };
  const collect: Plugin['generateBundle'] = (_, bundle) => {
    for (const chunk of Object.values(bundle)) {
      if (chunk.type !== 'chunk') continue;
      const parts: Record<string, number> = {};
      for (const [module, { renderedLength }] of Object.entries(chunk.modules)) parts[nameOf(module)] = renderedLength;
      const module = chunk.facadeModuleId === null ? null : nameOf(chunk.facadeModuleId);
      const { fileName: file, isEntry: entry, imports } = chunk;
      notes.set(file, { file, module, entry, imports, parts });
    }
  };
  return {
    worker: { name: 'chunks-of-worker', generateBundle: collect },
    page: {
      name: 'chunks-of-page',
      generateBundle: collect,
      writeBundle() {
        mkdirSync(dirname(resolve(fileName)), { recursive: true });
        writeFileSync(fileName, JSON.stringify([...notes.values()]));
      },
    },
  };
}
