import { expect, test } from '@playwright/test';

test('the queue is gone through by keyboard, and keys that are written into a field do nothing', async ({ page }) => {
  await page.goto('/findings');
  await expect(page.getByRole('article')).toBeVisible();
  const title = () => page.getByRole('article').getAttribute('aria-label');
  const chosen = () => new URL(page.url()).searchParams.get('finding');
  // Keys are there once the page is alive.
  await expect(async () => {
    await page.keyboard.press('x');
    await expect(page.getByRole('toolbar', { name: 'Selected findings' })).toBeVisible({ timeout: 1_000 });
  }).toPass();
  await page.keyboard.press('Escape');
  await page.keyboard.press('j');
  await expect.poll(chosen).not.toBeNull();
  const first = chosen();
  await page.keyboard.press('j');
  await expect.poll(chosen).not.toBe(first);
  await page.keyboard.press('k');
  await expect.poll(chosen).toBe(first);
  expect(await title()).not.toBeNull();
  await page.keyboard.press('Control+k');
  await page.getByRole('dialog').getByRole('combobox').fill('j');
  expect(chosen()).toBe(first);
});
