import 'server-only';
import { sql } from 'kysely';
import type { Context } from '../context';
import { lockUntilCommit } from '../db/lock';

/** Looks stand one by one for so long, then by the hour, and behind this by the day. In UTC. */
const ONE_BY_ONE_MS = 3600_000;
const BY_HOUR_MS = 31 * 24 * 3600_000;
/** Rows that are made of others in one transaction. */
const BATCH = 200;

type Group = { keep: string; gone: string[] };

/**
 * Makes one row of looks of the same rules and for the same reason in one hour, once that is over for an hour, and later one of those of a day: how often
 * was looked, from when to when, at how many records, and what came of it for each rule stay what they were, added up.
 */
export async function foldLooks(ctx: Context): Promise<void> {
  const now = ctx.now().getTime();
  while (await foldSome(ctx, 'hour', new Date(now - ONE_BY_ONE_MS)));
  while (await foldSome(ctx, 'day', new Date(now - BY_HOUR_MS)));
}

/** Those of full hours, or days, before a moment. Whether there may be more. */
async function foldSome({ db }: Context, unit: 'hour' | 'day', before: Date): Promise<boolean> {
  return db.transaction().execute(async (tx) => {
    await lockUntilCommit(tx, 'rules', 'looks');
    const { rows: groups } = await sql<Group>`
      SELECT (array_agg(id ORDER BY looked_at DESC, id DESC))[1] AS keep, (array_agg(id::text ORDER BY looked_at DESC, id DESC))[2:] AS gone
      FROM rule_looks WHERE looked_at < date_trunc(${sql.lit(unit)}, ${before}::timestamptz, 'UTC')
      GROUP BY rule_set, how, date_trunc(${sql.lit(unit)}, looked_at, 'UTC') HAVING count(*) > 1 LIMIT ${BATCH}`.execute(
      tx,
    );
    for (const { keep, gone } of groups) {
      await sql`UPDATE rule_looks l SET looks = l.looks + o.looks, records = l.records + o.records, elapsed_ms = l.elapsed_ms + o.elapsed_ms,
          first_looked_at = least(l.first_looked_at, o.first), window_from = least(l.window_from, o.from_at), window_to = greatest(l.window_to, o.to_at),
          chains = greatest(l.chains, o.chains)
        FROM (SELECT sum(looks)::bigint AS looks, sum(records)::bigint AS records, sum(elapsed_ms)::bigint AS elapsed_ms, min(first_looked_at) AS first,
          min(window_from) AS from_at, max(window_to) AS to_at, max(chains) AS chains FROM rule_looks WHERE id = ANY(${gone}::uuid[])) o
        WHERE l.id = ${keep}`.execute(tx);
      await sql`INSERT INTO rule_look_results AS r (look_id, rule_digest, ran, unable, failed, findings, elapsed_ms)
        SELECT ${keep}::uuid, rule_digest, sum(ran), sum(unable), sum(failed), sum(findings), sum(elapsed_ms)
        FROM rule_look_results WHERE look_id = ANY(${gone}::uuid[]) GROUP BY rule_digest
        ON CONFLICT (look_id, rule_digest) DO UPDATE SET ran = r.ran + excluded.ran, unable = r.unable + excluded.unable, failed = r.failed + excluded.failed,
          findings = r.findings + excluded.findings, elapsed_ms = r.elapsed_ms + excluded.elapsed_ms`.execute(tx);
      await tx.deleteFrom('rule_looks').where('id', 'in', gone).execute();
    }
    return groups.length === BATCH;
  });
}
