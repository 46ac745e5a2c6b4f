/**
 * Lets Node import single modules of TF.js: its files name each other without `.js` and by folder, as bundlers allow. The
 * gradients are registered by such a module alone.
 */
import { existsSync } from 'node:fs';
import { register } from 'node:module';
import { fileURLToPath } from 'node:url';
import { isMainThread } from 'node:worker_threads';

if (isMainThread) register(import.meta.url);

/** @type {import('node:module').ResolveHook} */
export async function resolve(specifier, context, next) {
  const deep = /^@tensorflow\/tfjs-[\w-]+\/dist\//.test(specifier) && !/\.(?:js|json)$/.test(specifier);
  if (deep) return next(`${specifier}.js`, context);
  const inside = specifier.startsWith('.') && (context.parentURL ?? '').includes('/@tensorflow/');
  if (!inside || specifier.endsWith('.js')) return next(specifier, context);
  const file = ['.js', '/index.js'].find((end) =>
    existsSync(fileURLToPath(new URL(specifier + end, context.parentURL))),
  );
  return next(specifier + (file ?? ''), context);
}
