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
