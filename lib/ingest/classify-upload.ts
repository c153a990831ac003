import 'server-only';
import type { Context } from '../context';
import type { ChainFormat } from '../core/chain/format';
import { contentAfter } from '../db/contents';
import type { Tx } from '../db/database';
import { unlessDamaged } from '../evidence/damage';
import { firstRecord, lastRecord } from './edge-records';
import { classifyByBytes } from './classify-by-bytes';
import { type ClassifiedUpload, classifyByRecords } from './classify-by-records';
import type { CutSegment } from './segment-cutter';

type Present = readonly { digest: string; size_bytes: number }[];
type Arrival = {
  format: ChainFormat;
  present: Present;
  next: readonly CutSegment[];
  /** Its first lines. */
  lines: readonly Uint8Array[];
};

/**
 * Classifies new content against the chain: by bytes, then by its links, then by its records. What was witnessed of the chain counts more
 * than what it holds now: a copy that does not hold the furthest head seen is reported, and the genuine log after it is not.
 */
export async function classifyUpload(
  ctx: Context,
  tx: Tx,
  { chainId, ...arrival }: Arrival & { chainId: string },
): Promise<ClassifiedUpload> {
  return classifyAgainst(ctx, arrival, await furthestWitnessed(tx, chainId, arrival.present));
}

/** The same against the content of the furthest head seen; null when the chain holds it, or none was seen. */
export async function classifyAgainst(
  ctx: Context,
  { format, present, next, lines }: Arrival,
  witnessed: readonly { digest: string }[] | null,
): Promise<ClassifiedUpload> {
  const last = present.at(-1);
  if (!last) return { relation: 'new', forkedAt: null };
  const pieces = next.map(({ digest, sizeBytes }) => ({ digest, size_bytes: sizeBytes }));
  const byBytes = await classifyByBytes(ctx.evidence, present, pieces);
  if (byBytes === 'replaces') {
    const tail = await unlessDamaged(lastRecord(ctx.evidence, format, ctx.hasher, last));
    if (tail?.hash && tail.hash === firstRecord(format, ctx.hasher, lines)?.prev)
      return { relation: 'continues', forkedAt: null };
  }
  if (!witnessed)
    return byBytes === 'replaces'
      ? classifyByRecords(ctx, format, present, next)
      : { relation: byBytes, forkedAt: null };
  const sameBytes =
    witnessed.length === next.length && witnessed.every(({ digest }, index) => digest === next[index]?.digest);
  const againstWitness: ClassifiedUpload = sameBytes
    ? { relation: 'identical', forkedAt: null }
    : await classifyByRecords(ctx, format, witnessed, next);
  const holdsHead =
    againstWitness.relation === 'identical' ||
    againstWitness.relation === 'extends' ||
    againstWitness.relation === 'replaces';
  return holdsHead && byBytes !== 'replaces' ? { relation: byBytes, forkedAt: null } : againstWitness;
}

/** The content of the furthest head seen, when it is not what the chain holds. */
async function furthestWitnessed(tx: Tx, chainId: string, present: Present): Promise<{ digest: string }[] | null> {
  const head = await tx
    .selectFrom('heads')
    .select('upload_id')
    .where('chain_id', '=', chainId)
    .where('upload_id', 'is not', null)
    .orderBy('records', 'desc')
    .orderBy('id')
    .limit(1)
    .executeTakeFirst();
  const content = head?.upload_id ? await contentAfter(tx, chainId, head.upload_id) : null;
  return content && !isSameContent(content, present) ? content : null;
}

export function isSameContent(a: readonly { digest: string }[], b: readonly { digest: string }[]): boolean {
  return a.length === b.length && a.every(({ digest }, index) => digest === b[index]?.digest);
}
