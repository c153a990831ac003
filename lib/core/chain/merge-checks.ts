import { ordinalAfter, placedAfter, sumCounts } from './placed';
import type { OpenLink, Place, SegmentCheck, Tip } from './check';
import { isFollowedBy, sequenceProblem } from './check-segment';
import type { ChainFormat } from './format';
import { compareInstants } from '../time';
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
  const placed = <P extends Place>(place: P): P => placedAfter(before, place);
  const openLinks = [
    ...before.openLinks,
    ...after.openLinks.map((link) => placedLink(link)).filter((link) => !continues(link)),
  ];
  const leading = mergeLeading();
  return {
    records: before.records + after.records,
    lines: before.lines + after.lines,
    sizeBytes: before.sizeBytes + after.sizeBytes,
    chainedRecords: before.chainedRecords + after.chainedRecords,
    validRecords: before.validRecords + after.validRecords,
    first: before.first ?? (after.first && placed(after.first)),
    last: after.last ? placed(after.last) : before.last,
    firstRecordedAt: outer(before.firstRecordedAt, after.firstRecordedAt, -1),
    lastRecordedAt: outer(before.lastRecordedAt, after.lastRecordedAt, 1),
    times: mergeTimes(before.times, before.records, after.times),
    openTail: after.sizeBytes > 0 ? after.openTail : before.openTail,
    problemCounts: sumCounts(
      before.problemCounts,
      after.problemCounts,
      leading.missingHash > 0 ? { 'missing-hash': leading.missingHash } : {},
    ),
    leadingUnchained: leading.unchained,
    leadingDamage: before.leadingDamage || (!before.last && after.leadingDamage),
    trailing: mergeTrailing(),
    lastValid: after.lastValid
      ? { ...after.lastValid, record: ordinalAfter(before, after.lastValid.record) }
      : before.lastValid,
    openLinks: openLinks.slice(0, maxOpenLinks),
    openLinksBeyond: before.openLinksBeyond + after.openLinksBeyond + Math.max(0, openLinks.length - maxOpenLinks),
    blankLines: tally(before.blankLines, after.blankLines),
    crlfLines: tally(before.crlfLines, after.crlfLines),
  };

  function placedLink(link: OpenLink): OpenLink {
    const at = (record: number | null) => ordinalAfter(before, record);
    const tip = (own: Tip | null) => (own ? { ...own, record: ordinalAfter(before, own.record) } : before.lastValid);
    const inside = {
      ...placed(link),
      lastValid: tip(link.lastValid),
      duplicateOf: at(link.duplicateOf),
      predecessor: at(link.predecessor),
      rival: at(link.rival),
    };
    if (link.before) return { ...inside, before: placed(link.before) };
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

  /** Whether a link from `after` into `before` holds and so needs no judging. */
  function continues(link: OpenLink): boolean {
    if (!before.last || link.before !== before.last || !isFollowedBy(before.last, link.prev)) return false;
    if (format.firstSequence === null) return true;
    return !before.last.altered && sequenceProblem(before.last, link.sequence) === null;
  }

  /** Records without a hash at the beginning of `after` are missing theirs once a chain has begun in `before`. */
  function mergeLeading(): { unchained: SegmentCheck['leadingUnchained']; missingHash: number } {
    const { count, places } = after.leadingUnchained;
    if (before.last) return { unchained: before.leadingUnchained, missingHash: count };
    const all = [...before.leadingUnchained.places, ...places.map(placed)].slice(0, MAX_LEADING_PLACES);
    return { unchained: { count: before.leadingUnchained.count + count, places: all }, missingHash: 0 };
  }

  function mergeTrailing(): SegmentCheck['trailing'] {
    if (after.last || !before.last) return after.trailing;
    return {
      damage: before.trailing.damage || after.leadingDamage,
      unchained: before.trailing.unchained || after.leadingUnchained.count > 0,
    };
  }

  function tally(one: SegmentCheck['blankLines'], other: SegmentCheck['blankLines']): SegmentCheck['blankLines'] {
    if (!other) return one;
    return { count: (one?.count ?? 0) + other.count, first: one?.first ?? placed(other.first) };
  }
}

function outer(one: string | null, other: string | null, sign: -1 | 1): string | null {
  if (one === null || other === null) return one ?? other;
  return compareInstants(other, one) * sign > 0 ? other : one;
}
