/**
 * Measures how smooth the built page is while it trains: `npm run frames`, or `npm run frames -- 60 webgpu`.
 *
 * Plays Fashion-MNIST for so many seconds (20) on that backend (wasm), moves the budget and chooses blocks meanwhile, and
 * prints as JSON the share of frames within 20 ms, the long tasks of the page, and how long clicks and drags took.
 */
import { chromium } from 'playwright';
import { preview } from 'vite';
import { chromiumLaunchOptions } from './chromium.mjs';
import { ROOT } from './setup.mjs';

const [seconds = '20', backend = 'wasm'] = process.argv.slice(2);
const GOOD_FRAME_MS = 20;
const ACTIONS = 8;

/** In the page, as text: this file has no DOM. */
const WATCH = `(() => {
  const seen = { frames: [], tasks: [], events: [] };
  let last = performance.now();
  const tick = (now) => {
    seen.frames.push(now - last);
    last = now;
    requestAnimationFrame(tick);
  };
  requestAnimationFrame(tick);
  new PerformanceObserver((list) => seen.tasks.push(...list.getEntries().map((entry) => entry.duration)))
    .observe({ type: 'longtask' });
  new PerformanceObserver((list) =>
    seen.events.push(...list.getEntries().map(({ name, duration }) => ({ name, duration }))),
  ).observe({ type: 'event', durationThreshold: 16 });
  globalThis.seen = seen;
})()`;

/** @typedef {{ frames: number[], tasks: number[], events: { name: string, duration: number }[] }} Seen */

/** @param {number[]} values @param {number} part */
const quantile = (values, part) =>
  Number((values.toSorted((a, b) => a - b)[Math.floor(part * (values.length - 1))] ?? 0).toFixed(1));

const server = await preview({ root: ROOT, preview: { host: '127.0.0.1', port: 4332, open: false } });
const browser = await chromium.launch(chromiumLaunchOptions());
try {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.goto(`${server.resolvedUrls?.local[0] ?? ''}#task=fashion-mnist&backend=${backend}`);
  await page.locator(`[data-testid="backend"][data-name]`).first().waitFor({ timeout: 60_000 });
  await page.getByTestId('figure-network').waitFor();
  await page.getByTestId('play').click();
  await page.waitForFunction(`Number(document.querySelector('[data-testid="step-count"]').textContent) > 3`);
  await page.evaluate(WATCH);
  const budget = page.getByTestId('budget');
  const DRAG = { from: 0.35, to: 0.7 };
  for (let action = 0; action < ACTIONS; action++) {
    await page.waitForTimeout((1000 * Number(seconds)) / ACTIONS);
    if (action % 2 === 0) {
      const box = await budget.boundingBox();
      if (box === null) continue;
      const at = (/** @type {number} */ part) => box.x + box.width * part;
      const y = box.y + box.height / 2;
      await page.mouse.move(at(DRAG.from), y);
      await page.mouse.down();
      await page.mouse.move(at(DRAG.to), y, { steps: 12 });
      await page.mouse.up();
    } else {
      await page.locator('[data-testid="figure-network"] [data-position="1"]').click();
    }
  }
  const seen = /** @type {Seen} */ (await page.evaluate('globalThis.seen'));
  const steps = Number(await page.getByTestId('step-count').textContent());
  const durations = seen.events.map(({ duration }) => duration);
  console.log(
    JSON.stringify(
      {
        backend,
        seconds: Number(seconds),
        steps,
        frames: {
          count: seen.frames.length,
          goodShare: Number(
            (seen.frames.filter((time) => time <= GOOD_FRAME_MS).length / seen.frames.length).toFixed(3),
          ),
          median: quantile(seen.frames, 0.5),
          p95: quantile(seen.frames, 0.95),
          longest: quantile(seen.frames, 1),
        },
        longTasks: { count: seen.tasks.length, longest: seen.tasks.toSorted((a, b) => b - a).slice(0, 5) },
        // Only events of 16 ms and more are reported by the browser.
        events: {
          slow: durations.length,
          median: quantile(durations, 0.5),
          longest: quantile(durations, 1),
          kinds: [...new Set(seen.events.map(({ name }) => name))],
        },
      },
      null,
      2,
    ),
  );
} finally {
  await browser.close();
  await server.close();
}
