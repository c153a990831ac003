import 'server-only';
import { type RawBuilder, sql } from 'kysely';
import type { Db, Tx } from '../db/database';
import { damageCount } from '../db/evidence-damage';
import { isOfFleet } from '../db/of-fleet';
import type { ChainVerdict } from '../schemas/common';
import { type ChainRetention, FIRST_KEEP_DAYS, type RetentionState } from '../schemas/retention';

/** A policy that is only tried: what it would make of chains without one of their own. */
export type Tried = { keepDays: number | null };

export type RetentionRow = {
  id: string;
  name: string;
  verdict: ChainVerdict;
  records: number;
  size_bytes: number;
  head: string | null;
  state: RetentionState;
  keep_days: number | null;
  is_own: boolean;
  received_until: Date;
  ends_at: Date | null;
  holds: number;
  deletion_state: 'waiting' | 'done' | 'failed' | null;
  failure: string | null;
  requested_by: string | null;
  requested_at: Date | null;
  deleted_at: Date | null;
  tombstone_digest: string | null;
};

/** Every chain of guardrails with what stands between it and its deletion, as a SELECT to be narrowed. */
export function retentionRows(
  now: Date,
  {
    tried = null,
    asked = true,
  }: { tried?: Tried | null /** Whether that its deletion was asked for counts. */; asked?: boolean } = {},
): RawBuilder<RetentionRow> {
  const forAll = tried
    ? sql`${tried.keepDays}::int`
    : sql`CASE WHEN everything.set_at IS NULL THEN ${FIRST_KEEP_DAYS} ELSE everything.keep_days END`;
  return sql<RetentionRow>`
    SELECT *, CASE
        WHEN deletion_state = 'done' THEN 'deleted'
        WHEN tombstone_digest IS NOT NULL OR (${asked} AND deletion_state = 'waiting') THEN 'deleting'
        WHEN holds > 0 THEN 'held'
        WHEN keep_days IS NULL THEN 'for-ever'
        WHEN ends_at > ${now} THEN 'kept'
        WHEN NOT is_sealed THEN 'not-sealed'
        WHEN NOT is_settled THEN 'working'
        WHEN damaged > 0 THEN 'damaged'
        ELSE 'deletable' END AS state
    FROM (
      SELECT c.id, c.name, c.records, c.size_bytes, c.head, CASE WHEN found.damaged > 0 THEN 'damaged' ELSE c.verdict END AS verdict,
        found.damaged, own.chain_id IS NOT NULL AS is_own, keep.days AS keep_days, received.until AS received_until,
        received.until + make_interval(days => keep.days) AS ends_at, held.n AS holds, c.sealed_at IS NOT NULL AS is_sealed,
        c.verdict <> 'pending' AND c.verified_generation = c.generation AND c.loaded_generation = c.generation
          AND c.detected_generation = c.generation AND coalesce(t.size_bytes <= t.closed_bytes, true) AS is_settled,
        d.state AS deletion_state, d.failure, d.requested_by, d.requested_at, d.deleted_at, d.tombstone_digest
      FROM chains c
      LEFT JOIN retention_policies own ON own.chain_id = c.id
      LEFT JOIN retention_policies everything ON everything.chain_id IS NULL
      LEFT JOIN tails t ON t.chain_id = c.id
      LEFT JOIN chain_deletions d ON d.chain_id = c.id
      CROSS JOIN LATERAL (SELECT CASE WHEN own.chain_id IS NULL THEN ${forAll} ELSE own.keep_days END AS days) keep
      CROSS JOIN LATERAL (SELECT greatest(c.created_at, t.appended_at, (SELECT max(received_at) FROM uploads u WHERE u.chain_id = c.id),
        (SELECT max(received_at) FROM sidecars s WHERE s.chain_id = c.id)) AS until) received
      CROSS JOIN LATERAL (SELECT count(*) AS n FROM legal_holds h WHERE h.chain_id = c.id AND h.lifted_at IS NULL) held
      CROSS JOIN LATERAL (SELECT ${damageCount('c.id')} AS damaged) found
      WHERE ${isOfFleet('c.id')}
    ) AS chains`;
}

/** One chain as that; undefined when there is none. */
export async function retentionRow(
  db: Db | Tx,
  chainId: string,
  now: Date,
  options: { asked?: boolean } = {},
): Promise<RetentionRow | undefined> {
  const { rows } =
    await sql<RetentionRow>`SELECT * FROM (${retentionRows(now, options)}) AS r WHERE id = ${chainId}`.execute(db);
  return rows[0];
}

export function toRetention(row: RetentionRow): ChainRetention {
  return {
    chainId: row.id,
    chain: row.name,
    verdict: row.verdict,
    records: row.records,
    bytes: row.size_bytes,
    head: row.head,
    state: row.state,
    keepDays: row.keep_days,
    isOwn: row.is_own,
    receivedUntil: row.received_until.toISOString(),
    endsAt: row.ends_at?.toISOString() ?? null,
    holds: row.holds,
    deletion:
      row.requested_at === null
        ? null
        : {
            requestedBy: row.requested_by ?? '',
            requestedAt: row.requested_at.toISOString(),
            failure: row.failure,
            failed: row.deletion_state === 'failed',
            deletedAt: row.deleted_at?.toISOString() ?? null,
            tombstoneSha256: row.tombstone_digest,
          },
  };
}
