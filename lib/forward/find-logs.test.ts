import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { chainNameOf } from './chain-template';
import { findLogs } from './find-logs';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'sealtrail-find-'));
  for (const file of [
    'a.jsonl',
    'a.jsonl.1',
    'a-20260601.jsonl',
    'a.repaired.jsonl',
    'a-quarantined-20260601.jsonl',
    'b.ndjson',
    'c-20260601.jsonl',
    'c.repaired.jsonl',
    'notes.txt',
    '.hidden.jsonl',
    'nono/ledger.ndjson',
    'nono/20260815-1/audit-events.ndjson',
    'nono/20260815-1/session.json',
    'nono/20260815-2/audit-events.ndjson',
  ]) {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), '');
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const found = async (...names: string[]) =>
  (await findLogs(names.map((name) => path.join(folder, name)))).map(
    ({ log, root }) => `${path.relative(folder, log)} in ${path.relative(folder, root) || '.'}`,
  );

it('finds the logs of a folder and those below', async () => {
  expect(await found('')).toEqual([
    'a.jsonl in .',
    'b.ndjson in .',
    'c-20260601.jsonl in .',
    'c.repaired.jsonl in .',
    'nono/20260815-1/audit-events.ndjson in .',
    'nono/20260815-2/audit-events.ndjson in .',
  ]);
});

it('finds what a pattern matches, rotated files left to their log', async () => {
  expect(await found('*.jsonl*')).toEqual(['a.jsonl in .', 'c-20260601.jsonl in .', 'c.repaired.jsonl in .']);
  expect(await found('nono/**/audit-*.ndjson')).toEqual([
    'nono/20260815-1/audit-events.ndjson in nono',
    'nono/20260815-2/audit-events.ndjson in nono',
  ]);
  expect(await found('none/*.jsonl')).toEqual([]);
});

it('takes a file that is not there yet, and each file once', async () => {
  expect(await found('later.jsonl', 'a.jsonl', 'a.jsonl', 'a*.jsonl')).toEqual(['later.jsonl in .', 'a.jsonl in .']);
});

it('names chains by file, folder or path', () => {
  const log = '/var/log/agents/build/x.jsonl';
  const names = [null, '{name}', 'prod {folder}', '{path}', 'all'].map((template) =>
    chainNameOf(template, log, '/var/log'),
  );
  expect(names).toEqual(['x', 'x', 'prod build', 'agents/build/x', 'all']);
  expect(chainNameOf(null, '/a/20260815-1/audit-events.ndjson', '/a')).toBe('20260815-1');
});
