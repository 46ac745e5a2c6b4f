/** Data of the user's own on the page: given, looked at, trained on, kept, removed. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AxeBuilder } from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';
import { unzipSync, zipSync } from 'fflate';
import { fixture } from '../support/own.ts';

const steps = async (page: Page) => Number(await page.getByTestId('step-count').textContent());

async function open(page: Page, hash = 'task=digits&backend=wasm'): Promise<void> {
  await page.goto(`./#${hash}`);
  await expect(page.getByTestId('backend').first()).toHaveAttribute('data-name', /./, { timeout: 60_000 });
  await expect(page.getByTestId('step-count')).toHaveText('0');
}

interface Dropped {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Drops files on an element, as a person would from a folder. */
async function drop(page: Page, { name, bytes }: Dropped, on = 'body'): Promise<void> {
  const data = Buffer.from(bytes).toString('base64');
  const transfer = await page.evaluateHandle(
    ([file, text]) => {
      const content = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
      const made = new DataTransfer();
      made.items.add(new File([content], file));
      return made;
    },
    [name, data] as const,
  );
  await page.locator(on).dispatchEvent('dragover', { dataTransfer: transfer });
  await page.locator(on).dispatchEvent('drop', { dataTransfer: transfer });
}

/** Drops a file or folder of the disk as the system's file manager would, which no script of the page can. */
async function dropFromDisk(page: Page, path: string): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const data = { items: [], files: [path], dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
    await session.send('Input.dispatchDragEvent', { type, x: 600, y: 500, data });
  }
}

async function expectNoViolations(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => [id, ...nodes.map((node) => node.target.join(' '))])).toEqual([]);
}

const ownCard = (page: Page) => page.getByTestId(/^task-own-/);

test('a zip of images is dropped, looked at, trained on, kept over a reload, renamed and removed', async ({ page }) => {
  await open(page);
  await drop(page, { name: 'pictures.zip', bytes: fixture('pictures.zip') });
  const dialog = page.getByTestId('own-dialog');
  await expect(page.getByTestId('own-preview')).toBeVisible();
  await expect(dialog).toContainText('Nothing leaves this machine');
  await expect(dialog).toContainText('images of 10 × 12, 3 channels');
  await expect(dialog.getByTestId('own-samples').locator('img').first()).toBeVisible();
  await dialog
    .getByLabel(/^Name of /)
    .first()
    .fill('renamed');
  await dialog.getByLabel('Height').fill('12');
  await dialog.getByTestId('own-again').click();
  await expect(dialog).toContainText('images of 12 × 12, 3 channels');
  await dialog.getByTestId('own-train').click();
  await expect(dialog).toBeHidden();
  await expect(page).toHaveURL(/task=own-[a-z]{8}/);
  await expect(page.getByTestId('source')).toContainText('renamed');
  await expect(page.getByTestId('status')).toHaveText(/paused/i);
  await page.getByTestId('play').click();
  await expect.poll(() => steps(page)).toBeGreaterThan(3);

  await page.reload();
  await expect(page.getByTestId('status')).toHaveText(/paused/i);
  await expect(ownCard(page).locator('input')).toBeChecked();
  await page.getByTestId('step').click();
  await expect(page.getByTestId('step-count')).toHaveText('1');

  await page.getByTestId('own-edit').click();
  await page.locator('.own-edit').getByLabel('Name').fill('My pictures');
  await page.keyboard.press('Enter');
  await expect(ownCard(page)).toHaveText('My pictures');
  await page.getByTestId('own-edit').click();
  await page.getByTestId('own-remove').click();
  await page.getByTestId('own-remove-sure').click();
  await expect(ownCard(page)).toHaveCount(0);
  await expect(page).not.toHaveURL(/own-/);
  await page.reload();
  await expect(page.getByTestId('own-add')).toBeVisible();
  await expect(ownCard(page)).toHaveCount(0);
});

test('a .ts file is chosen and trained on', async ({ page }) => {
  await open(page);
  await page.getByTestId('own-add').click();
  const file = { name: 'Motions_TRAIN.ts', mimeType: '', buffer: Buffer.from(fixture('Motions_TRAIN.ts')) };
  await page.getByTestId('own-files').setInputFiles(file);
  await expect(page.getByTestId('own-preview')).toContainText('sequences of');
  await page.getByTestId('own-train').click();
  await expect(page).toHaveURL(/task=own-/);
  await expect(page.getByTestId('status')).toHaveText(/paused/i);
  await page.getByTestId('step').click();
  await expect(page.getByTestId('step-count')).toHaveText('1');
});

