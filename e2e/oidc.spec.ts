import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Browser, type Page, expect, test } from '@playwright/test';
import { violationsOf } from './accessible';
import { ADMIN } from './installation';
import { type Launched, ROOT, launch } from './launch';
import { NARROW } from './narrow';

/** An installation of its own, whose people come from an identity provider on loopback: who signs in there as olu+readers is Olu of that group. */
let dataDir = '';
let settings: Record<string, string> = {};
let sealtrail: Launched;
let stopProvider: () => Promise<void>;

test.describe.configure({ mode: 'serial' });
test.beforeAll(async () => {
  test.setTimeout(240_000);
  dataDir = mkdtempSync(path.join(tmpdir(), 'sealtrail-oidc-'));
  const port = await freePort();
  const provider = await startProvider(`http://127.0.0.1:${port}/api/auth/oidc/callback`);
  stopProvider = provider.stop;
  settings = {
    SEALTRAIL_DATA_DIR: dataDir,
    SEALTRAIL_PORT: String(port),
    SEALTRAIL_ADMIN_EMAIL: ADMIN.email,
    SEALTRAIL_ADMIN_PASSWORD: ADMIN.password,
    SEALTRAIL_OIDC_ISSUER: provider.issuer,
    SEALTRAIL_OIDC_CLIENT_ID: 'sealtrail',
    SEALTRAIL_OIDC_CLIENT_SECRET: 'what only the two know',
    SEALTRAIL_OIDC_ROLES: 'sec-admins=administrator,readers=auditor',
    SEALTRAIL_OIDC_LABEL: 'Example',
  };
  sealtrail = await launch(settings);
});
test.afterAll(async () => {
  await sealtrail?.stop();
  await stopProvider?.();
  rmSync(dataDir, { recursive: true, force: true });
});

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

async function startProvider(redirectUri: string): Promise<{ issuer: string; stop: () => Promise<void> }> {
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', path.join(ROOT, 'lib/testing/serve-oidc.mts'), redirectUri],
    { cwd: ROOT, stdio: ['ignore', 'pipe', 'ignore'] },
  );
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const issuer = await new Promise<string>((resolve, reject) => {
    child.stdout.once('data', (said: Buffer) => resolve(said.toString().trim()));
    child.once('exit', () => reject(new Error('the identity provider did not come up')));
  });
  return {
    issuer,
    stop: () => {
      child.kill('SIGTERM');
      return ended;
    },
  };
}

/** Somebody in a browser of their own, and what its console complains of. */
async function somebody(browser: Browser, isNarrow: boolean): Promise<{ page: Page; complaints: string[] }> {
  const context = await browser.newContext({
    baseURL: sealtrail.url,
    storageState: { cookies: [], origins: [] },
    ...(isNarrow ? NARROW : { viewport: { width: 1440, height: 900 } }),
  });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (said) => {
    if (said.type() === 'error' && said.location().url.startsWith(sealtrail.url)) complaints.push(said.text());
  });
  return { page, complaints };
}

/** What the provider asks: a name, and any password. */
async function signInThere(page: Page, login: string): Promise<void> {
  await page.getByRole('link', { name: 'Sign in with Example' }).click();
  await page.getByPlaceholder('Enter any login').fill(login);
  await page.getByPlaceholder('and password').fill('any');
  await page.getByRole('button', { name: 'Sign-in' }).click();
}

