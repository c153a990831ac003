import { describe, expect, it } from 'vitest';
import { type RibbonSegment, layoutRibbon } from './layout';

const segment = (
  index: number,
  firstRecord: number,
  records: number,
  more: Partial<RibbonSegment> = {},
): RibbonSegment => ({
  index,
  verdict: 'verified',
  firstRecord,
  records,
  firstRecordedAt: `2026-05-1${index}T00:00:00Z`,
  lastRecordedAt: `2026-05-1${index}T12:00:00Z`,
  attestationId: null,
  ...more,
});
const problem = (record: number, code: 'hash-mismatch' | 'missing-records' | 'crlf' = 'hash-mismatch') => ({
  code,
  record,
  severity: code === 'crlf' ? ('warning' as const) : ('error' as const),
});

describe('layoutRibbon', () => {
  it('gives widths by records that fill the ribbon', () => {
    const { segments } = layoutRibbon(
      { records: 100, segments: [segment(0, 0, 75), segment(1, 75, 25)], problems: [], heads: [] },
      'records',
      2,
    );
    expect(segments.map(({ x, width }) => [x, width])).toEqual([
      [0, 75],
      [75, 25],
    ]);
  });

  it('has segments too narrow to be pressed share a link, and leaves what is open room for its own', () => {
    const chain = {
      records: 100,
      segments: [segment(0, 0, 60), segment(1, 60, 2), segment(2, 62, 3), segment(3, 65, 30), segment(4, 95, 3)],
      problems: [],
      heads: [],
      tail: { records: 2, firstRecordedAt: null, lastRecordedAt: '2026-05-16T00:00:00Z' },
    };
    const { links, tailLink } = layoutRibbon(chain, 'records', 10);
    expect(links.map(({ x, width, segments }) => [x, width, segments.map(({ index }) => index)])).toEqual([
      [0, 60, [0]],
      [60, 30, [1, 2, 3, 4]],
    ]);
    expect(tailLink).toEqual({ x: 90, width: 10 });
    // Room enough for each.
    expect(layoutRibbon({ ...chain, tail: null }, 'records', 1).links.map(({ segments }) => segments.length)).toEqual([
      1, 1, 1, 1, 1,
    ]);
  });

  it('draws what is open behind the last segment, and problems in it where they are', () => {
    const chain = {
      records: 100,
      segments: [segment(0, 0, 75)],
      problems: [problem(87)],
      heads: [],
      tail: { records: 25, firstRecordedAt: null, lastRecordedAt: '2026-05-12T00:00:00Z' },
    };
    const { segments, tail, pins, open } = layoutRibbon(chain, 'records', 2);
    expect(segments).toMatchObject([{ x: 0, width: 75 }]);
    expect(tail).toMatchObject({ x: 75, width: 25, part: { firstRecord: 75, records: 25 } });
    expect(pins).toMatchObject([{ x: 87.5 }]);
    expect(open).toBe(true);
    expect(layoutRibbon(chain, 'time', 2)).toMatchObject({ scale: 'time', tail: { x: 25, width: 75 } });
  });

  it('does not draw what is open where the segments before it are not at hand', () => {
    expect(
      layoutRibbon(
        {
          records: 100,
          segments: [segment(0, 0, 50)],
          problems: [],
          heads: [],
          tail: { records: 25, firstRecordedAt: null, lastRecordedAt: null },
        },
        'records',
        2,
      ).tail,
    ).toBeNull();
  });

  it('colours the stretch of a problem and not its whole segment, unless not every problem is at hand', () => {
    const tampered = segment(0, 0, 1100, { verdict: 'tampered' });
    const drawn = layoutRibbon(
      { records: 1100, segments: [{ ...tampered, problems: 1 }], problems: [problem(550)], heads: [] },
      'records',
      2,
    );
    expect(drawn.segments).toMatchObject([{ fill: 'verified' }]);
    expect(drawn.spots).toMatchObject([{ x: 50, verdict: 'tampered' }]);
    expect(drawn.spots[0]?.width).toBeCloseTo(100 / 1100);
    const more = { records: 1100, segments: [{ ...tampered, problems: 2 }], problems: [problem(550)], heads: [] };
    expect(layoutRibbon(more, 'records', 2).segments).toMatchObject([{ fill: 'tampered' }]);
    const unseen = { records: 10, segments: [segment(0, 0, 10, { verdict: 'pending' })], problems: [], heads: [] };
    expect(layoutRibbon(unseen, 'records', 2).segments).toMatchObject([{ fill: 'pending' }]);
  });

  it('draws problems that touch as one stretch', () => {
    const { spots } = layoutRibbon(
      {
        records: 10,
        segments: [segment(0, 0, 10, { verdict: 'tampered' })],
        problems: [problem(3), problem(4), problem(8)],
        heads: [],
      },
      'records',
      2,
    );
    expect(spots.map(({ x, width }) => [Math.round(x), Math.round(width)])).toEqual([
      [30, 20],
      [80, 10],
    ]);
  });

  it('never makes a segment vanish', () => {
    const { segments } = layoutRibbon(
      { records: 1_000_001, segments: [segment(0, 0, 1_000_000), segment(1, 1_000_000, 1)], problems: [], heads: [] },
      'records',
      2,
    );
    expect(segments[1]?.width).toBeGreaterThan(0.4);
    expect((segments[1]?.x ?? 0) + (segments[1]?.width ?? 0)).toBeCloseTo(100);
  });

  it('leaves blank in time what no segment covers', () => {
    const { segments, scale } = layoutRibbon(
      { records: 2, segments: [segment(0, 0, 1), segment(1, 1, 1)], problems: [], heads: [] },
      'time',
      2,
    );
    expect(scale).toBe('time');
    expect(segments[0]?.width).toBeCloseTo(100 / 3);
    expect(segments[1]?.x).toBeCloseTo(200 / 3);
  });

  it('tells what became of the records beyond the end', () => {
    const ghost = (state: 'missing' | 'forked' | 'rewritten') =>
      layoutRibbon(
        {
          records: 10,
          segments: [segment(0, 0, 10)],
          problems: [],
          heads: [
            { records: 8, state: 'extended' },
            { records: 15, state },
          ],
        },
        'records',
        2,
      ).ghost;
    for (const state of ['missing', 'forked', 'rewritten'] as const)
      expect(ghost(state)).toMatchObject({ records: 5, state });
  });

  it('falls back to records when times are not stated', () => {
    expect(
      layoutRibbon(
        { records: 1, segments: [segment(0, 0, 1, { firstRecordedAt: null })], problems: [], heads: [] },
        'time',
        2,
      ).scale,
    ).toBe('records');
  });

  it('gathers near problems under the worst verdict', () => {
    const { pins, breaks } = layoutRibbon(
      {
        records: 100,
        segments: [segment(0, 0, 100)],
        problems: [problem(50, 'crlf'), problem(51), problem(90, 'missing-records')],
        heads: [],
      },
      'records',
      2,
    );
    expect(pins.map(({ verdict, problems }) => [verdict, problems.length])).toEqual([
      ['tampered', 2],
      ['gap', 1],
    ]);
    expect(breaks).toEqual([
      { x: 51.5, kind: 'break' },
      { x: 90, kind: 'missing' },
    ]);
  });

  it('draws what was witnessed and is gone', () => {
    const { ghost, ticks, open, segments } = layoutRibbon(
      { records: 80, segments: [segment(0, 0, 80)], problems: [], heads: [{ records: 100, state: 'missing' }] },
      'records',
      2,
    );
    expect(ghost).toEqual({ x: 80, width: 20, records: 20, state: 'missing' });
    expect(ticks[0]?.x).toBe(100);
    expect(segments[0]?.width).toBe(80);
    expect(open).toBe(false);
  });

  it('joins neighbouring seals and is open where nothing is signed', () => {
    const sealed = { attestationId: 'a' };
    const chain = {
      records: 40,
      segments: [segment(0, 0, 10, sealed), segment(1, 10, 10, sealed), segment(2, 20, 10), segment(3, 30, 10, sealed)],
      problems: [],
      heads: [],
    };
    expect(layoutRibbon(chain, 'records', 2).seals).toEqual([
      { x: 0, width: 50 },
      { x: 75, width: 25 },
    ]);
    expect(layoutRibbon(chain, 'records', 2).open).toBe(false);
    expect(layoutRibbon({ ...chain, segments: chain.segments.slice(0, 3) }, 'records', 2).open).toBe(true);
  });

  it('draws nothing for nothing', () => {
    expect(layoutRibbon({ records: 0, segments: [], problems: [], heads: [] }, 'records', 2)).toMatchObject({
      segments: [],
      pins: [],
      ghost: null,
      open: false,
    });
  });
});
