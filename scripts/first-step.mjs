/**
 * Measures how soon the built page trains: `npm run first-step`, or `npm run first-step -- webgpu 5 fashion-mnist`.
 *
 * Opens the page so many times (5) with all its files cached, presses play as soon as there is a button, and prints as JSON the
 * milliseconds from opening to the button, to the first picture of the network and to the first completed step; and the
 * same for play pressed some seconds after opening, from that press on. On WebGPU, where steps are asked for long before they are done,
 * it presses for a single one, which is shown when it is; and says for how long pipelines were being compiled until then, and how many.
 */
import { chromium } from 'playwright';
import { preview } from 'vite';
import { chromiumLaunchOptions } from './chromium.mjs';
import { ROOT } from './setup.mjs';

const [backend = 'wasm', times = '5', task = 'fashion-mnist'] = process.argv.slice(2);
/** Milliseconds for which the page is read before play is pressed. */
const READING_MS = backend === 'wasm' ? 4000 : 40_000;
const BUTTON = `[data-testid="${backend === 'webgpu' ? 'step' : 'play'}"]`;

/** In the page, as text: this file has no DOM. Notes when something is first there, on the page's own clock. */
const WATCH = `(() => {
  const seen = {};
  const look = () => {
    const note = (name, there) => { if (there && !(name in seen)) seen[name] = performance.now(); };
    const button = document.querySelector('${BUTTON}:not(:disabled)');
    note('button', button !== null);
    if (button !== null && globalThis.atOnce && !seen.pressed) { seen.pressed = performance.now(); button.click(); }
    note('network', document.querySelector('[data-testid="figure-network"]') !== null);
    const steps = document.querySelector('[data-testid="step-count"]');
    note('step', steps !== null && Number(steps.textContent) > 0);
    if (!('step' in seen)) setTimeout(look, 5);
  };
  globalThis.seen = seen;
  look();
})()`;

/** In the training worker, as text, before its own code: notes from when to when pipelines are compiled, on the clock of all. */
const WATCH_PIPELINES = `
  globalThis.pipelines = [];
  const now = () => performance.timeOrigin + performance.now();
  for (const method of ['createComputePipeline', 'createComputePipelineAsync']) {
    const original = GPUDevice.prototype[method];
    GPUDevice.prototype[method] = function (...args) {
      const own = { from: now(), to: now() };
      globalThis.pipelines.push(own);
      const made = original.apply(this, args);
      Promise.resolve(made).then(() => (own.to = now()));
      return made;
    };
  }
`;

/**
 * How many pipelines were asked for, and the milliseconds in which there was one to wait for.
 * @param {import('playwright').Page} page
 */
async function compiling(page) {
  let [count, busy, end] = [0, 0, 0];
  for (const worker of page.workers()) {
    /** @type {{ from: number, to: number }[]} */
    const found = await worker.evaluate('globalThis.pipelines ?? []');
    for (const { from, to } of found) {
      count += 1;
      busy += Math.max(0, to - Math.max(from, end));
      end = Math.max(end, to);
    }
  }
  return { count, busy };
}

/** @param {number[]} values */
const summary = (values) => {
  const sorted = values.toSorted((a, b) => a - b).map(Math.round);
  return { median: sorted[Math.floor(sorted.length / 2)], least: sorted[0], most: sorted.at(-1) };
};

const server = await preview({ root: ROOT, logLevel: 'warn', preview: { host: '127.0.0.1', port: 4333, open: false } });
const browser = await chromium.launch(chromiumLaunchOptions());
/** @type {Record<string, number[]>} */
const found = { button: [], network: [], step: [], 'step after a late press': [] };
/** @type {Record<string, number[]>} */
const pipelines = { count: [], milliseconds: [] };
try {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  if (backend === 'webgpu') {
    await context.route('**/worker-*.js', async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, body: WATCH_PIPELINES + (await response.text()) });
    });
  }
  const address = `${server.resolvedUrls?.local[0] ?? ''}#task=${task}&backend=${backend}`;
  for (let time = 0; time <= Number(times); time++) {
    const atOnce = await context.newPage();
    await atOnce.addInitScript(`globalThis.atOnce = true; ${WATCH}`);
    await atOnce.goto(address);
    await atOnce.waitForFunction('"step" in globalThis.seen', undefined, { timeout: 180_000, polling: 50 });
    /** @type {Record<string, number>} */
    const seen = await atOnce.evaluate('globalThis.seen');
    const { count, busy } = await compiling(atOnce);
    await atOnce.close();
    // The first time fills the cache.
    if (time === 0) continue;
    for (const name of ['button', 'network', 'step']) found[name]?.push(seen[name] ?? NaN);
    pipelines['count']?.push(count);
    pipelines['milliseconds']?.push(busy);
    const late = await context.newPage();
    await late.addInitScript(WATCH);
    await late.goto(address);
    await late.waitForTimeout(READING_MS);
    await late.evaluate(`globalThis.seen.pressed = performance.now(); document.querySelector('${BUTTON}').click()`);
    await late.waitForFunction('"step" in globalThis.seen', undefined, { timeout: 180_000, polling: 50 });
    const took = await late.evaluate('globalThis.seen.step - globalThis.seen.pressed');
    found['step after a late press']?.push(Number(took));
    await late.close();
  }
} finally {
  await browser.close();
  await server.close();
}
/** @param {Record<string, number[]>} lists */
const summaries = (lists) => Object.fromEntries(Object.entries(lists).map(([name, values]) => [name, summary(values)]));
const compiled = backend === 'webgpu' && { pipelines: summaries(pipelines) };
console.log(
  JSON.stringify({ backend, task, times: Number(times), milliseconds: summaries(found), ...compiled }, null, 2),
);
