import { ordinalAfter, placedAfter } from './placed';
import type { ChainCheck, OpenLink, Place, RecordEdge, SegmentCheck, Tip, WitnessedHead } from './check';
import type { Comparison } from './compare-histories';
import type { ChainFormat } from './format';
import { compareInstants } from '../time';
import { createLinkJudge } from './judge-link';
import { PROBLEM_VERDICT, type ProblemCounts } from './problem';
import { type ProblemList, createProblemList } from './problem-list';
import { type HashLocations, sight, hashLocationsOf } from './sightings';
import { NO_TIMES, TOLD_GAPS, mergeTimes, stepsOf } from './time-gaps';
import { type Verdict, worst } from './verdict';
import { compareObservedHeads } from './witness';

/** A witnessed head, and the hash the chain has now at that head's last record; null when the chain is shorter. */
export type Witnessed = WitnessedHead & { found: string | null };

export type JoinOptions = {
  /** What a scan for `hashesToSight` found. Without it, links across segments are explained by what the checks themselves tell. */
  sightings?: HashLocations;
  /** The chain against the furthest witnessed head it does not bear out. Without it, the place of a contradiction is an estimate. */
  comparison?: Comparison | null;
  /** The segments are taken from the middle of a chain: what came before is taken to fit. */
  continues?: boolean;
};

/**
 * Joins the checks of a chain's segments, in order, into the verdict on the chain. The outcome does not depend on where the chain was
 * cut. An empty chain is `unchained`: it holds nothing that could be proven.
 */
export function joinSegments(
  format: ChainFormat,
  checks: readonly SegmentCheck[],
  witnessed: readonly Witnessed[],
  options: JoinOptions = {},
): ChainCheck {
  const found = createProblemList();
  const hashLocations = hashLocationsOf(checks);
  for (const [hash, seen] of options.sightings ?? []) sight(hashLocations, hash, seen);
  const judge = createLinkJudge(format, hashLocations);
  const total = { records: 0, lines: 0, sizeBytes: 0, validRecords: 0 };
  const before: { edge: RecordEdge | null; lastValid: Tip | null; damage: boolean; unchained: boolean } = {
    edge: null,
    lastValid: null,
    damage: false,
    unchained: false,
  };
  const prefix: { count: number; first: Place | null } = { count: 0, first: null };
  const lines: Whole['lines'] = { blank: { count: 0, first: null }, crlf: { count: 0, first: null } };
  let times = NO_TIMES;
  let earliest: string | null = null;
  let latest: string | null = null;

  for (const check of checks) {
    const placed = <P extends Place>(place: P): P => placedAfter(total, place);
    const placedTip = (tip: Tip): Tip => ({ ...tip, record: ordinalAfter(total, tip.record) });
    for (const [code, count] of Object.entries(check.problemCounts)) found.count(code as keyof ProblemCounts, count); // keys of our own type
    joinUnchained(check, placed);
    before.damage ||= check.leadingDamage;
    for (const link of check.openLinks) joinLink(link, placed, placedTip);
    found.count('link-mismatch', check.openLinksBeyond);
    if (check.last) {
      Object.assign(before, { edge: placed(check.last), ...check.trailing });
      before.lastValid = check.lastValid ? placedTip(check.lastValid) : before.lastValid;
    }
    for (const [tally, some] of [
      [lines.blank, check.blankLines],
      [lines.crlf, check.crlfLines],
    ] as const) {
      if (some) Object.assign(tally, { count: tally.count + some.count, first: tally.first ?? placed(some.first) });
    }
    if (check.firstRecordedAt !== null && (earliest === null || compareInstants(check.firstRecordedAt, earliest) < 0))
      earliest = check.firstRecordedAt;
    if (check.lastRecordedAt !== null && (latest === null || compareInstants(check.lastRecordedAt, latest) > 0))
      latest = check.lastRecordedAt;
    times = mergeTimes(times, total.records, check.times);
    total.records += check.records;
    total.lines += check.lines;
    total.sizeBytes += check.sizeBytes;
    total.validRecords += check.validRecords;
  }

  function joinUnchained({ leadingUnchained }: SegmentCheck, placed: (place: Place) => Place): void {
    const { count, places } = leadingUnchained;
    if (count === 0) return;
    if (!before.edge) {
      prefix.first ??= places[0] ? placed(places[0]) : null;
      prefix.count += count;
      before.unchained = true;
      return;
    }
    before.unchained = true;
    for (const place of places) {
      found.add('missing-hash', placed(place), {
        message:
          'The record carries no hash although the chain had begun: it was added by hand, or its hash was removed.',
      });
    }
    found.count('missing-hash', count - places.length);
  }

  function joinLink(link: OpenLink, placed: <P extends Place>(place: P) => P, placedTip: (tip: Tip) => Tip): void {
    const opens = link.before === null;
    if (opens && options.continues && !before.edge) return;
    const ruling = judge({
      ...placed(link),
      before: link.before ? placed(link.before) : before.edge,
      lastValid: link.lastValid ? placedTip(link.lastValid) : before.lastValid,
      afterDamage: link.afterDamage || (opens && before.damage),
      afterUnchained: link.afterUnchained || (opens && before.unchained),
    });
    if (ruling) found.add(ruling.code, placed(link), ruling);
  }

  judgeWhole(found, format, { ...total, chained: before.edge !== null, prefix, lines });
  compareObservedHeads(found, total, witnessed, options.comparison);
  return {
    verdict: verdictOf(found.counts),
    records: total.records,
    validRecords: total.validRecords,
    sizeBytes: total.sizeBytes,
    head: before.edge?.hash ?? null,
    firstRecordedAt: earliest,
    lastRecordedAt: latest,
    timeGaps: times.gaps.slice(0, TOLD_GAPS),
    timeSteps: stepsOf(times),
    untimed: { count: times.untimed?.count ?? 0, first: times.untimed?.first ?? null },
    jointProblems: found.problems.toSorted((a, b) => a.byteOffset - b.byteOffset),
    problemCounts: found.counts,
  };
}

