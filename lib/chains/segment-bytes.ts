import 'server-only';
import type { Context } from '../context';
import { asStream } from '../evidence/as-stream';
import { AppError } from '../core/errors';

/** A segment in evidence as a stream. Only segments of uploads are given out. @throws AppError NOT_FOUND, EVIDENCE_MISSING, EVIDENCE_ALTERED; the stream too. */
export async function openSegment(
  ctx: Context,
  { digest }: { digest: string },
): Promise<{ sizeBytes: number; stream: ReadableStream<Uint8Array> }> {
  const known = await ctx.db
    .selectFrom('upload_segments')
    .select('size_bytes')
    .where('digest', '=', digest)
    .limit(1)
    .executeTakeFirst();
  if (!known) throw new AppError('NOT_FOUND', 'no segment has this digest', { digest });
  return {
    sizeBytes: known.size_bytes,
    stream: asStream(await ctx.evidence.read(digest, { sizeBytes: known.size_bytes })),
  };
}
