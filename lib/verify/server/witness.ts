import 'server-only';
import type { Context } from '../../context';
import type { SegmentCheck, WitnessedHead } from '../../core/chain/check';
import type { ChainFormat } from '../../core/chain/format';
import { recordsOf } from '../../core/chain/line-records';
import { splitLines } from '../../core/bytes/lines';

type SegmentInChain = { digest: string; firstRecord: number; check: SegmentCheck };

/** For each head we witnessed, the hash the chain has now at that head's last record; null when it is shorter or the place holds none. */
export async function findWitnessed(
  ctx: Context,
  format: ChainFormat,
  segments: readonly SegmentInChain[],
  heads: readonly WitnessedHead[],
): Promise<(WitnessedHead & { found: string | null })[]> {
  const found = new Map<number, string | null>();
  for (const { digest, firstRecord, check } of segments) {
    const wanted = new Set(
      heads.map(({ records }) => records - 1 - firstRecord).filter((record) => record >= 0 && record < check.records),
    );
    if (check.last && wanted.delete(check.last.record)) found.set(firstRecord + check.last.record, check.last.hash);
    if (wanted.size === 0) continue;
    for (const [record, hash] of await hashesAt(ctx, format, digest, wanted)) found.set(firstRecord + record, hash);
  }
  return heads.map((head) => ({ ...head, found: found.get(head.records - 1) ?? null }));
}

async function hashesAt(
  ctx: Context,
  format: ChainFormat,
  digest: string,
  wanted: ReadonlySet<number>,
): Promise<Map<number, string | null>> {
  const hashes = new Map<number, string | null>();
  let record = 0;
  for await (const line of splitLines(await ctx.evidence.read(digest))) {
    if (hashes.size === wanted.size) continue; // what was found counts when the bytes are proven, which is at their end
    for (const { read } of line.tooLong ? [] : recordsOf(format, ctx.hasher, line)) {
      if (wanted.has(record)) hashes.set(record, read.hash);
      record += 1;
    }
  }
  return hashes;
}
