import 'server-only';
import type { Context } from '../context';
import type { SegmentCheck } from '../core/chain/check';
import { createSegmentChecker } from '../core/chain/check-segment';
import type { ChainFormat } from '../core/chain/format';
import { joinSegments } from '../core/chain/join';
import { formatById } from '../core/formats';
import { segmentsOf } from '../db/chains';
import { tailBytes } from '../db/tails';
import { isDamage } from '../evidence/damage';
import type { Reporter } from './drift';

type Chain = { id: string; name: string; format: Parameters<typeof formatById>[0]; generation: number; verified_generation: number; records: number; size_bytes: number; head: string | null };

/** Walks a chain anew, from evidence and what is open, and holds what comes out against what is on record. */
export async function examineChain(ctx: Context, chain: Chain, report: Reporter): Promise<void> {
  const format = formatById(chain.format);
  const differs = (kind: 'segments-apart' | 'check-differs' | 'head-differs' | 'tail-differs', what: string, expected: unknown, found: unknown) => {
    if (expected !== found) report.drift({ kind, chain: chain.name, what, expected: String(expected), found: String(found) });
  };
  const checks: SegmentCheck[] = [];
  let bytes = 0;
  for (const segment of await segmentsOf(ctx.db, chain.id)) {
    differs('segments-apart', `segment ${segment.index}`, bytes, segment.byte_offset);
    bytes = segment.byte_offset + segment.size_bytes;
    const check = await walk(format, ctx, readSegment(ctx, segment.digest));
    if (!check) return; // told with the objects
    const stored = await ctx.db.selectFrom('segment_checks').select('result').where('digest', '=', segment.digest).where('format', '=', chain.format).executeTakeFirst();
    if (stored) {
      differs('check-differs', `records of segment ${segment.index}`, stored.result.records, check.records);
      differs('check-differs', `head of segment ${segment.index}`, stored.result.last?.hash ?? null, check.last?.hash ?? null);
    }
    checks.push(check);
  }
  bytes += await examineTail(ctx, chain, format, checks, bytes, differs);
  const joined = joinSegments(format, checks, []);
  report.examined.chains += 1;
  report.examined.records += joined.records;
  if (chain.verified_generation !== chain.generation) return; // its figures are being worked out
  differs('head-differs', 'bytes', chain.size_bytes, bytes);
  differs('head-differs', 'records', chain.records, joined.records);
  differs('head-differs', 'head', chain.head, joined.head);
}

async function examineTail(ctx: Context, chain: Chain, format: ChainFormat, checks: SegmentCheck[], closedBytes: number, differs: (kind: 'tail-differs', what: string, expected: unknown, found: unknown) => void): Promise<number> {
  const tail = await ctx.db.selectFrom('tails').selectAll().where('chain_id', '=', chain.id).executeTakeFirst();
  if (!tail) return 0;
  differs('tail-differs', 'where the open segment begins', tail.closed_bytes, closedBytes);
  const open = await tailBytes(ctx, chain.id, tail.closed_bytes);
  differs('tail-differs', 'bytes of the open segment', tail.size_bytes - tail.closed_bytes, open.length);
  const check = await walk(format, ctx, [open.subarray(0, tail.complete_bytes - tail.closed_bytes)]);
  if (check && check.sizeBytes > 0) checks.push(check);
  differs('tail-differs', 'records', tail.records, checks.reduce((sum, { records }) => sum + records, 0));
  return open.length;
}

async function* readSegment(ctx: Context, digest: string): AsyncGenerator<Buffer> {
  for await (const chunk of await ctx.evidence.read(digest)) yield chunk as Buffer; // a byte stream without encoding yields Buffers
}

/** Null when the bytes are not there any more. */
async function walk(format: ChainFormat, ctx: Context, bytes: AsyncIterable<Buffer> | Iterable<Buffer>): Promise<SegmentCheck | null> {
  const checker = createSegmentChecker(format, ctx.hasher);
  try {
    for await (const chunk of bytes) checker.push(chunk);
  } catch (error) {
    if (isDamage(error)) return null;
    throw error;
  }
  return checker.end().check;
}
