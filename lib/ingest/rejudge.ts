import 'server-only';
import type { Context } from '../context';
import type { Tx } from '../db/database';

/** Has a chain judged anew because something beside its records changed: a new generation of the same segments, pending until joined. */
export async function rejudge(ctx: Context, tx: Tx, chainId: string): Promise<void> {
  await tx
    .updateTable('chains')
    .set((eb) => ({ generation: eb('generation', '+', 1), verdict: 'pending', failure: null, updated_at: ctx.now() }))
    .where('id', '=', chainId)
    .execute();
  await ctx.queue.send(tx, 'join-chain', { chainId });
}
