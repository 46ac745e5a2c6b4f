/** The page of the benchmark in Chromium, built by Vite as the playground is. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright';
import { build, preview } from 'vite';
import { chromiumLaunchOptions } from '../../scripts/chromium.mjs';
import type { Channel } from './child.ts';
import type { FromChild, Job } from './messages.ts';
import type { PageGlobals } from './page.ts';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const BUILT = join(HERE, '../../.cache/bench-page');

/** Rejects where there is no Chromium. */
export async function openPage(): Promise<Channel> {
  const common = { root: HERE, configFile: false, base: './', logLevel: 'error' } as const;
  const options = {
    target: 'es2022',
    outDir: BUILT,
    emptyOutDir: true,
    rollupOptions: { input: join(HERE, 'page.html') },
  };
  await build({ ...common, build: options });
  const server = await preview({ ...common, build: { outDir: BUILT }, preview: { host: '127.0.0.1', port: 4335 } });
  const browser = await chromium.launch(chromiumLaunchOptions());
  const page = await browser.newPage();
  let receive: (message: FromChild) => void = () => undefined;
  let end: (reason: string) => void = () => undefined;
  await page.exposeFunction('sendMessage', (message: FromChild) => receive(message));
  page.on('crash', () => end('the page crashed'));
  page.on('pageerror', (error) => end(error.message));
  await page.goto(`${server.resolvedUrls?.local[0] ?? ''}page.html`);
  await page.waitForFunction('globalThis.doJob !== undefined');
  return {
    post: (job) => {
      const send = (given: Job): void => (globalThis as unknown as PageGlobals).doJob(given);
      page.evaluate(send, job).catch((error: unknown) => end(String(error)));
    },
    listen: (onMessage, onEnd) => ([receive, end] = [onMessage, onEnd]),
    close: () => {
      void browser.close();
      void server.close();
    },
  };
}
