import 'server-only';
import { sql } from 'kysely';
import type { Context } from '../../context';
import { DELETED_CHAINS } from '../../db/deleted-chains';
import type { JobPayload } from '../../queue/kinds';
import { ENGINE } from './engine';

const BATCH = 500;

/**
 * Queues what an upgrade leaves behind: the check of every segment that was last checked by an older engine, or never, and the join of
 * every chain whose gaps in time an older one did not keep. Safe to run from every worker.
 */
export async function recheckStale(ctx: Context): Promise<void> {
  await rejoinWithoutGaps(ctx);
  for (let after: { chainId: string; digest: string } | null = null; ; ) {
    const stale: JobPayload<'check-segment'>[] = await ctx.db
      .selectFrom('uploads as u')
      .innerJoin('upload_segments as s', 's.upload_id', 'u.id')
      .innerJoin('chains as c', 'c.id', 'u.chain_id')
      .leftJoin('segment_checks as k', (join) =>
        join.onRef('k.digest', '=', 's.digest').onRef('k.format', '=', 'c.format').on('k.engine', '=', ENGINE),
      )
      .where('k.digest', 'is', null)
      .where('c.id', 'not in', DELETED_CHAINS)
      .$if(after !== null, (query) =>
        query.where(sql<boolean>`(c.id, s.digest) > (${after?.chainId ?? ''}::uuid, ${after?.digest ?? ''})`),
      )
      .select(['c.id as chainId', 's.digest', 'c.format'])
      .distinct()
      .orderBy('c.id')
      .orderBy('s.digest')
      .limit(BATCH)
      .execute();
    await ctx.db.transaction().execute(async (tx) => {
      for (const job of stale) await ctx.queue.send(tx, 'check-segment', job);
    });
    const last = stale.at(-1);
    if (!last || stale.length < BATCH) return;
    after = { chainId: last.chainId, digest: last.digest };
  }
}

async function rejoinWithoutGaps(ctx: Context): Promise<void> {
  await ctx.db.transaction().execute(async (tx) => {
    const chains = await tx
      .selectFrom('chains')
      .select('id')
      .where('time_gaps', 'is', null)
      .where('id', 'not in', DELETED_CHAINS)
      .where('verdict', '!=', 'pending')
      .execute();
    for (const { id } of chains) await ctx.queue.send(tx, 'join-chain', { chainId: id });
  });
}
