import 'server-only';
import { checkWhole } from '../log/check-file';
import type { Context } from '../../context';
import type { FormatId } from '../../core/chain/format';
import { segmentVerdict } from '../../core/chain/join';
import { formatById } from '../../core/formats';
import { checkOf, storeCheck } from '../../db/checks';
import type { Tx } from '../../db/database';
import { lockUntilCommit } from '../../db/lock';
import { checkOnThreads } from './check-on-threads';
import { ENGINE } from './engine';
import { segmentBytes } from './evidence-source';

/** From this size on, a segment is worth a thread. */
const THREAD_BYTES = 2 * 1024 * 1024;

/**
 * Checks one segment alone and queues the join once the chain has no unchecked segment left.
 * Keyed by digest and format: a rerun finds the check done.
 */
export async function checkSegment(
  ctx: Context,
  { chainId, digest, format: formatId }: { chainId: string; digest: string; format: FormatId },
  signal?: AbortSignal,
): Promise<void> {
  const done = await checkOf(ctx.db, digest, formatId, ENGINE);
  const checked = done ? null : await walk(ctx, digest, formatId, signal);
  await ctx.db.transaction().execute(async (tx) => {
    await lockUntilCommit(tx, 'checks', chainId);
    // An older engine may have found other records in it.
    if (checked)
      await tx
        .deleteFrom('segment_trees')
        .where('digest', '=', digest)
        .where('format', '=', formatId)
        .where('records', '!=', checked.check.records)
        .execute();
    if (checked)
      await storeCheck(
        tx,
        digest,
        formatId,
        ENGINE,
        segmentVerdict(formatById(formatId), checked.check),
        checked.check,
        checked.problems,
      );
    if (await allChecked(tx, chainId)) await ctx.queue.send(tx, 'join-chain', { chainId });
  });
}

async function walk(ctx: Context, digest: string, formatId: FormatId, signal?: AbortSignal) {
  if (((await ctx.evidence.stat(digest)) ?? 0) >= THREAD_BYTES)
    return ctx.evidence.readHashing(digest, (chunks) => checkOnThreads(formatId, chunks, signal));
  return checkWhole(segmentBytes(ctx.evidence, digest, signal), formatById(formatId), ctx.hasher);
}

/** Of every upload, not only those in force: what came before is what the chain is compared with. */
async function allChecked(tx: Tx, chainId: string): Promise<boolean> {
  const unchecked = await tx
    .selectFrom('uploads as u')
    .innerJoin('upload_segments as s', 's.upload_id', 'u.id')
    .innerJoin('chains as c', 'c.id', 'u.chain_id')
    .leftJoin('segment_checks as k', (join) =>
      join.onRef('k.digest', '=', 's.digest').onRef('k.format', '=', 'c.format').on('k.engine', '=', ENGINE),
    )
    .where('u.chain_id', '=', chainId)
    .where('k.digest', 'is', null)
    .select('s.index')
    .limit(1)
    .executeTakeFirst();
  return unchecked === undefined;
}
