import type { WitnessedHead } from './check';
import type { Comparison } from './compare-histories';
import type { ProblemList } from './problem-list';
import { figure } from '../text/words';

type Witnessed = WitnessedHead & { found: string | null };
type Whole = { records: number; lines: number; sizeBytes: number };

/** How a chain as it stands relates to a head seen of it before. */
export type HeadRelation = {
  state: 'held' | 'missing' | 'forked' | 'rewritten';
  /** The first record that is another one than then. */
  differsFrom: number | null;
};

/**
 * Holds a chain against the heads seen of it before. With a comparison of the contents the place is exact; without one, of the heads
 * the chain no longer reaches the furthest is told, and of those it contradicts the earliest.
 */
export function compareObservedHeads(
  found: ProblemList,
  chain: Whole,
  witnessed: readonly Witnessed[],
  comparison: Comparison | null = null,
): void {
  if (comparison?.kind === 'holds') return;
  if (comparison?.kind === 'differs') {
    checkDifference(found, witnessed, comparison);
    return;
  }
  const missing = witnessed.filter(({ found: hash }) => hash === null).toSorted((a, b) => b.records - a.records)[0];
  if (missing) {
    const lost = missing.records - chain.records;
    const place = { record: chain.records, line: chain.lines + 1, byteOffset: chain.sizeBytes, byteLength: 0 };
    found.add('shorter-than-witnessed', place, {
      expected: missing.hash,
      found: null,
      message:
        lost > 0
          ? `On ${missing.observedAt} this chain had ${figure(missing.records)} records; the last ${lost === 1 ? 'one is' : `${figure(lost)} are`} gone.`
          : `On ${missing.observedAt} record ${missing.records - 1} of this chain carried a hash; now it carries none.`,
    });
  }
  const rewritten = witnessed
    .filter(({ found: hash, hash: seen }) => hash !== null && hash !== seen)
    .toSorted((a, b) => a.records - b.records)[0];
  if (rewritten) {
    const record = rewritten.records - 1;
    // The line is exact where each line before holds a record; the head itself names no line.
    const place = {
      record,
      line: record + 1,
      byteOffset: Math.min(rewritten.sizeBytes, chain.sizeBytes),
      byteLength: 0,
    };
    found.add('history-rewritten', place, {
      expected: rewritten.hash,
      found: rewritten.found,
      message: `On ${rewritten.observedAt} record ${record} of this chain had another hash: the log was rewritten from some record up to this one onwards.`,
    });
  }
}

function checkDifference(
  found: ProblemList,
  witnessed: readonly Witnessed[],
  { at, shared, expected, found: now, forks }: Extract<Comparison, { kind: 'differs' }>,
): void {
  const contradicted = witnessed.filter((head) => head.found !== head.hash);
  const seenAt = contradicted.map(({ observedAt }) => observedAt).toSorted()[0] ?? 'an earlier day';
  const message = forks
    ? `On ${seenAt} another record ${at.record} followed from record ${at.record - 1}, and both hash correctly: a second writer, a restored copy that was written on, or a new end put in place of the old.`
    : shared === 0
      ? `On ${seenAt} this chain held another history from its first record on: the log was replaced as a whole, or another log was sent under its name.`
      : `On ${seenAt} record ${at.record} of this chain was another one: the log was rewritten from here on.`;
  found.add(forks ? 'fork' : 'history-rewritten', at, { expected, found: now, message });
}

/** How the chain as it stands relates to each witnessed head, in their order. */
export function relateHeads(witnessed: readonly Witnessed[], comparison: Comparison | null): HeadRelation[] {
  return witnessed.map(({ hash, found: now }) => {
    if (now === hash || comparison?.kind === 'holds') return { state: 'held', differsFrom: null };
    if (comparison?.kind === 'differs')
      return { state: comparison.forks ? 'forked' : 'rewritten', differsFrom: comparison.at.record };
    return { state: now === null ? 'missing' : 'rewritten', differsFrom: null };
  });
}
