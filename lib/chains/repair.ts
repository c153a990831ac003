import 'server-only';
import { createHash } from 'node:crypto';
import { endOfLines } from '../core/bytes/newline';
import type { Context } from '../context';
import { asStream } from '../evidence/as-stream';
import type { FormatId } from '../core/chain/format';
import { type Removal, type Tail, planRepair, repairSentence } from '../core/chain/repair';
import { AppError } from '../core/errors';
import { formatById } from '../core/formats';
import { requireChain, segmentsOf } from '../db/chains';
import { readObject } from '../evidence/store';
import type { RepairPlan } from '../schemas/repair';

type Segments = Awaited<ReturnType<typeof segmentsOf>>;

/** What a repaired copy would leave out, with the digests of all. Reads the chain once. @throws AppError NOT_FOUND, EVIDENCE_MISSING. */
export async function planChainRepair(ctx: Context, { chainId }: { chainId: string }): Promise<RepairPlan> {
  return (await prepare(ctx, chainId)).plan;
}

/** The repaired copy as a stream, with its plan. @throws AppError NOT_FOUND, EVIDENCE_MISSING, CONFLICT when nothing is to be left out. */
export async function openRepairedCopy(
  ctx: Context,
  { chainId }: { chainId: string },
): Promise<{ plan: RepairPlan; fileName: string; stream: ReadableStream<Uint8Array> }> {
  const { plan, segments } = await prepare(ctx, chainId);
  if (!plan.needed)
    throw new AppError('CONFLICT', 'the log does not end in a torn record: there is nothing to repair', { chainId });
  const stream = asStream(bytesOf(ctx, segments, plan.repaired.bytes));
  return { plan, fileName: `${plan.chain.replaceAll(/[^\w.-]+/g, '_')}-repaired.jsonl`, stream };
}

async function prepare(ctx: Context, chainId: string): Promise<{ plan: RepairPlan; segments: Segments }> {
  const chain = await requireChain(ctx.db, chainId);
  const segments = await segmentsOf(ctx.db, chainId);
  const removal = await removalOf(ctx, chain.format, segments);
  const sizeBytes = segments.reduce((sum, segment) => sum + segment.size_bytes, 0);
  const keptBytes = removal?.byteOffset ?? sizeBytes;
  const kept = createHash('sha256');
  for await (const chunk of bytesOf(ctx, segments, keptBytes)) kept.update(chunk);
  const whole = kept.copy();
  if (removal) for await (const chunk of bytesOf(ctx, segments, sizeBytes, keptBytes)) whole.update(chunk);
  const plan: RepairPlan = {
    chainId,
    chain: chain.name,
    needed: removal !== null,
    removed: removal && {
      bytes: removal.sizeBytes,
      sha256: removal.sha256,
      byteOffset: removal.byteOffset,
      line: removal.line,
    },
    original: { bytes: sizeBytes, sha256: whole.digest('hex') },
    repaired: { bytes: keptBytes, sha256: kept.digest('hex') },
    sentence: repairSentence(removal),
  };
  return { plan, segments };
}

async function removalOf(ctx: Context, format: FormatId, segments: Segments): Promise<Removal | null> {
  const last = segments.at(-1);
  return last ? planRepair(formatById(format), ctx.hasher, await tailOf(ctx, last)) : null;
}

/** What follows the last newline of a segment, read from its end in growing windows. */
async function tailOf(
  ctx: Context,
  { digest, size_bytes: sizeBytes, byte_offset: byteOffset, first_line: firstLine, lines }: Segments[number],
): Promise<Tail> {
  for (let windowBytes = 64 * 1024; ; windowBytes *= 16) {
    const from = Math.max(0, sizeBytes - windowBytes);
    const window = await readObject(ctx.evidence, digest, { from, to: sizeBytes });
    const end = endOfLines(window);
    if (end === 0 && from > 0) continue;
    return { bytes: window.subarray(end), byteOffset: byteOffset + from + end, line: firstLine + lines + 1 };
  }
}

/** Bytes `[from, to)` of the chain. */
async function* bytesOf(
  ctx: Context,
  segments: Segments,
  to: number,
  from = 0,
): AsyncGenerator<Buffer, void, undefined> {
  for (const { digest, byte_offset: start, size_bytes: sizeBytes } of segments) {
    const range = { from: Math.max(0, from - start), to: Math.min(sizeBytes, to - start) };
    if (range.from >= range.to) continue;
    const isWhole = range.from === 0 && range.to === sizeBytes;
    for await (const chunk of await ctx.evidence.read(digest, isWhole ? { sizeBytes } : range)) yield chunk;
  }
}
