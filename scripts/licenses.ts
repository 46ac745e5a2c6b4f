/** Lists the licences of all packages that end up in the built page, its worker included, which Vite's own list leaves out. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Plugin } from 'vite';

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
}

/** The folder of the package that a module belongs to; undefined for the page's own modules. */
function packageFolder(module: string): string | undefined {
  return /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(module)?.[0];
}

function describe(folder: string): string {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  const text = file === undefined ? '' : `\n${readFileSync(join(folder, file), 'utf8').trim()}\n`;
  const source = `https://www.npmjs.com/package/${name}/v/${version}`;
  return `${name} ${version} (${license ?? 'licence unknown'})\n${source}\n${text}`;
}

/** Two plugins that share one list: the worker's build is finished before the page's writes it. */
export function licenses(fileName: string): { page: Plugin; worker: Plugin } {
  const folders = new Set<string>();
  const collect = (modules: Iterable<string>) => {
    for (const module of modules) {
      const folder = packageFolder(module.replaceAll('\\', '/').replace('\0', ''));
      if (folder !== undefined && existsSync(join(folder, 'package.json'))) folders.add(folder);
    }
  };
  return {
    worker: {
      name: 'licenses-of-worker',
      generateBundle() {
        collect(this.getModuleIds());
      },
    },
    page: {
      name: 'licenses-of-page',
      generateBundle(_, bundle) {
        collect(this.getModuleIds());
        // Fonts are named by style sheets and so are no modules.
        const assets = Object.values(bundle).filter((file) => file.type === 'asset');
        collect(assets.flatMap((asset) => asset.originalFileNames).map((path) => resolve(path)));
        const source = [...folders]
          .sort()
          .map(describe)
          .join(`\n${'-'.repeat(80)}\n\n`);
        this.emitFile({ type: 'asset', fileName, source });
      },
    },
  };
}
