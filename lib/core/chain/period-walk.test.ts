import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createHasher } from '../../crypto/hasher';
import { fixture } from '../../testing/fixtures';
import { verifySegments } from '../../testing/verify';
import { formatById } from '../formats';
import { compareInstants } from '../time';
import { createPeriodWalk } from './period-walk';
import type { RequestedRange } from './validation-summary';

const hasher = await createHasher();

function inPeriod(name: string, requested: RequestedRange) {
  const walk = createPeriodWalk(formatById('occasio'), hasher, requested);
  const bytes = fixture('occasio', name);
  for (let at = 0; at < bytes.length; at += 997) walk.push(bytes.subarray(at, at + 997));
  return walk.end();
}

it('of an open period tells what the check of the whole tells', () => {
  for (const name of ['valid', 'tampered', 'gap', 'crlf', 'blank-lines', 'null-line']) {
    const {
      records: _,
      timeGaps,
      ...whole
    } = verifySegments(formatById('occasio'), hasher, [fixture('occasio', name)]);
    const { validRecords, firstRecordedAt, lastRecordedAt } = whole;
    expect(inPeriod(name, { from: null, to: null })).toMatchObject({
      validRecords,
      firstRecordedAt,
      lastRecordedAt,
      timeGaps,
    });
  }
});

it('counts each record in exactly one of two periods that meet', () => {
  const { records, firstRecordedAt, lastRecordedAt } = inPeriod('valid', { from: null, to: null });
  const times = fc
    .integer({ min: Date.parse(firstRecordedAt ?? '') - 1000, max: Date.parse(lastRecordedAt ?? '') + 1000 })
    .map((ms) => new Date(ms).toISOString());
  fc.assert(
    fc.property(times, (cut) => {
      const [early, late] = [inPeriod('valid', { from: null, to: cut }), inPeriod('valid', { from: cut, to: null })];
      expect(early.records + late.records).toBe(records);
      const [last, first] = [early.lastRecordedAt ?? '0000Z', late.firstRecordedAt ?? '9999Z'];
      expect([compareInstants(last, cut) < 0, compareInstants(first, cut) >= 0]).toEqual([true, true]);
    }),
    { numRuns: 30 },
  );
});
