import 'server-only';
import type { Context } from '../../context';
import { toBase64 } from '../../core/base64';
import { AppError } from '../../core/errors';
import { proveConsistency, rootHash } from '../../core/merkle/prove';
import type { ConsistencyProof } from '../../schemas/proofs';
import { openChainTree } from './chain-tree';

/**
 * Proves one head of a chain's tree to be the beginning of another.
 * @throws AppError NOT_FOUND, BAD_REQUEST when `from` is the larger, CONFLICT when the chain's closed segments hold fewer records.
 */
export async function proveHeads(
  ctx: Context,
  { chainId, from, to }: { chainId: string; from: number; to: number },
): Promise<ConsistencyProof> {
  if (from > to) throw new AppError('BAD_REQUEST', 'the head to begin with is the larger one', { from, to });
  const tree = await openChainTree(ctx, chainId);
  if (to > tree.size)
    throw new AppError('CONFLICT', 'the closed segments of the chain do not hold so many records', {
      chainId,
      to,
      closed: tree.size,
    });
  const headOf = async (size: number) => ({
    size,
    rootHash: Buffer.from(await rootHash(tree.source, size)).toString('hex'),
  });
  const [older, newer] = [await headOf(from), await headOf(to)];
  const signed = await ctx.db
    .selectFrom('chain_checkpoints')
    .select('note')
    .where('chain_id', '=', chainId)
    .where('size', '=', to)
    .where('root_hash', '=', Buffer.from(newer.rootHash, 'hex'))
    .orderBy('epoch', 'desc')
    .limit(1)
    .executeTakeFirst();
  return {
    mediaType: 'application/vnd.sealtrail.consistency-proof.v1+json',
    from: older,
    to: newer,
    hashes: (await proveConsistency(tree.source, { from, to })).map(toBase64),
    checkpoint: signed?.note ?? null,
  };
}
