import { request as http } from 'node:http';
import { type Page, expect, test } from '@playwright/test';
import { ADMIN, installation } from './installation';

type Listed = { items: { id: string }[] };
const first = async (page: Page, path: string) =>
  ((await (await page.request.get(path)).json()) as Listed).items[0]?.id; // an API of ours

/** The encoding an answer came in. */
function encodingOf(path: string, accept: string, cookie: string): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const call = http(
      `${installation().url}${path}`,
      { headers: { 'accept-encoding': accept, cookie } },
      ({ headers }) => {
        resolve(headers['content-encoding']);
        call.destroy();
      },
    );
    call.on('error', reject).end();
  });
}

test('pages and what they load come compressed; streams and rows as they are', async ({ page }) => {
  const cookie = (await page.context().cookies()).map(({ name, value }) => `${name}=${value}`).join('; ');
  const id = await first(page, '/api/v1/chains?q=sample/release-bot');
  await page.goto('/chains');
  const script = await page.locator('script[src*="/_next/static/"]').first().getAttribute('src');
  for (const path of ['/chains', '/reports', '/verify', '/api/openapi.json', script ?? ''])
    for (const encoding of ['br', 'gzip'])
      expect([path, await encodingOf(path, encoding, cookie)]).toEqual([path, encoding]);
  const span = 'from=2000-01-01T00:00:00Z&to=2100-01-01T00:00:00Z';
  for (const path of [
    `/api/v1/chains/${id}/live`,
    `/api/v1/chains/${id}/bytes`,
    `/api/v1/events.ndjson?${span}`,
    `/api/v1/events.csv?${span}`,
    '/api/v1/chains.csv',
  ])
    expect([path, await encodingOf(path, 'br, gzip', cookie)]).toEqual([path, undefined]);
});

test('what it takes to check our signatures is read without JavaScript', async ({ browser }) => {
  const context = await browser.newContext({ javaScriptEnabled: false, baseURL: installation().url });
  const page = await context.newPage();
  await page.goto('/trust');
  await expect(page.getByRole('heading', { name: /^How to check what .* signed$/ })).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Who signs' })).toBeVisible();
  await expect(page.getByRole('link', { name: /PEM/ }).first()).toHaveAttribute('href', /^\/api\/v1\/signing-keys\//);
  await page.getByRole('link', { name: 'API', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'API', exact: true })).toBeVisible();
  await context.close();
});

/** Holds back every script of the framework until it is let go. */
async function holdScripts(page: Page): Promise<() => void> {
  const held = Promise.withResolvers<void>();
  await page.route('**/_next/static/chunks/*.js', async (route) => {
    await held.promise;
    await route.continue();
  });
  return held.resolve;
}

test('what is pressed before a page is alive is done when it is', async ({ page }) => {
  const letGo = await holdScripts(page);
  await page.goto('/chains', { waitUntil: 'commit' });
  await page.getByRole('button', { name: /^Verdict/ }).click();
  await expect(page.getByRole('menu')).toHaveCount(0);
  letGo();
  await expect(page.getByRole('menuitemcheckbox', { name: 'Tampered' })).toBeVisible();
});

test('a form that is sent before its page is alive keeps what was typed out of the address', async ({ browser }) => {
  const context = await browser.newContext({ storageState: { cookies: [], origins: [] }, baseURL: installation().url });
  const page = await context.newPage();
  const letGo = await holdScripts(page);
  await page.goto('/sign-in', { waitUntil: 'commit' });
  await page.getByLabel('E-mail').fill(ADMIN.email);
  await page.getByLabel('Password').fill(ADMIN.password);
  await page.getByLabel('Password').press('Enter');
  expect(page.url()).not.toContain('password');
  letGo();
  await expect(page.getByRole('navigation').first()).toBeVisible();
  await expect(page).toHaveURL('/');
  await context.close();
});
