import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { ROOT } from './install.mjs';
import { installed, isAllowed } from './licenses.mjs';

it('every installed package has a licence that is allowed', async () => {
  const entries = await installed({ production: false });
  expect(entries.length).toBeGreaterThan(100);
  expect(entries.filter((entry) => !entry.isAllowed)).toEqual([]);
});

it.each([
  ['MIT', true],
  ['(MIT OR GPL-3.0)', true],
  ['(MIT AND GPL-3.0)', false],
  ['MIT*', true],
  ['AGPL-3.0', false],
  ['UNKNOWN', false],
  ['none', false],
])('%s: %s', (licence, allowed) => {
  expect(isAllowed(licence)).toBe(allowed);
});

it('the lock file names the digest of every package, but for the lake’s engine for other systems', () => {
  const lock: { packages: Record<string, { integrity?: string; link?: boolean; inBundle?: boolean }> } = JSON.parse(
    readFileSync(path.join(ROOT, 'package-lock.json'), 'utf8'),
  );
  const bare = Object.entries(lock.packages).filter(
    ([name, { integrity, link, inBundle }]) => name !== '' && !integrity && !link && !inBundle,
  );
  expect(bare.map(([name]) => name)).toEqual([
    'node_modules/@chdb/lib-darwin-arm64',
    'node_modules/@chdb/lib-darwin-x64',
    'node_modules/@chdb/lib-linux-arm64-gnu',
  ]);
});
