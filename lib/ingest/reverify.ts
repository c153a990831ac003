import 'server-only';
import type { Context } from '../context';
import type { Tx } from '../db/database';
import { isDeletedChain } from '../db/deleted-chains';
import { tryFailuresNow } from '../db/job-failures';

/** Has a chain verified again because something beside its records changed: a new generation of the same segments, pending until joined. One that was deleted keeps its verdict. */
export async function reverify(ctx: Context, tx: Tx, chainId: string): Promise<void> {
  if (await isDeletedChain(tx, chainId)) return;
  await tx
    .updateTable('chains')
    .set((eb) => ({ generation: eb('generation', '+', 1), verdict: 'pending', updated_at: ctx.now() }))
    .where('id', '=', chainId)
    .execute();
  await tryFailuresNow(tx, ctx.now(), { chainId });
  await ctx.queue.send(tx, 'join-chain', { chainId });
}
