import { describe, expect, it } from 'vitest';
import { type Reported, verdictSentence } from './sentence';

const day = {
  label: 'Arbiter',
  records: 228,
  firstRecordedAt: '2026-05-11T08:00:00.000Z',
  lastRecordedAt: '2026-05-11T15:12:47.5Z',
};

describe('verdictSentence', () => {
  it.each<[Pick<Reported, 'verdict' | 'problemCounts'> & Partial<Reported>, string]>([
    [
      { verdict: 'verified', problemCounts: {} },
      '228 records from 11 May 2026 08:00 to 15:12 UTC hold; nothing is missing between them.',
    ],
    [
      { verdict: 'verified', problemCounts: {}, records: 12345, lastRecordedAt: '2026-06-01T00:00:00Z' },
      '12,345 records from 11 May 2026 08:00 to 1 Jun 2026 00:00 UTC hold; nothing is missing between them.',
    ],
    [
      { verdict: 'verified-with-warnings', problemCounts: { crlf: 1, 're-serialised': 2 } },
      '228 records from 11 May 2026 08:00 to 15:12 UTC hold; nothing is missing between them. 2 records were written anew by another tool and lines end in CR LF.',
    ],
    [
      { verdict: 'restarted', problemCounts: { restart: 1 } },
      '228 records from 11 May 2026 08:00 to 15:12 UTC hold in 2 parts: Arbiter was restarted once, and that nothing is missing between the parts is not proven.',
    ],
    [
      { verdict: 'restarted', problemCounts: { rotation: 2 } },
      '228 records from 11 May 2026 08:00 to 15:12 UTC hold in 3 parts: the log was rotated 2 times, and only its numbers show that nothing is missing between the parts.',
    ],
    [
      { verdict: 'restarted', problemCounts: { rotation: 1, restart: 1 } },
      '228 records from 11 May 2026 08:00 to 15:12 UTC hold in 3 parts: Arbiter was restarted once and the log was rotated once, and that nothing is missing between the parts is not proven.',
    ],
    [
      { verdict: 'gap', problemCounts: { 'missing-records': 1 } },
      'Records are missing at 1 place; the 228 records present hash correctly.',
    ],
    [
      { verdict: 'tampered', problemCounts: { 'hash-mismatch': 1, 'missing-hash': 3, crlf: 1 } },
      'This log was altered: 1 record was changed after it was written and 3 records carry no hash, among 228 records from 11 May 2026 08:00 to 15:12 UTC.',
    ],
    [
      { verdict: 'corrupt', problemCounts: { 'torn-tail': 1 } },
      'The last record is torn off; the 228 records that can be read hold.',
    ],
    [
      { verdict: 'forked', problemCounts: { fork: 1 } },
      'Two histories branch off at 1 place; each of the 228 records hashes correctly, but they are not one history.',
    ],
    [
      { verdict: 'truncated', problemCounts: { 'shorter-than-witnessed': 1 } },
      'The chain is shorter than it was seen before: its end was cut off. The 228 records left hold.',
    ],
    [
      {
        verdict: 'unchained',
        problemCounts: { 'no-chain': 1 },
        records: 0,
        firstRecordedAt: null,
        lastRecordedAt: null,
      },
      'The log holds no records, so there is nothing to prove.',
    ],
    [{ verdict: 'pending', problemCounts: {} }, '228 lines waiting to be checked.'],
  ])('%j', (given, sentence) => {
    expect(verdictSentence({ ...day, ...given })).toBe(sentence);
  });
});
