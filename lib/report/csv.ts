import 'server-only';
import { Readable } from 'node:stream';
import { stringify } from 'csv-stringify';
import type { z } from 'zod';
import type { Context } from '../context';
import { findingsOf } from '../db/findings';
import type { Period } from '../schemas/common';
import type { CsvKind } from '../schemas/reports';
import { lakePeriod } from './buckets';
import { chainNames } from './chain-names';

type Kind = z.output<typeof CsvKind>;
type Row = Record<string, string | number>;

const RECORD_COLUMNS = ['recorded_at', 'chain', 'ordinal', 'agent', 'session_id', 'tool', 'target', 'decision', 'reason', 'policy', 'secrets_redacted', 'integrity', 'hash', 'segment_sha256'];
const FINDING_COLUMNS = ['window_from', 'window_to', 'level', 'status', 'title', 'rule_id', 'rule_sha256', 'group', 'count', 'threshold', 'timespan', 'records', 'chains', 'finding_id'];

/** Which events each record export holds. */
const EVENTS: Record<Exclude<Kind, 'findings'>, string> = {
  'access-log': `target != '' AND decision != 'deny'`,
  blocked: `decision = 'deny'`,
  'secret-events': 'secrets_redacted > 0',
};

/**
 * A CSV (RFC 4180, UTF-8, CRLF) of the period as a stream of any length, oldest first.
 * A cell a spreadsheet would run as a formula is preceded by an apostrophe.
 */
export function exportCsv(ctx: Context, { kind, period }: { kind: Kind; period: Period }): Readable {
  const rows = kind === 'findings' ? findingRows(ctx, period) : eventRows(ctx, EVENTS[kind], period);
  const columns = kind === 'findings' ? FINDING_COLUMNS : RECORD_COLUMNS;
  const csv = stringify({ header: true, columns, record_delimiter: '\r\n', escape_formulas: true });
  Readable.from(rows, { objectMode: true }).on('error', (error) => csv.destroy(error)).pipe(csv);
  return csv;
}

async function* eventRows(ctx: Context, condition: string, period: Period): AsyncGenerator<Row> {
  const names = new Map<string, string>();
  const result = await ctx.lake.query({
    query: `SELECT recorded_at, chain_id, ordinal, agent, session_id, tool, target, decision, reason, policy, secrets_redacted, integrity, hash, segment_digest AS segment_sha256
      FROM events WHERE ${condition} AND recorded_at >= {from: DateTime64(6, 'UTC')} AND recorded_at < {to: DateTime64(6, 'UTC')}
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
        group: Object.entries(finding.group).map(([field, value]) => `${field}=${value}`).join(' '),
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
