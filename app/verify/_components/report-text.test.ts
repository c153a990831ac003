import { expect, it } from 'vitest';
import type { Report } from '@/lib/verify/page/outcome';
import { reportText } from './report-text';

const REPORT = {
  outcome: 'fails',
  headline: 'The log was tampered with',
  lead: 'First of all record 7 was changed.',
  logs: [
    {
      id: 'l',
      files: ['audit.jsonl'],
      format: 'Occasio',
      state: {
        kind: 'walked',
        verdict: 'tampered',
        continues: false,
        sentence: 'This log was altered.',
        records: 12,
        sizeBytes: 900,
        head: 'abc',
        firstRecordedAt: null,
        lastRecordedAt: null,
        problems: [{ record: 7, line: 8, message: 'its hash does not cover it' }],
        problemCounts: {},
      },
      rows: [],
    },
  ],
  checked: [
    {
      id: 'b',
      kind: 'bundle',
      title: 'Statement',
      file: 'x.sigstore.json',
      says: { words: 'verified', facts: [], proven: false },
      content: null,
      rows: [
        { status: 'failed', title: 'Digest', detail: 'another file' },
        { status: 'skipped', title: 'Signature', detail: 'no key is here' },
      ],
    },
  ],
  trust: [{ name: 'key.pem', what: 'A key', why: 'given here', selfAttested: false }],
  files: [{ id: 'f', name: 'audit.jsonl', from: null, sizeBytes: 900, what: 'a log', isTrouble: false }],
} as unknown as Report; // what is left out is not read

it('keeps everything that was found, the outcome first', () => {
  const text = reportText(REPORT, new Date(Date.UTC(2026, 10, 29)));
  expect(text.split('\n').slice(0, 3)).toEqual([
    'The log was tampered with',
    'First of all record 7 was changed.',
    'Checked at 2026-11-29T00:00:00.000Z by the Sealtrail verifier, in the browser.',
  ]);
  for (const part of [
    'Log: audit.jsonl (Occasio)',
    'tampered: This log was altered.',
    'problem at record 7, line 8: its hash does not cover it',
    '[DOES NOT HOLD] Digest: another file',
    '[not checked] Signature: no key is here',
    '(signer not verified)',
    'A key (key.pem): given here',
  ])
    expect(text).toContain(part);
});
