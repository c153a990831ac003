import 'server-only';
import type { Readable } from 'node:stream';
import type { z } from 'zod';
import type { Context } from '../context';
import { groupText } from '../schemas/group-words';
import { findingsOf } from '../db/findings';
import type { Period } from '../schemas/common';
import type { CsvKind } from '../schemas/reports';
import { csvStream } from './csv-stream';
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

/** A CSV of the period as a stream of any length, oldest first. */
export function exportCsv(ctx: Context, { kind, period, bom = false }: { kind: Kind; period: Period; bom?: boolean }): Readable {
  const { rows, columns } = tableOf(ctx, kind, period);
  return csvStream(rows, columns, { bom });
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
        group: groupText(finding.group),
        count: finding.count ?? '',
        threshold: finding.threshold ?? '',
        timespan: finding.timespan ?? '',
        records: finding.recordCount,
        chains: finding.chains.map(({ name }) => name).join(' '),
        finding_id: finding.id,
      };
    }
    if (!nextCursor) return;
    cursor = nextCursor;
  }
}
