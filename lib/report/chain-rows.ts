import 'server-only';
import { type ExpressionBuilder, sql } from 'kysely';
import type { Context } from '../context';
import { verdictSentence } from '../core/chain/sentence';
import { formatById } from '../core/formats';
import type { Database } from '../db/schema';
import type { Chain } from '../schemas/chains';

/** Records of the chain as it stands that lie in segments an attestation of this chain covers. */
function attestedRecords(eb: ExpressionBuilder<Database, 'chains'>) {
  return eb
    .selectFrom('chain_segments as s')
    .whereRef('s.chain_id', '=', 'chains.id')
    .where((where) =>
      where.exists(
        where
          .selectFrom('attestation_segments as c')
          .innerJoin('attestations as a', 'a.id', 'c.attestation_id')
          .whereRef('c.digest', '=', 's.digest')
          .whereRef('a.chain_id', '=', 's.chain_id')
          .select('c.digest'),
      ),
    )
    .select(({ fn }) => fn.coalesce(sql<number>`sum(s.records)::bigint`, sql<number>`0::bigint`).as('records'));
}

/** Chains with all their figures; narrow it further and run it. */
export function chainRows(ctx: Context) {
  return ctx.db
    .selectFrom('chains')
    .selectAll('chains')
    .select((eb) => [
      attestedRecords(eb).as('attested_records'),
      eb.selectFrom('chain_segments as s').whereRef('s.chain_id', '=', 'chains.id').select(sql<number>`count(*)::bigint`.as('n')).as('segments'),
      eb
        .selectFrom('chain_segments as s')
        .innerJoin('segment_checks as k', (join) => join.onRef('k.digest', '=', 's.digest').onRef('k.format', '=', 'chains.format'))
        .whereRef('s.chain_id', '=', 'chains.id')
        .select(sql<number>`coalesce(sum(s.records), 0)::bigint`.as('n'))
        .as('verified_records'),
      eb
        .selectFrom('chain_segments as s')
        .whereRef('s.chain_id', '=', 'chains.id')
        .where('s.loaded_generation', 'is not', null)
        .select(sql<number>`coalesce(sum(s.records), 0)::bigint`.as('n'))
        .as('loaded_records'),
      eb
        .selectFrom('finding_chains as f')
        .innerJoin('findings', 'findings.id', 'f.finding_id')
        .whereRef('f.chain_id', '=', 'chains.id')
        .where('findings.superseded_at', 'is', null)
        .select(sql<number>`count(*)::bigint`.as('n'))
        .as('finding_count'),
    ]);
}

export type ChainRow = Awaited<ReturnType<ReturnType<typeof chainRows>['executeTakeFirstOrThrow']>>;

export function toChain(row: ChainRow): Chain {
  return {
    id: row.id,
    name: row.name,
    format: row.format,
    verdict: row.verdict,
    sentence: verdictSentence({
      verdict: row.verdict,
      label: formatById(row.format).label,
      records: row.records,
      firstRecordedAt: row.first_recorded_at,
      lastRecordedAt: row.last_recorded_at,
      problemCounts: row.problem_counts,
    }),
    records: row.records,
    bytes: row.size_bytes,
    head: row.head,
    problemCounts: row.problem_counts,
    firstRecordedAt: row.first_recorded_at,
    lastRecordedAt: row.last_recorded_at,
    verifiedAt: row.verified_at?.toISOString() ?? null,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
    segments: row.segments ?? 0,
    attestedRecords: row.attested_records ?? 0,
    findings: row.finding_count ?? 0,
    progress: { verified: row.verified_records ?? 0, loaded: row.loaded_records ?? 0 },
    original: row.original,
    failure: row.failure,
  };
}
