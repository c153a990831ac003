import { type Browser, type Page, expect, test } from '@playwright/test';
import { violationsOf } from './accessible';
import { installation } from './installation';
import { NARROW } from './narrow';
import { occasioLog } from './occasio-log';

const PASSWORD = 'a sentence of an auditor';
const ours = () => ({ origin: installation().url });

/** Invites somebody as an administrator does: the link of the dialog. */
async function invite(page: Page, email: string, role: string): Promise<string> {
  await page.goto('/settings');
  await page.getByRole('link', { name: 'People', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'People' })).toBeVisible();
  await page.getByRole('button', { name: 'Invite' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('E-mail').fill(email);
  await dialog.getByRole('radio', { name: role }).check();
  await dialog.getByRole('button', { name: 'Make link' }).click();
  await expect(dialog).toContainText('it is not shown again');
  expect(await violationsOf(page)).toEqual([]);
  const link = (await dialog.getByLabel('Command', { exact: true }).innerText()).trim();
  await dialog.getByRole('button', { name: 'I have copied it' }).click();
  await expect(page.getByRole('table', { name: 'Invitations' }).getByRole('row', { name: email })).toBeVisible();
  return link;
}

/** Somebody in a browser of their own who opens a link. */
async function join(browser: Browser, link: string, narrow: boolean, name: string): Promise<Page> {
  const context = await browser.newContext({
    baseURL: installation().url,
    storageState: { cookies: [], origins: [] },
    ...(narrow ? NARROW : { viewport: { width: 1440, height: 900 } }),
  });
  const page = await context.newPage();
  await page.goto(link);
  await expect(page.getByText('You are invited as an auditor')).toBeVisible();
  expect(await violationsOf(page)).toEqual([]);
  await page.getByLabel('Your name').fill(name);
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Join' }).click();
  await expect(page.getByRole('navigation').first()).toBeVisible();
  return page;
}

const first = async (page: Page, path: string) =>
  ((await (await page.request.get(path)).json()) as { items: { id: string }[] }).items[0]?.id ?? ''; // an API of ours

for (const [width, tag] of [
  ['wide', ''],
  ['narrow', ' @mobile'],
] as const)
  test(`an administrator invites an auditor, who joins, reads, is not offered what they may not do, and is refused it${tag}`, async ({
    page,
    browser,
  }) => {
    const email = `olu-${width}-${Date.now()}@example.org`;
    const name = `Olu ${width}`;
    const link = await invite(page, email, 'Auditor');
    const theirs = await join(browser, link, width === 'narrow', name);

    // The link is used up.
    await page.goto(link);
    await expect(page.getByRole('heading', { name: 'This link is not good any more' })).toBeVisible();

    // They read.
    const chainId = await first(theirs, '/api/v1/chains?q=sample/release-bot');
    await theirs.goto(`/chains/${chainId}?tab=attestations`);
    await expect(theirs.getByRole('heading', { level: 1, name: 'sample/release-bot' })).toBeVisible();
    for (const button of ['Hand over evidence', 'Sign attestation', 'Sign part', 'Policy', 'Change'])
      await expect(theirs.getByRole('button', { name: button })).toHaveCount(0);
    await theirs.getByRole('button', { name: 'More for this chain' }).click();
    await expect(theirs.getByRole('menuitem', { name: 'Download the log' })).toBeVisible();
    await expect(theirs.getByRole('menuitem')).toHaveCount(1);
    await theirs.goto('/chains?q=sample/release-bot');
    await expect(theirs.getByRole('link', { name: 'sample/release-bot' }).first()).toBeVisible();
    await expect(theirs.getByRole('button', { name: 'Upload logs' })).toHaveCount(0);
    await theirs.goto(`/findings?finding=${await first(theirs, '/api/v1/findings?limit=1')}`);
    await expect(theirs.getByRole('article').first()).toBeVisible();
    for (const button of ['Take up', 'Hold', 'Resolve or close…', 'Suppress…'])
      await expect(theirs.getByRole('button', { name: button, exact: true })).toHaveCount(0);
    await expect(theirs.getByRole('checkbox')).toHaveCount(0);
    await theirs.goto('/rules');
    const switches = theirs.getByRole('switch');
    await expect(switches.first()).toBeDisabled();
    await expect(theirs.getByRole('link', { name: 'New rule' })).toHaveCount(0);
    await expect(theirs.getByRole('button', { name: 'Import…' })).toHaveCount(0);
    expect(await violationsOf(theirs)).toEqual([]);
    await theirs.goto('/settings');
    await expect(theirs.getByRole('heading', { level: 1, name: 'Settings' })).toBeVisible();
    for (const button of ['New token', 'Add a key', 'Rotate', 'Revoke'])
      await expect(theirs.getByRole('button', { name: button })).toHaveCount(0);
    await expect(theirs.getByRole('link', { name: 'People', exact: true })).toHaveCount(0);
    for (const path of ['/settings/people', '/rules/new']) {
      await theirs.goto(path);
      await expect(theirs.getByText('This page takes the role administrator', { exact: false })).toBeVisible();
      expect(await violationsOf(theirs)).toEqual([]);
    }

    // They are refused what they are not offered.
    const findingId = await first(theirs, '/api/v1/findings?limit=1');
    const statuses = async () => [
      (
        await theirs.request.patch(`/api/v1/findings/${findingId}`, { headers: ours(), data: { status: 'on_hold' } })
      ).status(),
      (
        await theirs.request.put(`/api/v1/uploads/of-${width}.jsonl`, {
          headers: ours(),
          data: occasioLog(`of-${width}`, 3),
        })
      ).status(),
      (
        await theirs.request.post('/api/v1/tokens', { headers: ours(), data: { name: 'x', scopes: ['read'] } })
      ).status(),
      (
        await theirs.request.post('/api/v1/packages', { headers: ours(), data: { of: { kind: 'chain', chainId } } })
      ).status(),
      (
        await theirs.request.post('/api/v1/invitations', {
          headers: ours(),
          data: { email: 'eve@example.org', role: 'administrator' },
        })
      ).status(),
    ];
    expect(await statuses()).toEqual([403, 403, 403, 403, 403]);
    const read = await theirs.request.get(`/api/v1/chains/${chainId}/bytes`);
    expect([read.status(), (await read.body()).length > 0]).toEqual([200, true]);

    // Their own account: this browser, and their password.
    await theirs.goto('/settings/you');
    await expect(theirs.getByRole('table', { name: 'Sessions' })).toContainText('(this one)');
    await expect(theirs.getByRole('table', { name: 'Sessions' })).toContainText('127.0.0.1');
    expect(await violationsOf(theirs)).toEqual([]);

    // Another role counts at once; disabled, they are out at once, and in the list still.
    await page.goto('/settings/people');
    const row = page.getByRole('table', { name: 'People' }).getByRole('row').filter({ hasText: email });
    await row.getByLabel(`Role of ${name}`).selectOption('analyst');
    await expect(page.getByText(`${name} has another role`).first()).toBeVisible();
    const upload = await theirs.request.put(`/api/v1/uploads/by-${width}.jsonl`, {
      headers: ours(),
      data: occasioLog(`by-${width}`, 3),
    });
    expect(upload.status()).toBe(201);
    await theirs.goto('/chains');
    await expect(theirs.getByRole('button', { name: 'Upload logs' }).first()).toBeVisible();
    await row.getByRole('button', { name: `More for ${name}` }).click();
    await page.getByRole('menuitem', { name: 'Disable' }).click();
    await expect(row).toContainText('Disabled');
    expect(await violationsOf(page)).toEqual([]);
    expect((await theirs.request.get('/api/v1/chains')).status()).toBe(401);
    await theirs.goto('/');
    await expect(theirs.getByRole('button', { name: 'Sign in' })).toBeVisible();
    await theirs.context().close();
  });

test('the last administrator stays one, and is told why', async ({ page }) => {
  await page.goto('/settings/people');
  const role = page
    .getByRole('table', { name: 'People' })
    .getByRole('row')
    .filter({ hasText: '(you)' })
    .getByRole('combobox');
  await role.selectOption('auditor');
  await expect(
    page.getByText('this is the last administrator who can sign in', { exact: false }).first(),
  ).toBeVisible();
  await expect(role).toHaveValue('administrator');
});

test('a token for team-a/* writes to no chain of team-b, however its name is written in an address', async ({
  page,
}) => {
  const made = await page.request.post('/api/v1/tokens', {
    headers: ours(),
    data: { name: 'team a', scopes: ['ingest'], chains: ['team-a/*'] },
  });
  const { token } = (await made.json()) as { token: string }; // an API of ours
  const headers = { Authorization: `Bearer ${token}` };
  const names = [
    'team-b%2Fx',
    'team-b/x',
    'team-a/../team-b/x',
    'team-a%2F..%2Fteam-b%2Fx',
    'team-a%2f%2e%2e%2fteam-b%2fx',
    'team-a/%2e%2e/team-b%2Fx',
    'team-b%252Fx',
    'team-b%5Cx',
    '%20team-b%2Fx',
    'team-b%2Fx%00team-a%2F',
    'TEAM-A%2Fx',
  ];
  for (const name of names)
    for (const at of [`chains/${name}/records`, `ingest/${name}`, `uploads/${name}`])
      await page.request.fetch(`${installation().url}/api/v1/${at}`, {
        method: at.startsWith('uploads') ? 'PUT' : 'POST',
        headers,
        data: occasioLog('team', 3),
      });
  const listed = (await (await page.request.get('/api/v1/chains?q=team-b&limit=500')).json()) as {
    items: { name: string }[];
  }; // an API of ours
  expect(listed.items.map(({ name }) => name).filter((name) => !name.startsWith('team-a/'))).toEqual([]);
  const own = await page.request.post('/api/v1/chains/team-a%2Fx/records', { headers, data: occasioLog('team', 3) });
  expect(own.status()).toBe(200);
});
