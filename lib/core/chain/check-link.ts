import type { OpenLink, Place, RecordEdge, Tip } from './check';
import { isFollowedBy, sequenceProblem } from './predecessor';
import type { ChainFormat } from './format';
import type { ProblemCode } from './problem';
import type { HashLocations } from './hash-locations';
import { many } from '../text/words';

/** An open link with everything placed in the chain. */
export type LinkInChain = Place &
  Pick<OpenLink, 'hash' | 'prev' | 'sequence' | 'afterDamage' | 'afterUnchained'> & {
    before: RecordEdge | null;
    lastValid: Tip | null;
  };
type LinkProblem = { code: ProblemCode; expected: string | null; found: string | null; message: string };

/** What the links checked so far say of those to come. */
type LinkHistory = {
  format: ChainFormat;
  hashLocations: HashLocations;
  /** Heads of branches the chain may go on from, by hash. `isRepetition`: what stands between is a repetition, no branch of its own. */
  branches: Map<string, Tip & { isRepetition: boolean }>;
  genesisIsOwed: boolean;
  /** The last record found to be numbered wrongly here. */
  misnumbered: { record: number; expectedSequence: number } | null;
};

/**
 * Checks links in the order of the chain, and reports the mildest problem that is true. Null means the link holds, or the damage before it explains it.
 * After a fork, a restart or a repeated record both branches are followed, so that each is told once.
 */
export function createLinkChecker(
  format: ChainFormat,
  hashLocations: HashLocations,
): (link: LinkInChain) => LinkProblem | null {
  const history: LinkHistory = { format, hashLocations, branches: new Map(), genesisIsOwed: false, misnumbered: null };
  return (link) => checkLink(history, link);
}

function checkLink(history: LinkHistory, link: LinkInChain): LinkProblem | null {
  const { before, lastValid, prev } = link;
  if (!before) return checkFirstLink(history, link);
  if (isFollowedBy(before, prev)) return before.altered ? null : numbered(history, before, link);
  if (prev !== null && before.altered && prev === lastValid?.hash) return numbered(history, lastValid, link);

  const expected = before.hash;
  const found = prev;
  const original = history.hashLocations.get(link.hash)?.record ?? link.record;
  if (original < link.record) {
    leaveOpen(history, link, true);
    return {
      code: 'duplicate-record',
      expected,
      found,
      message: `The record repeats record ${original}, byte for byte where its hash looks.`,
    };
  }
  const branch = prev === null ? undefined : history.branches.get(prev);
  if (branch && prev !== null) {
    history.branches.delete(prev);
    if (!branch.isRepetition) leaveOpen(history, link);
    return numbered(history, branch, link);
  }
  if (prev === history.format.genesis) return verifyGenesis(history, link);
  const seen = prev === null ? undefined : history.hashLocations.get(prev);
  if (seen && seen.record !== null && seen.record !== link.record)
    return checkKnownPredecessor(history, link, seen.record, seen.successor);
  return checkUnknownPredecessor(history, link, before);
}

function checkFirstLink(history: LinkHistory, link: LinkInChain): LinkProblem | null {
  const { format } = history;
  const expected = format.genesis;
  const found = link.prev;
  if (link.prev === format.genesis)
    return numbered(
      history,
      { record: -1, hash: format.genesis, sequence: format.firstSequence === null ? null : format.firstSequence - 1 },
      link,
    );
  const predecessor = link.prev === null ? null : (history.hashLocations.get(link.prev)?.record ?? null);
  history.genesisIsOwed = predecessor !== null;
  if (predecessor !== null)
    return {
      code: 'out-of-order',
      expected,
      found,
      message: `The chain opens with a record whose predecessor is record ${predecessor}, further down: records were reordered.`,
    };
  if (link.afterDamage) return null;
  if (link.afterUnchained)
    return {
      code: 'bad-genesis',
      expected,
      found,
      message:
        'The first record with a hash does not start a chain, and the records before it carry none: their hashes were taken off, or it was put here from elsewhere.',
    };
  const number = format.firstSequence === null ? null : link.sequence;
  const skipped = number === null ? null : number - (format.firstSequence ?? 0);
  if (skipped !== null && skipped <= 0)
    return {
      code: 'bad-genesis',
      expected,
      found,
      message: `The first record is number ${number}, with which a chain begins, and names another before it: no writer does so.`,
    };
  const before =
    skipped === null
      ? 'what came before it is'
      : `${many(skipped, 'record')} before it, by its number, ${skipped === 1 ? 'is' : 'are'}`;
  return {
    code: 'missing-beginning',
    expected,
    found,
    message: `The log begins in the middle of its chain: ${before} not here. It was followed from its end, rotated, or its front was cut off.`,
  };
}

