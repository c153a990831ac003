import 'server-only';
import type { Context } from '../../context';
import { AppError } from '../../core/errors';
import { formatCheckpoint } from '../../core/merkle/checkpoint';
import { rootHash } from '../../core/merkle/prove';
import type { Tx } from '../../db/database';
import { lockUntilCommit } from '../../db/lock';
import { logIdentity } from '../log/identity';
import { openChainTree } from './chain-tree';

/**
 * The head of a chain's tree as a checkpoint, signed by the transparency log's key under the name of the chain. The same head gives the
 * same note for ever. No two heads are signed under one name of which one is not the beginning of the other: a chain whose records were
 * replaced goes on under another. @throws AppError SIGNING_FAILED, CONFLICT when the chain has another head.
 */
export async function chainCheckpoint(
  ctx: Context,
  chainId: string,
  head: { size: number; rootHash: string },
): Promise<string> {
  const { host, signNote } = await logIdentity(ctx);
  return ctx.db.transaction().execute(async (tx) => {
    await lockUntilCommit(tx, 'log', `chain ${chainId}`);
    const root = Buffer.from(head.rootHash, 'hex');
    const signed = await tx
      .selectFrom('chain_checkpoints')
      .select('note')
      .where('chain_id', '=', chainId)
      .where('size', '=', head.size)
      .where('root_hash', '=', root)
      .orderBy('epoch', 'desc')
      .limit(1)
      .executeTakeFirst();
    if (signed) return signed.note;
    const epoch = await epochFor(ctx, tx, chainId, head);
    const origin = `${host}/chains/${chainId}${epoch === 0 ? '' : `/${epoch}`}`;
    const note = signNote(origin, formatCheckpoint({ origin, size: head.size, rootHash: root }));
    await tx
      .insertInto('chain_checkpoints')
      .values({ chain_id: chainId, epoch, size: head.size, root_hash: root, note, signed_at: ctx.now() })
      .execute();
    return note;
  });
}

/** The newest epoch when the chain as it stands agrees with the heads signed in it, the next one otherwise. */
async function epochFor(
  ctx: Context,
  tx: Tx,
  chainId: string,
  head: { size: number; rootHash: string },
): Promise<number> {
  const newest = await tx
    .selectFrom('chain_checkpoints')
    .select('epoch')
    .where('chain_id', '=', chainId)
    .orderBy('epoch', 'desc')
    .limit(1)
    .executeTakeFirst();
  const tree = await openChainTree(ctx, chainId);
  const rootAt = async (size: number) => (size > tree.size ? null : Buffer.from(await rootHash(tree.source, size)));
  if ((await rootAt(head.size))?.toString('hex') !== head.rootHash)
    throw new AppError('CONFLICT', 'the chain has another head than the one to be signed', {
      chainId,
      size: head.size,
    });
  if (!newest) return 0;
  const heads = () =>
    tx
      .selectFrom('chain_checkpoints')
      .select(['size', 'root_hash'])
      .where('chain_id', '=', chainId)
      .where('epoch', '=', newest.epoch);
  // Those agree with one another: its neighbours speak for all.
  const neighbours = [
    await heads().where('size', '<=', head.size).orderBy('size', 'desc').limit(1).executeTakeFirst(),
    await heads().where('size', '>', head.size).orderBy('size').limit(1).executeTakeFirst(),
  ];
  for (const neighbour of neighbours)
    if (neighbour && !(await rootAt(neighbour.size))?.equals(neighbour.root_hash)) return newest.epoch + 1;
  return newest.epoch;
}
