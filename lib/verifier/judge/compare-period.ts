import type { Hasher } from '../../core/chain/format';
import { worst } from '../../core/chain/verdict';
import { AUDIT_PERIOD_TYPE, AuditPeriod } from '../../core/statements/predicates/audit-period';
import type { Statement } from '../../core/statements/statement';
import { compareInstants } from '../../core/time';
import type { Item } from '../item';
import type { Row } from '../outcome';
import { eachRecord } from '../walk/each-record';
import { joinFirst } from '../walk/join-first';
import { joinWalk } from '../walk/join-walk';
import { filesOf } from '../walk/rotated';
import { treeRoot } from '../walk/tree-head';
import { compareSubjects } from './compare-subjects';
import { rulesRow } from './compare-summary';
import { chainWith, namesOf, piecesOf } from './find-chain';
import { verdictRow } from './verdict-row';
import { compared, many } from './words';

type Chain = AuditPeriod['chains'][number];
type Tools = { logs: readonly Item[]; hasher: Hasher };
type Held = { rows: Row[]; chain: readonly Item[] | null };

/** Holds what is said of several chains in a period against those of them that are here. Null when it is another statement. */
export async function comparePeriod(statement: Statement, { items, logs, hasher }: Tools & { items: readonly Item[] }): Promise<{ rows: Row[]; items: readonly Item[]; chains: (readonly Item[])[] } | null> {
  const predicate = statement.predicateType === AUDIT_PERIOD_TYPE ? AuditPeriod.safeParse(statement.predicate).data : undefined;
  if (!predicate) return null;
  const { row, matched } = compareSubjects(statement, items);
  const held: Held[] = [];
  for (const chain of predicate.chains) held.push(await compareChain(chain, predicate.period, { logs, hasher }));
  const chains = held.flatMap(({ chain }) => (chain ? [chain] : []));
  const about = [...new Set([...matched, ...chains.flat()])];
  if (about.length === 0) return { rows: [row], items: [], chains: [] };
  const first: Row = matched.length > 0 ? row : { outcome: 'holds', title: row.title, detail: `${namesOf(about)}: told by the roots of the trees it names.` };
  const verdict = compared('Verdict on all chains', predicate.verdict, predicate.chains.map((chain) => chain.verdict).reduce(worst));
  return { rows: [first, ...held.flatMap(({ rows }) => rows), verdict, ...(predicate.rules.length > 0 ? [rulesRow(`it tells of ${many(predicate.findings.length, 'finding')} in the period`)] : [])], items: about, chains };
}

async function compareChain(chain: Chain, period: AuditPeriod['period'], { logs, hasher }: Tools): Promise<Held> {
  const title = (what: string) => `${what} of "${chain.chain.name}"`;
  const digests = chain.segments.map(({ digest }) => digest.sha256);
  const ofFormat = logs.filter(({ walk }) => walk?.format === chain.format);
  const whole = await chainWith(chain.tree, { logs: ofFormat, digests, hasher });
  const items = whole ?? piecesOf(digests, ofFormat);
  if (!items) return { rows: [{ outcome: 'unchecked', title: title('Records'), detail: `Not all of the ${many(digests.length, 'segment')} with records of the period are here, nor the log they are of.` }], chain: null };
  const files = filesOf(items);
  const joined = (whole && (await joinFirst(files, { count: chain.tree.size, hasher }))) ?? (await joinWalk(files, { hasher, continues: true }));
  const rows: Row[] = [{ ...verdictRow({ verdict: chain.verdict, counts: chain.problemCounts, isPart: !whole }, joined), title: title('Verdict') }];
  const found = await recordsOf(files, { period, to: whole ? chain.tree.size : Infinity, hasher });
  if (whole) rows.push(compared(title('Records in the period'), rangeWords(chain.recordRange), rangeWords(found)));
  else rows.push(compared(title('Records in the period'), chain.recordRange.count, found.count));
  const root = `Root of the Merkle tree over ${many(chain.tree.size, 'record')} of "${chain.chain.name}"`;
  // Segments of the middle of a chain lead to no root; those of all of it must.
  if (whole || joined.records === chain.tree.size) rows.push(compared(root, chain.tree.rootHash, await treeRoot(files, { size: chain.tree.size, hasher })));
  else rows.push({ outcome: 'unchecked', title: root, detail: `${many(joined.records, 'record')} are here, in the segments of the period: the root is over all of the chain.` });
  return { rows, chain: items };
}

/** Ordinals, from 0 on where the files begin, of the records whose stated time is in the period. */
async function recordsOf(files: ReturnType<typeof filesOf>, { period, to, hasher }: { period: AuditPeriod['period']; to: number; hasher: Hasher }): Promise<Chain['recordRange']> {
  const found = { first: 0, last: 0, count: 0 };
  await eachRecord(files, { hasher, to }, ({ ordinal, recordedAt }) => {
    if (recordedAt === null || compareInstants(recordedAt, period.from) < 0 || compareInstants(recordedAt, period.to) >= 0) return;
    if (found.count === 0) found.first = ordinal;
    found.last = ordinal;
    found.count += 1;
  });
  return found;
}

function rangeWords({ first, last, count }: Chain['recordRange']): string {
  return `${first} to ${last}, ${count} in all`;
}
