import { writeFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { ADMIN, ADMIN_STATE, FIRST_COMMANDS, installation } from './installation';

test.describe.configure({ mode: 'serial' });

test('the set-up link makes the first administrator, once', async ({ page, browser }) => {
  const { setupUrl } = installation();
  await page.goto(setupUrl);
  await page.getByLabel('Your name').fill(ADMIN.name);
  await page.getByLabel('E-mail').fill(ADMIN.email);
  await page.getByLabel('Password').fill(ADMIN.password);
  await page.getByRole('button', { name: 'Become administrator' }).click();
  await expect(page).toHaveURL('/');
  await expect(page.getByRole('navigation').first()).toBeVisible();
  await page.context().storageState({ path: ADMIN_STATE });

  const stranger = await browser.newContext();
  const again = await stranger.newPage();
  await again.goto(setupUrl);
  await expect(again.getByRole('heading', { name: 'This Sealtrail is set up' })).toBeVisible();
  await stranger.close();
});

test('without a session the console asks to sign in, and lets the administrator in with the password only', async ({
  page,
  baseURL,
}) => {
  await page.goto(`${baseURL}/chains`);
  await expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible();
  await page.getByLabel('E-mail').fill(ADMIN.email);
  await page.getByLabel('Password').fill('not the password');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('alert').filter({ hasText: 'No one here' })).toBeVisible();
  await page.getByLabel('Password').fill(ADMIN.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('navigation').first()).toBeVisible();
});

test('the empty console says how to begin', async ({ browser }) => {
  const context = await browser.newContext({ storageState: ADMIN_STATE });
  const page = await context.newPage();
  const commands: string[] = [];
  for (const place of ['/', '/chains', '/attestations', '/settings']) {
    await page.goto(`${installation().url}${place}`);
    const shown =
      place === '/settings'
        ? page.locator('code', { hasText: 'sealtrail.mjs' })
        : page.getByLabel('Command', { exact: true });
    await expect(shown.first()).toBeVisible();
    commands.push(...(await shown.allTextContents()));
  }
  await context.close();
  // commands.spec.ts runs them, once there is something to run them on.
  writeFileSync(FIRST_COMMANDS, JSON.stringify(commands));
});

test('the empty overview loads a week of sample data, through verdict, findings and signature', async ({ browser }) => {
  const context = await browser.newContext({ storageState: ADMIN_STATE });
  const page = await context.newPage();
  await page.goto(installation().url);
  await expect(page.getByRole('heading', { name: 'Send the first audit log' })).toBeVisible();
  await page.getByRole('button', { name: 'Load sample data' }).click();
  await expect(page.getByRole('link', { name: 'sample/release-bot' }).first()).toBeVisible({ timeout: 90_000 });
  // The pages under test hold still only once every chain has come to its end.
  const chains = async () =>
    (await (await page.request.get('/api/v1/chains')).json()) as {
      items: { records: number; attestedRecords: number }[];
    };
  await expect
    .poll(
      async () =>
        (await chains()).items.filter(({ records, attestedRecords }) => records > 0 && records === attestedRecords)
          .length,
      { timeout: 60_000 },
    )
    .toBe(7);
  await context.close();
});
