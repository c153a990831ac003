import 'server-only';
import { expressionBuilder, sql } from 'kysely';
import type { Context } from '../context';
import { isAttested } from '../db/attested';
import { isOfFleet } from '../db/of-fleet';
import type { ChainSegmentsTable, Database } from '../db/schema';
import { type Values, compareRows } from './compare';
import type { Reporter } from './drift';

type Row = { row: string; expected: Values | null; found: Values | null };

/** Figures kept of all chains against the chains and what attestations cover of them. Chains that wait to be counted anew are left out. */
export async function examineFigures(ctx: Context, report: Reporter): Promise<void> {
  const attested = isAttested(expressionBuilder<Database & { s: ChainSegmentsTable }, 's'>());
  const { rows: chains } = await sql<Row>`
    SELECT coalesce(c.row, f.chain_id)::text AS row, c.expected, CASE WHEN f.chain_id IS NOT NULL THEN
      jsonb_build_object('verdict', f.verdict, 'records', f.records, 'attested', f.attested) END AS found
    FROM chain_figures f FULL JOIN (
      SELECT c.id AS row, jsonb_build_object('verdict', c.verdict, 'records', c.records, 'attested', coalesce(
        (SELECT sum(s.records) FROM chain_segments s WHERE s.chain_id = c.id AND ${attested}), 0)) AS expected
      FROM chains c WHERE ${isOfFleet('c.id')}) c ON c.row = f.chain_id
    WHERE NOT EXISTS (SELECT FROM figure_changes w WHERE w.chain_id = coalesce(c.row, f.chain_id))
      AND c.expected IS DISTINCT FROM jsonb_build_object('verdict', f.verdict, 'records', f.records, 'attested', f.attested)`.execute(
    ctx.db,
  );
  compare(report, 'chain_figures', chains);
  const { rows: verdicts } = await sql<Row>`
    SELECT coalesce(s.verdict, f.verdict) AS row, s.expected,
      CASE WHEN f.verdict IS NOT NULL THEN jsonb_build_object('chains', f.chains, 'records', f.records, 'attested', f.attested) END AS found
    FROM verdict_figures f FULL JOIN (
      SELECT verdict, jsonb_build_object('chains', count(*), 'records', sum(records), 'attested', sum(attested)) AS expected
      FROM chain_figures GROUP BY verdict) s ON s.verdict = f.verdict
    WHERE (s.verdict IS NOT NULL OR f.chains <> 0 OR f.records <> 0 OR f.attested <> 0)
      AND s.expected IS DISTINCT FROM jsonb_build_object('chains', f.chains, 'records', f.records, 'attested', f.attested)`.execute(
    ctx.db,
  );
  compare(report, 'verdict_figures', verdicts);
}

function compare(report: Reporter, table: string, rows: readonly Row[]): void {
  const named = (side: 'expected' | 'found') =>
    new Map(rows.flatMap(({ row, [side]: values }) => (values ? [[row, values] as const] : [])));
  compareRows(report, { chain: null, table }, named('expected'), named('found'));
}
