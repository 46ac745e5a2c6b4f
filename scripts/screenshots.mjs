/** Takes the pictures of the docs from the recorded runs, as WebP into docs/images: `npm run screenshots` after a build. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright';
import { preview } from 'vite';
import { recordedWorker } from '../tests/support/recorded.ts';
import { chromiumLaunchOptions } from './chromium.mjs';
import { ROOT } from './setup.mjs';

const FOLDER = join(ROOT, 'docs/images');
const QUALITY = 0.85;

/** @type {{ name: string, task: string, scheme: 'light' | 'dark', width: number, height: number, scale?: number }[]} */
const SHOTS = [
  { name: 'digits-light', task: 'digits', scheme: 'light', width: 1440, height: 1120 },
  { name: 'digits-dark', task: 'digits', scheme: 'dark', width: 1440, height: 1120 },
  { name: 'ecg-light', task: 'ludb', scheme: 'light', width: 1440, height: 1120 },
  { name: 'phone-light', task: 'digits', scheme: 'light', width: 390, height: 844, scale: 2 },
  { name: 'phone-dark', task: 'ludb', scheme: 'dark', width: 390, height: 844, scale: 2 },
];

/** A function in the page, as text: this file has no DOM. */
const TO_WEBP = `async ({ png, quality }) => {
  const image = new Image();
  image.src = 'data:image/png;base64,' + png;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = image.width;
  canvas.height = image.height;
  canvas.getContext('2d').drawImage(image, 0, 0);
  return canvas.toDataURL('image/webp', quality).split(',')[1];
}`;

const server = await preview({ root: ROOT, preview: { host: '127.0.0.1', port: 4331, open: false } });
const address = server.resolvedUrls?.local[0] ?? '';
const browser = await chromium.launch(chromiumLaunchOptions());
mkdirSync(FOLDER, { recursive: true });
try {
  for (const { name, task, scheme, width, height, scale = 1 } of SHOTS) {
    const page = await browser.newPage({
      viewport: { width, height },
      deviceScaleFactor: scale,
      colorScheme: scheme,
      reducedMotion: 'reduce',
    });
    await page.addInitScript(recordedWorker());
    await page.goto(`${address}#task=${task}&budget=0.12&seed=7`);
    await page.getByTestId('step-count').getByText('400').waitFor();
    // A phone shows the network first, below what there is to choose.
    if (width < 800) await page.evaluate(`document.querySelector('main').scrollIntoView()`);
    await page.evaluate('document.fonts.ready.then(() => undefined)');
    await page.waitForTimeout(300);
    const png = (await page.screenshot()).toString('base64');
    /** @type {string} */
    const webp = await page.evaluate(`(${TO_WEBP})(${JSON.stringify({ png, quality: QUALITY })})`);
    const bytes = Buffer.from(webp, 'base64');
    writeFileSync(join(FOLDER, `${name}.webp`), bytes);
    console.log(`docs/images/${name}.webp: ${Math.round(bytes.length / 1024)} KB`);
    await page.close();
  }
} finally {
  await browser.close();
  await server.close();
}
