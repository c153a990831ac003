import { expect, it } from 'vitest';
import { summarySentence } from './summary';

const log = { records: 228, validRecords: 228, firstRecordedAt: '2026-05-11T08:00:00Z', lastRecordedAt: '2026-05-12T15:12:00Z' };
const silence = { from: '2026-05-11T18:00:00Z', to: '2026-05-12T08:30:00Z', seconds: 52_200 };

it.each([
  [{ ...log, silences: [] }, 'The log runs from 11 May 2026 08:00 to 12 May 2026 15:12 UTC. All 228 records hash correctly. No silence between records stands out.'],
  [{ ...log, silences: [silence] }, 'The log runs from 11 May 2026 08:00 to 12 May 2026 15:12 UTC. All 228 records hash correctly. One silence stands out: 14 hours 30 minutes, from 11 May 2026 18:00 to 12 May 2026 08:30 UTC.'],
  [{ ...log, validRecords: 227, silences: null }, 'The log runs from 11 May 2026 08:00 to 12 May 2026 15:12 UTC. 227 of 228 records hash correctly.'],
  [{ ...log, records: 0, validRecords: 0, firstRecordedAt: null, lastRecordedAt: null, silences: [] }, 'No record states a time. It holds no records.'],
])('%o in words', (summarised, sentence) => {
  expect(summarySentence(summarised)).toBe(sentence);
});
