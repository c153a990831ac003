import 'server-only';
import type { Context } from '../context';
import { asStream } from '../evidence/as-stream';
import { AppError } from '../core/errors';
import { requireChain } from '../db/chains';
import { requireNotDeleted } from '../db/deleted-chains';
import { tailBytes } from '../db/tail-bytes';
import { readObject } from '../evidence/store';

/**
 * Bytes `[from, to)` of a chain that lie in one segment, and the segment's digest: null while it is open. Null when the chain does not
 * reach so far. @throws AppError EVIDENCE_MISSING, EVIDENCE_ALTERED.
 */
export async function readChainBytes(
  ctx: Context,
  chainId: string,
  from: number,
  to: number,
): Promise<{ bytes: Buffer; segmentDigest: string | null } | null> {
  const segment = await ctx.db
    .selectFrom('chain_segments')
    .select(['digest', 'byte_offset', 'size_bytes'])
    .where('chain_id', '=', chainId)
    .where('byte_offset', '<=', from)
    .orderBy('byte_offset', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (segment && to <= segment.byte_offset + segment.size_bytes) {
    return {
      bytes: await readObject(ctx.evidence, segment.digest, {
        from: from - segment.byte_offset,
        to: to - segment.byte_offset,
      }),
      segmentDigest: segment.digest,
    };
  }
  const bytes = await tailBytes(ctx, chainId, from, to);
  return bytes.length === to - from ? { bytes, segmentDigest: null } : null;
}

/** Bytes of an open segment read at a time. */
const STEP_BYTES = 4 * 1024 * 1024;

/**
 * The whole chain byte for byte as it stands now, what is still open included, as a stream of known length. It fails midway when an upload
 * puts other content in the chain's place meanwhile, and when a segment is not what was stored. @throws AppError NOT_FOUND, EVIDENCE_DELETED.
 */
export async function openChainBytes(
  ctx: Context,
  { chainId }: { chainId: string },
): Promise<{ name: string; sizeBytes: number; stream: ReadableStream<Uint8Array> }> {
  const { name, size_bytes: sizeBytes } = await requireChain(ctx.db, chainId);
  await requireNotDeleted(ctx.db, chainId);
  const stream = asStream(bytesOf(ctx, chainId, sizeBytes));
  return { name, sizeBytes, stream };
}

async function* bytesOf(ctx: Context, chainId: string, sizeBytes: number): AsyncGenerator<Buffer, void, undefined> {
  const content = await contentOf(ctx, chainId);
  for (let at = 0; at < sizeBytes; ) {
    const segment = await ctx.db
      .selectFrom('chain_segments')
      .select(['digest', 'byte_offset', 'size_bytes'])
      .where('chain_id', '=', chainId)
      .where('byte_offset', '<=', at)
      .orderBy('byte_offset', 'desc')
      .limit(1)
      .executeTakeFirst();
    const end = segment ? Math.min(sizeBytes, segment.byte_offset + segment.size_bytes) : 0;
    const before = at;
    if (segment && at < end) {
      const isWhole = at === segment.byte_offset && end === at + segment.size_bytes;
      const wanted = isWhole
        ? { sizeBytes: segment.size_bytes }
        : { from: at - segment.byte_offset, to: end - segment.byte_offset };
      for await (const chunk of await ctx.evidence.read(segment.digest, wanted)) yield chunk;
      at = end;
    } else {
      const open = await tailBytes(ctx, chainId, at, Math.min(sizeBytes, at + STEP_BYTES));
      // Nothing there: it was closed a moment ago, and is a segment now.
      if (open.length > 0) yield open;
      at += open.length;
    }
    if ((await contentOf(ctx, chainId)) !== content)
      throw new AppError('CONFLICT', 'an upload put other content in the place of what was being read', { chainId });
    if (at === before && segment && at >= segment.byte_offset + segment.size_bytes)
      await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** The newest upload that did not merely go on where the chain ended. */
async function contentOf(ctx: Context, chainId: string): Promise<string | null> {
  const upload = await ctx.db
    .selectFrom('uploads')
    .select('id')
    .where('chain_id', '=', chainId)
    .where('relation', '!=', 'continues')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  return upload?.id ?? null;
}
