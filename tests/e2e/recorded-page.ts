/** The page with a worker that answers from a recorded run: it depends on no training, no timing and no backend. */
import { expect, type Page } from '@playwright/test';
import { recordedWorker, type RecordedTask } from '../support/recorded.ts';

export interface View {
  readonly task?: RecordedTask | 'fashion-mnist';
  readonly scheme?: 'light' | 'dark';
  readonly width?: number;
  readonly height?: number;
}

/** Opens the page at the end of a recorded run, paused. */
export async function openRecorded(page: Page, view: View = {}): Promise<void> {
  const { task = 'digits', scheme = 'light', width = 1440, height = 900 } = view;
  await page.setViewportSize({ width, height });
  await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
  await page.addInitScript(recordedWorker());
  await page.goto(`./#task=${task}&budget=0.12&seed=7`);
  if (task === 'fashion-mnist') await expect(page.getByTestId('failure')).toBeVisible();
  else await expect(page.getByTestId('step-count')).toHaveText('400');
  // Charts and images follow the width that their panels turn out to have.
  await page.evaluate(async () => {
    await document.fonts.ready;
    await Promise.all([...document.images].map((image) => image.decode().catch(() => undefined)));
  });
  await page.waitForTimeout(200);
}
