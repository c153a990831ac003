import { type APIRequestContext, type Page, expect, test } from '@playwright/test';
import * as z from 'zod';
import { installation, sealtrail } from './installation';
import { occasioWriter } from './occasio-log';

const Chains = z.object({ items: z.array(z.object({ id: z.string() })) });
const Receipt = z.object({
  chainId: z.string(),
  head: z.string().nullable(),
  records: z.number(),
  verdict: z.string(),
});

let headers: Record<string, string>;
test.beforeAll(async () => {
  headers = {
    Authorization: `Bearer ${await sealtrail('token', 'create', '--scopes', 'ingest,read', '--name', 'live test')}`,
  };
});

async function append(request: APIRequestContext, chain: string, lines: Buffer) {
  const response = await request.post(`/api/v1/chains/${chain}/records?format=occasio`, { headers, data: lines });
  expect(response.status()).toBe(200);
  return Receipt.parse(await response.json());
}

/** A page that was loaded anew has lost what was left in it. */
const leaveMark = (page: Page) => page.evaluate(() => document.documentElement.setAttribute('data-e2e-mark', 'here'));
const keptMark = async (page: Page) =>
  expect(await page.evaluate(() => document.documentElement.getAttribute('data-e2e-mark'))).toBe('here');
/** Every title the page has from here on, once each. */
const titlesSeen = (page: Page) =>
  page.evaluateHandle(() => {
    const seen = new Set([document.title]);
    new MutationObserver(() => seen.add(document.title)).observe(document, {
      childList: true,
      subtree: true,
      characterData: true,
    });
    return seen;
  });
const fact = (page: Page, label: string) =>
  page
    .locator('main dl > div')
    .filter({ has: page.getByText(label, { exact: true }) })
    .locator('dd')
    .first();

test('an open chain page follows its tail: counts, head, records, and the verdict when it breaks', async ({
  page,
  request,
}) => {
  const write = occasioWriter('live-follow');
  const { chainId } = await append(request, 'live-follow', write(5));
  await page.goto(`/chains/${chainId}?tab=records`);
  await leaveMark(page);
  const titles = await titlesSeen(page);
  const html = await (await page.request.get(page.url())).text();
  expect(html.slice(0, html.indexOf('</head>'))).toContain('<title>live-follow · Sealtrail</title>');
  await expect(fact(page, 'Records')).toHaveText('5');
  await expect(page.getByText(/Growing: last appended just now by/)).toBeVisible();
  await expect(page.getByRole('cell', { name: '/srv/4', exact: true })).toBeVisible();

  for (const more of [1, 2, 3]) {
    const { head, records: total } = await append(request, 'live-follow', write(more));
    await expect(fact(page, 'Records')).toHaveText(String(total));
    await expect(fact(page, 'Head')).toContainText(head?.slice(0, 6) ?? 'no head');
    await expect(page.getByRole('cell', { name: `/srv/${total - 1}`, exact: true })).toBeVisible();
  }
  await keptMark(page);

  // one record changed: its hash is not its content's any more
  const broken = write(1).toString().replace('"tool_name":"grep"', '"tool_name":"curl"');
  expect(await append(request, 'live-follow', Buffer.from(broken))).toMatchObject({ verdict: 'tampered' });
  await expect(page.getByRole('main').getByText('Tampered').first()).toBeVisible();
  await keptMark(page);
  expect(await titles.evaluate((seen) => [...seen])).toEqual(['live-follow · Sealtrail']);
});

test('records a filter leaves are followed too', async ({ page, request }) => {
  const write = occasioWriter('live-filter');
  const { chainId } = await append(request, 'live-filter', write(3));
  await page.goto(`/chains/${chainId}?tab=records&q=srv`);
  await expect(page.getByText('3 of 3 records found')).toBeVisible();
  await append(request, 'live-filter', write(2));
  await expect(page.getByText('5 of 5 records found')).toBeVisible();
  await expect(page.getByRole('cell', { name: '/srv/4', exact: true })).toBeVisible();
});

test('a tail nobody appends to is said to be quiet, and since when', async ({ page, request }) => {
  await page.clock.install();
  const { chainId } = await append(request, 'live-quiet', occasioWriter('live-quiet')(3));
  await page.goto(`/chains/${chainId}`);
  await expect(page.getByText(/Growing: last appended/)).toBeVisible();
  await page.clock.fastForward('05:00');
  await expect(
    page.getByText(/Quiet since \d\d? \w+ .*, 5 minutes ago: nothing was appended since then/),
  ).toBeVisible();
});

