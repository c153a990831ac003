import type { Hasher } from '../../core/chain/format';
import type { AuditChainSegment } from '../../core/statements/predicates/audit-chain-segment';
import type { Statement } from '../../core/statements/statement';
import { worst } from '../../core/chain/verdict';
import type { Item } from '../item';
import type { Row } from '../outcome';
import { type Joined, joinWalk } from '../walk/join-walk';
import { holds } from './verdict-words';
import { compared, figure, many } from './words';

export type Excerpt = {
  item: Item;
  /** Its records follow one another in the chain; those of a session or run need not, and are no chain by themselves. */
  isContiguous: boolean;
};

/** The file that holds exactly the records a statement covers, when it covers less than the chain. */
export function excerptOf({ subject }: Statement, { scope, segments }: AuditChainSegment, logs: readonly Item[]): Excerpt | null {
  if (scope === undefined || scope.kind === 'chain') return null;
  const whole = new Set(segments.map(({ digest }) => digest.sha256));
  const named = new Set(subject.flatMap(({ digest }) => (digest.sha256 !== undefined && !whole.has(digest.sha256) ? [digest.sha256] : [])));
  const item = logs.find(({ walk }) => walk && named.has(walk.sha256));
  return item ? { item, isContiguous: scope.kind === 'range' } : null;
}

/** Holds what is said of the records covered against an excerpt of exactly those. */
export async function excerptRows({ item, isContiguous }: Excerpt, { recordRange, hashes, verdict }: AuditChainSegment, hasher: Hasher): Promise<Row[]> {
  const { plain, walk } = item;
  if (!plain || !walk) return [];
  const joined = await joinWalk([{ plain, walk }], { hasher, continues: true });
  const first = joined.first?.hash ?? null;
  return [
    { outcome: 'holds', title: 'These are the records it speaks of', detail: `${item.source.name} has the SHA-256 it states for exactly the ${many(recordRange.count, 'record')} it covers: ${walk.sha256}.` },
    compared('Records', recordRange.count, joined.records),
    ...(hashes.first === null ? [] : [compared('Hash of the first record', hashes.first, first)]),
    compared('Hash of the last record', hashes.last, joined.head),
    isContiguous ? rangeVerdict(verdict, joined) : recordsHold(verdict, joined),
  ];
}

/** What came before the first record is not in an excerpt: a statement may know worse of it, never better. */
function rangeVerdict(stated: AuditChainSegment['verdict'], { verdict: found }: Joined): Row {
  const title = 'Verdict';
  if (stated === found) return { outcome: 'holds', title, detail: `It states ${stated}; walked again here, it is ${found}.` };
  if (worst(stated, found) === stated) return { outcome: 'unchecked', title, detail: `It states ${stated}, which these records alone do not show: walked by themselves, they are ${found}. The chain they were taken from may.` };
  return { outcome: 'fails', title, detail: `It states ${stated}; walked again here, it is ${found}.` };
}

function recordsHold(stated: AuditChainSegment['verdict'], { records, validRecords }: Joined): Row {
  const title = 'Each record is as it was written';
  if (records === validRecords) return { outcome: 'holds', title, detail: `All ${many(records, 'record')} hash to what is stored with them. How they link is told by the chain they were taken from.` };
  return { outcome: holds(stated) ? 'fails' : 'holds', title: holds(stated) ? title : 'It tells of records that were changed', detail: `${figure(records - validRecords)} of the ${many(records, 'record')} do not hash to what is stored with them; it states ${stated}.` };
}
