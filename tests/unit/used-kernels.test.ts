/** The page carries single kernels and gradients of TF.js: all that the network's operations need, found by their imports. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const CORE = join(ROOT, 'node_modules/@tensorflow/tfjs-core/dist');

const read = (path: string): string => readFileSync(path, 'utf8');
const all = (text: string, pattern: RegExp): string[] => [...text.matchAll(pattern)].map((match) => match[1] ?? '');

/** Names that a module imports as values from another one. */
function importedFrom(text: string, module: string): string[] {
  return all(text, new RegExp(`import \\{([^}]*)\\} from '${module}'`, 'g')).flatMap((names) =>
    names
      .split(',')
      .map((name) => name.trim().replace(/ as .*/, ''))
      .filter((name) => name !== '' && !name.startsWith('type ')),
  );
}

/** The module of each operation. */
const OPERATIONS = new Map(
  readdirSync(join(CORE, 'ops'))
    .filter((file) => file.endsWith('.js'))
    .map((file) => join(CORE, 'ops', file))
    .flatMap((path) => all(read(path), /export (?:const|function) (\w+)/g).map((name) => [name, path] as const)),
);

const kernelsOf = (path: string): string[] => importedFrom(read(path), '\\.\\./kernel_names');

/** Operations in the folders that train. */
function operationsUsed(): Set<string> {
  const files = ['kernels', 'dnarch', 'engine'].flatMap((folder) =>
    readdirSync(join(ROOT, 'src', folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => read(join(ROOT, 'src', folder, file))),
  );
  return new Set(files.flatMap((text) => importedFrom(text, '@tensorflow/tfjs-core')));
}

/** Kernels that a gradient calls for. */
function gradientKernels(name: string): string[] {
  const modules = all(read(join(CORE, 'gradients', `${name}_grad.js`)), /from '\.\.\/ops\/(\w+)'/g);
  return modules
    .map((module) => join(CORE, 'ops', `${module}.js`))
    .filter((path) => existsSync(path))
    .flatMap(kernelsOf);
}

const gradients = all(read(join(ROOT, 'src/engine/gradients.ts')), /gradients\/(\w+)_grad/g);

describe.each(['webgpu', 'wasm'])('on %s', (backend) => {
  const registered = new Set(all(read(join(ROOT, `src/engine/${backend}Backend.ts`)), /dist\/kernels\/(\w+)/g));

  test('every operation in use has its kernel', () => {
    const needed = [...operationsUsed()].flatMap((name) => {
      const path = OPERATIONS.get(name);
      return path === undefined ? [] : kernelsOf(path);
    });
    expect(needed).toContain('BatchMatMul');
    expect(needed.filter((kernel) => !registered.has(kernel))).toEqual([]);
  });

  test('every gradient has the kernels that it calls for', () => {
    expect(gradients.flatMap(gradientKernels).filter((kernel) => !registered.has(kernel))).toEqual([]);
  });
});
