import type { Hasher } from '../../../core/chain/format';
import { type AuditChainSegment, auditChainSegment } from '../../../core/statements/predicates/audit-chain-segment';
import type { Statement } from '../../../core/statements/statement';
import type { Item } from '../item';
import type { Checked, Row } from '../outcome';
import { comparePeriod } from './compare-period';
import { compareSegment, walkedLogs } from './compare-segment';
import { compareSummary } from './compare-summary';
import { compareSubjects, otherSubjects } from './compare-subjects';
import { compareTool } from './compare-tool';
import { figure } from '../../../core/text/words';

export type Held = {
  rows: Row[];
  /** What it was compared with. */
  items: readonly Item[];
  /** Those are what it speaks of. */
  isAbout: boolean;
  /** Each several logs that are pieces of one chain, in order. */
  chains: readonly (readonly Item[])[];
  /** Records picked from a chain, which are none by themselves. */
  noChain: Item | null;
};

/** A statement on an audit chain; null for any other. */
export function segmentPredicate(statement: Statement | null): AuditChainSegment | null {
  return statement && auditChainSegment.read(statement);
}

/** Holds what a statement says against everything that is here. */
export async function compareStatement(
  statement: Statement,
  items: readonly Item[],
  {
    pieces,
    hasher,
  }: {
    /** Segments of chains, in order, as the statements here name them. */
    pieces: readonly (readonly string[])[];
    hasher: Hasher;
  },
): Promise<Held> {
  const logs = walkedLogs(items);
  const predicate = segmentPredicate(statement);
  if (predicate) {
    const {
      rows,
      logs: compared,
      isAbout,
      chain,
      noChain = null,
    } = await compareSegment(statement, predicate, logs, { hasher });
    const namesakes =
      compared.length === 0 ? otherSubjects(statement, items).filter(({ status }) => status === 'failed') : [];
    return { rows: [...rows, ...namesakes], items: compared, isAbout, chains: chain ? [chain] : [], noChain };
  }
  const summary = await compareSummary(statement, { items, logs, pieces, hasher });
  if (summary) return { ...summary, chains: summary.chain ? [summary.chain] : [] };
  const period = await comparePeriod(statement, { items, logs, hasher });
  if (period)
    return {
      ...period,
      isAbout: period.items.length > 0,
      chains: period.chains.filter(({ length }) => length > 1),
      noChain: null,
    };
  const other = await compareTool(statement, logs, { hasher });
  if (other)
    return {
      rows: other.rows,
      items: other.logs,
      isAbout: other.rows.every(({ status }) => status !== 'failed'),
      chains: [],
      noChain: null,
    };
  const { row, matched } = compareSubjects(statement, items);
  return {
    rows: [row, ...(matched.length > 0 ? otherSubjects(statement, items) : [])],
    items: matched,
    isAbout: matched.length > 0,
    chains: [],
    noChain: null,
  };
}

/** What a statement says, for people to read. */
export function factsOf(statement: Statement | null): NonNullable<Checked['says']>['facts'] {
  if (!statement) return [];
  const predicate = segmentPredicate(statement);
  const type = { label: 'Type', value: statement.predicateType };
  if (!predicate)
    return [
      type,
      { label: 'Subjects', value: statement.subject.map(({ name, digest }) => name ?? digest.sha256 ?? '').join(', ') },
    ];
  const { chain, recordRange, verdict, hashes, timeRange, findings, tool, attestedAt, tree } = predicate;
  return [
    { label: 'Chain', value: chain.name },
    {
      label: 'Records',
      value: `${figure(recordRange.first)} to ${figure(recordRange.last)}, ${figure(recordRange.count)} in all`,
    },
    ...(timeRange ? [{ label: 'Written', value: `${timeRange.first} to ${timeRange.last}` }] : []),
    { label: 'Verdict', value: verdict },
    { label: 'Findings', value: figure(findings.length) },
    { label: 'Last hash', value: hashes.last ?? 'none' },
    ...(tree ? [{ label: 'Merkle root', value: tree.rootHash }] : []),
    { label: 'Checked by', value: `${tool.name} ${tool.version}, attested at ${attestedAt}` },
    type,
  ];
}