function verifyGenesis(history: LinkHistory, link: LinkInChain): LinkProblem | null {
  const { format } = history;
  const expected = link.before?.hash ?? null;
  const found = link.prev;
  if (history.genesisIsOwed) {
    history.genesisIsOwed = false;
    return {
      code: 'out-of-order',
      expected,
      found,
      message: 'The beginning of the chain stands behind records that follow from it: records were reordered.',
    };
  }
  leaveOpen(history, link);
  const numberedOn = format.rotates ? verifyRotation(format, link) : null;
  if (numberedOn) return numberedOn;
  if (format.restarts && link.sequence === format.firstSequence) {
    return {
      code: 'restart',
      expected,
      found,
      message: `${format.label} was started again here and began a new chain, as it does. Each part holds; that nothing is missing between them is not proven.`,
    };
  }
  return {
    code: 'fork',
    expected,
    found,
    message:
      'The record starts from the beginning of a chain a second time: a second writer, or one that had lost the end of the log, began anew.',
  };
}

/** A beginning that numbers on from the record before it: the next file of a rotated log, or one after it. */
function verifyRotation(
  format: ChainFormat,
  { before, sequence, prev: found, afterDamage }: LinkInChain,
): LinkProblem | null {
  if (!before || before.sequence === null || sequence === null || sequence <= before.sequence) return null;
  const expected = before.hash;
  const skipped = sequence - before.sequence - 1;
  if (skipped === 0)
    return {
      code: 'rotation',
      expected,
      found,
      message: `The log was rotated here: ${format.label} begins a new chain in every file and numbers on. Each part holds; only the numbers show that nothing is missing between them.`,
    };
  if (afterDamage)
    return {
      code: 'rotation',
      expected,
      found,
      message: `The log was rotated here: ${format.label} begins a new chain in every file and numbers on. The bytes before it that cannot be read are in place of the ${many(skipped, 'record')} that its number says are missing.`,
    };
  return {
    code: 'missing-records',
    expected,
    found,
    message: `A new file of a rotated log begins here, and ${many(skipped, 'record')} before it ${skipped === 1 ? 'is' : 'are'} missing: a file between the two was left out or removed.`,
  };
}

function checkKnownPredecessor(
  history: LinkHistory,
  link: LinkInChain,
  predecessor: number,
  successor: number | null,
): LinkProblem {
  const expected = link.before?.hash ?? null;
  const found = link.prev;
  if (predecessor > link.record)
    return {
      code: 'out-of-order',
      expected,
      found,
      message: `The record stands before its predecessor, record ${predecessor}: records were reordered.`,
    };
  if (successor === null || successor >= link.record) {
    return {
      code: 'out-of-order',
      expected,
      found,
      message: `The record follows from record ${predecessor}, not from the one before it: records were reordered or inserted between the two.`,
    };
  }
  leaveOpen(history, link);
  return {
    code: 'fork',
    expected,
    found,
    message: `Record ${successor} and this one both follow from record ${predecessor} and both hash correctly: two writers appended to the log at once, or one branch was written later.`,
  };
}

function checkUnknownPredecessor({ format }: LinkHistory, link: LinkInChain, before: RecordEdge): LinkProblem | null {
  if (link.afterDamage || link.afterUnchained) return null; // told where the damage is
  const expected = before.hash;
  const found = link.prev;
  const bySequence = format.firstSequence !== null && link.sequence !== null && before.sequence !== null;
  const skipped = bySequence ? (link.sequence ?? 0) - (before.sequence ?? 0) - 1 : 0;
  if (skipped > 0) {
    return {
      code: 'missing-records',
      expected,
      found,
      message: `${many(skipped, 'record')}, number ${(before.sequence ?? 0) + 1}${skipped > 1 ? ` to ${(link.sequence ?? 0) - 1}` : ''}, ${skipped === 1 ? 'is' : 'are'} missing before this one: removed, or never written because a write failed.`,
    };
  }
  if (bySequence || before.altered || link.prev === null) {
    return {
      code: 'link-mismatch',
      expected,
      found,
      message:
        'The record follows from another record than the one before it: that one was replaced, or this one was put here from elsewhere.',
    };
  }
  return {
    code: 'missing-records',
    expected,
    found,
    message:
      'The record this one follows from is not in the log, while the records around hash correctly: records were removed here, or the one before was replaced.',
  };
}

function leaveOpen({ branches }: LinkHistory, { before }: LinkInChain, isRepetition = false): void {
  if (before) branches.set(before.hash, { ...before, isRepetition });
}

function numbered(history: LinkHistory, before: Tip | RecordEdge, link: LinkInChain): LinkProblem | null {
  const { format, misnumbered } = history;
  const due =
    before.record === misnumbered?.record ? misnumbered.expectedSequence : 'due' in before ? before.due : undefined;
  const problem = format.firstSequence === null ? null : sequenceProblem(before.sequence, due, link.sequence);
  if (!problem) return null;
  history.misnumbered = { record: link.record, expectedSequence: Number(problem.expected) };
  return { code: 'sequence-mismatch', ...problem };
}
