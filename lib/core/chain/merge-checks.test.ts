import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createHasher } from '../../crypto/hasher';
import { bare, contents, hashOf, toBytes, writers } from '../../testing/chains';
import { checkBytes } from '../../testing/verify';
import type { SegmentCheck } from './check';
import { joinSegments } from './join';
import { mergeChecks } from './merge-checks';

const hasher = await createHasher();
const WRITERS = writers(hasher);

describe.each(Object.values(WRITERS))('a growing $format.id log', ({ format, write }) => {
  const first = format.firstSequence ?? 0;
  const grow = (lines: readonly string[], cuts: readonly number[]) => {
    const places = [...new Set(cuts.map((cut) => cut % (lines.length + 1)))].toSorted((a, b) => a - b);
    const pieces = [0, ...places].map((from, index) => toBytes(lines.slice(from, places[index] ?? lines.length)));
    const checks = pieces.map((bytes) => checkBytes(format, hasher, bytes).check);
    return {
      whole: checkBytes(format, hasher, toBytes(lines)).check,
      merged: checks.reduce((one, other) => mergeChecks(format, one, other)),
    };
  };
  const joined = (check: SegmentCheck) => joinSegments(format, [check], []);

  it('is checked by its new bytes alone to the same end, wherever it was cut', () => {
    fc.assert(
      fc.property(contents(0, 12), fc.array(fc.nat(), { maxLength: 6 }), (list, cuts) => {
        const { whole, merged } = grow(write(list), cuts);
        expect(joined(merged)).toEqual(joined(whole));
        expect(merged.openLinks.map(({ record }) => record)).toEqual(whole.openLinks.map(({ record }) => record));
      }),
    );
  });

  it('is broken at the same first record, with the same head and counts, as when it is checked whole', () => {
    type Edit = (lines: string[], at: number, other: number) => string[];
    const edits: Edit[] = [
      (lines, at) => lines.toSpliced(at, 1),
      (lines, at) => lines.with(at, (lines[at] ?? '').replace('"a"', '"x"')),
      (lines, at) => lines.with(at, '{"broken'),
      (lines, at) => lines.toSpliced(at, 0, ''),
      (lines, at) => lines.with(at, bare(lines[at])),
      (lines, at) => lines.with(at, (lines[at] ?? '').replaceAll('":', '": ')),
      (lines, at) =>
        lines.toSpliced(at, 0, ...write([0, 1].map((n) => ({ tool: 'n', decision: 'allow' as const, note: `${n}` })))),
      (lines, at, other) =>
        lines.toSpliced(
          at,
          0,
          ...write([{ tool: 'x', decision: 'deny', note: 'x' }], {
            prev: hashOf(lines[other]),
            sequence: first + other + 1,
          }),
        ),
    ];
    fc.assert(
      fc.property(
        contents(2, 10),
        fc.constantFrom(...edits),
        fc.nat(),
        fc.nat(),
        fc.array(fc.nat(), { maxLength: 4 }),
        (list, edit, at, other, cuts) => {
          const lines = write(list);
          const { whole, merged } = grow(edit(lines, at % lines.length, other % lines.length), cuts);
          const [one, two] = [joined(whole), joined(merged)];
          expect({ ...two, boundaryProblems: [], problemCounts: [] }).toEqual({
            ...one,
            boundaryProblems: [],
            problemCounts: [],
            verdict: two.verdict,
          });
          // A link that can only be explained by a record no longer held is told as a gap; that it is broken is told in any case.
          const milder = (verdict: string) =>
            ['tampered', 'forked', 'gap', 'restarted'].includes(verdict) ? 'broken' : verdict;
          expect(milder(two.verdict)).toBe(milder(one.verdict));
          expect(two.boundaryProblems[0]?.record).toBe(one.boundaryProblems[0]?.record);
        },
      ),
      { numRuns: 400 },
    );
  });

  it('keeps as many open links as asked for and counts the others', () => {
    const lines = write(Array.from({ length: 9 }, (_, n) => ({ tool: 't', decision: 'allow' as const, note: `${n}` })));
    const broken = [lines[0], lines[2], lines[4], lines[6], lines[8]].map(
      (line) => checkBytes(format, hasher, toBytes([line ?? ''])).check,
    );
    const merged = broken.reduce((one, other) => mergeChecks(format, one, other, { maxOpenLinks: 2 }));
    expect([merged.openLinks.length, merged.openLinksBeyond]).toEqual([2, 3]);
    expect(joined(merged).verdict).toBe('tampered');
  });
});