test('what is open is a row and a hatched end; closed it becomes a segment; sealed it takes nothing more', async ({
  page,
  request,
}) => {
  const write = occasioWriter('live-close');
  const { chainId } = await append(request, 'live-close', write(4));
  await page.goto(`/chains/${chainId}?tab=segments`);
  await leaveMark(page);
  const segments = page.getByRole('table', { name: 'Segments' });
  await expect(segments.getByRole('row').filter({ hasText: 'Open' })).toContainText('open since');
  await expect(
    page
      .getByRole('figure', { name: 'Ribbon of live-close' })
      .getByRole('link', { name: /^Open segment, records 0 to 3/ }),
  ).toBeVisible();
  await expect(fact(page, 'Signed')).toHaveText('0%');

  await page.getByRole('button', { name: 'Close the segment now' }).click();
  await expect(segments.getByRole('row').filter({ hasText: 'Open' })).toHaveCount(0);
  await expect(segments.getByRole('row').filter({ hasText: '0 – 3' })).toBeVisible();
  await expect(fact(page, 'Signed')).toHaveText('100%');

  await append(request, 'live-close', write(2));
  await expect(segments.getByRole('row').filter({ hasText: 'Open' })).toContainText('4 – 5');
  await expect(fact(page, 'Signed')).toHaveText('67%');
  await expect(page.getByRole('link', { name: /^Open segment, records 4 to 5/ })).toBeVisible();

  await page.getByRole('button', { name: 'More for this chain' }).click();
  await page.getByRole('menuitem', { name: 'Seal …' }).click();
  const seal = page.getByRole('dialog').getByRole('button', { name: 'Seal the chain' });
  await expect(seal).toBeDisabled();
  await page.getByRole('dialog').getByRole('textbox').fill('live-close');
  await seal.click();
  await expect(page.getByText(/Sealed .* by .*: it accepts no more records/)).toBeVisible();
  await page.getByRole('button', { name: 'More for this chain' }).click();
  await expect(page.getByRole('menuitem', { name: 'Download the log' })).toBeVisible();
  await expect(page.getByRole('menuitem', { name: 'Add to this chain' })).toHaveCount(0);
  await page.keyboard.press('Escape');
  await expect(segments.getByRole('row').filter({ hasText: 'Open' })).toHaveCount(0);
  await keptMark(page);
  const refused = await request.post('/api/v1/chains/live-close/records', { headers, data: write(1) });
  expect(refused.status()).toBe(409);
});

test('the list of chains moves while a tail grows', async ({ page, request }) => {
  const write = occasioWriter('live-listed');
  await append(request, 'live-listed', write(3));
  await page.goto('/chains?q=live-listed');
  await leaveMark(page);
  const row = page.getByRole('row').filter({ hasText: 'live-listed' });
  await expect(row.getByRole('cell').nth(2)).toHaveText('3');
  await append(request, 'live-listed', write(4));
  await expect(row.getByRole('cell').nth(2)).toHaveText('7');
  await keptMark(page);
  expect(
    Chains.parse(await (await request.get('/api/v1/chains?q=live-listed', { headers })).json()).items,
  ).toHaveLength(1);
});

test('a live stream ends when its token is revoked', async ({ page, request }) => {
  const { chainId } = await append(request, 'live-revoked', occasioWriter('live-revoked')(3));
  const Made = z.object({ id: z.string(), token: z.string() });
  await page.goto('/settings');
  const made = Made.parse(
    await page.evaluate(async () =>
      (
        await fetch('/api/v1/tokens', {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ name: 'follows', scopes: ['read'] }),
        })
      ).json(),
    ),
  );
  const live = await fetch(`${installation().url}/api/v1/chains/${chainId}/live`, {
    headers: { Authorization: `Bearer ${made.token}` },
  });
  let heard = '';
  const ended = (async () => {
    for await (const chunk of live.body ?? []) heard += Buffer.from(chunk).toString();
  })();
  await expect.poll(() => heard).toContain('event: chain');
  expect(
    await page.evaluate(async (id) => (await fetch(`/api/v1/tokens/${id}`, { method: 'DELETE' })).status, made.id),
  ).toBe(204);
  await ended; // at the next beat
});
