import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createHasher } from '../../crypto/hasher';
import { fixture } from '../../testing/fixtures';
import { checkBytes, verifySegments } from '../../testing/verify';
import { formatById } from '../formats';
import { mergeChecks } from './merge-checks';
import { createGapList } from './time-gaps';
import { summarise, summaryLines } from './validation-summary';

const hasher = await createHasher();

describe('gaps in time', () => {
  it('are kept, the 20 longest', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -5, max: 4000 }), { maxLength: 60 }), (list) => {
        const gaps = createGapList();
        const given = list.map((seconds, record) => ({ record, from: '', to: '', seconds }));
        for (const gap of given) gaps.add(gap);
        expect(gaps.list()).toEqual(
          given
            .filter(({ seconds }) => seconds >= 60)
            .toSorted((a, b) => b.seconds - a.seconds)
            .slice(0, 20),
        );
      }),
    );
  });

  it('are found between records, and between segments', () => {
    const bytes = fixture('arbiter', 'valid')
      .toString('utf8')
      .split('\n')
      .slice(0, 4)
      .map((line) => Buffer.from(`${line}\n`));
    const times = [
      '2026-03-15T14:32:00.5Z',
      '2026-03-15T15:32:01Z',
      '2026-03-15T15:32:02Z',
      '2026-03-18T00:00:00.123456789Z',
    ];
    const lines = bytes.map((line, index) =>
      Buffer.from(line.toString('utf8').replace(/"timestamp":"[^"]*"/, `"timestamp":"${times[index]}"`)),
    );
    const whole = verifySegments(formatById('arbiter'), hasher, [Buffer.concat(lines)]);
    expect(whole.timeGaps).toEqual([
      { record: 3, from: times[2], to: times[3], seconds: 203_278 },
      { record: 1, from: times[0], to: times[1], seconds: 3601 },
    ]);
    for (const pieces of [lines, [Buffer.concat(lines.slice(0, 2)), Buffer.concat(lines.slice(2))]])
      expect(verifySegments(formatById('arbiter'), hasher, pieces).timeGaps).toEqual(whole.timeGaps);
  });

  it('are not made of a clock that was wrong: time going back is told instead, and records without a time are counted', () => {
    const times = [
      '08:00:00',
      '08:00:01',
      '1970-01-01T00:00:12Z',
      '08:00:03',
      '2106-02-07T06:28:15Z',
      '08:00:05',
      'never',
      '11:00:00',
      '10:59:58',
      '2026-03-15T10:59:59',
    ].map((time) => (time.length === 8 ? `2026-03-15T${time}Z` : time));
    const lines = fixture('arbiter', 'valid')
      .toString('utf8')
      .split('\n')
      .slice(0, times.length)
      .map((line, index) => Buffer.from(`${line.replace(/"timestamp":"[^"]*"/, `"timestamp":"${times[index]}"`)}\n`));
    const whole = verifySegments(formatById('arbiter'), hasher, [Buffer.concat(lines)]);
    expect(whole).toMatchObject({
      timeGaps: [{ record: 8, from: times[5], to: times[8], seconds: 10_793 }],
      timeSteps: {
        count: 3,
        largest: [
          { record: 5, from: times[4], to: times[5] },
          { record: 2, from: times[1], to: times[2] },
          { record: 8, seconds: 2 },
        ],
      },
      untimed: { count: 2, first: 6 },
    });
    const { timeGaps, timeSteps, untimed } = whole;
    for (let cut = 1; cut < lines.length; cut += 1) {
      for (const pieces of [
        [lines.slice(0, cut), lines.slice(cut)],
        [lines.slice(0, 2), lines.slice(2, 2 + cut), lines.slice(2 + cut)],
        lines.map((line) => [line]),
      ]) {
        expect(
          verifySegments(
            formatById('arbiter'),
            hasher,
            pieces.map((piece) => Buffer.concat(piece)),
          ),
        ).toMatchObject({ timeGaps, timeSteps, untimed });
      }
    }
  });

  it('name the record they end with, also where a segment begins with one that states no time', () => {
    const times = ['2026-03-15T14:32:00Z', '2026-03-15T14:32:01Z', 'never', '2026-03-18T00:00:00Z'];
    const lines = fixture('arbiter', 'valid')
      .toString('utf8')
      .split('\n')
      .slice(0, 4)
      .map((line, index) => Buffer.from(`${line.replace(/"timestamp":"[^"]*"/, `"timestamp":"${times[index]}"`)}\n`));
    const pieces = [Buffer.concat(lines.slice(0, 2)), Buffer.concat(lines.slice(2))];
    expect(verifySegments(formatById('arbiter'), hasher, pieces).timeGaps).toMatchObject([
      { record: 3, from: times[1], to: times[3] },
    ]);
    const [before, after, third] = [...pieces, lines[3] ?? Buffer.alloc(0)].map(
      (bytes) => checkBytes(formatById('arbiter'), hasher, bytes).check,
    );
    if (!before || !after || !third) throw new Error('there are three');
    const merged = mergeChecks(formatById('arbiter'), before, after).times;
    expect(merged.gaps).toMatchObject([{ record: 3 }]);
    const timeless = checkBytes(formatById('arbiter'), hasher, lines[2] ?? Buffer.alloc(0)).check;
    expect(mergeChecks(formatById('arbiter'), timeless, third).times).toMatchObject({
      opening: times[3],
      openingRecord: 1,
    });
  });
});

describe('a summary', () => {
  const check = {
    records: 1200,
    validRecords: 1199,
    firstRecordedAt: '2026-05-11T08:00:00Z',
    lastRecordedAt: '2026-05-12T08:00:00Z',
    timeGaps: [
      { record: 900, from: '2026-05-11T09:00:00Z', to: '2026-05-12T07:30:00Z', seconds: 81_000 },
      { record: 3, from: '2026-05-11T08:00:00Z', to: '2026-05-11T08:30:00Z', seconds: 1800 },
    ],
    timeSteps: { count: 0, largest: [] },
    untimed: { count: 0, first: null },
  };

  it('says what was asked, found and missing', () => {
    expect(summaryLines(summarise(check, { from: '2026-05-11T00:00:00Z', to: '2026-05-12T00:00:00Z' }))).toEqual([
      'Results requested for 2026-05-11T00:00:00Z to 2026-05-12T00:00:00Z',
      'Results found for 2026-05-11T08:00:00Z to 2026-05-12T08:00:00Z:',
      '1,199/1,200 records valid',
      'No records between 2026-05-11T00:00:00Z and 2026-05-11T08:00:00Z, which was asked for',
      'No records between 2026-05-11T09:00:00Z and 2026-05-12T07:30:00Z: 22 h 30 min before record 900',
    ]);
    expect(summarise(check, null, 60).gaps.map(({ record }) => record)).toEqual([3, 900]);
  });

  it('of a range without records names all of it', () => {
    const requested = { from: '2026-05-13T00:00:00Z', to: '2026-05-14T00:00:00Z' };
    expect(summarise(check, requested).uncovered).toEqual([requested]);
    expect(summarise({ ...check, firstRecordedAt: null, lastRecordedAt: null }, requested)).toMatchObject({
      found: null,
      uncovered: [requested],
    });
  });
});
