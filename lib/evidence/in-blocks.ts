import { createHash } from 'node:crypto';
import type { ByteSpan, ObjectStore } from './store';

/** What a part of an object is compared with: its digest a block. */
export const BLOCK_BYTES = 256 * 1024;

/** Of blocks that are put together here, so many bytes at a time. */
const RUN_BYTES = 4 * BLOCK_BYTES;

/** Whole blocks, one after another, with where the first begins; only the last of an object is shorter. They lie alone in their memory, which may be given away. */
export type Blocks = { bytes: Buffer; at: number };

/** The blocks of an object that `[from, to)` reaches into, some at a time. */
export async function* inBlocks(
  store: ObjectStore,
  digest: string,
  { from, to }: ByteSpan,
  sizeBytes: number,
): AsyncGenerator<Blocks, void, undefined> {
  let at = from - (from % BLOCK_BYTES);
  const end = Math.min(sizeBytes, Math.ceil(to / BLOCK_BYTES) * BLOCK_BYTES);
  let filling: Buffer | null = null;
  let filled = 0;
  for await (const chunk of await store.read(digest, { from: at, to: end })) {
    if (filled === 0 && isAlone(chunk) && (chunk.length % BLOCK_BYTES === 0 || at + chunk.length === end)) {
      const begin = at;
      at += chunk.length;
      yield { bytes: chunk, at: begin };
      continue;
    }
    for (let consumed = 0; consumed < chunk.length && at < end; ) {
      filling ??= Buffer.allocUnsafeSlow(Math.min(RUN_BYTES, end - at));
      const copied = chunk.copy(filling, filled, consumed);
      consumed += copied;
      filled += copied;
      if (filled < filling.length) continue;
      const full: Blocks = { bytes: filling, at };
      at += filled;
      filled = 0;
      filling = null;
      yield full;
    }
  }
  if (at < end) yield { bytes: filling?.subarray(0, filled) ?? Buffer.alloc(0), at };
}

/** Each of some blocks; an empty one where an object ends before it should. */
export function* eachBlock({ bytes, at }: Blocks): Generator<{ block: Buffer; at: number }, void, undefined> {
  for (let from = 0; from === 0 || from < bytes.length; from += BLOCK_BYTES)
    yield { block: bytes.subarray(from, from + BLOCK_BYTES), at: at + from };
}

function isAlone({ buffer, length }: Buffer): boolean {
  return length === buffer.byteLength;
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
