import { type JoinedSegments, addCheck, emptyJoin } from './joined-segments';
import { offsetBy, tipAfter } from './offsets';
import type { ChainCheck, OpenLink, SegmentCheck, WitnessedHead } from './check';
import type { Comparison } from './compare-histories';
import type { ChainFormat } from './format';
import { createLinkChecker } from './check-link';
import { PROBLEM_VERDICT, type ProblemCounts } from './problem';
import { type ProblemList, createProblemList } from './problem-list';
import { type HashLocations, recordLocation, hashLocationsOf } from './hash-locations';
import { REPORTED_GAPS, stepsOf } from './time-gaps';
import { type Verdict, worst } from './verdict';
import { compareObservedHeads } from './witness';
import { figure } from '../text/words';

/** A witnessed head, and the hash the chain has now at that head's last record; null when the chain is shorter. */
export type Witnessed = WitnessedHead & { found: string | null };

export type JoinOptions = {
  /** What a scan for `hashesToSight` found. Without it, links across segments are explained by what the checks themselves tell. */
  hashLocations?: HashLocations;
  /** The chain against the furthest witnessed head it does not confirm. Without it, the place of a contradiction is an estimate. */
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
  for (const [hash, seen] of options.hashLocations ?? []) recordLocation(hashLocations, hash, seen);
  const checkLink = createLinkChecker(format, hashLocations);
  const joined = emptyJoin();
  for (const check of checks) {
    for (const [code, count] of Object.entries(check.problemCounts)) found.count(code as keyof ProblemCounts, count); // keys of our own type
    joinUnchained(found, joined, check);
    joined.damage ||= check.leadingDamage;
    for (const link of check.openLinks) joinLink(found, joined, link, checkLink, options);
    found.count('link-mismatch', check.openLinksBeyond);
    addCheck(joined, check);
  }
  checkWhole(found, format, joined);
  compareObservedHeads(found, joined, witnessed, options.comparison);
  const { times } = joined;
  return {
    verdict: verdictOf(found.counts),
    records: joined.records,
    validRecords: joined.validRecords,
    sizeBytes: joined.sizeBytes,
    head: joined.last?.hash ?? null,
    firstRecordedAt: joined.earliest,
    lastRecordedAt: joined.latest,
    timeGaps: times.gaps.slice(0, REPORTED_GAPS),
    timeSteps: stepsOf(times),
    untimed: { count: times.untimed?.count ?? 0, first: times.untimed?.first ?? null },
    boundaryProblems: found.problems.toSorted((a, b) => a.byteOffset - b.byteOffset),
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

function joinUnchained(found: ProblemList, joined: JoinedSegments, { leadingUnchained }: SegmentCheck): void {
  const { count, places } = leadingUnchained;
  if (count === 0) return;
  joined.unchained = true;
  if (!joined.last) {
    joined.prefix.first ??= places[0] ? offsetBy(joined, places[0]) : null;
    joined.prefix.count += count;
    return;
  }
  for (const place of places) {
    found.add('missing-hash', offsetBy(joined, place), {
      message:
        'The record carries no hash although the chain had begun: it was added by hand, or its hash was removed.',
    });
  }
  found.count('missing-hash', count - places.length);
}

function joinLink(
  found: ProblemList,
  joined: JoinedSegments,
  link: OpenLink,
  checkLink: ReturnType<typeof createLinkChecker>,
  { continues }: JoinOptions,
): void {
  const opens = link.before === null;
  if (opens && continues && !joined.last) return;
  const offset = offsetBy(joined, link);
  const problem = checkLink({
    ...offset,
    before: link.before ? offsetBy(joined, link.before) : joined.last,
    lastValid: link.lastValid ? tipAfter(joined, link.lastValid) : joined.lastValid,
    afterDamage: link.afterDamage || (opens && joined.damage),
    afterUnchained: link.afterUnchained || (opens && joined.unchained),
  });
  if (problem) found.add(problem.code, offset, problem);
}

/** What is told once for the whole chain. */
function checkWhole(found: ProblemList, format: ChainFormat, joined: JoinedSegments): void {
  const { records, prefix, blankLines, crlfLines } = joined;
  const chained = joined.last !== null;
  const start = prefix.first ?? { record: 0, line: 1, byteOffset: 0, byteLength: 0 };
  if (!chained && prefix.count > 0)
    found.add('no-chain', start, {
      message: `None of the ${figure(prefix.count)} records carries a hash: nothing shows whether they are as they were written.`,
    });
  else if (!chained && records === 0 && verdictOf(found.counts) === 'verified')
    found.add('no-chain', start, { message: 'The log holds no records.' });
  else if (chained && prefix.count > 0) {
    const code = format.legacyPrefix ? 'legacy-prefix' : 'missing-hash';
    found.add(code, start, {
      found: String(prefix.count),
      message: `The first ${prefix.count === 1 ? 'record carries' : `${figure(prefix.count)} records carry`} no hash: written before the chain began, and not protected by it.`,
    });
  }
  if (blankLines.first)
    found.add('blank-lines', blankLines.first, {
      found: String(blankLines.count),
      message: `${figure(blankLines.count)} blank ${blankLines.count === 1 ? 'line' : 'lines'} between records; the writer leaves none.`,
    });
  if (crlfLines.first)
    found.add('crlf', crlfLines.first, {
      found: String(crlfLines.count),
      message: `${figure(crlfLines.count)} ${crlfLines.count === 1 ? 'line ends' : 'lines end'} in CR LF: the file went through a tool that rewrites line endings.`,
    });
}
