import 'server-only';
import type { Actor } from '../access/actor';
import { requireChainAllowed } from '../access/chain-limit';
import * as audit from '../audit/append';
import type { Context } from '../context';
import { requireChain } from '../db/chains';

/** Queues the closing of a chain's open segment, if there is one. @throws AppError NOT_FOUND, FORBIDDEN. */
export async function wantClosed(ctx: Context, { chainId, actor }: { chainId: string; actor: Actor }): Promise<void> {
  requireChainAllowed(actor, (await requireChain(ctx.db, chainId)).name);
  await ctx.db.transaction().execute(async (tx) => {
    const tail = await tx
      .updateTable('tails')
      .set({ close_wanted: true })
      .where('chain_id', '=', chainId)
      .whereRef('complete_bytes', '>', 'closed_bytes')
      .returning('chain_id')
      .executeTakeFirst();
    if (!tail) return;
    await ctx.queue.send(tx, 'close-tail', { chainId });
    await audit.append(tx, actor, { action: 'chain.close', subjectId: chainId });
  });
}
