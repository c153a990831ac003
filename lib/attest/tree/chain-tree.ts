import 'server-only';
import type { Context } from '../../context';
import type { FormatId } from '../../core/chain/format';
import { AppError } from '../../core/errors';
import { createTileFolder } from '../../core/merkle/fold-tiles';
import { HASH_BYTES } from '../../core/merkle/hash';
import { rootHash } from '../../core/merkle/prove';
import { TILE_WIDTH, type TileSource } from '../../core/merkle/tiles';
import { requireChain, segmentsOf } from '../../db/chains';
import { type RecordReader, createRecordReader } from './record-reader';
import { type Segment, ensureSegmentTrees } from './segment-trees';
import { tileRoots } from './tile-roots';

/** The tree over the records of a chain's closed segments, as they stand now: leaf i is the line of record i without its newline. */
export type ChainTree = {
  chain: { id: string; name: string; format: FormatId };
  size: number;
  source: TileSource;
  /** Segments that were read whole to open it. */
  proven: readonly string[];
  /** A record's line without its newline. @throws AppError NOT_FOUND. */
  lineOf(ordinal: number): Promise<Uint8Array<ArrayBuffer>>;
};

/**
 * The head of the tree over a chain's first `records` records, all of them in closed segments. What is missing for it is made.
 * @throws AppError NOT_FOUND, CONFLICT while they are not verified or not closed, EVIDENCE_MISSING.
 */
export async function treeHead(
  ctx: Context,
  { chainId, records }: { chainId: string; records: number },
): Promise<{ size: number; rootHash: string }> {
  return headOf(await openChainTree(ctx, chainId), records);
}

/** As `treeHead`, of a tree that is open. @throws AppError CONFLICT. */
export async function headOf(tree: ChainTree, records: number): Promise<{ size: number; rootHash: string }> {
  if (records > tree.size)
    throw new AppError('CONFLICT', 'the closed segments of the chain do not hold so many records', {
      chainId: tree.chain.id,
      records,
      closed: tree.size,
    });
  return { size: records, rootHash: Buffer.from(await rootHash(tree.source, records)).toString('hex') };
}

/** @throws AppError NOT_FOUND, CONFLICT while segments are not verified, EVIDENCE_MISSING. */
export async function openChainTree(ctx: Context, chainId: string): Promise<ChainTree> {
  const { id, name, format } = await requireChain(ctx.db, chainId);
  const segments = await segmentsOf(ctx.db, chainId);
  const proven = await ensureSegmentTrees(ctx, format, segments);
  const last = segments.at(-1);
  const size = last ? last.first_record + last.records : 0;
  const levels = await upperLevels(ctx, chainId, format, segments);
  const reader = createRecordReader(ctx, format);
  // The nodes of a proof below the tiles' roots all lie in one tile.
  let latest: { index: number; leaves: Promise<Uint8Array> } | null = null;
  const source: TileSource = async ({ level, index, width }) => {
    if (level === 0) {
      if (latest?.index !== index)
        latest = {
          index,
          leaves: leavesOf(ctx, reader, segments, index * TILE_WIDTH, Math.min(size, (index + 1) * TILE_WIDTH)),
        };
      return (await latest.leaves).subarray(0, width * HASH_BYTES);
    }
    const from = index * TILE_WIDTH * HASH_BYTES;
    return (levels[level - 1] ?? new Uint8Array(0)).subarray(from, from + width * HASH_BYTES);
  };
  return { chain: { id, name, format }, size, source, proven, lineOf: (ordinal) => lineOf(reader, segments, ordinal) };
}

/** The roots of full tiles: those over records, those over such roots, and so on. */
async function upperLevels(
  ctx: Context,
  chainId: string,
  format: FormatId,
  segments: readonly Segment[],
): Promise<Uint8Array[]> {
  const fold = createTileFolder(ctx.hasher);
  const levels: Uint8Array[] = [];
  const fullBytes = ({ length }: Uint8Array) => length - (length % (TILE_WIDTH * HASH_BYTES));
  for (
    let level = await tileRoots(ctx, chainId, format, segments);
    level.length > 0;
    level = Uint8Array.from(fold(level.subarray(0, fullBytes(level))))
  )
    levels.push(level);
  return levels;
}

/** Hashes of the records `[from, to)`, of one tile at most: those on record, or made of the bytes in evidence. */
async function leavesOf(
  ctx: Context,
  reader: RecordReader,
  segments: readonly Segment[],
  from: number,
  to: number,
): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for (const segment of segments.filter(({ first_record: first, records }) => first < to && first + records > from)) {
    const [begin, end] = [
      Math.max(from, segment.first_record) - segment.first_record,
      Math.min(to, segment.first_record + segment.records) - segment.first_record,
    ];
    parts.push(await leavesIn(ctx, reader, segment, begin, end));
  }
  return Buffer.concat(parts);
}

async function leavesIn(
  ctx: Context,
  reader: RecordReader,
  segment: Segment,
  begin: number,
  end: number,
): Promise<Uint8Array> {
  const { head, tail } = await reader.rowOf(segment);
  const tailFrom = segment.records - tail.length / HASH_BYTES;
  if (begin < head.length / HASH_BYTES) return head.subarray(begin * HASH_BYTES, end * HASH_BYTES);
  if (begin >= tailFrom) return tail.subarray((begin - tailFrom) * HASH_BYTES, (end - tailFrom) * HASH_BYTES);
  const { bytes, spans, first } = await reader.around(segment, begin);
  const hashes = Buffer.alloc((spans.length / 2) * HASH_BYTES);
  ctx.hasher.digests('sha256', bytes, spans, hashes);
  return hashes.subarray((begin - first) * HASH_BYTES, (end - first) * HASH_BYTES);
}

async function lineOf(
  reader: RecordReader,
  segments: readonly Segment[],
  ordinal: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const segment = segments.find(({ first_record: first, records }) => first <= ordinal && ordinal < first + records);
  if (!segment)
    throw new AppError('NOT_FOUND', 'the closed segments of the chain have no such record', { record: ordinal });
  const record = ordinal - segment.first_record;
  const { bytes, spans, first } = await reader.around(segment, record);
  // Before the line stands the prefix of its leaf.
  return Uint8Array.from(bytes.subarray((spans[2 * (record - first)] ?? 0) + 1, spans[2 * (record - first) + 1]));
}