test('a bad zip says what is wrong, and the run goes on', async ({ page }) => {
  await open(page);
  await page.getByTestId('play').click();
  await drop(page, { name: 'broken.zip', bytes: zipSync({ 'cats/1.png': new Uint8Array([1, 2, 3]) }).subarray(0, 40) });
  await expect(page.getByTestId('own-problem')).toContainText('broken.zip');
  const before = await steps(page);
  await expect.poll(() => steps(page)).toBeGreaterThan(before);
  await drop(page, { name: 'notes.txt', bytes: new TextEncoder().encode('hello') }, '[data-testid=own-drop]');
  await expect(page.getByTestId('own-problem')).toContainText('notes.txt');
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('own-dialog')).toBeHidden();
  await page.getByTestId('own-add').press('Enter');
  await page.getByTestId('own-dialog').getByLabel('Close').press('Enter');
  await expect(page.getByTestId('own-dialog')).toBeHidden();
  await expect(page.getByTestId('own-add')).toBeFocused();
});

/** One stroke across an element, from the left to the right. */
async function strokeAcross(page: Page, id: string, at = 0.5): Promise<void> {
  const pad = page.getByTestId(id);
  await pad.scrollIntoViewIfNeeded();
  const { x, y, width, height } = (await pad.boundingBox())!;
  await page.mouse.move(x + 0.2 * width, y + at * height);
  await page.mouse.down();
  await page.mouse.move(x + 0.8 * width, y + (1 - at) * height, { steps: 4 });
  await page.mouse.up();
}

test('classes are drawn by hand and trained on', async ({ page }) => {
  await open(page);
  await page.getByTestId('own-add').click();
  await page.getByTestId('own-tab-draw').click();
  for (const [index, name] of ['flat', 'steep'].entries()) {
    await page.getByLabel(`Name of class ${index + 1}`).fill(name);
    for (let i = 0; i < 4; i++) {
      await expect(page.getByTestId('made-ready')).toBeDisabled();
      await strokeAcross(page, 'draw-pad', index === 0 ? 0.5 : 0.1 + 0.02 * i);
      await page.getByTestId('draw-add').click();
    }
  }
  await page.getByTestId('made-ready').click();
  await expect(page.getByTestId('own-preview')).toContainText('images of 28 × 28, 1 channel');
  await page.getByTestId('own-train').click();
  await expect(page.getByTestId('source')).toContainText('flat, steep');
  await expect(page.getByTestId('status')).toHaveText(/paused/i);
  await page.getByTestId('step').click();
  await expect(page.getByTestId('step-count')).toHaveText('1');
});

test('a drawing is answered in place of a held-out sample, until one goes back', async ({ page }) => {
  await open(page);
  const sample = page.getByTestId('answer-look');
  const verdict = page.getByTestId('figure-answer').locator('.verdict');
  await expect(verdict).toContainText('the truth is');
  await page.getByTestId('try-open').click();
  await strokeAcross(page, 'draw-pad');
  await expect(sample).toHaveText('Your own sample');
  await expect(verdict).toContainText('says');
  await expect(verdict).not.toContainText('the truth is');
  await page.getByTestId('step').click();
  await expect(sample).toHaveText('Your own sample');
  await expectNoViolations(page);
  await page.getByTestId('try-close').click();
  await expect(sample).toHaveText(/^Sample 1 of/);
});

test('an image is dropped on “Try your own”, and what is none is named', async ({ page }) => {
  await open(page);
  await page.getByTestId('try-open').click();
  const [png] = Object.entries(unzipSync(fixture('pictures.zip'))).filter(([name]) => name.endsWith('.png'));
  await drop(page, { name: 'mine.png', bytes: png![1] }, '.try-picture');
  await expect(page.getByTestId('answer-look')).toHaveText('Your own sample');
  await expect(page.getByTestId('own-dialog')).toBeHidden();
  await drop(page, { name: 'notes.txt', bytes: new TextEncoder().encode('hello') }, '.try-picture');
  await expect(page.locator('.try-picture [role=alert]')).toContainText('notes.txt is no image');
  await expect(page.getByTestId('answer-look')).toHaveText('Your own sample');
});

test('a sequence of several channels is changed channel by channel', async ({ page }) => {
  await open(page, 'task=fsdd-mfcc&backend=wasm');
  await page.getByTestId('try-open').click();
  await page.getByTestId('try-channel-next').click();
  await expect(page.getByTestId('try-channel')).toHaveText('channel 2 of 20');
  await strokeAcross(page, 'curve-pad');
  await expect(page.getByTestId('answer-look')).toHaveText('Your own sample');
});

