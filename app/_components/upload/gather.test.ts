import { expect, it } from 'vitest';
import { sendable } from './gather';

const names = async (...files: string[]) =>
  (await sendable(files.map((name) => new File(['{}\n'], name)))).map(({ name }) => name);

it.each([
  ['numbered', 'x.jsonl.1', 'x.jsonl'],
  ['packed', 'x.jsonl.2.gz', 'x.jsonl'],
  ['dated', 'x.jsonl-20260601', 'x.jsonl'],
  ['dated before the ending', 'x-20260601.jsonl', 'x.jsonl'],
  ["by a writer's own mark", 'x.jsonl.20260815T000010.000000000Z', 'x.jsonl'],
])('files of a rotated log go as one archive: %s', async (_, older, log) => {
  expect(await names(log, 'other.jsonl', older)).toEqual([
    'other.jsonl',
    expect.stringMatching(/^x.* and 1 more\.tar$/),
  ]);
});

it('a log and what lies beside it go as one archive', async () => {
  for (const sidecar of ['session.json', 'ledger.ndjson', 'audit.anchor.json', 'run.sigstore.json'])
    expect(await names('audit-events.ndjson', sidecar)).toEqual([expect.stringMatching(/\.tar$/)]);
});

it('other logs go each by itself', async () => {
  expect(await names('x.jsonl', 'y.jsonl', 'x-20260601.ndjson')).toEqual(['x.jsonl', 'y.jsonl', 'x-20260601.ndjson']);
});
