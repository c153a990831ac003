import { createHash } from 'node:crypto';
import type { ByteSpan, ObjectStore } from './store';

/** What a part of an object is compared with: its digest a block. */
export const BLOCK_BYTES = 256 * 1024;

/** The blocks of an object that `[from, to)` reaches into, whole, with where each begins; the last of an object is shorter. Each may be given away. */
export async function* inBlocks(
  store: ObjectStore,
  digest: string,
  { from, to }: ByteSpan,
  sizeBytes: number,
): AsyncGenerator<{ block: Buffer; at: number }, void, undefined> {
  let at = from - (from % BLOCK_BYTES);
  const end = Math.min(sizeBytes, Math.ceil(to / BLOCK_BYTES) * BLOCK_BYTES);
  let block = Buffer.allocUnsafeSlow(Math.min(BLOCK_BYTES, end - at));
  let filled = 0;
  for await (const chunk of await store.read(digest, { from: at, to: end })) {
    for (let consumed = 0; consumed < chunk.length; ) {
      const copied = chunk.copy(block, filled, consumed, consumed + block.length - filled);
      consumed += copied;
      filled += copied;
      if (filled < block.length) continue;
      const next = at + filled;
      yield { block, at };
      at = next;
      filled = 0;
      if (at >= end) return;
      block = Buffer.allocUnsafeSlow(Math.min(BLOCK_BYTES, end - at));
    }
  }
  if (filled > 0 || at < end) yield { block: block.subarray(0, filled), at };
}

export async function bytesOf(chunks: AsyncIterable<Buffer>): Promise<Buffer> {
  const all: Buffer[] = [];
  for await (const chunk of chunks) all.push(chunk);
  return Buffer.concat(all);
}

export async function sha256Of(chunks: AsyncIterable<Buffer>): Promise<string> {
  const sha256 = createHash('sha256');
  for await (const chunk of chunks) sha256.update(chunk);
  return sha256.digest('hex');
}
