/** What can be taken along: pictures, the architecture, and the run as a film. */
import { readFile } from 'node:fs/promises';
import { expect, test, type Page } from '@playwright/test';
import { parseArchitecture } from '../../src/architecture/architecture.ts';
import { openRecorded } from './recorded-page.ts';

type Format = 'svg' | 'png' | 'json' | 'video';

async function save(page: Page, panel: string, format: Format): Promise<{ name: string; content: Buffer }> {
  await page.getByTestId(`save-${panel}`).click();
  const coming = page.waitForEvent('download');
  await page.getByTestId(`save-${format}`).click();
  const download = await coming;
  return { name: download.suggestedFilename(), content: await readFile(await download.path()) };
}

const PANELS = [
  'network',
  'answer',
  'confusion',
  'cost',
  'curves',
  'forces',
  'kernels',
  'downsampling',
  'widths',
  'depth',
];

for (const scheme of ['light', 'dark'] as const) {
  test(`each panel's SVG stands alone, and its PNG is twice as large, ${scheme}`, async ({ page }) => {
    await openRecorded(page, { scheme });
    for (const panel of PANELS) {
      const { name, content } = await save(page, panel, 'svg');
      expect(name).toBe(`dnarch-${panel}-digits-step-400.svg`);
      const text = content.toString('utf8');
      expect(text).toContain('url(data:font/woff2;base64,');
      expect(text).not.toMatch(/var\(|light-dark\(|href="(?!data:|#)|url\(["']?(?!data:|#|&quot;#)/);
      const svg = await page.evaluate((source) => {
        const { documentElement: root } = new DOMParser().parseFromString(source, 'image/svg+xml');
        const missing = [...source.matchAll(/(?:url\((?:&quot;|["'])?|href=")#([^"')&]+)/g)]
          .map(([, id = '']) => id)
          .filter((id) => root.querySelector(`[id="${id}"]`) === null);
        const size = (attribute: string) => Number(root.getAttribute(attribute));
        return {
          kind: root.localName,
          errors: root.querySelectorAll('parsererror').length,
          missing,
          width: size('width'),
          height: size('height'),
        };
      }, text);
      expect(svg).toMatchObject({ kind: 'svg', errors: 0, missing: [] });
      const png = await save(page, panel, 'png');
      // Width and height stand in a PNG's first chunk.
      expect(png.content.subarray(1, 4).toString()).toBe('PNG');
      expect([png.content.readUInt32BE(16), png.content.readUInt32BE(20)]).toEqual([2 * svg.width, 2 * svg.height]);
    }
  });
}

test('the table says the same as the architecture that is saved', async ({ page }) => {
  await openRecorded(page);
  const { name, content } = await save(page, 'network', 'json');
  expect(name).toBe('dnarch-network-digits-step-400.json');
  const architecture = parseArchitecture(JSON.parse(content.toString('utf8')));
  await page.getByTestId('view-table').click();
  const table = page.getByTestId('network-table');
  for (const [i, block] of architecture.blocks.entries()) {
    const row = table.locator(`[data-block="${i}"]`);
    const value = (field: string) => row.locator(`[data-field="${field}"]`).getAttribute('data-value');
    expect({
      kept: await value('kept'),
      gate: await value('gate'),
      stride: await value('stride'),
      sigma: await value('sigma'),
      outer: await value('outer'),
      inner: await value('inner'),
      macs: await value('macs'),
    }).toEqual({
      kept: String(block.kept),
      gate: String(block.gate),
      stride: block.stride.join('×'),
      sigma: block.sigma.join('×'),
      outer: String(block.width.outer),
      inner: String(block.width.inner),
      macs: String(block.macs),
    });
    await expect(row.locator('[data-field="grid"]')).toHaveText(block.grid.join('×'));
    await expect(row.locator('[data-field="kernel"]')).toHaveText(block.kernel.join('×'));
  }
  const total = table.locator('[data-row="total"] [data-field="macs"]');
  await expect(total).toHaveAttribute('data-value', String(architecture.macs));
});

test('the run becomes a film, while the page goes on', async ({ page }) => {
  test.slow();
  await openRecorded(page);
  const film = save(page, 'network', 'video');
  await expect(page.getByTestId('save-progress')).toContainText(/frame \d+ of 240/);
  await page.getByTestId('view-table').click();
  await expect(page.getByTestId('network-table')).toBeVisible();
  const { name, content } = await film;
  expect(name).toBe('dnarch-network-digits-step-400.webm');
  // The header of EBML, which WebM is written in.
  expect(content.subarray(0, 4).toString('hex')).toBe('1a45dfa3');
  const played = await page.evaluate(async (base64) => {
    const video = document.createElement('video');
    video.src = `data:video/webm;base64,${base64}`;
    await new Promise((resolve, reject) => {
      video.onloadedmetadata = resolve;
      video.onerror = reject;
    });
    return { width: video.videoWidth, seconds: video.duration };
  }, content.toString('base64'));
  expect(played.width).toBe(1280);
  expect(played.seconds).toBeCloseTo(12, 0);
  await expect(page.getByTestId('save-progress')).toBeHidden();
});

test('a recording can be cancelled', async ({ page }) => {
  await openRecorded(page);
  let downloads = 0;
  page.on('download', () => (downloads += 1));
  await page.getByTestId('save-network').click();
  await page.getByTestId('save-video').click();
  await page.getByTestId('save-progress').getByRole('button').click();
  await expect(page.getByTestId('save-progress')).toBeHidden();
  expect(downloads).toBe(0);
});

test('where the browser encodes no video, the film is a GIF', async ({ page }) => {
  test.slow();
  await page.addInitScript(() => Reflect.deleteProperty(globalThis, 'VideoEncoder'));
  await openRecorded(page, { task: 'ludb' });
  const { name, content } = await save(page, 'network', 'video');
  expect(name).toBe('dnarch-network-ludb-step-400.gif');
  expect(content.subarray(0, 6).toString()).toBe('GIF89a');
});

test('a panel without a figure says so', async ({ page }) => {
  await openRecorded(page);
  await page.getByTestId('view-table').click();
  await page.getByTestId('save-network').click();
  await page.getByTestId('save-svg').click();
  await expect(page.getByTestId('panel-network').getByRole('alert')).toContainText('no figure');
});
