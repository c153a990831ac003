import { endOfLine } from '../bytes/newline';
import type { Hasher } from '../chain/format';
import { createTileFolder } from './fold-tiles';
import { HASH_BYTES, LEAF_PREFIX } from './hash';
import { type RecordsIn, eachRecord } from './record-lines';
import { TILE_WIDTH } from './tiles';

/** What a segment contributes to the tree over its chain's records: the roots of the full tiles that lie in it whole, and the leaves before and after those. */
export type SegmentTree = {
  records: number;
  /** Hashes of the leaves before the first tile that begins in the segment. */
  head: Uint8Array;
  /** Roots of the full tiles. */
  tiles: Uint8Array;
  /** Byte in the segment at which the first record of each tile begins, then that of the tail, or the segment's end when it has none. */
  offsets: number[];
  /** Hashes of the leaves behind the last full tile. */
  tail: Uint8Array;
};

/**
 * Builds the tree of a segment from its bytes, pushed in chunks of any size, each leaf being the line of a record without its newline.
 * The chunks are given away: newlines in them are written over. They are searched quicker when they are Node's Buffers.
 * `phase` is the number of records before the segment in the chain, modulo 256. Records are those `recordsIn` finds in lines, or all lines
 * that are not blank when it is null.
 */
export function createSegmentTree(
  hasher: Hasher,
  { phase, recordsIn }: { phase: number; recordsIn: RecordsIn | null },
): { push(chunk: Uint8Array): void; end(): SegmentTree } {
  const fold = createTileFolder(hasher);
  const lead = (TILE_WIDTH - phase) % TILE_WIDTH;
  const tiles: Uint8Array[] = [];
  const offsets: number[] = [];
  let records = 0;
  let sizeBytes = 0;
  let carry = new Uint8Array(0);
  let head = new Uint8Array(0);
  let open = new Uint8Array(0);

  /** Hashes the records of whole lines, the first of which begins at `from`: the byte before each line may hold its leaf's prefix from here on. */
  function hashLines(bytes: Uint8Array, from: number, byteOffset: number, isLast: boolean): number {
    const found: number[] = [];
    const rest = eachRecord(bytes, from, isLast, recordsIn, (start, end) => {
      found.push(start, end);
      if (records >= lead && (records - lead) % TILE_WIDTH === 0) offsets.push(byteOffset + start);
      records += 1;
    });
    const { bytes: leafBytes, spans } = recordsIn ? copiedLeaves(bytes, found) : leavesInPlace(bytes, found);
    const leaves = new Uint8Array((spans.length / 2) * HASH_BYTES);
    // A plain view: of a Buffer, every part of it would be one too, and slower to make.
    hasher.digests('sha256', new Uint8Array(leafBytes.buffer, leafBytes.byteOffset, leafBytes.length), spans, leaves);
    add(leaves);
    return rest;
  }

  /** The line that began in chunks before, or begins this one: it alone is copied, to have a byte before it. */
  function hashFirst(end: Uint8Array, isLast: boolean): void {
    hashLines(joined(Uint8Array.of(LEAF_PREFIX), carry, end), 1, sizeBytes - carry.length - 1, isLast);
  }

  function add(leaves: Uint8Array): void {
    const missing = lead * HASH_BYTES - head.length;
    if (missing > 0) head = joined(head, leaves.subarray(0, missing));
    open = joined(open, leaves.subarray(missing));
    const full = open.length - (open.length % (TILE_WIDTH * HASH_BYTES));
    if (full === 0) return;
    tiles.push(fold(open.subarray(0, full)));
    open = open.slice(full);
  }

  return {
    push(chunk) {
      const begin = endOfLine(chunk);
      if (begin > 0) {
        hashFirst(chunk.subarray(0, begin), false);
        carry = new Uint8Array(chunk.subarray(hashLines(chunk, begin, sizeBytes, false)));
      } else carry = joined(carry, chunk);
      sizeBytes += chunk.length;
    },
    end() {
      hashFirst(new Uint8Array(0), true);
      if (open.length === 0) offsets.push(sizeBytes);
      return { records, head, tiles: joined(...tiles), offsets, tail: open };
    },
  };
}

/** Each record with the prefix of a leaf in place of the newline before it. */
function leavesInPlace(bytes: Uint8Array, found: readonly number[]): Leaves {
  const spans = Int32Array.from(found);
  for (let at = 0; at < spans.length; at += 2) {
    const start = (spans[at] ?? 0) - 1;
    bytes[start] = LEAF_PREFIX;
    spans[at] = start;
  }
  return { bytes, spans };
}

type Leaves = { bytes: Uint8Array; spans: Int32Array };

/** Records with the prefix of a leaf before each, copied: there may be no newline between them. `found` has where each begins and ends. */
export function copiedLeaves(bytes: Uint8Array, found: readonly number[]): Leaves {
  const spans = new Int32Array(found.length);
  let size = 0;
  for (let at = 0; at < found.length; at += 2) {
    spans[at] = size;
    size += 1 + (found[at + 1] ?? 0) - (found[at] ?? 0);
    spans[at + 1] = size;
  }
  const leaves = new Uint8Array(size);
  for (let at = 0; at < found.length; at += 2) {
    leaves[spans[at] ?? 0] = LEAF_PREFIX;
    leaves.set(bytes.subarray(found[at], found[at + 1]), (spans[at] ?? 0) + 1);
  }
  return { bytes: leaves, spans };
}

function joined(...parts: Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
