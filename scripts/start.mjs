/** Builds the page where needed, serves it and opens it: `npm start`, or `npm start -- --no-open`. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { ROOT, checkNode, findOpener, installPackages, newestChange, run, stop } from './setup.mjs';

const SOURCES = ['src', 'public', 'index.html', 'vite.config.ts', 'package-lock.json'];

checkNode();
installPackages();
if (newestChange(['dist/index.html']) < newestChange(SOURCES)) {
  console.log('Building the page …');
  if (!run(process.execPath, [join('node_modules', 'vite', 'bin', 'vite.js'), 'build', '--logLevel=warn'])) {
    stop('Building the page failed; see above.');
  }
}

const { preview } = await import('vite');
// Vite takes the next free port where this one is taken.
const server = await preview({ root: ROOT, preview: { port: 4173, strictPort: false, open: false } });
const url = server.resolvedUrls?.local[0] ?? stop('The server did not start.');
console.log(`\nDNArch playground: ${url}\nCtrl+C stops it.`);

const opener = process.argv.includes('--no-open') ? undefined : findOpener();
if (opener !== undefined) {
  const [command, ...args] = opener;
  // The address is printed, so a browser that does not open is no failure.
  const child = spawn(command, [...args, url], { stdio: 'ignore', detached: true });
  child.on('error', () => undefined);
  child.unref();
}
