import 'server-only';
import { sql } from 'kysely';
import { newestHeads } from '../../chains/heads';
import { rangeSummary } from '../../chains/chain-summary';
import { periodFigures } from '../../chains/period-figures';
import type { Context } from '../../context';
import type { RecordScope } from '../../core/search/record-scope';
import { ANSWERED_VERDICT } from '../../db/evidence-damage';
import type { Problem } from '../../schemas/chains';
import type { Period } from '../../schemas/common';
import type { IntegrityOfChain } from '../../schemas/integrity-report';
import { type ChainOfPeriod, chainsOfPeriod } from '../chains-of-period';

/** Chains whose figures are asked for together. */
const CHAINS_AT_ONCE = 200;
const MOST_PROBLEMS = 50;
const MOST_HEADS = 20;
const MOST_STATEMENTS = 20;

/** What is known of each chain that has records in a period, by name. */
export async function* integrityOfChains(
  ctx: Context,
  period: Period,
  scope: RecordScope,
): AsyncGenerator<IntegrityOfChain, void, undefined> {
  const all = await chainsOfPeriod(ctx, period, scope);
  for (let at = 0; at < all.length; at += CHAINS_AT_ONCE)
    yield* await someChains(ctx, period, all.slice(at, at + CHAINS_AT_ONCE));
}

async function someChains(ctx: Context, period: Period, listed: readonly ChainOfPeriod[]): Promise<IntegrityOfChain[]> {
  const ids = listed.map(({ id }) => id);
  const rows = new Map((await chainRows(ctx, ids)).map((row) => [row.id, row]));
  const problems = new Map<string, Problem[]>();
  const [figures, heads, statements] = await Promise.all([
    periodFigures(ctx, [...rows.values()], period, (chainId, problem) => {
      const of = problems.get(chainId) ?? [];
      if (of.length < MOST_PROBLEMS) problems.set(chainId, [...of, problem]);
    }),
    newestHeads(ctx, ids, MOST_HEADS),
    newestStatements(ctx, ids),
  ]);
  return listed.flatMap(({ id, name, records, attested }): IntegrityOfChain[] => {
    const [row, of] = [rows.get(id), figures.get(id)];
    if (!row || !of?.found) return [];
    const isChecked = row.verified_generation === row.generation;
    const summary = isChecked ? rangeSummary(row, period, of) : null;
    return [
      {
        id,
        name,
        format: row.format,
        verdict: row.answered_verdict,
        verifiedAt: row.verified_at?.toISOString() ?? null,
        found: of.found,
        records: { total: records, valid: summary?.records.valid ?? null, attested, unattested: records - attested },
        chainRecords: row.records,
        segments: row.segments,
        restarts: (of.counts.restart ?? 0) + (of.counts.rotation ?? 0),
        timeGaps: summary?.gaps.map(({ record, from, to, seconds }) => ({ record, from, to, seconds })) ?? [],
        timeSteps: isChecked ? (row.time_steps?.count ?? 0) : null,
        problemCounts: of.counts,
        problems: problems.get(id) ?? [],
        heads: (heads.get(id) ?? []).map(({ hash, records: count, bytes, observedAt, state }) => ({
          hash,
          records: count,
          bytes,
          observedAt,
          state,
        })),
        headsTotal: row.heads,
        statements: statements.get(id) ?? [],
        statementsTotal: row.statements,
      },
    ];
  });
}

function chainRows({ db }: Context, ids: readonly string[]) {
  return db
    .selectFrom('chains')
    .where(sql<boolean>`chains.id = ANY(${ids}::uuid[])`)
    .select([
      'id',
      'format',
      'records',
      'verdict',
      'verified_at',
      'generation',
      'verified_generation',
      'first_recorded_at',
      'last_recorded_at',
      'time_gaps',
      'time_steps',
      'untimed',
      ANSWERED_VERDICT.as('answered_verdict'),
      sql<number>`(SELECT count(*)::int FROM chain_segments s WHERE s.chain_id = chains.id)`.as('segments'),
      sql<number>`(SELECT count(*)::int FROM heads h WHERE h.chain_id = chains.id)`.as('heads'),
      sql<number>`(SELECT count(*)::int FROM attestation_chains l WHERE l.chain_id = chains.id)`.as('statements'),
    ])
    .execute();
}

/** Of each chain the newest signed statements, with their entries in the transparency log. */
async function newestStatements(
  { db }: Context,
  ids: readonly string[],
): Promise<Map<string, IntegrityOfChain['statements']>> {
  type Row = {
    chain_id: string;
    id: string;
    predicate_type: string;
    verdict: string;
    first_record: number;
    last_record: number;
    signed_at: Date;
    withdrawn_at: Date | null;
    bundle_digest: string;
    log_index: string | null;
  };
  const { rows } = await sql<Row>`
    SELECT c.id AS chain_id, n.*, (SELECT min(e.index) FROM log_entries e WHERE e.kind = 'attestation' AND e.about = n.id::text) AS log_index
    FROM unnest(${ids}::uuid[]) AS c (id) CROSS JOIN LATERAL (
      SELECT a.id, a.predicate_type, l.verdict, l.first_record, l.last_record, a.signed_at, a.withdrawn_at, a.bundle_digest
      FROM attestation_chains l JOIN attestations a ON a.id = l.attestation_id WHERE l.chain_id = c.id
      ORDER BY a.id DESC LIMIT ${MOST_STATEMENTS}) n ORDER BY n.id DESC`.execute(db);
  const by = Map.groupBy(rows, (row) => row.chain_id);
  return new Map(
    [...by].map(([id, of]) => [
      id,
      of.map((row) => ({
        id: row.id,
        predicateType: row.predicate_type,
        verdict: row.verdict,
        firstRecord: Number(row.first_record),
        lastRecord: Number(row.last_record),
        signedAt: row.signed_at.toISOString(),
        withdrawnAt: row.withdrawn_at?.toISOString() ?? null,
        bundleSha256: row.bundle_digest,
        logIndex: row.log_index === null ? null : Number(row.log_index),
      })),
    ]),
  );
}
