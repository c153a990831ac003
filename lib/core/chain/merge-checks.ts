import { ordinalAfter, offsetBy, sumCounts, tipAfter } from './offsets';
import type { OpenLink, SegmentCheck } from './check';
import { isFollowedBy, sequenceProblem } from './predecessor';
import type { ChainFormat } from './format';
import { earlier, later } from '../time';
import { mergeTimes } from './time-gaps';

const MAX_LEADING_PLACES = 1_000;

/**
 * The check of two neighbouring byte ranges as one, so that a growing log is checked by its new bytes alone. Joined alone it gives the
 * verdict, counts and head of the two joined one after the other, as far as no hash must be looked up in what is not held any more:
 * a broken link between the two may be explained less exactly. `before` ends at the end of a line. Links past `maxOpenLinks` are counted.
 */
export function mergeChecks(
  format: ChainFormat,
  before: SegmentCheck,
  after: SegmentCheck,
  { maxOpenLinks = 10_000 } = {},
): SegmentCheck {
  const openLinks = [
    ...before.openLinks,
    ...after.openLinks.map((link) => offsetLink(before, link)).filter((link) => !continues(format, before, link)),
  ];
  const leading = mergeLeading(before, after);
  return {
    records: before.records + after.records,
    lines: before.lines + after.lines,
    sizeBytes: before.sizeBytes + after.sizeBytes,
    chainedRecords: before.chainedRecords + after.chainedRecords,
    validRecords: before.validRecords + after.validRecords,
    first: before.first ?? (after.first && offsetBy(before, after.first)),
    last: after.last ? offsetBy(before, after.last) : before.last,
    firstRecordedAt: earlier(before.firstRecordedAt, after.firstRecordedAt),
    lastRecordedAt: later(before.lastRecordedAt, after.lastRecordedAt),
    times: mergeTimes(before.times, before.records, after.times),
    openTail: after.sizeBytes > 0 ? after.openTail : before.openTail,
    problemCounts: sumCounts(
      before.problemCounts,
      after.problemCounts,
      leading.missingHash > 0 ? { 'missing-hash': leading.missingHash } : {},
    ),
    leadingUnchained: leading.unchained,
    leadingDamage: before.leadingDamage || (!before.last && after.leadingDamage),
    trailing: mergeTrailing(before, after),
    lastValid: after.lastValid ? tipAfter(before, after.lastValid) : before.lastValid,
    openLinks: openLinks.slice(0, maxOpenLinks),
    openLinksBeyond: before.openLinksBeyond + after.openLinksBeyond + Math.max(0, openLinks.length - maxOpenLinks),
    blankLines: mergeTally(before, before.blankLines, after.blankLines),
    crlfLines: mergeTally(before, before.crlfLines, after.crlfLines),
  };
}

/** A link of what follows `before`, as one of both. */
function offsetLink(before: SegmentCheck, link: OpenLink): OpenLink {
  const at = (record: number | null) => ordinalAfter(before, record);
  const inside = {
    ...offsetBy(before, link),
    lastValid: link.lastValid ? tipAfter(before, link.lastValid) : before.lastValid,
    duplicateOf: at(link.duplicateOf),
    predecessor: at(link.predecessor),
    rival: at(link.rival),
  };
  if (link.before) return { ...inside, before: offsetBy(before, link.before) };
  if (!before.last)
    return {
      ...inside,
      afterDamage: link.afterDamage || before.leadingDamage,
      afterUnchained: link.afterUnchained || before.leadingUnchained.count > 0,
    };
  return {
    ...inside,
    before: before.last,
    afterDamage: link.afterDamage || before.trailing.damage,
    afterUnchained: link.afterUnchained || before.trailing.unchained,
  };
}

/** Whether a link into `before` holds and so needs no check. */
function continues(format: ChainFormat, before: SegmentCheck, link: OpenLink): boolean {
  if (!before.last || link.before !== before.last || !isFollowedBy(before.last, link.prev)) return false;
  if (format.firstSequence === null) return true;
  return !before.last.altered && sequenceProblem(before.last.sequence, before.last.due, link.sequence) === null;
}

/** Records without a hash at the beginning of `after` are missing theirs once a chain has begun in `before`. */
function mergeLeading(
  before: SegmentCheck,
  after: SegmentCheck,
): { unchained: SegmentCheck['leadingUnchained']; missingHash: number } {
  const { count, places } = after.leadingUnchained;
  if (before.last) return { unchained: before.leadingUnchained, missingHash: count };
  const all = [...before.leadingUnchained.places, ...places.map((place) => offsetBy(before, place))].slice(
    0,
    MAX_LEADING_PLACES,
  );
  return { unchained: { count: before.leadingUnchained.count + count, places: all }, missingHash: 0 };
}

function mergeTrailing(before: SegmentCheck, after: SegmentCheck): SegmentCheck['trailing'] {
  if (after.last || !before.last) return after.trailing;
  return {
    damage: before.trailing.damage || after.leadingDamage,
    unchained: before.trailing.unchained || after.leadingUnchained.count > 0,
  };
}

function mergeTally(
  before: SegmentCheck,
  one: SegmentCheck['blankLines'],
  other: SegmentCheck['blankLines'],
): SegmentCheck['blankLines'] {
  if (!other) return one;
  return { count: (one?.count ?? 0) + other.count, first: one?.first ?? offsetBy(before, other.first) };
}
