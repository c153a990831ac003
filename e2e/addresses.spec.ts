import { type Page, expect, test } from '@playwright/test';
import { ADMIN, installation, sealtrail } from './installation';
import { occasioLog } from './occasio-log';

const STALE = '019a0000-0000-7000-8000-000000000000';
const NONSENSE = [
  '',
  'zzz',
  '-1',
  '99999999999999999999',
  '%00',
  '%FF',
  'x'.repeat(2_000),
  '%F0%9F%A6%AD',
  '[]',
  STALE,
  '9999-12-31',
  '0000-01-01',
  '2026-02-31',
  '../..',
  'WyJhIl0',
];
/** Said twice, with another word. */
const TWICE = ['', 'zzz', STALE];
/** Every page that reads its address, with the parameters it reads; of one that reads none, one it does not know. */
const PAGES: { path: string; params: string[] }[] = [
  { path: '/', params: ['period', 'from', 'to'] },
  { path: '/chains', params: ['q', 'verdict', 'format', 'cursor'] },
  { path: '/settings/notifications', params: ['cursor'] },
  { path: '/findings', params: ['status', 'level', 'rule', 'chain', 'cursor'] },
  { path: '/rules', params: ['any'] },
  { path: '/rules/RULE', params: ['any'] },
  { path: '/attestations', params: ['view', 'cursor'] },
  { path: '/attestations?view=packages', params: ['cursor'] },
  { path: '/reports', params: ['period', 'from', 'to'] },
  { path: '/reports/runs', params: ['cursor'] },
  { path: '/reports/controls', params: ['period'] },
  { path: '/reports/controls/soc-2', params: ['period', 'from', 'to'] },
  { path: '/settings', params: ['any'] },
  { path: '/settings/people', params: ['sort'] },
  { path: '/settings/retention', params: ['state', 'keepDays', 'cursor'] },
  { path: '/settings/you', params: ['any'] },
  { path: '/trust', params: ['any'] },
  { path: '/sign-in', params: ['to'] },
  { path: '/setup', params: ['token'] },
  { path: '/join', params: ['token'] },
  ...['records', 'problems', 'segments', 'attestations', 'heads', 'beside', 'connect', 'nope'].map((tab) => ({
    path: `/chains/CHAIN?tab=${tab}`,
    params:
      tab === 'records'
        ? ['q', 'decision', 'broken', 'at', 'record', 'from', 'to']
        : tab === 'heads'
          ? ['before', 'sentBefore']
          : ['segment', 'tab'],
  })),
  { path: '/attestations/ATTESTATION', params: ['any'] },
];

type Listed = { items: { id: string }[] };
const first = async (page: Page, path: string) =>
  ((await (await page.request.get(path)).json()) as Listed).items[0]?.id ?? ''; // an API of ours

const isFailure = (html: string) => /Something went wrong|Application error|Internal Server Error/.test(html);

/** The address with ids of things that are there. */
async function filled(page: Page, path: string): Promise<string> {
  return path
    .replace('CHAIN', await first(page, '/api/v1/chains?q=sample/release-bot'))
    .replace('RULE', await first(page, '/api/v1/rules'))
    .replace('ATTESTATION', await first(page, '/api/v1/attestations'));
}

for (const { path, params } of PAGES) {
  test(`${path} takes whatever its address says`, async ({ page }) => {
    const at = await filled(page, path);
    const answers: string[] = [];
    for (const name of params) {
      const values = name === 'any' ? NONSENSE.slice(0, 2) : NONSENSE;
      for (const requested of [
        ...values.map((value) => `${name}=${value}`),
        ...TWICE.map((value) => `${name}=${value}&${name}=again`),
      ]) {
        const address = `${at}${at.includes('?') ? '&' : '?'}${requested}`;
        const answer = await page.request.get(address);
        if (answer.status() !== 200 || isFailure(await answer.text()))
          answers.push(`${address.slice(0, 120)}: ${answer.status()}`);
      }
    }
    expect(answers).toEqual([]);
  });
}

