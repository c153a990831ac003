import 'server-only';
import { Readable } from 'node:stream';
import { stringify } from 'csv-stringify';
import type { z } from 'zod';
import type { Context } from '../context';
import { groupWords } from '../schemas/group-words';
import { findingsOf } from '../db/findings';
import type { Period } from '../schemas/common';
import { guarded } from '../schemas/csv-cell';
import type { CsvKind } from '../schemas/reports';
import { chainNames } from './chain-names';
import { integrityRows } from './integrity-rows';
import { EVENTS, IN_PERIOD, lakePeriod } from './lake-period';

type Kind = z.output<typeof CsvKind>;
type Row = Record<string, string | number>;

const RECORD_COLUMNS = ['recorded_at', 'chain', 'ordinal', 'agent', 'session_id', 'tool', 'target', 'decision', 'reason', 'policy', 'secrets_redacted', 'integrity', 'hash', 'segment_sha256'];
const FINDING_COLUMNS = ['window_from', 'window_to', 'level', 'status', 'title', 'rule_id', 'rule_sha256', 'group', 'count', 'threshold', 'timespan', 'records', 'chains', 'finding_id'];

const INTEGRITY_COLUMNS = ['chain', 'format', 'verdict', 'asked_from', 'asked_to', 'found_from', 'found_to', 'records_valid', 'records_total', 'silences', 'longest_silence_seconds', 'problems', 'problem_codes', 'beside_the_log', 'chain_id'];

/** Which events each record export holds. */
const CONDITION: Record<Exclude<Kind, 'findings' | 'integrity'>, string> = {
  'access-log': 'true',
  blocked: `decision = 'deny'`,
  'secret-events': 'secrets_redacted > 0',
};

/**
 * A CSV (RFC 4180, UTF-8, CRLF) of the period as a stream of any length, oldest first; `bom` puts a byte-order mark before it, which Excel
 * reads UTF-8 by. What a spreadsheet would run as a formula has an apostrophe before it, at the start of a cell and of each line in one;
 * numbers are as they are.
 */
export function exportCsv(ctx: Context, { kind, period, bom = false }: { kind: Kind; period: Period; bom?: boolean }): Readable {
  const { rows, columns } = tableOf(ctx, kind, period);
  // The library quotes for the two bytes of its own line end, not for one of them.
  const csv = stringify({ header: true, columns, bom, record_delimiter: '\r\n', quoted_match: /[\r\n]/, cast: { string: (cell) => guarded(cell) } });
  Readable.from(rows, { objectMode: true }).on('error', (error) => csv.destroy(error)).pipe(csv);
  return csv;
}

function tableOf(ctx: Context, kind: Kind, period: Period): { rows: AsyncGenerator<Row>; columns: string[] } {
  if (kind === 'findings') return { rows: findingRows(ctx, period), columns: FINDING_COLUMNS };
  if (kind === 'integrity') return { rows: integrityRows(ctx, period), columns: INTEGRITY_COLUMNS };
  return { rows: eventRows(ctx, CONDITION[kind], period), columns: RECORD_COLUMNS };
}

async function* eventRows(ctx: Context, condition: string, period: Period): AsyncGenerator<Row> {
  const names = new Map<string, string>();
  const result = await ctx.lake.query({
    query: `SELECT recorded_at, chain_id, ordinal, agent, session_id, tool, target, decision, reason, policy, secrets_redacted, integrity, hash, segment_digest AS segment_sha256
      FROM ${EVENTS} WHERE ${condition} AND ${IN_PERIOD}
      ORDER BY recorded_at, chain_id, ordinal`,
    query_params: lakePeriod(period),
    format: 'JSONEachRow',
  });
  for await (const batch of result.stream<Row & { chain_id: string }>()) {
    const rows = batch.map((row) => row.json());
    const unknown = rows.map(({ chain_id }) => chain_id).filter((id) => !names.has(id));
    for (const [id, name] of await chainNames(ctx, unknown)) names.set(id, name);
    for (const { chain_id, ...row } of rows) yield { ...row, chain: names.get(chain_id) ?? chain_id };
  }
}

async function* findingRows(ctx: Context, { from, to }: Period): AsyncGenerator<Row> {
  for (let cursor: string | undefined; ; ) {
    const { items, nextCursor } = await findingsOf(ctx.db, { from, to, limit: 500, cursor });
    for (const finding of items) {
      yield {
        window_from: finding.windowFrom,
        window_to: finding.windowTo,
        level: finding.level,
        status: finding.status,
        title: finding.title,
        rule_id: finding.ruleId,
        rule_sha256: finding.ruleDigest,
        group: Object.entries(finding.group).map(([field, value]) => (value === '' ? groupWords(field, value) : `${field}=${value}`)).join(' '),
        count: finding.count,
        threshold: finding.threshold,
        timespan: finding.timespan,
        records: finding.recordCount,
        chains: finding.chains.map(({ name }) => name).join(' '),
        finding_id: finding.id,
      };
    }
    if (!nextCursor) return;
    cursor = nextCursor;
  }
}
