import { type Browser, type Page, expect, test } from '@playwright/test';
import { violationsOf } from './accessible';
import { installation } from './installation';
import { NARROW } from './narrow';
import { occasioLog } from './occasio-log';

const PASSWORD = 'a sentence of a team';
const ours = () => ({ origin: installation().url });

/** Somebody in a browser of their own. */
async function stranger(browser: Browser, narrow: boolean): Promise<Page> {
  const context = await browser.newContext({
    baseURL: installation().url,
    storageState: { cookies: [], origins: [] },
    ...(narrow ? NARROW : { viewport: { width: 1440, height: 900 } }),
  });
  return context.newPage();
}

/** Who opens the link of an invitation, and is no one here before. */
async function join(page: Page, link: string, name: string): Promise<void> {
  await page.goto(link);
  await page.getByLabel('Your name').fill(name);
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Join' }).click();
  await expect(page.getByRole('navigation').first()).toBeVisible();
}

async function inviteTo(page: Page, email: string, role: string): Promise<string> {
  const answer = await page.request.post('/api/v1/invitations', { data: { email, role }, headers: ours() });
  expect(answer.status()).toBe(201);
  return ((await answer.json()) as { url: string }).url; // an API of ours
}

for (const [width, tag] of [
  ['wide', ''],
  ['narrow', ' @mobile'],
] as const)
  test(`a workspace is made, somebody is invited, switches, and each sees only what is theirs${tag}`, async ({
    page,
    browser,
  }) => {
    const at = Date.now().toString(36);
    const id = `team-${width}-${at}`;
    const chain = `of-${id}`;
    // An administrator of their own: whoever makes a workspace has two from then on.
    const maker = await stranger(browser, width === 'narrow');
    await join(maker, await inviteTo(page, `wes-${width}-${at}@example.org`, 'administrator'), `Wes ${width}`);
    await expect(maker.getByText('Default ·')).toHaveCount(0);

    await maker.goto('/settings');
    await maker.getByRole('link', { name: 'Workspaces', exact: true }).click();
    await expect(maker.getByRole('heading', { level: 1, name: 'Workspaces' })).toBeVisible();
    await maker.getByRole('button', { name: 'New workspace' }).click();
    const dialog = maker.getByRole('dialog');
    await dialog.getByLabel('Name').fill(`Team ${width}`);
    await dialog.getByLabel('Id').fill(id);
    expect(await violationsOf(maker)).toEqual([]);
    await dialog.getByRole('button', { name: 'Make workspace' }).click();
    const row = maker.getByRole('row', { name: id });
    await expect(row).toBeVisible({ timeout: 60_000 });
    expect(await violationsOf(maker)).toEqual([]);

    // Into it, by the table; it is empty.
    await row.getByRole('button', { name: `Switch to Team ${width}` }).click();
    await expect(maker.getByText(`Team ${width} ·`)).toBeVisible();
    const sent = await maker.request.put(`/api/v1/uploads/a.jsonl?chain=${chain}`, {
      data: occasioLog(id, 5),
      headers: { ...ours(), 'content-type': 'application/octet-stream' },
    });
    expect(sent.status()).toBeLessThan(300);
    const { chainId } = (await sent.json()) as { chainId: string }; // an API of ours
    await maker.goto(`/chains/${chainId}`);
    await expect(maker.getByRole('heading', { level: 1, name: chain })).toBeVisible();
    await maker.goto('/chains');
    await expect(maker.getByRole('link', { name: chain }).first()).toBeVisible();
    await expect(maker.getByRole('link', { name: /^sample\// })).toHaveCount(0);

    // Somebody who is invited there sees that, and nothing of the first one.
    const member = await stranger(browser, width === 'narrow');
    await join(member, await inviteTo(maker, `mia-${width}-${at}@example.org`, 'auditor'), `Mia ${width}`);
    await member.goto('/chains');
    await expect(member.getByRole('link', { name: chain }).first()).toBeVisible();
    await expect(member.getByRole('link', { name: /^sample\// })).toHaveCount(0);
    expect(await violationsOf(member)).toEqual([]);
    expect(
      (await member.request.put('/api/v1/me/workspace', { data: { id: 'default' }, headers: ours() })).status(),
    ).toBe(404);

    // What it publishes is at addresses of its own.
    const keys = await member.request.get(`/w/${id}/api/v1/signing-keys`);
    expect(keys.status()).toBe(200);
    await expect
      .poll(async () => (await member.request.get(`/w/${id}/tlog/checkpoint`)).text(), { timeout: 90_000 })
      .toContain(`/w/${id}/tlog`);
    await member.goto(`/w/${id}/trust`);
    await expect(member.getByRole('heading', { level: 1 })).toBeVisible();

    // Back, by the menu; the chain is nowhere, and the other workspace is offered.
    await maker.getByRole('button', { name: 'theme and sign out' }).filter({ visible: true }).click();
    await maker.getByRole('menuitemradio', { name: 'Default' }).click();
    await expect(maker.getByText('Default ·')).toBeVisible();
    await maker.goto(`/chains/${chainId}`);
    await expect(maker.getByText('There is nothing at this address')).toBeVisible();
    expect(await violationsOf(maker)).toEqual([]);
    // By a link that says which, one is asked and goes on to the page.
    await maker.goto(`/w/${id}/chains/${chainId}`);
    await maker.getByRole('button', { name: `Switch to Team ${width}` }).click();
    await expect(maker.getByRole('heading', { level: 1, name: chain })).toBeVisible();
    await Promise.all([maker, member].map((one) => one.context().close()));
  });
