import { expect, test } from '@playwright/test';
import { occasioLog } from './occasio-log';

test('a source is added: named, given a token, and seen to arrive', async ({ page, request }) => {
  await page.goto('/');
  await page.getByRole('link', { name: 'Add a source' }).click();
  await page.getByLabel('Name of the chain').fill('sources/first');
  await page.getByRole('button', { name: 'Go on' }).click();
  await expect(page.getByText('Waiting for the first record')).toBeVisible();
  await expect(page.getByText('It comes with Sealtrail')).toBeVisible();

  await page.getByRole('tab', { name: 'Forwarder' }).focus();
  await page.keyboard.press('ArrowRight');
  await expect(page.getByRole('tab', { name: 'curl' })).toBeFocused();
  await page.getByRole('button', { name: 'Make a token' }).click();
  await expect(page.getByText('Copy it now: it is not shown again.')).toBeVisible();
  const command = (await page.getByLabel('Command', { exact: true }).textContent()) ?? '';
  const token = /Bearer (st_\w+)/.exec(command)?.[1];
  const target = /'(http[^']*\/records)'/.exec(command)?.[1] ?? '';
  const sent = await request.post(target, {
    headers: { Authorization: `Bearer ${token}` },
    data: occasioLog('sources-first', 12),
  });
  expect(sent.ok()).toBe(true);
  await expect(page.getByText('Received 12 records')).toBeVisible();
  await page.getByRole('link', { name: 'Open sources/first' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'sources/first' })).toBeVisible();
});
