import { expect, test } from '@playwright/test';
import { installation } from './installation';

test('who did what is shown with its record in evidence, and the list is narrowed and saved', async ({ page }) => {
  await page.goto('/activity?action=person.sign-in');
  await expect(page.getByRole('heading', { name: 'Activity', level: 1 })).toBeVisible();
  const actions = page.getByRole('table', { name: 'Actions' });
  await expect(actions.getByText('person.sign-in').first()).toBeVisible();
  await expect(actions.getByText('chain.upload')).toHaveCount(0);
  // The worker carries what was done every second.
  await expect
    .poll(async () => {
      await page.reload();
      return actions.getByRole('link').last().getAttribute('href');
    })
    .toMatch(/^\/chains\/00000000-0000-8000-8000-00005ea17a11\?tab=records&record=\d+$/);
  await expect(page.getByRole('main').getByRole('link', { name: 'Findings', exact: true })).toHaveAttribute(
    'href',
    '/findings?chain=00000000-0000-8000-8000-00005ea17a11',
  );
  const saved = page.waitForEvent('download');
  await page.getByRole('link', { name: /^CSV/ }).click();
  expect((await saved).suggestedFilename()).toBe('activity.csv');

  await actions.getByRole('link').last().click();
  await expect(page.getByText('person.sign-in').first()).toBeVisible();
  const { verdict } = await (
    await page.request.get(`${installation().url}/api/v1/chains/00000000-0000-8000-8000-00005ea17a11`)
  ).json();
  expect(verdict).toBe('verified');
});