/** The verdict on a segment by itself: what came before it is taken to fit. */
export function segmentVerdict(format: ChainFormat, check: SegmentCheck): Verdict {
  return joinSegments(format, [check], [], { continues: true }).verdict;
}

/** The worst any of the problems leads to. */
export function verdictOf(counts: ProblemCounts): Verdict {
  let verdict: Verdict = 'verified';
  for (const code of Object.keys(counts) as (keyof ProblemCounts)[]) verdict = worst(verdict, PROBLEM_VERDICT[code]); // keys of our own type
  return verdict;
}

type Whole = {
  records: number;
  chained: boolean;
  prefix: { count: number; first: Place | null };
  lines: Record<'blank' | 'crlf', { count: number; first: Place | null }>;
};

/** What is told once for the whole chain. */
function judgeWhole(found: ProblemList, format: ChainFormat, { records, chained, prefix, lines }: Whole): void {
  const start = prefix.first ?? { record: 0, line: 1, byteOffset: 0, byteLength: 0 };
  if (!chained && prefix.count > 0)
    found.add('no-chain', start, {
      message: `None of the ${prefix.count.toLocaleString('en')} records carries a hash: nothing shows whether they are as they were written.`,
    });
  else if (!chained && records === 0 && verdictOf(found.counts) === 'verified')
    found.add('no-chain', start, { message: 'The log holds no records.' });
  else if (chained && prefix.count > 0) {
    const code = format.legacyPrefix ? 'legacy-prefix' : 'missing-hash';
    found.add(code, start, {
      found: String(prefix.count),
      message: `The first ${prefix.count === 1 ? 'record carries' : `${prefix.count.toLocaleString('en')} records carry`} no hash: written before the chain began, and not protected by it.`,
    });
  }
  if (lines.blank.first)
    found.add('blank-lines', lines.blank.first, {
      found: String(lines.blank.count),
      message: `${lines.blank.count.toLocaleString('en')} blank ${lines.blank.count === 1 ? 'line' : 'lines'} between records; the writer leaves none.`,
    });
  if (lines.crlf.first)
    found.add('crlf', lines.crlf.first, {
      found: String(lines.crlf.count),
      message: `${lines.crlf.count.toLocaleString('en')} ${lines.crlf.count === 1 ? 'line ends' : 'lines end'} in CR LF: the file went through a tool that rewrites line endings.`,
    });
}
