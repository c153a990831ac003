import { expect, it } from 'vitest';
import { summarySentence } from './summary';

const log = {
  records: 228,
  validRecords: 228,
  firstRecordedAt: '2026-05-11T08:00:00Z',
  lastRecordedAt: '2026-05-12T15:12:00Z',
  timeSteps: null,
  untimed: null,
};
const gap = { from: '2026-05-11T18:00:00Z', to: '2026-05-12T08:30:00Z', seconds: 52_200 };

it.each([
  [
    { ...log, timeGaps: [] },
    'The log runs from 11 May 2026 08:00 to 12 May 2026 15:12 UTC. All 228 records hash correctly. No gap in time between records stands out.',
  ],
  [
    { ...log, timeGaps: [gap] },
    'The log runs from 11 May 2026 08:00 to 12 May 2026 15:12 UTC. All 228 records hash correctly. One gap in time stands out: 14 hours 30 minutes, from 11 May 2026 18:00 to 12 May 2026 08:30 UTC.',
  ],
  [
    { ...log, validRecords: 227, timeGaps: null },
    'The log runs from 11 May 2026 08:00 to 12 May 2026 15:12 UTC. 227 of 228 records hash correctly.',
  ],
  [
    {
      ...log,
      timeGaps: [],
      timeSteps: {
        count: 3,
        largest: [{ record: 5, from: '2026-05-11T18:00:00Z', to: '2026-05-11T16:30:00Z', seconds: 5400 }],
      },
      untimed: { count: 2, first: 1200 },
    },
    'The log runs from 11 May 2026 08:00 to 12 May 2026 15:12 UTC. All 228 records hash correctly. No gap in time between records stands out. Time goes back at record 5, from 11 May 2026 18:00 to 11 May 2026 16:30 UTC (1 hour 30 minutes), and by less at 2 other places: a clock was set, or several writers share the log. 2 records state no time that can be read, the first being record 1,200: no period holds them, and no rule over time sees them.',
  ],
  [
    { ...log, records: 0, validRecords: 0, firstRecordedAt: null, lastRecordedAt: null, timeGaps: [] },
    'No record states a time. It holds no records.',
  ],
])('%o in words', (summarised, sentence) => {
  expect(summarySentence(summarised)).toBe(sentence);
});