test('what is not there is answered 404, whoever asks for it and however', async ({ page }) => {
  for (const path of ['/chains', '/attestations'])
    for (const id of [STALE, 'nope', '-1', 'x'.repeat(2_000)])
      expect([`${path}/${id.slice(0, 40)}`, (await page.request.get(`${path}/${id}`)).status()]).toEqual([
        `${path}/${id.slice(0, 40)}`,
        404,
      ]);
  for (const id of [STALE, 'nope', '']) expect((await page.request.get(`/findings?finding=${id}`)).status()).toBe(404);
  await page.goto('/findings?finding=nope');
  await expect(page.getByRole('heading', { name: 'Not found' })).toBeAttached();
});

test('a path that is no text, and a method nobody speaks, are refused as problems', async () => {
  const { url } = installation();
  for (const path of ['/%ff%fe', '/api/v1/chains/%ff%fe', '/chains/%00', '/api/v1/uploads/%']) {
    const answer = await fetch(`${url}${path}`);
    expect([path, answer.status, answer.headers.get('content-type')]).toEqual([path, 400, 'application/problem+json']);
  }
  const { request } = await import('node:http');
  const status = await new Promise((resolve, reject) =>
    request(`${url}/api/v1/chains`, { method: 'TRACE' }, (answer) => resolve(answer.resume().statusCode))
      .on('error', reject)
      .end(),
  );
  expect(status).toBe(405);
});

test('a record that was cut off is told with the head that knew it', async ({ page }) => {
  const headers = {
    Authorization: `Bearer ${await sealtrail('token', 'create', '--scopes', 'ingest', '--name', 'addresses test')}`,
  };
  const lines = (count: number) => occasioLog('cut-later', count);
  await page.request.put('/api/v1/uploads/cut-later', { headers, data: lines(30) });
  await expect
    .poll(async () => (await page.request.get('/api/v1/chains?q=cut-later&verdict=pending')).json())
    .toMatchObject({ items: [] });
  await page.request.put('/api/v1/uploads/cut-later', { headers, data: lines(10) });
  const id = await first(page, '/api/v1/chains?q=cut-later');
  await page.goto(`/chains/${id}?tab=records&record=20`);
  await expect(
    page.getByText(/Record 20 no longer exists: the chain was cut\. It has 10 records now, and had 30 when its head/),
  ).toBeVisible();
  await page.goto(`/chains/${id}?tab=records&record=500`);
  await expect(
    page.getByText('There is no record 500: the chain has 10 records, counted from 0, and was never seen longer.'),
  ).toBeVisible();
  await expect(page.getByRole('table', { name: 'Records' })).toBeVisible();
});

test('a token is named as its chain, however long that name is, and one too long is refused in words', async ({
  page,
}) => {
  const headers = {
    Authorization: `Bearer ${await sealtrail('token', 'create', '--scopes', 'ingest', '--name', 'long names')}`,
  };
  const name = `a chain with a long name ${'x'.repeat(120)}`;
  await page.request.put(`/api/v1/uploads/long?chain=${encodeURIComponent(name)}`, {
    headers,
    data: occasioLog('long-name', 3),
  });
  await page.goto(`/chains/${await first(page, '/api/v1/chains?q=a chain with a long name')}?tab=connect`);
  await page.getByRole('button', { name: /make a token/i }).click();
  await expect(page.getByText(/st_\w{20,}/).first()).toBeVisible();
  const refused = await page.evaluate(async () => {
    const answer = await fetch('/api/v1/tokens', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'x'.repeat(81), scopes: ['read'] }),
    });
    return [answer.status, await answer.json()];
  });
  expect(refused).toEqual([400, expect.objectContaining({ detail: 'name: must be at most 80 characters' })]);
});

test('signing in goes back to the address that was asked for, and to no other host', async ({ browser }) => {
  const context = await browser.newContext({ storageState: { cookies: [], origins: [] } });
  const page = await context.newPage();
  const signIn = async () => {
    await page.getByLabel('E-mail').fill(ADMIN.email);
    await page.getByLabel('Password').fill(ADMIN.password);
    await page.getByRole('button', { name: 'Sign in' }).click();
  };
  const { url } = installation();
  await page.goto(`${url}/chains?q=sample&verdict=tampered`);
  await signIn();
  await expect(page).toHaveURL(`${url}/chains?q=sample&verdict=tampered`);
  await context.clearCookies();
  await page.goto(`${url}/sign-in?to=//example.org/x`);
  await signIn();
  await expect(page).toHaveURL(`${url}/`);
  await context.close();
});
