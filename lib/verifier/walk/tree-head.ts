import type { ChainFormat, Hasher } from '../../core/chain/format';
import { createTileFolder } from '../../core/merkle/fold-tiles';
import { HASH_BYTES, LEAF_PREFIX } from '../../core/merkle/hash';
import { rootHash } from '../../core/merkle/prove';
import { eachRecord } from '../../core/merkle/record-lines';
import { TILE_WIDTH } from '../../core/merkle/tiles';
import type { Walked } from './join-walk';

const TILE_BYTES = TILE_WIDTH * HASH_BYTES;

/** Root, in lower-case hex, of the tree over the first `size` records of a chain, RFC 6962 with a record's line as leaf; null when there are fewer. Reads the files once more. */
export async function treeRoot(files: readonly Walked[], { size, format, hasher }: { size: number; format: ChainFormat; hasher: Hasher }): Promise<string | null> {
  const fold = createTileFolder(hasher);
  const roots: Uint8Array[] = [];
  let open = new Uint8Array(0);
  let records = 0;
  const add = (leaves: Uint8Array) => {
    const all = joined([open, leaves]);
    const full = all.length - (all.length % TILE_BYTES);
    if (full > 0) roots.push(fold(all.subarray(0, full)));
    open = all.slice(full);
    records += leaves.length / HASH_BYTES;
  };
  for (const { plain, walk } of files) {
    const isWhole = walk.parts.every(({ check: { records: count, lines, blankLines } }) => count + (blankLines?.count ?? 0) === lines);
    const isRecord = isWhole ? null : (line: Uint8Array) => format.check(line, hasher).kind === 'record';
    for await (const leaves of leafHashes(plain.open(), { hasher, isRecord })) {
      add(leaves.subarray(0, (size - records) * HASH_BYTES));
      if (records === size) break;
    }
  }
  if (records < size) return null;
  const lowest = joined(roots);
  const levels = [lowest];
  for (let level = lowest; level.length >= TILE_BYTES; levels.push(level)) level = joined([fold(level.subarray(0, level.length - (level.length % TILE_BYTES)))]);
  const root = await rootHash(async ({ level, index, width }) => (level === 0 ? open : (levels[level - 1] ?? open).subarray(index * TILE_BYTES)).subarray(0, width * HASH_BYTES), size);
  return Array.from(root, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

async function* leafHashes(chunks: AsyncIterable<Uint8Array>, { hasher, isRecord }: { hasher: Hasher; isRecord: ((line: Uint8Array) => boolean) | null }): AsyncGenerator<Uint8Array> {
  let carry = new Uint8Array(0);
  const take = (chunk: Uint8Array, isLast: boolean) => {
    // One byte ahead, so that before every line there is one to hold the leaf's prefix: mostly the newline of the line before.
    const bytes = joined([Uint8Array.of(0), carry, chunk]);
    const spans: number[] = [];
    const rest = eachRecord(bytes, 1, isLast, isRecord, (start, end) => {
      bytes[start - 1] = LEAF_PREFIX;
      spans.push(start - 1, end);
    });
    const leaves = new Uint8Array((spans.length / 2) * HASH_BYTES);
    hasher.digests('sha256', bytes, Int32Array.from(spans), leaves);
    carry = bytes.slice(rest);
    return leaves;
  };
  for await (const chunk of chunks) yield take(chunk, false);
  yield take(new Uint8Array(0), true);
}

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
