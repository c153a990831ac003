import { PROBLEM_VERDICT, type ProblemCode, type Severity } from '@/lib/core/chain/problem';
import { type ChainVerdict, type Verdict, worst } from '@/lib/core/chain/verdict';

/** What a ribbon is drawn from. Ordinals are of the chain. */
export type RibbonChain = {
  records: number;
  segments: readonly RibbonSegment[];
  problems: readonly RibbonProblem[];
  heads: readonly RibbonHead[];
  /** Records at the end that were appended and are in no segment yet. */
  tail?: {
    records: number;
    /** Of the whole chain. */
    firstRecordedAt: string | null;
    lastRecordedAt: string | null;
  } | null;
};
/** A stretch of the chain's records. */
export type RibbonPart = {
  firstRecord: number;
  records: number;
  firstRecordedAt: string | null;
  lastRecordedAt: string | null;
};
export type RibbonSegment = RibbonPart & {
  index: number;
  verdict: ChainVerdict;
  attestationId: string | null;
  /** Problems in it; those at hand may be fewer. */
  problems?: number;
};
export type RibbonProblem = { code: ProblemCode; severity: Severity; record: number };
export type RibbonHead = { records: number; state: 'current' | 'extended' | 'missing' | 'forked' | 'rewritten' };
export type RibbonGhost = { x: number; width: number; records: number; state: 'missing' | 'forked' | 'rewritten' };
export type RibbonScale = 'records' | 'time';

/** Positions and widths in percent of the ribbon's length. */
export type RibbonLayout<S extends RibbonSegment, P extends RibbonProblem, H extends RibbonHead> = {
  /** The scale drawn: `time` falls back to `records` when a segment states no times. */
  scale: RibbonScale;
  segments: { x: number; width: number; segment: S; fill: ChainVerdict }[];
  /** Where each is gone to from; those too narrow to be pressed share a place with the next. */
  links: { x: number; width: number; segments: S[] }[];
  /** The same of what is open. */
  tailLink: { x: number; width: number } | null;
  /** What of them, and of what is open, is not as the rest. */
  spots: { x: number; width: number; verdict: Verdict }[];
  /** What is open, behind the last segment. */
  tail: { x: number; width: number; part: RibbonPart } | null;
  /** Where records break the chain, or are missing from it. */
  breaks: { x: number; kind: 'break' | 'missing' }[];
  pins: { x: number; verdict: Verdict; problems: P[] }[];
  ticks: { x: number; head: H }[];
  /** Runs of segments under a signed attestation. */
  seals: { x: number; width: number }[];
  /** What was witnessed beyond the end and is not in the chain: cut off, on another branch, or replaced. */
  ghost: RibbonGhost | null;
  /** Nothing binds the end yet: it may still grow. */
  open: boolean;
};

/** A segment is never drawn narrower, however few records it holds. */
const MIN_SEGMENT_PERCENT = 0.5;

/**
 * Lays a chain out from left to right. What would be pressed closer together than `apartPercent` is one: problems share a pin, segments a link.
 * @throws never; a chain without segments gives empty lists
 */
