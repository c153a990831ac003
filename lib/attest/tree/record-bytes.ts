import 'server-only';
import type { Context } from '../../context';
import type { FormatId } from '../../core/chain/format';
import { AppError } from '../../core/errors';
import { HASH_BYTES, LEAF_PREFIX } from '../../core/merkle/hash';
import { eachRecord } from '../../core/merkle/record-lines';
import { TILE_ENTRY_BYTES, tileOffset } from '../../core/merkle/tile-entries';
import { TILE_WIDTH } from '../../core/merkle/tiles';
import { readObject } from '../../evidence/store';
import { recordTest } from '../../core/merkle/record-test';
import type { Segment, SegmentTreeRow } from './segment-trees';

/**
 * The records of one segment that lie in the same tile as its `record`th, read from evidence: their bytes, each with the prefix of a leaf
 * before it, and where those begin and end. `first` is the number in the segment of the first of them.
 */
export async function recordsBetween(ctx: Context, format: FormatId, segment: Segment, row: SegmentTreeRow, record: number): Promise<{ bytes: Uint8Array; spans: Int32Array; first: number }> {
  const lead = Math.min(row.head.length / HASH_BYTES, segment.records);
  const tiles = row.tiles.length / TILE_ENTRY_BYTES;
  const offsetOf = (tile: number) => (tile < tiles ? tileOffset(row.tiles, tile) : row.tail_offset);
  const tile = Math.floor((record - lead) / TILE_WIDTH);
  const isTail = tile >= tiles;
  const [from, to] = tile < 0 ? [0, offsetOf(0)] : [offsetOf(tile), isTail ? segment.size_bytes : offsetOf(tile + 1)];
  const first = tile < 0 ? 0 : lead + tile * TILE_WIDTH;
  const held = await readObject(ctx.evidence, segment.digest, { from, to });
  const bytes = new Uint8Array(1 + held.length);
  bytes.set(held, 1);
  const spans: number[] = [];
  eachRecord(bytes, 1, true, row.damaged ? recordTest(format, ctx.hasher) : null, (start, end) => {
    bytes[start - 1] = LEAF_PREFIX;
    spans.push(start - 1, end);
  });
  const expected = tile < 0 ? lead : isTail ? segment.records - first : TILE_WIDTH;
  if (spans.length / 2 !== expected) throw new AppError('EVIDENCE_ALTERED', 'the segment holds other records than when it was checked', { segment: segment.digest });
  return { bytes, spans: Int32Array.from(spans), first };
}
