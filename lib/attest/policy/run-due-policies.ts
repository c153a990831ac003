import 'server-only';
import { sql } from 'kysely';
import type { Context } from '../../context';
import { DELETED_CHAINS } from '../../db/deleted-chains';

/** Chains looked at in one go. */
const MAX_CHAINS = 500;

/**
 * What policies ask for by time and number: closes open segments that hold enough or are old enough, so that they can be attested, and
 * queues chains that changed without being attested at once. Costs one query when every chain is attested on every change.
 */
export async function runDuePolicies(ctx: Context): Promise<void> {
  const now = ctx.now();
  const waiting = await ctx.db
    .selectFrom('chains as c')
    .leftJoin('attestation_policies as own', 'own.chain_id', 'c.id')
    .leftJoin('attestation_policies as all', (join) => join.on('all.chain_id', 'is', null))
    .leftJoin('tails as t', 't.chain_id', 'c.id')
    .select([
      'c.id',
      'c.generation',
      sql<boolean>`c.generation > 0 AND c.detected_generation = c.generation AND NOT EXISTS (SELECT 1 FROM attestations a WHERE a.chain_id = c.id AND a.generation = c.generation)
        AND NOT EXISTS (SELECT 1 FROM attestation_requests r WHERE r.dedupe_key = concat('generation:', c.id, ':', c.generation))`.as(
        'is_due',
      ),
      sql<boolean>`t.chain_id IS NOT NULL AND NOT t.close_wanted AND t.complete_bytes > t.closed_bytes AND (
        t.records - t.closed_records >= CASE WHEN own.changed_at IS NULL THEN "all".every_records ELSE own.every_records END
        OR t.opened_at <= ${now}::timestamptz - CASE WHEN own.changed_at IS NULL THEN "all".every_minutes ELSE own.every_minutes END * interval '1 minute')`.as(
        'is_to_close',
      ),
    ])
    .where(sql<boolean>`(own.changed_at IS NOT NULL AND (NOT own.on_close OR own.every_records IS NOT NULL OR own.every_minutes IS NOT NULL))
      OR (own.changed_at IS NULL AND "all".changed_at IS NOT NULL AND (NOT "all".on_close OR "all".every_records IS NOT NULL OR "all".every_minutes IS NOT NULL))`)
    .where('c.id', 'not in', DELETED_CHAINS)
    .orderBy('c.updated_at', 'desc')
    .limit(MAX_CHAINS)
    .execute();
  const due = waiting.filter((chain) => chain.is_due || chain.is_to_close);
  if (due.length === 0) return;
  await ctx.db.transaction().execute(async (tx) => {
    for (const { id: chainId, generation, is_due: isDue, is_to_close: isToClose } of due) {
      if (isToClose) {
        await tx.updateTable('tails').set({ close_wanted: true }).where('chain_id', '=', chainId).execute();
        await ctx.queue.send(tx, 'close-tail', { chainId });
      }
      if (isDue) await ctx.queue.send(tx, 'attest-chain', { chainId, generation });
    }
  });
}
