import 'server-only';
import { sql } from 'kysely';
import type { Context } from '../../context';
import { recordedBetween } from '../../lake/query/totals';
import { catalog } from '../catalog';
import { markSeen } from './mark-seen';
import { queueBackfill } from './request-backfill';

/** Chains whose look was going on when a backfill ended are noted for so long after. */
const SETTLING_MS = 600_000;

/**
 * Has texts look at what was recorded before that came into force without anybody's doing, as those of a new release do; where nothing was recorded
 * there is nothing to look at. And notes what a backfill has seen of chains that were being looked at when it ended.
 */
export async function runDueBackfills(ctx: Context): Promise<void> {
  const rules = await catalog(ctx);
  const { rows: unknown } = await sql<{ digest: string }>`
    SELECT rule.digest FROM unnest(${rules.map(({ digest }) => digest)}::text[]) AS rule (digest)
    WHERE NOT EXISTS (SELECT FROM rule_backfills b WHERE b.rule_digest = rule.digest)
      AND NOT EXISTS (SELECT FROM rule_runs r WHERE r.rule_digest = rule.digest)`.execute(ctx.db);
  const fresh = rules.filter(({ digest }) => unknown.some((row) => row.digest === digest));
  if (fresh.length > 0) {
    const isAnything = (await recordedBetween(ctx, 'all')) !== null;
    await ctx.db.transaction().execute(async (tx) => {
      if (isAnything) for (const rule of fresh) await queueBackfill(ctx, tx, rule);
      else
        await tx
          .insertInto('rule_backfills')
          .values(
            fresh.map(({ id, digest }) => ({
              rule_digest: digest,
              rule_id: id,
              state: 'done' as const,
              requested_at: ctx.now(),
              ended_at: ctx.now(),
            })),
          )
          .onConflict((conflict) => conflict.doNothing())
          .execute();
    });
  }
  const ended = await ctx.db
    .selectFrom('rule_backfills')
    .selectAll()
    .where('state', '=', 'done')
    .where('ended_at', '>', new Date(ctx.now().getTime() - SETTLING_MS))
    .execute();
  for (const { rule_digest: digest, records_from: from, records_to: to } of ended) {
    const rule = rules.find((one) => one.digest === digest);
    if (rule && from && to) await markSeen(ctx, rule, { from, to });
  }
}
