/** What `npm start` and `npm test` do first. Node's own modules only, since nothing else may be installed yet. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findChromium, findCommand, isExecutable } from './chromium.mjs';

export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

const NODE_NEEDED = [20, 19];

/**
 * Ends the process with one message.
 * @param {string} message
 * @returns {never}
 */
export function stop(message) {
  console.error(message);
  process.exit(1);
}

export function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const [neededMajor = 0, neededMinor = 0] = NODE_NEEDED;
  if (major > neededMajor || (major === neededMajor && minor >= neededMinor)) return;
  stop(`Node ${NODE_NEEDED.join('.')} or newer is needed; this is ${process.versions.node}. See https://nodejs.org.`);
}

/**
 * Runs a command from the repository's root with its output shown; true where it succeeds.
 * @param {string} command
 * @param {string[]} args
 */
export function run(command, args) {
  // npm and npx are scripts on Windows, which start only through a shell.
  const shell = process.platform === 'win32' && /^np[mx]$/.test(command);
  return spawnSync(command, args, { cwd: ROOT, stdio: 'inherit', shell }).status === 0;
}

/**
 * Packages of a lock file by path.
 * @param {string} file
 * @returns {Record<string, { version?: string, optional?: boolean, link?: boolean }>}
 */
function lockedPackages(file) {
  return JSON.parse(readFileSync(join(ROOT, file), 'utf8')).packages;
}

/** Compares contents and not dates, which a checkout changes. */
function isInstalled() {
  if (!existsSync(join(ROOT, 'node_modules/.package-lock.json'))) return false;
  const installed = lockedPackages('node_modules/.package-lock.json');
  return Object.entries(lockedPackages('package-lock.json')).every(
    ([path, wanted]) =>
      path === '' || (path in installed ? installed[path]?.version === wanted.version : wanted.optional === true),
  );
}

/** Installs the packages of package-lock.json unless they are there already. */
export function installPackages() {
  if (isInstalled()) return;
  console.log('Installing packages …');
  if (!run('npm', ['ci'])) stop('Installing the packages failed (npm ci, above). Is the npm registry reachable?');
}

/** The Chromium that Playwright downloaded for itself, if it did. */
async function findPlaywrightChromium() {
  const { chromium } = await import('playwright');
  return [chromium.executablePath()].find(isExecutable);
}

function installChromiumWithApt() {
  if (findCommand('apt-get') === undefined) return false;
  if (process.getuid?.() === 0) {
    return run('apt-get', ['update']) && run('apt-get', ['install', '-y', '--no-install-recommends', 'chromium']);
  }
  if (findCommand('sudo') === undefined || !run('sudo', ['-n', 'true'])) return false;
  return (
    run('sudo', ['-n', 'apt-get', 'update']) &&
    run('sudo', ['-n', 'apt-get', 'install', '-y', '--no-install-recommends', 'chromium'])
  );
}

/** Makes sure that there is a Chromium for the browser tests, and installs one where there is none. */
export async function ensureChromium() {
  const chosen = process.env['CHROMIUM_PATH'];
  if (chosen !== undefined && chosen !== '' && !isExecutable(chosen)) {
    stop(`CHROMIUM_PATH names ${chosen}, which is not a program.`);
  }
  if ((findChromium() ?? (await findPlaywrightChromium())) !== undefined) return;
  console.log('No Chromium found; installing one …');
  if (installChromiumWithApt() && findChromium() !== undefined) return;
  if (run('npx', ['playwright', 'install', 'chromium']) && (await findPlaywrightChromium()) !== undefined) return;
  stop(
    'The browser tests need Chromium or Chrome, and installing it failed. Install one, or name it by CHROMIUM_PATH. ' +
      'Without a browser: npm test -- typecheck lint unit build',
  );
}

/**
 * The latest modification under files and folders, in milliseconds; 0 where there are none.
 * @param {string[]} paths Relative to the repository's root.
 * @returns {number}
 */
export function newestChange(paths) {
  const times = paths.map((path) => {
    const full = join(ROOT, path);
    if (!existsSync(full)) return 0;
    const status = statSync(full);
    if (!status.isDirectory()) return status.mtimeMs;
    return Math.max(status.mtimeMs, newestChange(readdirSync(full).map((name) => join(path, name))));
  });
  return Math.max(0, ...times);
}

/**
 * The command that opens an address in the default browser; undefined where nobody would see it.
 * @returns {[string, ...string[]] | undefined}
 */
export function findOpener() {
  const { CI, DISPLAY, WAYLAND_DISPLAY, SSH_CONNECTION } = process.env;
  if (CI !== undefined || SSH_CONNECTION !== undefined) return undefined;
  if (process.platform === 'darwin') return ['open'];
  if (process.platform === 'win32') return ['cmd', '/c', 'start', ''];
  const seen = DISPLAY !== undefined || WAYLAND_DISPLAY !== undefined;
  return seen && findCommand('xdg-open') !== undefined ? ['xdg-open'] : undefined;
}
