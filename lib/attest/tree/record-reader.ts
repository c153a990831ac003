import 'server-only';
import type { Context } from '../../context';
import type { FormatId } from '../../core/chain/format';
import { AppError } from '../../core/errors';
import { HASH_BYTES } from '../../core/merkle/hash';
import { eachRecord } from '../../core/merkle/record-lines';
import { recordTest } from '../../core/merkle/record-test';
import { copiedLeaves } from '../../core/merkle/segment-tree';
import { TILE_ENTRY_BYTES, tileOffset } from '../../core/merkle/tile-entries';
import { TILE_WIDTH } from '../../core/merkle/tiles';
import { readObject } from '../../evidence/store';
import { type Segment, type SegmentTreeRow, segmentTrees } from './segment-trees';

/** Records one after another: their bytes, each with the prefix of a leaf before it, and where those begin and end. */
type Records = { bytes: Uint8Array; spans: Int32Array /** Number in its segment of the first. */; first: number };

export type RecordReader = {
  /** The segment's part of the tree. */
  rowOf(segment: Segment): Promise<SegmentTreeRow>;
  /** The records of the segment that lie in the same tile as its `record`th, read from evidence. Those read last are not read again. @throws AppError EVIDENCE_MISSING, EVIDENCE_ALTERED. */
  around(segment: Segment, record: number): Promise<Records>;
};

export function createRecordReader(ctx: Context, format: FormatId): RecordReader {
  const rows = new Map<Segment, Promise<SegmentTreeRow>>();
  let latest: { segment: Segment; first: number; records: Promise<Records> } | null = null;
  const rowOf = (segment: Segment) => {
    const row =
      rows.get(segment) ??
      segmentTrees(ctx, format, [segment]).then(
        ([found]) => found ?? Promise.reject(new AppError('CONFLICT', 'the chain changed; try again')),
      );
    rows.set(segment, row);
    return row;
  };
  return {
    rowOf,
    async around(segment, record) {
      const row = await rowOf(segment);
      const place = placeOf(segment, row, record);
      if (latest?.segment !== segment || latest.first !== place.first)
        latest = { segment, first: place.first, records: read(ctx, format, segment, row.damaged, place) };
      return latest.records;
    },
  };
}

type Place = { from: number; to: number; first: number; count: number };

/** Where the records of one tile lie in the segment, `count` of them from the `first` on in the bytes `[from, to)`. */
function placeOf(segment: Segment, row: SegmentTreeRow, record: number): Place {
  const lead = row.head.length / HASH_BYTES;
  const tiles = row.tiles.length / TILE_ENTRY_BYTES;
  const offsetOf = (tile: number) => (tile < tiles ? tileOffset(row.tiles, tile) : row.tail_offset);
  if (record < lead) return { from: 0, to: offsetOf(0), first: 0, count: lead };
  const tile = Math.floor((record - lead) / TILE_WIDTH);
  const first = lead + tile * TILE_WIDTH;
  if (tile >= tiles) return { from: row.tail_offset, to: segment.size_bytes, first, count: segment.records - first };
  return { from: offsetOf(tile), to: offsetOf(tile + 1), first, count: TILE_WIDTH };
}

async function read(
  ctx: Context,
  format: FormatId,
  segment: Segment,
  damaged: boolean,
  { from, to, first, count }: Place,
): Promise<Records> {
  const held = await readObject(ctx.evidence, segment.digest, { from, to });
  const found: number[] = [];
  eachRecord(held, 0, true, damaged ? recordTest(format, ctx.hasher) : null, (start, end) => found.push(start, end));
  if (found.length / 2 !== count)
    throw new AppError('EVIDENCE_ALTERED', 'the segment holds other records than when it was checked', {
      segment: segment.digest,
    });
  return { ...copiedLeaves(held, found), first };
}