export function layoutRibbon<S extends RibbonSegment, P extends RibbonProblem, H extends RibbonHead>(
  chain: {
    records: number;
    segments: readonly S[];
    problems: readonly P[];
    heads: readonly H[];
    tail?: RibbonChain['tail'];
  },
  wanted: RibbonScale,
  apartPercent: number,
): RibbonLayout<S, P, H> {
  const open = openPart(chain);
  const parts: RibbonPart[] = open ? [...chain.segments, open] : [...chain.segments];
  const timed =
    wanted === 'time' && parts.length > 0 && parts.every((part) => part.firstRecordedAt && part.lastRecordedAt);
  const scale = timed ? 'time' : 'records';
  const witnessed = Math.max(chain.records, ...chain.heads.map((head) => head.records));
  const lost = witnessed - chain.records;
  const body = witnessed === 0 ? 100 : Math.min(100, Math.max(20, 100 - (100 * lost) / witnessed));
  const spans = timed ? byTime(parts, body) : byRecords(parts, body);
  const placed = chain.segments.flatMap((segment, at) =>
    spans.slice(at, at + 1).map(({ x, width }) => ({ x, width, segment, fill: fillOf(segment, chain.problems) })),
  );
  const end = spans.at(-1);
  const tailX = open && end ? Math.min(end.x, end.x + end.width - apartPercent) : null;

  const place = (record: number): number => {
    const at = spans.find(({ part }) => record < part.firstRecord + part.records);
    if (!at) return body;
    return at.x + (at.width * Math.max(0, record - at.part.firstRecord)) / Math.max(1, at.part.records);
  };
  /** Middle of the record's own stretch. */
  const middle = (record: number): number => (place(record) + place(record + 1)) / 2;

  return {
    scale,
    segments: placed,
    links: links(placed, tailX ?? body, apartPercent),
    tailLink: end && tailX !== null ? { x: tailX, width: end.x + end.width - tailX } : null,
    tail: open && end ? end : null,
    spots: spots(chain.problems, place),
    breaks: chain.problems
      .filter((problem) => problem.severity === 'error' && problem.code !== 'shorter-than-witnessed')
      .map((problem) =>
        problem.code === 'missing-records'
          ? { x: place(problem.record), kind: 'missing' as const }
          : { x: middle(problem.record), kind: 'break' as const },
      ),
    pins: pins(chain.problems, middle, apartPercent),
    ticks: chain.heads.map((head) => ({
      x:
        head.records > chain.records
          ? body + ((100 - body) * (head.records - chain.records)) / Math.max(1, lost)
          : place(head.records),
      head,
    })),
    seals: seals(placed),
    ghost: lost > 0 ? { x: body, width: 100 - body, records: lost, state: ghostState(chain.heads, witnessed) } : null,
    open: lost === 0 && (open !== null || chain.segments.at(-1)?.attestationId === null),
  };
}

/** Of which nothing is told by single records. */
const WHOLE: readonly ChainVerdict[] = ['pending', 'unchained', 'damaged'];

/** A segment is as its records are, but where its problems are: all of it is of its verdict only when not every problem of it is at hand. */
function fillOf(segment: RibbonSegment, problems: readonly RibbonProblem[]): ChainVerdict {
  const { verdict, firstRecord, records } = segment;
  const here = problems.filter(({ record }) => record >= firstRecord && record <= firstRecord + records).length;
  return WHOLE.includes(verdict) || here === 0 || here < (segment.problems ?? 0) ? verdict : 'verified';
}

/** The stretch of each problem's record; those of one kind that touch are one. */
function spots(
  problems: readonly RibbonProblem[],
  place: (record: number) => number,
): { x: number; width: number; verdict: Verdict }[] {
  const found: { x: number; width: number; verdict: Verdict }[] = [];
  for (const { record, code } of problems.toSorted((a, b) => a.record - b.record)) {
    const verdict = PROBLEM_VERDICT[code];
    const [x, end] = [place(record), place(record + 1)];
    const last = found.at(-1);
    if (last?.verdict === verdict && x <= last.x + last.width) last.width = Math.max(last.width, end - last.x);
    else if (end > x) found.push({ x, width: end - x, verdict });
  }
  return found;
}

/** It follows the last segment; records that lie beyond the segments at hand are not drawn. */
function openPart({ records, segments, tail }: Pick<RibbonChain, 'records' | 'segments' | 'tail'>): RibbonPart | null {
  const last = segments.at(-1);
  const firstRecord = last ? last.firstRecord + last.records : 0;
  if (!tail || tail.records === 0 || firstRecord + tail.records !== records) return null;
  return {
    firstRecord,
    records: tail.records,
    firstRecordedAt: last ? last.lastRecordedAt : tail.firstRecordedAt,
    lastRecordedAt: tail.lastRecordedAt,
  };
}

