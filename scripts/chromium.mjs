/** Where Chromium is, and the flags under which it offers WebGPU even without a GPU. Node's own modules only. */
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** `--enable-unsafe-webgpu` gives a software adapter where there is no GPU; the rest keeps the browser quiet. */
export const CHROMIUM_FLAGS = [
  '--enable-unsafe-webgpu',
  '--no-sandbox',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

const PLACES = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
];

/** @param {string} path */
export function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/**
 * The full path of a command, or undefined where it is not on the PATH.
 * @param {string} name
 */
export function findCommand(name) {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

/** Chromium's path; undefined where only Playwright's own copy, or none, is left to use. */
export function findChromium() {
  const chosen = process.env['CHROMIUM_PATH'];
  if (chosen !== undefined && chosen !== '') return chosen;
  for (const name of NAMES) {
    const path = findCommand(name);
    if (path !== undefined) return path;
  }
  return PLACES.find(isExecutable);
}

/** Launch options for Playwright; without a path it takes the browser it downloaded itself. */
export function chromiumLaunchOptions() {
  const path = findChromium();
  return { args: CHROMIUM_FLAGS, ...(path === undefined ? {} : { executablePath: path }) };
}
