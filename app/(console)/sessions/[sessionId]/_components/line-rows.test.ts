import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Group, LineRows, firstChanged } from './line-rows';

function group(cursor: string, records: number, gapSeconds: number | null): Group {
  return {
    cursor,
    records,
    gapSeconds,
    turn: null,
    counts: {},
    secretsRedacted: 0,
    redacted: 0,
    inputTokens: 0,
    outputTokens: 0,
    costUsd: 0,
    from: null,
    to: null,
    backwards: 0,
    untimed: 0,
  };
}

const groups = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 6 }), fc.constantFrom(null, 600)), { maxLength: 12 })
  .map((list) => list.map(([records, gap], at) => group(String(at), records, gap)));

it('every row is found by its place, and every step by its own', () => {
  fc.assert(
    fc.property(groups, (list) => {
      const rows = new LineRows(list);
      const made = list.flatMap((one) => [
        ...(one.gapSeconds === null ? [] : ['gap']),
        ...(one.records > 1 ? ['group'] : []),
        ...Array.from({ length: one.records }, () => 'step'),
      ]);
      expect(rows.count).toBe(made.length);
      expect(made.map((_, row) => rows.at(row)?.kind)).toEqual(made);
      expect(rows.at(rows.count)).toBeNull();
      for (let position = 0; position < rows.steps; position += 1) {
        const row = rows.at(rows.rowOf(position));
        expect(row).toMatchObject({ kind: 'step', position, group: rows.groupOf(position)?.group });
      }
    }),
  );
});

it('what was read stays while only later steps change', () => {
  const one = group('a', 3, null);
  expect(firstChanged([one, group('b', 2, null)], [one, group('b', 2, null)])).toBeNull();
  expect(firstChanged([one, group('b', 2, null)], [one, group('b', 4, null)])).toBe(3);
  expect(firstChanged([one], [one, group('b', 4, 600)])).toBe(3);
  expect(firstChanged([one, group('b', 4, null)], [one])).toBe(3);
  expect(firstChanged([], [one])).toBe(0);
});