test('a folder of the disk is dropped, then a file', async ({ page }, info) => {
  const folder = info.outputPath('pets');
  for (const [path, bytes] of Object.entries(unzipSync(fixture('pictures.zip')))) {
    if (path.endsWith('/')) mkdirSync(join(folder, path), { recursive: true });
    else writeFileSync(join(folder, path), bytes);
  }
  await open(page);
  await dropFromDisk(page, folder);
  await expect(page.getByTestId('own-preview')).toContainText('images of 10 × 12, 3 channels');
  await expect(page.getByTestId('own-dialog').getByLabel('Name', { exact: true })).toHaveValue('pets');
  await expect(page.getByLabel('Name of red')).toBeVisible();
  await dropFromDisk(page, fileURLToPath(new URL('../fixtures/own/flowers.csv', import.meta.url)));
  await expect(page.getByTestId('own-preview')).toContainText('CSV');
});

test('a long read is cancelled, and other files can be given', async ({ page }) => {
  await open(page);
  // So many rows take a while, whatever the machine.
  const rows = Array.from(
    { length: 400_000 },
    (_, i) => `${i % 2 === 0 ? 'a' : 'b'},${i},${i % 7},${i % 5},${i % 3},1`,
  );
  const buffer = Buffer.from(`label,p,q,r,s,t\n${rows.join('\n')}`);
  await page.getByTestId('own-add').click();
  await page.getByTestId('own-files').setInputFiles({ name: 'long.csv', mimeType: 'text/csv', buffer });
  await page.getByTestId('own-progress').getByRole('button', { name: 'Cancel' }).click();
  await expect(page.getByTestId('own-progress')).toBeHidden();
  await expect(page.getByTestId('own-problem')).toBeHidden();
  const file = { name: 'flowers.csv', mimeType: 'text/csv', buffer: Buffer.from(fixture('flowers.csv')) };
  await page.getByTestId('own-files').setInputFiles(file);
  await expect(page.getByTestId('own-preview')).toContainText('CSV');
  await expect(page.getByTestId('own-preview')).not.toContainText('long');
});

test('a table whose labels cannot be told is read again by the column that is named', async ({ page }) => {
  await open(page);
  const rows = Array.from(
    { length: 40 },
    (_, i) => `${i / 7},${i / 3},${i % 2 === 0 ? 'odd' : 'even'},${i / 9},${i / 11},${i / 13}`,
  );
  const buffer = Buffer.from(`a,b,kind,c,d,e\n${rows.join('\n')}`);
  await page.getByTestId('own-add').click();
  await page.getByTestId('own-files').setInputFiles({ name: 'table.csv', mimeType: 'text/csv', buffer });
  const dialog = page.getByTestId('own-dialog');
  await expect(page.getByTestId('own-problem')).toContainText('say which column does');
  await dialog.getByLabel('Column of labels').fill('nothing');
  await dialog.getByTestId('own-again').click();
  await expect(page.getByTestId('own-problem')).toContainText('nothing');
  await dialog.getByLabel('Column of labels').fill('kind');
  await dialog.getByTestId('own-again').click();
  await expect(page.getByTestId('own-preview')).toContainText('sequences of 5');
  await expect(page.getByTestId('own-problem')).toBeHidden();
  await expect(page.getByLabel('Name of even')).toBeVisible();
});

test('a link to own data of another machine says so, and the page starts with its first task', async ({ page }) => {
  await page.goto('./#task=own-abcdefgh&seed=4');
  await expect(page.getByTestId('notices')).toContainText('own data, which are not in this browser');
  await expect(page.getByTestId('task-fashion-mnist').locator('input')).toBeChecked();
});

for (const scheme of ['light', 'dark'] as const) {
  test(`the dialog has no violation, ${scheme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
    await open(page);
    await page.getByTestId('own-add').click();
    await expectNoViolations(page);
    await page.getByTestId('own-tab-draw').click();
    await expectNoViolations(page);
    await page.getByTestId('own-tab-files').click();
    await page
      .getByTestId('own-files')
      .setInputFiles(fileURLToPath(new URL('../fixtures/own/pictures.zip', import.meta.url)));
    await expect(page.getByTestId('own-preview')).toBeVisible();
    await expectNoViolations(page);
  });
}
