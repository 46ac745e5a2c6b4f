/** How the page looks, from a recorded run. `npm run looks` draws the pictures anew that these are compared with. */
import { expect, test } from '@playwright/test';
import { openRecorded } from './recorded-page.ts';

for (const scheme of ['light', 'dark'] as const) {
  for (const width of [1440, 820, 390]) {
    test(`digits, ${width} wide, ${scheme}`, async ({ page }) => {
      await openRecorded(page, { task: 'digits', scheme, width });
      await expect(page).toHaveScreenshot(`digits-${width}-${scheme}.png`, { fullPage: true });
    });
  }
}

for (const [scheme, width] of [
  ['light', 1440],
  ['dark', 390],
] as const) {
  test(`ludb, ${width} wide, ${scheme}`, async ({ page }) => {
    await openRecorded(page, { task: 'ludb', scheme, width });
    await expect(page).toHaveScreenshot(`ludb-${width}-${scheme}.png`, { fullPage: true });
  });
}

test('the table, and the menu that saves', async ({ page }) => {
  await openRecorded(page);
  const panel = page.getByTestId('panel-network');
  await page.getByTestId('view-table').click();
  await expect(panel).toHaveScreenshot('table-1440-light.png');
  await page.getByTestId('view-picture').click();
  await page.getByTestId('save-network').click();
  await expect(panel).toHaveScreenshot('save-1440-light.png');
});

for (const width of [1440, 1100, 820, 390, 320]) {
  test(`nothing is wider than a page of ${width}`, async ({ page }) => {
    for (const task of ['digits', 'ludb'] as const) {
      await openRecorded(page, { task, width });
      const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect(over, task).toBeLessThanOrEqual(0);
    }
  });
}
