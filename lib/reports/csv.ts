import 'server-only';
import type { Readable } from 'node:stream';
import type { z } from 'zod';
import type { Context } from '../context';
import { groupText } from '../schemas/group-words';
import { findingsOf } from '../detect/query/findings';
import { listLooks } from '../detect/query/looks';
import type { Search } from '../core/search/search';
import { EVERY_RECORD, type RecordScope } from '../core/search/record-scope';
import { type Searched, searchedIn } from '../lake/query/search';
import { exportEvents } from '../lake/query/search-export';
import type { Period } from '../schemas/common';
import type { CsvKind } from '../schemas/reports';
import { chainsInScope } from './chains-of-period';
import { type CsvRow, counted, csvStream } from './csv-stream';
import { integrityRows } from './integrity-rows';
import { measuredCells } from './measured-cells';
import { recordRows } from './record-rows';

type Kind = z.output<typeof CsvKind>;
type Row = CsvRow;

/** Of the lake, in order. */
const SELECTED = [
  'recorded_at',
  'ordinal',
  'agent',
  'session_id',
  'tool',
  'target',
  'decision',
  'reason',
  'policy',
  'secrets_redacted',
  'integrity',
  'hash',
  'segment_digest',
  'kind',
  'resource_class',
  'original_decision',
  'cost_usd',
] as const;
export const RECORD_COLUMNS = SELECTED.flatMap((name) =>
  name === 'ordinal' ? ['chain', name] : name === 'segment_digest' ? ['segment_sha256'] : [name],
);
export const FINDING_COLUMNS = [
  'window_from',
  'window_to',
  'level',
  'status',
  'verdict',
  'assignee',
  'suppressed_by',
  'suppressed_until',
  'evidence',
  'title',
  'rule_id',
  'rule_sha256',
  'group',
  'count',
  'threshold',
  'timespan',
  'records',
  'chains',
  'finding_id',
];

export const INTEGRITY_COLUMNS = [
  'chain',
  'format',
  'verdict',
  'requested_from',
  'requested_to',
  'found_from',
  'found_to',
  'records_valid',
  'records_total',
  'time_gaps',
  'longest_time_gap_seconds',
  'problems',
  'problem_codes',
  'sidecars',
  'chain_id',
  'records_signed',
  'time_steps',
];
export const LOOK_COLUMNS = [
  'looked_at',
  'first_looked_at',
  'because',
  'looks',
  'rules',
  'window_from',
  'window_to',
  'chains',
  'records',
  'ran',
  'ran_without_finding',
  'unable',
  'failed',
  'findings',
  'look_id',
];

/** Which records each export of them holds. */
const EXPORTS: Record<Exclude<Kind, 'findings' | 'integrity' | 'rule-looks'>, Search> = {
  'access-log': { kind: 'all' },
  blocked: { kind: 'text', column: 'decision', pattern: [{ text: 'deny' }], cased: true },
  'secret-events': { kind: 'number', column: 'secrets_redacted', op: '>', value: 0 },
};

/**
 * A CSV of the period as a stream of any length, oldest first; looks of rules newest first. Of a part of the records, findings are those of the chains these
 * are in, and looks are of all rules.
 */
export function exportCsv(
  ctx: Context,
  {
    kind,
    period,
    scope = EVERY_RECORD,
    bom = false,
    onRow,
  }: { kind: Kind; period: Period; scope?: RecordScope; bom?: boolean; onRow?: () => void },
): Readable {
  const { rows, columns } = tableOf(ctx, kind, period, scope);
  return csvStream(onRow ? counted(rows, onRow) : rows, columns, { bom });
}

/** Which records a CSV of records holds; null for a table that is of none. */
export function searchOf(kind: Kind): Search | null {
  return kind in EXPORTS ? EXPORTS[kind as keyof typeof EXPORTS] : null; // just asked for
}

function tableOf(
  ctx: Context,
  kind: Kind,
  period: Period,
  scope: RecordScope,
): { rows: AsyncGenerator<Row>; columns: string[] } {
  if (kind === 'findings') return { rows: findingRows(ctx, period, scope), columns: FINDING_COLUMNS };
  if (kind === 'integrity') return { rows: integrityRows(ctx, period, scope), columns: INTEGRITY_COLUMNS };
  if (kind === 'rule-looks') return { rows: lookRows(ctx, period), columns: LOOK_COLUMNS };
  return { rows: eventRows(ctx, searchedIn(period, EXPORTS[kind], scope)), columns: RECORD_COLUMNS };
}

async function* eventRows(ctx: Context, searched: Searched): AsyncGenerator<Row> {
  for await (const row of recordRows(ctx, exportEvents(ctx, searched, ['chain_id', ...SELECTED])))
    yield { ...row, segment_sha256: row.segment_digest };
}

async function* findingRows(ctx: Context, { from, to }: Period, scope: RecordScope): AsyncGenerator<Row> {
  const chainIds = await chainsInScope(ctx, { from, to }, scope);
  for (let cursor: string | undefined; ; ) {
    const { items, nextCursor } = await findingsOf(ctx.db, {
      from,
      to,
      chainIds,
      suppressed: 'with',
      limit: 500,
      cursor,
      total: 'none',
    });
    for (const finding of items) {
      yield {
        window_from: finding.windowFrom,
        window_to: finding.windowTo,
        level: finding.level,
        status: finding.status,
        verdict: finding.verdict,
        assignee: finding.assignee?.name,
        suppressed_by: finding.suppressedBy?.title,
        suppressed_until: finding.suppressedBy?.expiresAt,
        evidence: finding.evidence,
        title: finding.title,
        rule_id: finding.ruleId,
        rule_sha256: finding.ruleDigest,
        group: groupText(finding.group),
        ...measuredCells(finding.measures),
        records: finding.recordCount,
        chains: finding.chains.map(({ name }) => name).join(' '),
        finding_id: finding.id,
      };
    }
    if (!nextCursor) return;
    cursor = nextCursor;
  }
}

async function* lookRows(ctx: Context, period: Period): AsyncGenerator<Row> {
  for (let cursor: string | undefined; ; ) {
    const { items, nextCursor } = await listLooks(ctx.db, { period, limit: 500, cursor });
    for (const look of items)
      yield {
        looked_at: look.at,
        first_looked_at: look.firstAt,
        because: look.because,
        looks: look.looks,
        rules: look.rules,
        window_from: look.window?.from,
        window_to: look.window?.to,
        chains: look.chains,
        records: look.records,
        ran: look.ran,
        ran_without_finding: look.ranWithoutFinding,
        unable: look.unable,
        failed: look.failed,
        findings: look.findings,
        look_id: look.id,
      };
    if (!nextCursor) return;
    cursor = nextCursor;
  }
}
