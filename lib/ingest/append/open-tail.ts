import 'server-only';
import type { Context } from '../../context';
import type { SegmentCheck } from '../../core/chain/check';
import { mergeChecks } from '../../core/chain/merge-checks';
import { AppError } from '../../core/errors';
import { formatById } from '../../core/formats';
import type { Tx } from '../../db/database';
import { tailBytes, tailState } from '../../db/tail-bytes';
import { type GrowingChain } from '../../db/tails';
import { readObject } from '../../evidence/store';
import { MAX_OPEN_LINKS, emptyCheck } from './state';
import type { GrowingTail } from './take';

/** Checks of tails as this process wrote them last, by chain. Whatever another process wrote has another version. */
type Remembered = { version: number; check: SegmentCheck; pending: Buffer };
export type TailMemory = Map<string, Remembered>;
const MOST_REMEMBERED = 10_000;
/** The beginning of a longer line is read back when it goes on. */
const MOST_PENDING_BYTES = 4 * 1024;

export function remember(memory: TailMemory, chainId: string, remembered: Remembered): void {
  memory.delete(chainId);
  if (remembered.pending.length > MOST_PENDING_BYTES) return;
  if (memory.size >= MOST_REMEMBERED) memory.delete(memory.keys().next().value ?? '');
  memory.set(chainId, remembered);
}

/**
 * The chain's tail as it stands, for a caller that holds the chain's lock. A chain that has none goes on from its segments.
 * @throws AppError BUSY while they are being checked, CONFLICT when they end in the middle of a line.
 */
export async function openTail(ctx: Context, tx: Tx, chain: GrowingChain, memory: TailMemory): Promise<GrowingTail> {
  const format = formatById(chain.format);
  const base = {
    chainId: chain.id,
    name: chain.name,
    format,
    sealedAt: chain.sealed_at,
    openedAt: chain.opened_at,
    verdict: chain.verdict,
    isDamaged: chain.damaged > 0,
    problemCounts: chain.problem_counts,
    appendedBy: null,
    appenders: chain.appenders ?? [],
    begunBy: [],
    lagBytes: null,
    isSealed: chain.version === null || chain.seal_key === ctx.seals.id || chain.size_bytes === chain.closed_bytes,
    pieces: [],
    problems: [],
  };
  const {
    version,
    closed_bytes: closedBytes,
    closed_records: records,
    closed_lines: lines,
    size_bytes: sizeBytes,
    complete_bytes: completeBytes,
  } = chain;
  if (
    version !== null &&
    closedBytes !== null &&
    records !== null &&
    lines !== null &&
    sizeBytes !== null &&
    completeBytes !== null
  ) {
    const known = memory.get(chain.id);
    const { check, pending } =
      known?.version === version ? known : await tailState({ db: tx, seals: ctx.seals }, chain.id, completeBytes);
    return {
      ...base,
      closed: { bytes: closedBytes, records, lines },
      state: { sizeBytes, completeBytes, check, pending },
      ending: (maxBytes) => ending(ctx, tx, chain.id, { closedBytes, sizeBytes }, maxBytes),
    };
  }
  const check = await checkOfSegments(ctx, tx, chain);
  const bytes = chain.chain_bytes;
  return {
    ...base,
    closed: { bytes, records: check.records, lines: check.lines },
    state: { sizeBytes: bytes, completeBytes: bytes, check, pending: Buffer.alloc(0) },
    ending: (maxBytes) => ending(ctx, tx, chain.id, { closedBytes: bytes, sizeBytes: bytes }, maxBytes),
  };
}

async function checkOfSegments(ctx: Context, tx: Tx, { id, format: formatId }: GrowingChain): Promise<SegmentCheck> {
  const format = formatById(formatId);
  const checks = await tx
    .selectFrom('chain_segments as s')
    .leftJoin('segment_checks as k', (join) => join.onRef('k.digest', '=', 's.digest').on('k.format', '=', formatId))
    .where('s.chain_id', '=', id)
    .orderBy('s.index')
    .select('k.result')
    .execute();
  let merged = emptyCheck(format, ctx.hasher);
  for (const { result } of checks) {
    if (!result) throw new AppError('BUSY', 'the chain is still being verified; append when it is', { chainId: id });
    merged = mergeChecks(format, merged, result, { maxOpenLinks: MAX_OPEN_LINKS });
  }
  if (merged.openTail)
    throw new AppError(
      'CONFLICT',
      'the chain ends in the middle of a line, so nothing can follow it: upload the log as it is now',
      { chainId: id, offset: merged.sizeBytes },
    );
  return merged;
}

/** The last bytes of the chain as it is stored, from the open segment and the one before. */
async function ending(
  ctx: Context,
  tx: Tx,
  chainId: string,
  { closedBytes, sizeBytes }: { closedBytes: number; sizeBytes: number },
  maxBytes: number,
): Promise<Buffer> {
  const from = Math.max(0, sizeBytes - maxBytes);
  const open =
    sizeBytes > closedBytes
      ? await tailBytes({ db: tx, seals: ctx.seals }, chainId, Math.max(from, closedBytes))
      : Buffer.alloc(0);
  const last =
    from < closedBytes
      ? await tx
          .selectFrom('chain_segments')
          .selectAll()
          .where('chain_id', '=', chainId)
          .orderBy('index', 'desc')
          .limit(1)
          .executeTakeFirst()
      : undefined;
  if (!last) return open;
  const closed = await readObject(ctx.evidence, last.digest, {
    from: Math.max(0, from - last.byte_offset),
    to: last.size_bytes,
  });
  return Buffer.concat([closed, open]);
}
