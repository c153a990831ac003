import 'server-only';
import { type Kysely, expressionBuilder, sql } from 'kysely';
import { isAttested } from '../db/attested';
import type { ChainSegmentsTable, Database } from '../db/schema';

/** Records of all chains under no attestation, since when the oldest of them waits, and the chains where it waits longer than their policy allows. */
export async function unattested(
  db: Kysely<Database>,
  now: Date,
): Promise<{
  records: number;
  oldestSeconds: number;
  overdue: { chainId: string; chain: string; since: string }[];
  waiting: number;
  failed: number;
}> {
  const covered = isAttested(expressionBuilder<Database & { s: ChainSegmentsTable }, 's'>());
  const [{ rows }, requests] = await Promise.all([
    sql<{ id: string; name: string; records: number; since: Date | null; alert: number | null }>`
      SELECT c.id, c.name,
        c.records - coalesce((SELECT sum(s.records) FROM chain_segments s WHERE s.chain_id = c.id AND ${covered}), 0)::bigint AS records,
        least((SELECT min(u.received_at) FROM chain_segments s JOIN uploads u ON u.id = s.upload_id WHERE s.chain_id = c.id AND NOT ${covered}),
          (SELECT t.opened_at FROM tails t WHERE t.chain_id = c.id AND t.complete_bytes > t.closed_bytes)) AS since,
        CASE WHEN own.changed_at IS NULL THEN standing.alert_after_minutes ELSE own.alert_after_minutes END AS alert
      FROM chains c
      LEFT JOIN attestation_policies own ON own.chain_id = c.id
      LEFT JOIN attestation_policies standing ON standing.chain_id IS NULL
      ORDER BY since NULLS LAST`.execute(db),
    db
      .selectFrom('attestation_requests')
      .select(({ fn }) => ['state', fn.countAll<number>().as('count')])
      .where('state', 'in', ['waiting', 'failed'])
      .groupBy('state')
      .execute(),
  ]);
  const bare = rows.filter(({ records, since }) => Number(records) > 0 && since !== null);
  const waited = (since: Date | null) => (since ? Math.max(0, (now.getTime() - since.getTime()) / 1000) : 0);
  const count = (state: string) => Number(requests.find((row) => row.state === state)?.count ?? 0);
  return {
    records: bare.reduce((sum, { records }) => sum + Number(records), 0),
    oldestSeconds: waited(bare[0]?.since ?? null),
    overdue: bare.flatMap(({ id, name, since, alert }) =>
      alert !== null && since && waited(since) > alert * 60
        ? [{ chainId: id, chain: name, since: since.toISOString() }]
        : [],
    ),
    waiting: count('waiting'),
    failed: count('failed'),
  };
}
