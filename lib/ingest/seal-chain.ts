import 'server-only';
import type { Actor } from '../access/actor';
import { requireChainAllowed } from '../access/chain-limit';
import * as audit from '../audit/append';
import type { Context } from '../context';
import { AppError } from '../core/errors';
import { requireChain } from '../db/chains';
import { lockUntilCommit } from '../db/lock';

/**
 * Seals a chain: from the moment this resolves nothing is taken in, by append or upload, whatever was under way. What was accepted before
 * is closed, witnessed and attested by the jobs it queues. Sealing again changes nothing. @throws AppError NOT_FOUND, FORBIDDEN, CONFLICT when empty.
 */
export async function sealChain(
  ctx: Context,
  { chainId, actor }: { chainId: string; actor: Actor },
): Promise<{
  chainId: string;
  sealedAt: string;
  sealedBy: string;
  records: number;
  bytes: number;
  head: string | null;
}> {
  const { name } = await requireChain(ctx.db, chainId);
  requireChainAllowed(actor, name);
  return ctx.db.transaction().execute(async (tx) => {
    await lockUntilCommit(tx, 'chain', name);
    const chain = await requireChain(tx, chainId);
    if (chain.size_bytes === 0) throw new AppError('CONFLICT', 'the chain holds nothing to seal', { chainId });
    const sealed = chain.sealed_at
      ? chain
      : await tx
          .updateTable('chains')
          .set({ sealed_at: ctx.now(), sealed_by: actor.name, updated_at: ctx.now() })
          .where('id', '=', chainId)
          .returningAll()
          .executeTakeFirstOrThrow();
    const tail = await tx
      .updateTable('tails')
      .set({ close_wanted: true })
      .where('chain_id', '=', chainId)
      .whereRef('size_bytes', '>', 'closed_bytes')
      .returning('chain_id')
      .executeTakeFirst();
    if (tail) await ctx.queue.send(tx, 'close-tail', { chainId });
    if (!chain.sealed_at)
      await audit.append(tx, actor, {
        action: 'chain.seal',
        subjectId: chainId,
        details: {
          records: sealed.records,
          sizeBytes: sealed.size_bytes,
          head: sealed.head,
          sealedAt: sealed.sealed_at?.toISOString() ?? null,
        },
      });
    return {
      chainId,
      sealedAt: (sealed.sealed_at ?? ctx.now()).toISOString(),
      sealedBy: sealed.sealed_by ?? actor.name,
      records: sealed.records,
      bytes: sealed.size_bytes,
      head: sealed.head,
    };
  });
}
