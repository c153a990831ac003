import 'server-only';
import type { Context } from '../context';
import { requireChain } from '../db/chains';
import { isDeletedChain } from '../db/deleted-chains';
import { lockUntilCommit } from '../db/lock';
import { changedAs } from './layout';
import { loadTurn } from './load-chain';
import { loadTail } from './load-tail';
import { deleteEvents } from './write';

/** Empties the lake, whatever state its parts are in: every chain must be reloaded. */
export async function emptyLake(ctx: Context): Promise<void> {
  await ctx.lake.command({ query: `TRUNCATE TABLE ${changedAs('events', ctx.env.lakeCluster)}` });
}

/** Rebuilds a chain's records in the lake from evidence: takes out what is there and loads all of it, none of a chain that was deleted. @throws AppError NOT_FOUND. */
export async function reloadChain(ctx: Context, { chainId }: { chainId: string }): Promise<void> {
  const { name } = await requireChain(ctx.db, chainId);
  await deleteEvents(ctx, 'chain_id = {chainId: UUID}', { chainId });
  if (await isDeletedChain(ctx.db, chainId)) return;
  await ctx.db.transaction().execute(async (tx) => {
    await lockUntilCommit(tx, 'chain', name);
    await tx.updateTable('chain_segments').set({ loaded_generation: null }).where('chain_id', '=', chainId).execute();
    await tx
      .updateTable('tails')
      .set((eb) => ({
        loaded_bytes: eb.ref('closed_bytes'),
        loaded_records: eb.ref('closed_records'),
        loaded_lines: eb.ref('closed_lines'),
        // Rules may have looked while records were not there.
        searched_records: eb.ref('closed_records'),
      }))
      .where('chain_id', '=', chainId)
      .execute();
  });
  while (!(await loadTurn(ctx, chainId)));
  for (;;) {
    await loadTail(ctx, { chainId });
    const tail = await ctx.db
      .selectFrom('tails')
      .select(['loaded_bytes', 'closed_bytes', 'complete_bytes'])
      .where('chain_id', '=', chainId)
      .executeTakeFirst();
    if (!tail || Math.max(tail.loaded_bytes, tail.closed_bytes) >= tail.complete_bytes) return;
  }
}
