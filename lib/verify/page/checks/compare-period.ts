import type { Hasher } from '../../../core/chain/format';
import { worst } from '../../../core/chain/verdict';
import { type AuditPeriod, auditPeriod } from '../../../core/statements/predicates/audit-period';
import type { Statement } from '../../../core/statements/statement';
import { compareInstants } from '../../../core/time';
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
import { compared } from '../../../core/checks/compared';

type Chain = AuditPeriod['chains'][number];
type Tools = { logs: readonly Item[]; hasher: Hasher };
type Held = { rows: Row[]; chain: readonly Item[] | null };

/** Holds what is said of several chains in a period against those of them that are here. Null when it is another statement. */
export async function comparePeriod(
  statement: Statement,
  { items, logs, hasher }: Tools & { items: readonly Item[] },
): Promise<{ rows: Row[]; items: readonly Item[]; chains: (readonly Item[])[] } | null> {
  const predicate = auditPeriod.read(statement);
  if (!predicate) return null;
  const { row, matched } = compareSubjects(statement, items);
  const held: Held[] = [];
  for (const chain of predicate.chains) held.push(await compareChain(chain, predicate.period, { logs, hasher }));
  const chains = held.flatMap(({ chain }) => (chain ? [chain] : []));
  const about = [...new Set([...matched, ...chains.flat()])];
  if (about.length === 0) return { rows: [row], items: [], chains: [] };
  const first: Row =
    matched.length > 0
      ? row
      : { step: row.step, status: 'passed', reason: { code: 'roots-found', files: namesOf(about) } };
  const verdict = compared(
    'verdict-on-all',
    predicate.verdict,
    predicate.chains.map((chain) => chain.verdict).reduce(worst),
  );
  return {
    rows: [
      first,
      ...held.flatMap(({ rows }) => rows),
      verdict,
      ...(predicate.rules.length > 0 ? [rulesRow({ by: 'period', findings: predicate.findings.length })] : []),
    ],
    items: about,
    chains,
  };
}

async function compareChain(chain: Chain, period: AuditPeriod['period'], { logs, hasher }: Tools): Promise<Held> {
  const about = { chain: chain.chain.name };
  const digests = chain.segments.map(({ digest }) => digest.sha256);
  const ofFormat = logs.filter(({ walk }) => walk?.format === chain.format);
  const whole = await chainWith(chain.tree, { logs: ofFormat, digests, hasher });
  const items = whole ?? piecesOf(digests, ofFormat);
  if (!items)
    return {
      rows: [
        { step: 'records', about, status: 'skipped', reason: { code: 'period-not-here', segments: digests.length } },
      ],
      chain: null,
    };
  const files = filesOf(items);
  const joined =
    (whole && (await joinFirst(files, { count: chain.tree.size, hasher }))) ??
    (await joinWalk(files, { hasher, continues: true }));
  const rows: Row[] = [
    { ...verdictRow({ verdict: chain.verdict, counts: chain.problemCounts, isPart: !whole }, joined), about },
  ];
  const found = await recordsOf(files, { period, to: whole ? chain.tree.size : Infinity, hasher });
  if (whole) rows.push(compared('period-records', chain.recordRange, found, about));
  else rows.push(compared('period-records', chain.recordRange.count, found.count, about));
  const aboutRoot = { ...about, records: chain.tree.size };
  // Segments of the middle of a chain lead to no root; those of all of it must.
  if (whole || joined.records === chain.tree.size)
    rows.push(
      compared('tree-root', chain.tree.rootHash, await treeRoot(files, { size: chain.tree.size, hasher }), aboutRoot),
    );
  else
    rows.push({
      step: 'tree-root',
      about: aboutRoot,
      status: 'skipped',
      reason: { code: 'root-over-more', records: joined.records },
    });
  return { rows, chain: items };
}

/** Ordinals, from 0 on where the files begin, of the records whose stated time is in the period. */
async function recordsOf(
  files: ReturnType<typeof filesOf>,
  { period, to, hasher }: { period: AuditPeriod['period']; to: number; hasher: Hasher },
): Promise<Chain['recordRange']> {
  const found = { first: 0, last: 0, count: 0 };
  await eachRecord(files, { hasher, to }, ({ ordinal, recordedAt }) => {
    if (
      recordedAt === null ||
      compareInstants(recordedAt, period.from) < 0 ||
      compareInstants(recordedAt, period.to) >= 0
    )
      return;
    if (found.count === 0) found.first = ordinal;
    found.last = ordinal;
    found.count += 1;
  });
  return found;
}
