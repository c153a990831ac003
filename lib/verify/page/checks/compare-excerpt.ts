import type { Hasher } from '../../../core/chain/format';
import type { AuditChainSegment } from '../../../core/statements/predicates/audit-chain-segment';
import type { Statement } from '../../../core/statements/statement';
import { worst } from '../../../core/chain/verdict';
import type { Item } from '../item';
import type { Row } from '../outcome';
import { type Joined, joinWalk } from '../walk/join-walk';
import { holds } from './verdict-words';
import { compared } from '../../../core/checks/compared';

export type Excerpt = {
  item: Item;
  /** Its records follow one another in the chain; those of a session or run need not, and are no chain by themselves. */
  isContiguous: boolean;
};

/** The file that holds exactly the records a statement covers, when it covers less than the chain. */
export function excerptOf(
  { subject }: Statement,
  { scope, segments }: AuditChainSegment,
  logs: readonly Item[],
): Excerpt | null {
  if (scope === undefined || scope.kind === 'chain') return null;
  const whole = new Set(segments.map(({ digest }) => digest.sha256));
  const named = new Set(
    subject.flatMap(({ digest }) => (digest.sha256 !== undefined && !whole.has(digest.sha256) ? [digest.sha256] : [])),
  );
  const item = logs.find(({ walk }) => walk && named.has(walk.sha256));
  return item ? { item, isContiguous: scope.kind === 'range' } : null;
}

/** Holds what is said of the records covered against an excerpt of exactly those. */
export async function excerptRows(
  { item, isContiguous }: Excerpt,
  { recordRange, hashes, verdict }: AuditChainSegment,
  hasher: Hasher,
): Promise<Row[]> {
  const { plain, walk } = item;
  if (!plain || !walk) return [];
  const joined = await joinWalk([{ plain, walk }], { hasher, continues: true });
  const first = joined.first?.hash ?? null;
  return [
    {
      step: 'covered-records',
      status: 'passed',
      reason: { code: 'excerpt-here', file: item.source.name, records: recordRange.count, sha256: walk.sha256 },
    },
    compared('records', recordRange.count, joined.records),
    ...(hashes.first === null ? [] : [compared('first-hash', hashes.first, first)]),
    compared('last-hash', hashes.last, joined.head),
    isContiguous ? rangeVerdict(verdict, joined) : recordsHold(verdict, joined),
  ];
}

/** What came before the first record is not in an excerpt: a statement may know worse of it, never better. */
function rangeVerdict(stated: AuditChainSegment['verdict'], { verdict: found }: Joined): Row {
  if (stated === found)
    return { step: 'verdict', status: 'passed', reason: { code: 'verdicts-compared', stated, found } };
  if (worst(stated, found) === stated)
    return { step: 'verdict', status: 'skipped', reason: { code: 'verdict-of-the-chain', stated, found } };
  return { step: 'verdict', status: 'failed', reason: { code: 'verdicts-compared', stated, found } };
}

function recordsHold(stated: AuditChainSegment['verdict'], { records, validRecords }: Joined): Row {
  if (records === validRecords)
    return { step: 'records-unchanged', status: 'passed', reason: { code: 'records-unchanged', records } };
  return {
    ...(holds(stated)
      ? { step: 'records-unchanged', status: 'failed' }
      : { step: 'records-changed', status: 'passed' }),
    reason: { code: 'records-changed', records, changed: records - validRecords, stated },
  };
}
