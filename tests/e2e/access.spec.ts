/** The page for those who use it by keyboard or screen reader. */
import { AxeBuilder } from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';
import { openRecorded } from './recorded-page.ts';

async function expectNoViolations(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const found = violations.map(({ id, help, nodes }) => ({
    id,
    help,
    where: nodes.map((node) => node.target.join(' ')),
  }));
  expect(found).toEqual([]);
}

for (const scheme of ['light', 'dark'] as const) {
  for (const width of [1440, 390]) {
    test(`no violation: the page ${width} wide, ${scheme}`, async ({ page }) => {
      await openRecorded(page, { scheme, width });
      await expectNoViolations(page);
    });
  }

  test(`no violation: sequences, table, settings and menu open, ${scheme}`, async ({ page }) => {
    await openRecorded(page, { task: 'ludb', scheme });
    await expectNoViolations(page);
    await page.getByTestId('view-table').click();
    await page.locator('.run-settings summary').click();
    await page.getByTestId('save-network').click();
    await expect(page.getByTestId('save-svg')).toBeVisible();
    await expectNoViolations(page);
  });

  test(`no violation: the projector's view, ${scheme}`, async ({ page }) => {
    await openRecorded(page, { scheme });
    await page.getByTestId('projector').click();
    await expect(page.getByTestId('task-digits')).toBeHidden();
    await expectNoViolations(page);
    const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(over).toBeLessThanOrEqual(0);
  });

  test(`no violation: a failure, ${scheme}`, async ({ page }) => {
    await openRecorded(page, { task: 'fashion-mnist', scheme });
    await expectNoViolations(page);
  });
}

test('the arrow keys walk through the network, Enter chooses, Escape lets go', async ({ page }) => {
  await openRecorded(page);
  const network = page.getByTestId('figure-network');
  const focused = network.locator(':focus');
  await network.locator('[tabindex="0"]').focus();
  await page.keyboard.press('Home');
  await expect(focused).toHaveAccessibleName(/^input/i);
  for (const block of [1, 2]) {
    await page.keyboard.press('ArrowRight');
    await expect(focused).toHaveAccessibleName(new RegExp(`^block ${block}:`));
  }
  await page.keyboard.press('Enter');
  await expect(focused).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('Escape');
  await expect(focused).toHaveAttribute('aria-selected', 'false');
});

test('a pause is told in words', async ({ page }) => {
  await openRecorded(page);
  const said = page.locator('[aria-live="polite"]');
  await page.getByTestId('play').click();
  await expect(said).toHaveText('Training.');
  await page.getByTestId('play').click();
  await expect(said).toContainText('Paused at step 400.');
});

test('the menu opens, closes and gives the focus back by keyboard', async ({ page }) => {
  await openRecorded(page);
  const button = page.getByTestId('save-cost');
  await expect(button).toHaveAccessibleName(/^Save Where does the compute go/);
  await button.press('Enter');
  await page.keyboard.press('Tab');
  await expect(page.getByTestId('save-svg')).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('save-svg')).toBeHidden();
  await expect(button).toBeFocused();
  await button.press('Enter');
  await page.mouse.click(5, 5);
  await expect(page.getByTestId('save-svg')).toBeHidden();
});

test('a control explains itself to those who come by keyboard', async ({ page }) => {
  await openRecorded(page);
  const tip = page.getByTestId('tip');
  await page.getByTestId('reset').focus();
  await page.keyboard.press('Tab');
  await expect(tip).toHaveText('Train until you pause (space).');
  await page.keyboard.press('Escape');
  await expect(tip).toBeHidden();
});

test('a click in a chart looks back at the step under the pointer, enlarged or not', async ({ page }) => {
  await openRecorded(page);
  const chart = page.getByTestId('panel-cost').getByRole('slider');
  for (const enlarge of [false, true]) {
    if (enlarge) await page.getByTestId('projector').click();
    await chart.scrollIntoViewIfNeeded();
    const box = (await chart.boundingBox())!;
    // The axis begins 44 pixels of the drawing from its left.
    const zoom = box.width / Number(await chart.getAttribute('width'));
    await page.mouse.click(box.x + 46 * zoom, box.y + box.height / 2);
    await expect(page.getByTestId('present')).toHaveText('Back from step 0 to now');
    await page.getByTestId('present').click();
  }
});
