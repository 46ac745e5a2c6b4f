/** The camera and the microphone: what they give, and what is said where there are none. The browser brings false ones. */
import { AxeBuilder } from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';
import { chromiumLaunchOptions } from '../../scripts/chromium.mjs';

const launch = chromiumLaunchOptions();

test.use({
  launchOptions: {
    ...launch,
    args: [...launch.args, '--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'],
  },
  permissions: ['camera', 'microphone'],
});

/** Keeps every stream that the page opens, and counts those of its tracks that still run. */
async function watchStreams(page: Page): Promise<() => Promise<number>> {
  await page.addInitScript(() => {
    const kept: MediaStreamTrack[] = [];
    const { mediaDevices } = navigator;
    const open = mediaDevices.getUserMedia.bind(mediaDevices);
    mediaDevices.getUserMedia = async (asked) => {
      const stream = await open(asked);
      kept.push(...stream.getTracks());
      return stream;
    };
    Object.assign(window, { runningTracks: () => kept.filter(({ readyState }) => readyState === 'live').length });
  });
  return () => page.evaluate(() => (window as unknown as { runningTracks: () => number }).runningTracks());
}

/** Whoever asks for a device gets this instead. */
async function refuse(page: Page, name: string | null): Promise<void> {
  await page.addInitScript((reason) => {
    if (reason === null) delete (Navigator.prototype as Partial<Navigator> as { mediaDevices?: unknown }).mediaDevices;
    else navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', reason));
  }, name);
}

async function open(page: Page, hash = 'task=digits&backend=wasm'): Promise<void> {
  await page.goto(`./#${hash}`);
  await expect(page.getByTestId('status')).toHaveText(/paused/i, { timeout: 60_000 });
}

async function openCamera(page: Page): Promise<void> {
  await page.getByTestId('own-add').click();
  await page.getByTestId('own-tab-camera').click();
  await page.getByTestId('camera-start').click();
}

test('classes are taken by the camera and trained on, and the camera is closed after', async ({ page }) => {
  const running = await watchStreams(page);
  await open(page);
  await openCamera(page);
  await expect(page.getByTestId('camera-take')).toBeEnabled();
  await expect(page.getByTestId('own-dialog')).toContainText('Nothing leaves this machine');
  expect(await running()).toBe(1);
  for (const [index, name] of ['near', 'far'].entries()) {
    await page.getByLabel(`Name of class ${index + 1}`).fill(name);
    await expect(page.getByTestId('made-ready')).toBeDisabled();
    await page.getByTestId('camera-take').hover();
    await page.mouse.down();
    const taken = page.getByLabel(`Snapshots of ${name}`, { exact: true });
    await expect.poll(async () => Number(await taken.textContent())).toBeGreaterThanOrEqual(5);
    await page.mouse.up();
  }
  const taken = page.getByLabel('Snapshots of far', { exact: true });
  await page.waitForTimeout(400);
  const before = Number(await taken.textContent());
  await page.getByTestId('camera-take').press('Enter');
  await expect(taken).toHaveText(String(before + 1));
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations).toEqual([]);
  await page.getByTestId('made-ready').click();
  await expect(page.getByTestId('own-preview')).toContainText('images of 32 × 32, 3 channels');
  await expect.poll(running).toBe(0);
  await page.getByTestId('own-train').click();
  await expect(page.getByTestId('source')).toContainText('near, far');
  await expect(page.getByTestId('status')).toHaveText(/paused/i);
  await page.getByTestId('step').click();
  await expect(page.getByTestId('step-count')).toHaveText('1');
});

test('leaving the tab or the dialog closes the camera', async ({ page }) => {
  const running = await watchStreams(page);
  await open(page);
  await openCamera(page);
  await expect.poll(running).toBe(1);
  await page.getByTestId('own-tab-draw').click();
  await expect.poll(running).toBe(0);
  await page.getByTestId('own-tab-camera').click();
  await page.getByTestId('camera-start').click();
  await expect(page.getByTestId('camera-take')).toBeEnabled();
  await page.getByTestId('camera-stop').click();
  await expect(page.getByTestId('camera-take')).toBeDisabled();
  expect(await running()).toBe(0);
  await page.getByTestId('camera-start').click();
  await expect.poll(running).toBe(1);
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('own-dialog')).toBeHidden();
  await expect.poll(running).toBe(0);
});

for (const [name, words] of [
  ['NotAllowedError', 'The camera is not allowed'],
  ['NotFoundError', 'There is no camera'],
  [null, 'This browser gives the page no camera'],
] as const) {
  test(`without a camera it says so: ${name ?? 'no such thing'}`, async ({ page }) => {
    await refuse(page, name);
    await open(page);
    await openCamera(page);
    await expect(page.getByTestId('camera-problem')).toContainText(words);
    await expect(page.getByTestId('camera-start')).toBeEnabled();
    await expect(page.getByTestId('camera-take')).toBeDisabled();
  });
}

test('the network looks through the camera while it trains', async ({ page }) => {
  const running = await watchStreams(page);
  await open(page);
  await page.getByTestId('try-open').click();
  await page.getByTestId('try-camera').click();
  await page.getByTestId('camera-start').click();
  await expect(page.getByTestId('answer-look')).toHaveText('Your own sample');
  const picture = page.getByTestId('figure-answer').locator('image').first();
  const first = await picture.getAttribute('href');
  await expect.poll(() => picture.getAttribute('href')).not.toBe(first);
  await page.getByTestId('try-camera').click();
  await expect.poll(running).toBe(0);
  await expect(page.getByTestId('draw-pad')).toBeVisible();
});

test('a sound is recorded and answered, and the microphone is closed after', async ({ page }) => {
  const running = await watchStreams(page);
  await open(page, 'task=fsdd-raw&backend=wasm');
  await page.getByTestId('try-open').click();
  const before = await page.getByTestId('curve-pad').innerHTML();
  await page.getByTestId('try-record').click();
  await expect(page.getByTestId('try-record')).toHaveText('Listening …');
  expect(await running()).toBe(1);
  await expect(page.getByTestId('try-record')).toHaveText('Record');
  await expect(page.getByTestId('try-record-problem')).toBeHidden();
  await expect(page.getByTestId('answer-look')).toHaveText('Your own sample');
  expect(await page.getByTestId('curve-pad').innerHTML()).not.toBe(before);
  expect(await running()).toBe(0);
  await page.getByTestId('try-record').click();
  await expect.poll(running).toBe(1);
  await page.getByTestId('try-close').click();
  await expect.poll(running).toBe(0);
});

test('without a microphone it says so, and the curve can still be bent', async ({ page }) => {
  await refuse(page, 'NotAllowedError');
  await open(page, 'task=fsdd-raw&backend=wasm');
  await page.getByTestId('try-open').click();
  await page.getByTestId('try-record').click();
  await expect(page.getByTestId('try-record-problem')).toContainText('The microphone is not allowed');
  await page.getByTestId('curve-pad').click();
  await expect(page.getByTestId('answer-look')).toHaveText('Your own sample');
});
