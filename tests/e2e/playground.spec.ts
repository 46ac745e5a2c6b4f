import { expect, test, type Page } from '@playwright/test';

/** The number in an attribute of the element with that test id; NaN before there is one. */
async function reading(page: Page, id: string, attribute: string): Promise<number> {
  return Number((await page.getByTestId(id).first().getAttribute(attribute)) ?? NaN);
}

const macs = (page: Page, id: 'cost' | 'target') => reading(page, id, 'data-macs');
const steps = async (page: Page) => Number(await page.getByTestId('step-count').textContent());

async function open(page: Page, hash: string): Promise<void> {
  await page.goto(`./#${hash}`);
  await expect(page.getByTestId('backend').first()).toHaveAttribute('data-name', /./, { timeout: 60_000 });
  await expect.poll(() => macs(page, 'cost')).toBeGreaterThan(0);
}

async function playTo(page: Page, step: number): Promise<void> {
  await page.getByTestId('play').click();
  await expect.poll(() => steps(page), { timeout: 110_000 }).toBeGreaterThanOrEqual(step);
}

async function pause(page: Page): Promise<void> {
  await page.getByTestId('play').click();
  await expect(page.getByTestId('status')).toHaveText(/paused/i);
}

/** Loads the page at digits on wasm, where a step takes a few milliseconds. */
const QUICK = 'task=digits&backend=wasm';

test('trains on WebGPU: steps count, panels change, the cost follows the budget', async ({ page }) => {
  await open(page, 'task=digits&backend=webgpu&batch=8');
  expect(await page.getByTestId('backend').first().getAttribute('data-name')).toBe('webgpu');
  const figure = page.getByTestId('figure-network');
  const before = { figure: await figure.innerHTML(), cost: await macs(page, 'cost') };
  await page.getByTestId('budget').fill(String(await page.getByTestId('budget').getAttribute('max')));
  await playTo(page, 12);
  expect(await figure.innerHTML()).not.toBe(before.figure);
  expect(await macs(page, 'cost')).toBeGreaterThan(before.cost);
  expect(await reading(page, 'train-loss', 'data-value')).toBeGreaterThan(0);
});

test('a pause holds at once, and a step is one step', async ({ page }) => {
  await open(page, QUICK);
  await playTo(page, 5);
  await pause(page);
  // The step that is under way ends, and is then shown.
  await page.waitForTimeout(500);
  const held = await steps(page);
  await page.waitForTimeout(1000);
  expect(await steps(page)).toBe(held);
  await page.getByTestId('step').click();
  await expect.poll(() => steps(page)).toBe(held + 1);
});

test('reset gives the same first loss, a new seed another', async ({ page }) => {
  await open(page, QUICK);
  const firstLoss = async (): Promise<number> => {
    await page.getByTestId('step').click();
    await expect.poll(() => steps(page)).toBe(1);
    await expect.poll(() => reading(page, 'train-loss', 'data-value')).toBeGreaterThan(0);
    return reading(page, 'train-loss', 'data-value');
  };
  const first = await firstLoss();
  await page.getByTestId('reset').click();
  await expect.poll(() => steps(page)).toBe(0);
  expect(await firstLoss()).toBe(first);
  await page.getByTestId('new-seed').click();
  await expect.poll(() => steps(page)).toBe(0);
  expect(await firstLoss()).not.toBe(first);
});

test('the cost follows the budget down and up again, and held-out accuracy comes in', async ({ page }) => {
  // Hundreds of steps beside a page that is drawn in software.
  test.slow();
  await open(page, QUICK);
  await playTo(page, 60);
  const slider = page.getByTestId('budget');
  const target = await macs(page, 'target');
  await slider.focus();
  for (let i = 0; i < 6; i++) await page.keyboard.press('PageDown');
  await expect.poll(() => macs(page, 'target')).toBeLessThan(0.7 * target);
  const near = async (): Promise<number> => (await macs(page, 'cost')) / (await macs(page, 'target'));
  await expect.poll(near, { timeout: 60_000 }).toBeLessThan(1.15);
  const small = await macs(page, 'cost');
  for (let i = 0; i < 8; i++) await page.keyboard.press('PageUp');
  await expect.poll(near, { timeout: 60_000 }).toBeGreaterThan(0.85);
  expect(await macs(page, 'cost')).toBeGreaterThan(1.3 * small);
  await expect.poll(() => reading(page, 'held-metric', 'data-value')).toBeGreaterThan(0.3);
});

test('a bad link says what is wrong and keeps the rest', async ({ page }) => {
  await open(page, `${QUICK}&budget=7&learn=KQ&seed=5`);
  const notices = page.getByTestId('notices');
  await expect(notices).toContainText('budget');
  await expect(notices).toContainText('KRWD');
  expect(page.url()).toContain('seed=5');
});

test('a damaged data file leaves the page usable', async ({ page }) => {
  await page.route('**/digits.pack', (route) => route.fulfill({ body: 'not a pack' }));
  await page.goto(`./#${QUICK}`);
  const failure = page.getByTestId('failure');
  await expect(failure).toContainText('digits.pack');
  await page.unroute('**/digits.pack');
  await page.getByTestId('retry').click();
  await expect(failure).toBeHidden();
  await playTo(page, 2);
});

test('the run before goes on while other data load, and where they cannot be loaded', async ({ page }) => {
  await open(page, `${QUICK}&budget=0.2`);
  await playTo(page, 5);
  let answer = (): void => undefined;
  const asked = new Promise<void>((resolve) => (answer = resolve));
  await page.route('**/nuclei.pack', async (route) => {
    await asked;
    await route.fulfill({ status: 503 });
  });
  await page.getByTestId('task-nuclei').click();
  await expect(page.getByTestId('status')).toHaveText(/loading/i);
  const before = await steps(page);
  await expect.poll(() => steps(page)).toBeGreaterThan(before + 5);
  answer();
  await expect(page.getByTestId('failure')).toContainText('nuclei.pack could not be loaded (the server said 503)');
  await expect(page.getByTestId('task-digits').locator('input')).toBeChecked();
  expect(page.url()).toContain('task=digits');
  await expect(page.getByTestId('status')).toHaveText(/training/i);
  const then = await steps(page);
  await expect.poll(() => steps(page)).toBeGreaterThan(then + 5);
  await page.getByTestId('failure').getByRole('button', { name: 'Hide' }).click();
  await pause(page);
});

test('a backend that is missing is named, and another one can be chosen', async ({ page }) => {
  await page.route('**/*simd*.wasm', (route) => route.abort());
  await page.route('**/tfjs-backend-wasm*.wasm', (route) => route.abort());
  await page.goto(`./#${QUICK}`);
  await expect(page.getByTestId('failure')).toContainText('wasm');
  await page.goto('./#task=digits&backend=cpu');
  await expect(page.getByTestId('backend').first()).toHaveAttribute('data-name', 'cpu');
  await playTo(page, 1);
});

test('another sample flows through the network, and an earlier step can be looked back at', async ({ page }) => {
  await open(page, QUICK);
  const answer = page.getByTestId('panel-network').getByText(/^Sample \d+ of \d+$/);
  await expect(answer).toHaveText(/^Sample 1 of/);
  await page.getByTestId('look-next').click();
  await expect(answer).toHaveText(/^Sample 2 of/);
  await playTo(page, 30);
  await pause(page);
  await page.getByTestId('panel-cost').getByRole('slider').focus();
  await page.keyboard.press('Home');
  await expect(page.getByTestId('present')).toHaveText('Back from step 0 to now');
  await page.getByTestId('present').click();
  await expect(page.getByTestId('present')).toBeHidden();
});
