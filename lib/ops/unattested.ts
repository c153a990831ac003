import 'server-only';
import { type Kysely, type RawBuilder, expressionBuilder, sql } from 'kysely';
import { isAttested } from '../db/attested';
import { isOfFleet } from '../db/of-fleet';
import type { ChainSegmentsTable, Database } from '../db/schema';

/** Chains looked at for one page. */
const MOST_LOOKED_AT = 500;

type Bare = { id: string; name: string; records: number; since: Date | null; alert: number | null };

/** Records of all chains under no attestation, since when the oldest of them waits, and the chains where it waits longer than their policy allows. */
export async function unattested(
  db: Kysely<Database>,
  now: Date,
): Promise<Awaited<ReturnType<typeof unsigned>> & { records: number; oldestSeconds: number }> {
  const [bare, requests] = await Promise.all([bareChains(db, { alertedOnly: false }), requestCounts(db)]);
  return {
    records: bare.reduce((sum, { records }) => sum + Number(records), 0),
    oldestSeconds: secondsSince(bare[0]?.since ?? null, now),
    overdue: overdueOf(bare, now),
    ...requests,
  };
}

/**
 * What is not signed though it should be. Chains whose policy raises no alarm are not looked at, and of those that are not signed as a whole the
 * 500 that are known longest.
 */
export async function unsigned(
  db: Kysely<Database>,
  now: Date,
): Promise<{ overdue: { chainId: string; chain: string; since: string }[]; waiting: number; failed: number }> {
  const [bare, requests] = await Promise.all([bareChains(db, { alertedOnly: true }), requestCounts(db)]);
  return { overdue: overdueOf(bare, now), ...requests };
}

/** Chains with records under no attestation, the one that waits longest first. */
async function bareChains(db: Kysely<Database>, { alertedOnly }: { alertedOnly: boolean }): Promise<Bare[]> {
  const covered = isAttested(expressionBuilder<Database & { s: ChainSegmentsTable }, 's'>());
  const alert = sql`CASE WHEN own.changed_at IS NULL THEN standing.alert_after_minutes ELSE own.alert_after_minutes END`;
  const { rows } = await sql<Bare>`
    SELECT c.id, c.name,
      c.records - coalesce((SELECT sum(s.records) FROM chain_segments s WHERE s.chain_id = c.id AND ${covered}), 0)::bigint AS records,
      least((SELECT min(u.received_at) FROM chain_segments s JOIN uploads u ON u.id = s.upload_id WHERE s.chain_id = c.id AND NOT ${covered}),
        (SELECT t.opened_at FROM tails t WHERE t.chain_id = c.id AND t.complete_bytes > t.closed_bytes)) AS since,
      ${alert} AS alert
    FROM ${alertedOnly ? sql`(${await alertedChains(db)}) f JOIN chains c ON c.id = f.chain_id` : sql`chains c`}
    LEFT JOIN attestation_policies own ON own.chain_id = c.id
    LEFT JOIN attestation_policies standing ON standing.chain_id IS NULL
    WHERE ${isOfFleet('c.id')}${alertedOnly ? sql` AND ${alert} IS NOT NULL` : sql``}
    ORDER BY since NULLS LAST`.execute(db);
  return rows.filter(({ records, since }) => Number(records) > 0 && since !== null);
}

/** A SELECT of chains whose policy may raise an alarm: as many as are not signed, or have a policy of their own. */
async function alertedChains(db: Kysely<Database>): Promise<RawBuilder<unknown>> {
  const standing = await db
    .selectFrom('attestation_policies')
    .select('alert_after_minutes')
    .where('chain_id', 'is', null)
    .executeTakeFirst();
  return standing?.alert_after_minutes == null
    ? sql`SELECT chain_id FROM attestation_policies WHERE chain_id IS NOT NULL AND alert_after_minutes IS NOT NULL ORDER BY chain_id LIMIT ${MOST_LOOKED_AT}`
    : sql`SELECT chain_id FROM chain_figures WHERE attested < records ORDER BY chain_id LIMIT ${MOST_LOOKED_AT}`;
}

async function requestCounts(db: Kysely<Database>): Promise<{ waiting: number; failed: number }> {
  const rows = await db
    .selectFrom('attestation_requests')
    .select(({ fn }) => ['state', fn.countAll<number>().as('count')])
    .where('state', 'in', ['waiting', 'failed'])
    .groupBy('state')
    .execute();
  const count = (state: string) => Number(rows.find((row) => row.state === state)?.count ?? 0);
  return { waiting: count('waiting'), failed: count('failed') };
}

function overdueOf(bare: readonly Bare[], now: Date): { chainId: string; chain: string; since: string }[] {
  return bare.flatMap(({ id, name, since, alert }) =>
    alert !== null && since && secondsSince(since, now) > alert * 60
      ? [{ chainId: id, chain: name, since: since.toISOString() }]
      : [],
  );
}

function secondsSince(since: Date | null, now: Date): number {
  return since ? Math.max(0, (now.getTime() - since.getTime()) / 1000) : 0;
}
