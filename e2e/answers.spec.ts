import { execFile } from 'node:child_process';
import http from 'node:http';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@playwright/test';
import { installation } from './installation';

test('every answer carries a policy with its own nonce, and no script breaks it', async ({ page, request }) => {
  const broken: string[] = [];
  page.on('console', (message) => message.text().includes('Content Security Policy') && broken.push(message.text()));
  await page.goto('/');
  await page.waitForLoadState('networkidle');
  expect(broken).toEqual([]);

  const [first, second] = [
    await request.get('/'),
    await request.get('/', { headers: { 'content-security-policy': "script-src 'nonce-mine'" } }),
  ];
  const nonces = [first, second].map(
    (answer) => /'nonce-([^']+)'/.exec(answer.headers()['content-security-policy'] ?? '')?.[1],
  );
  expect(nonces[0]).toBeTruthy();
  expect(nonces[0]).not.toBe(nonces[1]);
  expect(await second.text()).not.toContain('nonce="mine"');
  expect(first.headers()).toMatchObject({
    'x-content-type-options': 'nosniff',
    'cross-origin-opener-policy': 'same-origin',
  });
  expect(first.headers()['x-powered-by']).toBeUndefined();
});

test('every answer carries the headers that protect it: pages, errors, redirects, refusals, files and streams', async ({
  page,
}) => {
  const { url } = installation();
  const [chain] = ((await (await page.request.get('/api/v1/chains?limit=1')).json()) as { items: { id: string }[] })
    .items; // an API of ours
  const cookie = (await page.context().cookies()).map(({ name, value }) => `${name}=${value}`).join('; ');
  const asked: [what: string, path: string, init: RequestInit, status: number][] = [
    ['a page', '/chains', { headers: { cookie } }, 200],
    ['a page for anybody', '/trust', {}, 200],
    ['the verifier', '/verify', {}, 200],
    ['no such page', '/no-such-page', {}, 404],
    ['a link that opens nothing', '/shared?token=x', {}, 404],
    ['a redirect', '/chains', { redirect: 'manual' }, 307],
    ['an answer of the API', '/api/v1/chains', { headers: { cookie } }, 200],
    ['no credential', '/api/v1/chains', {}, 401],
    ['no such route', '/api/v1/no-such-route', { headers: { cookie } }, 404],
    ['a body that is none', '/api/v1/setup', { method: 'POST', body: '[' }, 400],
    ['a path that is no text', '/%ff', {}, 400],
    ['a file', `/api/v1/chains/${chain?.id}/bytes`, { headers: { cookie } }, 200],
    ['a table', '/api/v1/chains.csv', { headers: { cookie } }, 200],
    ['a stream', `/api/v1/chains/${chain?.id}/live`, { headers: { cookie } }, 200],
    ['a health check', '/ready', {}, 200],
    ['an icon', '/icon.svg', {}, 200],
  ];
  for (const [what, path, init, status] of asked) {
    const ending = new AbortController();
    const answer = await fetch(`${url}${path}`, { ...init, signal: ending.signal });
    const { headers } = answer;
    ending.abort();
    expect([what, answer.status]).toEqual([what, status]);
    expect([what, headers.get('x-content-type-options'), headers.get('cross-origin-opener-policy')]).toEqual([
      what,
      'nosniff',
      'same-origin',
    ]);
    expect([what, headers.get('referrer-policy')]).toEqual([
      what,
      path.startsWith('/shared') ? 'no-referrer' : 'strict-origin-when-cross-origin',
    ]);
    expect([what, headers.get('permissions-policy')?.includes('camera=()'), headers.get('x-powered-by')]).toEqual([
      what,
      true,
      null,
    ]);
    const policy = headers.get('content-security-policy') ?? '';
    expect([what, /script-src[^;]*'(nonce|sha256)-[^']+'/.test(policy)]).toEqual([what, true]);
    expect([what, /(script-src|default-src)[^;]*'unsafe-inline'/.test(policy)]).toEqual([what, false]);
    expect([what, policy.includes("frame-ancestors 'none'") || path === '/verify']).toEqual([what, true]);
  }
});

test('a second start over the same data directory is refused, naming process and address', async () => {
  const { dataDir, url } = installation();
  const again = promisify(execFile)(process.execPath, [path.resolve(import.meta.dirname, '../workers/start.mjs')], {
    env: { ...process.env, SEALTRAIL_DATA_DIR: dataDir, SEALTRAIL_PORT: '' },
  });
  await expect(again).rejects.toMatchObject({
    code: 2,
    stderr: expect.stringMatching(new RegExp(`already runs on ${dataDir} \\(process \\d+ at ${url}\\)`)),
  });
});

test('guessing a password is slowed down, whatever address the client claims', async () => {
  // From an address of its own: the limit is per address, and other tests sign in meanwhile.
  const attempt = (n: number) =>
    new Promise<number | undefined>((resolve, reject) => {
      const asked = http.request(`${installation().url}/api/auth/sign-in/email`, {
        method: 'POST',
        localAddress: '127.0.0.9',
        headers: {
          'content-type': 'application/json',
          origin: installation().url,
          'x-forwarded-for': `10.0.0.${n}`,
          'x-sealtrail-peer': `10.0.1.${n}`,
        },
      });
      asked.once('error', reject);
      asked.once('response', (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      });
      asked.end(JSON.stringify({ email: 'nobody@example.org', password: `guess number ${n}` }));
    });
  const statuses: (number | undefined)[] = [];
  for (let n = 0; n < 14; n += 1) statuses.push(await attempt(n));
  expect(statuses[0]).toBe(401);
  expect(statuses.at(-1)).toBe(429);
});

test('a JSON body past its bound is refused', async ({ request }) => {
  const response = await request.post('/api/v1/setup', {
    data: JSON.stringify({ token: 'x'.repeat(300_000) }),
    headers: { 'content-type': 'application/json' },
  });
  expect(response.status()).toBe(413);
});