for (const [width, tag] of [
  ['wide', ''],
  ['narrow', ' @mobile'],
] as const) {
  const isNarrow = width === 'narrow';

  test(`signs in through the identity provider, back to the page that was asked for, in the role of their groups${tag}`, async ({
    browser,
  }) => {
    const { page, complaints } = await somebody(browser, isNarrow);
    await page.goto('/chains?q=release&verdict=tampered');
    await expect(page.getByText('or with your password')).toBeVisible();
    expect(await violationsOf(page, { targets: true })).toEqual([]);
    await signInThere(page, 'olu+readers');
    await expect(page).toHaveURL(`${sealtrail.url}/chains?q=release&verdict=tampered`);
    await expect(page.getByRole('heading', { level: 1, name: 'Chains' })).toBeVisible();
    await expect(page.getByRole('button', { name: 'Upload logs' })).toHaveCount(0);

    await page.goto('/settings/you');
    await expect(page.getByText('olu@example.org. You are an auditor', { exact: false })).toBeVisible();
    await expect(page.getByText('You sign in through Example', { exact: false })).toBeVisible();
    await expect(page.getByRole('button', { name: 'Change password' })).toHaveCount(0);
    expect(await violationsOf(page)).toEqual([]);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  test(`is told why not, and what to do${tag}`, async ({ browser }) => {
    const { page } = await somebody(browser, isNarrow);
    const alert = page.getByRole('alert').filter({ hasText: /\w/ });
    await page.goto('/chains');
    await signInThere(page, 'eve+nobodies');
    await expect(alert).toContainText('None of your groups at Example has a role here.');
    expect(await violationsOf(page)).toEqual([]);
    // Of another address that somebody has.
    await page.context().clearCookies();
    await page.goto('/sign-in');
    await signInThere(page, 'ada+sec-admins');
    await expect(alert).toContainText('Somebody here has your e-mail address already');
    await page.context().clearCookies();
    await page.goto('/sign-in?to=//example.org/x');
    await page.getByRole('link', { name: 'Sign in with Example' }).click();
    await page.getByRole('link', { name: 'Cancel' }).click();
    await expect(alert).toContainText('was cancelled or not allowed');
    await expect(page).toHaveURL(`${sealtrail.url}/sign-in?refused=cancelled`);
    await page.goto('/api/auth/oidc/callback?code=x&state=y');
    await expect(alert).toContainText('This browser did not begin that sign-in');
    // A word that is none of ours is not shown.
    await page.goto('/sign-in?refused=%3Cb%3Ex');
    await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
    await expect(alert).toHaveCount(0);
    await page.context().close();
  });

  test(`the role of somebody from the provider is not changed by hand${tag}`, async ({ browser }) => {
    const { page } = await somebody(browser, isNarrow);
    await page.goto('/settings/people');
    await page.getByLabel('E-mail').fill(ADMIN.email);
    await page.getByLabel('Password').fill(ADMIN.password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    const row = page.getByRole('table', { name: 'People' }).getByRole('row').filter({ hasText: 'olu@example.org' });
    await expect(row).toContainText('by their groups at Example');
    await expect(row.getByRole('combobox')).toHaveCount(0);
    await row.getByRole('button', { name: 'More for Olu' }).click();
    await expect(page.getByRole('menuitem', { name: 'Disable' })).toBeVisible();
    await expect(page.getByRole('menuitem', { name: 'Link for a new password…' })).toHaveCount(0);
    await page.keyboard.press('Escape');
    expect(await violationsOf(page)).toEqual([]);
    await page.context().close();
  });
}

test('where the provider alone lets people in, nothing asks for a password', async ({ browser }) => {
  test.setTimeout(240_000);
  await sealtrail.stop();
  sealtrail = await launch({ ...settings, SEALTRAIL_OIDC_ONLY: '1' });
  const { page } = await somebody(browser, false);
  await page.goto('/settings/people');
  await expect(page.getByRole('link', { name: 'Sign in with Example' })).toBeVisible();
  await expect(page.getByLabel('Password')).toHaveCount(0);
  expect(await violationsOf(page)).toEqual([]);
  await signInThere(page, 'uma+sec-admins');
  await expect(page).toHaveURL(`${sealtrail.url}/settings/people`);
  await expect(page.getByText('Everybody signs in through Example', { exact: false })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Invite' })).toHaveCount(0);
  expect(await violationsOf(page)).toEqual([]);
  await page.context().close();
});
