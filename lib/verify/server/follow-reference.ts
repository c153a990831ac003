import 'server-only';
import type { Context } from '../../context';
import type { FormatId } from '../../core/chain/format';
import type { ReferenceFinding } from '../../core/chain/reference-verifier';
import { formatById } from '../../core/formats';
import { requireChain, segmentsOf } from '../../db/chains';
import { isDeletedChain } from '../../db/deleted-chains';
import { sendStream } from '../../threads/send-stream';
import { type ThreadPool, createThreadPool } from '../../threads/thread-pool';
import { createFollower } from '../log/follow-reference';
import type { LogSource } from '../log/log-source';
import { evidenceSource } from './evidence-source';
import type { Followed } from './follow-thread';

/** From this size on, a chain is worth a thread. */
const THREAD_BYTES = 2 * 1024 * 1024;

let shared: ThreadPool | undefined;

/**
 * Follows the format's own verifier down the whole chain and notes what it says. Beside the verdict, never part of it:
 * that verifier may pass what we do not, and the other way round. Keyed by generation: a chain that changed meanwhile keeps null.
 */
export async function followReferenceVerifier(
  ctx: Context,
  { chainId }: { chainId: string },
  signal?: AbortSignal,
): Promise<void> {
  const chain = await requireChain(ctx.db, chainId);
  if (await isDeletedChain(ctx.db, chainId)) return;
  const referenceVerifier = await referenceFindingOf(ctx, chain, signal);
  if (!referenceVerifier) return;
  await ctx.db
    .updateTable('chains')
    .set({ reference_verifier: JSON.stringify(referenceVerifier) })
    .where('id', '=', chainId)
    .where('generation', '=', chain.generation)
    .execute();
}

/** What the format's own verifier says of the closed segments of a chain; null when it has none, or none of the records is in one yet. */
export async function referenceFindingOf(
  ctx: Context,
  chain: { id: string; format: FormatId; records: number },
  signal?: AbortSignal,
): Promise<ReferenceFinding | null> {
  const { referenceVerifier } = formatById(chain.format);
  if (!referenceVerifier) return null;
  const segments = await segmentsOf(ctx.db, chain.id);
  if (segments.length === 0 && chain.records > 0) return null;
  const chunks = inTurn(evidenceSource(ctx.evidence, segments, signal));
  if (segments.reduce((sum, { size_bytes: sizeBytes }) => sum + sizeBytes, 0) >= THREAD_BYTES) {
    shared ??= createThreadPool('lib/verify/server/follow-thread.ts', 1);
    return (await sendStream<FormatId, Followed>(shared, chain.format, chunks, signal)).finding;
  }
  const scan = { format: formatById(chain.format), hasher: ctx.hasher };
  const follower = createFollower(referenceVerifier(ctx.hasher), { scan });
  for await (const chunk of chunks) follower.push(chunk);
  return follower.end();
}

/** The chain is one log, however it lies in segments. */
async function* inTurn({ files }: LogSource): AsyncGenerator<Uint8Array> {
  for (const { open } of files) yield* open();
}
