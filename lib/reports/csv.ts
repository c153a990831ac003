import 'server-only';
import type { Readable } from 'node:stream';
import type { z } from 'zod';
import type { Context } from '../context';
import { groupText } from '../schemas/group-words';
import { damagedAmong, tailSubject } from '../db/evidence-damage';
import { findingsOf } from '../detect/query/findings';
import { EXPORTED, type ExportOf, type ExportedRow, exportRecords } from '../lake/query/export';
import type { Period } from '../schemas/common';
import type { CsvKind } from '../schemas/reports';
import { csvStream } from './csv-stream';
import { chainNames } from '../chains/chain-names';
import { integrityRows } from './integrity-rows';
import { measuredCells } from './measured-cells';

type Kind = z.output<typeof CsvKind>;
type Row = Record<string, string | number>;

const RECORD_COLUMNS = EXPORTED.flatMap((name) => (name === 'ordinal' ? ['chain', name] : [name]));
const FINDING_COLUMNS = [
  'window_from',
  'window_to',
  'level',
  'status',
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

const INTEGRITY_COLUMNS = [
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
];

/** Which records each export of them holds. */
const EXPORTS: Record<Exclude<Kind, 'findings' | 'integrity'>, ExportOf> = {
  'access-log': 'all',
  blocked: 'denied',
  'secret-events': 'with-secrets',
};

/** A CSV of the period as a stream of any length, oldest first. */
export function exportCsv(
  ctx: Context,
  { kind, period, bom = false }: { kind: Kind; period: Period; bom?: boolean },
): Readable {
  const { rows, columns } = tableOf(ctx, kind, period);
  return csvStream(rows, columns, { bom });
}

function tableOf(ctx: Context, kind: Kind, period: Period): { rows: AsyncGenerator<Row>; columns: string[] } {
  if (kind === 'findings') return { rows: findingRows(ctx, period), columns: FINDING_COLUMNS };
  if (kind === 'integrity') return { rows: integrityRows(ctx, period), columns: INTEGRITY_COLUMNS };
  return { rows: eventRows(ctx, EXPORTS[kind], period), columns: RECORD_COLUMNS };
}

async function* eventRows(ctx: Context, of: ExportOf, period: Period): AsyncGenerator<Row> {
  const names = new Map<string, string>();
  for await (const rows of exportRecords(ctx, of, period)) {
    const unknown = rows.map(({ chain_id }) => chain_id).filter((id) => !names.has(id));
    for (const [id, name] of await chainNames(ctx, unknown)) names.set(id, name);
    const subjectOf = ({ chain_id, segment_sha256: digest }: ExportedRow) =>
      digest === '' ? tailSubject(chain_id) : String(digest);
    const damaged = await damagedAmong(ctx.db, [...new Set(rows.map(subjectOf))]);
    for (const row of rows) {
      const { chain_id, ...cells } = row;
      yield {
        ...cells,
        chain: names.get(chain_id) ?? chain_id,
        ...(row['integrity'] === 'ok' && damaged.has(subjectOf(row)) && { integrity: 'damaged' }),
      };
    }
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
