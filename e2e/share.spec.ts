import { createHash } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { expect, test } from '@playwright/test';
import { violationsOf } from './accessible';
import { installation } from './installation';
import { NARROW } from './narrow';
import { runPath } from './places';
import { unzip } from './unzip';

for (const [width, tag] of [
  ['wide', ''],
  ['narrow', ' @mobile'],
] as const)
  test(`a report is shared by a link, read and downloaded without an account, and revoked${tag}`, async ({
    page,
    browser,
  }) => {
    test.setTimeout(240_000);
    const path = await runPath(page);
    await page.goto(path);
    const [title = ''] = (await page.getByRole('heading', { level: 1 }).innerText()).split(',');
    await page.getByRole('button', { name: 'Share… this report' }).click();
    const dialog = page.getByRole('dialog');
    const note = `Kim, ${width} ${Date.now()}`;
    await dialog.getByLabel('Whom it is for').fill(note);
    await expect(dialog.getByLabel('Days it is good')).toHaveValue('7');
    expect(await violationsOf(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Make link' }).click();
    const link = (await dialog.getByLabel('Command', { exact: true }).innerText()).trim();
    await dialog.getByRole('button', { name: 'I have copied it' }).click();
    const row = dialog.getByRole('listitem').filter({ hasText: note });
    await expect(row).toContainText('Opened 0×');

    const context = await browser.newContext({
      baseURL: installation().url,
      storageState: { cookies: [], origins: [] },
      ...(width === 'narrow' ? NARROW : { viewport: { width: 1440, height: 900 } }),
    });
    const kim = await context.newPage();
    const asked: string[] = [];
    kim.on('request', (request) => asked.push(`${request.url()} ${request.headers()['referer'] ?? ''}`));
    const answer = await kim.goto(link);
    expect(answer?.status()).toBe(200);
    expect(answer?.headers()).toMatchObject({ 'referrer-policy': 'no-referrer', 'x-robots-tag': 'noindex' });
    expect(answer?.headers()['cache-control']).toContain('no-store');
    await expect(kim.getByRole('heading', { level: 1 })).toContainText(title);
    expect(await violationsOf(kim)).toEqual([]);
    const token = new URL(link).searchParams.get('token') ?? '';
    await kim.waitForLoadState('networkidle');
    // Nothing the page loads is told where it was asked from.
    expect(asked.filter((request) => request.split(' ')[1]?.includes(token))).toEqual([]);

    const files = kim.getByRole('table', { name: 'Files' });
    const href = await files.getByRole('link', { name: 'report.json' }).getAttribute('href');
    const file = await kim.request.get(href ?? '');
    const sha256 = createHash('sha256')
      .update(await file.body())
      .digest('hex');
    expect([file.status(), file.headers()['referrer-policy'], file.headers()['cache-control']]).toEqual([
      200,
      'no-referrer',
      'no-store',
    ]);
    const run = (await (await page.request.get(`/api/v1${path.replace('/reports/runs', '/report-runs')}`)).json()) as {
      files: { path: string; digest: string }[];
    }; // an API of ours
    expect(run.files.find((one) => one.path === 'report.json')?.digest).toBe(sha256);
    // And to nothing else.
    for (const other of [`/api/v1/report-runs?token=${token}`, '/api/v1/chains', `/api/v1/chains?token=${token}`])
      expect((await kim.request.get(other)).status()).toBe(401);
    await kim.goto(`/chains?token=${token}`);
    await expect(kim.getByRole('heading', { name: 'Sign in' })).toBeVisible();

    await page.reload();
    await page.getByRole('button', { name: 'Share… this report' }).click();
    await expect(row).toContainText('Opened 1×, 1 download');
    await row.getByRole('button', { name: `Revoke link ${note}` }).click();
    await expect(row).toContainText('Revoked by');
    expect(await violationsOf(page)).toEqual([]);

    const [revoked, never] = [await kim.request.get(link), await kim.request.get(link.replace(token, 'x'.repeat(43)))];
    expect([revoked.status(), never.status()]).toEqual([404, 404]);
    // The one that was and the one that never was are answered the same, but for what is of each answer alone.
    const plain = (text: string) =>
      text
        .replaceAll(/nonce="[^"]*"|nonce&quot;:&quot;[^&]*|\\"nonce\\":\\"[^"]*/g, '')
        .replaceAll(token, 'x'.repeat(43))
        .replaceAll(/\d{13}/g, '');
    expect(plain(await revoked.text()).length).toBe(plain(await never.text()).length);
    expect((await kim.request.get(href ?? '')).status()).toBe(404);
    await context.close();
  });

test('an evidence package is shared by a link, its ZIP had without an account, and each opening is counted', async ({
  page,
  browser,
}) => {
  test.setTimeout(240_000);
  const chain = (await (await page.request.get('/api/v1/chains?q=sample/release-bot')).json()) as {
    items: { id: string }[];
  }; // an API of ours
  const asked = await page.request.post('/api/v1/packages', {
    data: { of: { kind: 'chain', chainId: chain.items[0]?.id } },
    headers: { origin: installation().url },
  });
  const { id } = (await asked.json()) as { id: string }; // the same
  const item = async () =>
    (await (await page.request.get(`/api/v1/packages/${id}`)).json()) as {
      state: string;
      fileName: string;
      manifestSha256: string;
    }; // the same
  await expect.poll(async () => (await item()).state, { timeout: 120_000 }).toBe('done');
  const { fileName, manifestSha256 } = await item();
  await page.goto('/attestations?view=packages');
  await page.getByRole('button', { name: `Share… ${fileName}` }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Whom it is for').fill('Kim');
  await dialog.getByRole('button', { name: 'Make link' }).click();
  const link = (await dialog.getByLabel('Command', { exact: true }).innerText()).trim();
  await dialog.getByRole('button', { name: 'I have copied it' }).click();

  const context = await browser.newContext({
    baseURL: installation().url,
    storageState: { cookies: [], origins: [] },
    viewport: { width: 1440, height: 900 },
  });
  const kim = await context.newPage();
  await kim.goto(link);
  await expect(kim.getByRole('heading', { level: 1, name: 'Evidence package' })).toBeVisible();
  await expect(
    kim.getByRole('table', { name: 'Files' }).getByRole('row', { name: /^MANIFEST\.sha256 / }),
  ).toBeVisible();
  expect(await violationsOf(kim)).toEqual([]);
  const [download] = await Promise.all([
    kim.waitForEvent('download'),
    kim.getByRole('link', { name: 'ZIP', exact: true }).click(),
  ]);
  const files = await unzip(await buffer(await download.createReadStream()), test.info().outputPath());
  const manifest = files.get('MANIFEST.sha256') ?? '';
  expect(createHash('sha256').update(manifest).digest('hex')).toBe(manifestSha256);
  await context.close();

  await page.reload();
  await page.getByRole('button', { name: `Share… ${fileName}` }).click();
  await expect(dialog.getByRole('listitem').filter({ hasText: 'Kim' })).toContainText('Opened 1×, 1 download');
});