/** What became of the head that reached furthest. */
function ghostState(heads: readonly RibbonHead[], records: number): 'missing' | 'forked' | 'rewritten' {
  const state = heads.find((head) => head.records === records)?.state;
  return state === 'forked' || state === 'rewritten' ? state : 'missing';
}

type Span = { x: number; width: number; part: RibbonPart };

function byRecords(parts: readonly RibbonPart[], length: number): Span[] {
  const total = Math.max(
    1,
    parts.reduce((sum, { records }) => sum + records, 0),
  );
  const raw = parts.map(({ records }) => Math.max(MIN_SEGMENT_PERCENT, (100 * records) / total));
  const stretch =
    length /
    Math.max(
      1,
      raw.reduce((sum, width) => sum + width, 0),
    );
  let x = 0;
  return parts.map((part, at) => {
    const width = (raw[at] ?? 0) * stretch;
    const span = { x, width, part };
    x += width;
    return span;
  });
}

function byTime(parts: readonly RibbonPart[], length: number): Span[] {
  const times = parts.map(
    ({ firstRecordedAt, lastRecordedAt }) =>
      [Date.parse(firstRecordedAt ?? ''), Date.parse(lastRecordedAt ?? '')] as const,
  );
  const start = Math.min(...times.map(([from]) => from));
  const span = Math.max(1, Math.max(...times.map(([, to]) => to)) - start);
  let end = 0;
  return parts.map((part, at) => {
    const [from, to] = times[at] ?? [start, start];
    // clocks may run backwards between segments; the drawing never does
    const x = Math.min(length - MIN_SEGMENT_PERCENT, Math.max(end, (length * (from - start)) / span));
    const width = Math.max(MIN_SEGMENT_PERCENT, (length * (to - start)) / span - x);
    end = x + width;
    return { x, width, part };
  });
}

function links<S extends RibbonSegment>(
  placed: readonly { x: number; width: number; segment: S }[],
  until: number,
  atLeast: number,
): { x: number; width: number; segments: S[] }[] {
  const found: { x: number; width: number; segments: S[] }[] = [];
  for (const { x, width, segment } of placed) {
    const [from, to] = [Math.min(x, until), Math.min(x + width, until)];
    const near = found.at(-1);
    if (near && near.width < atLeast) join(near, { x: from, width: to - from, segments: [segment] });
    else found.push({ x: from, width: to - from, segments: [segment] });
  }
  const [before, last] = found.slice(-2);
  if (before && last && last.width < atLeast) join(before, found.pop());
  return found;
}

function join<S>(
  one: { x: number; width: number; segments: S[] },
  next: { x: number; width: number; segments: S[] } | undefined,
): void {
  if (!next) return;
  one.width = next.x + next.width - one.x;
  one.segments.push(...next.segments);
}

function pins<P extends RibbonProblem>(
  problems: readonly P[],
  place: (record: number) => number,
  gap: number,
): { x: number; verdict: Verdict; problems: P[] }[] {
  const found: { x: number; verdict: Verdict; problems: P[] }[] = [];
  for (const problem of problems.toSorted((a, b) => a.record - b.record)) {
    const x = place(problem.record);
    const verdict = PROBLEM_VERDICT[problem.code];
    const near = found.at(-1);
    if (near && x - near.x < gap) {
      near.problems.push(problem);
      near.verdict = worst(near.verdict, verdict);
    } else found.push({ x, verdict, problems: [problem] });
  }
  return found;
}

function seals(
  placed: readonly { x: number; width: number; segment: RibbonSegment }[],
): { x: number; width: number }[] {
  const runs: { x: number; width: number }[] = [];
  let previous: number | null = null;
  for (const { x, width, segment } of placed) {
    if (!segment.attestationId) continue;
    const run = runs.at(-1);
    if (run && previous === segment.index - 1) run.width = x + width - run.x;
    else runs.push({ x, width });
    previous = segment.index;
  }
  return runs;
}
