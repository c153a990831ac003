import { compressionOf } from '../core/bytes/compression';

/** Bytes from the start an archive is told by. */
export const TOLD_BY_BYTES = 512;

/** Whether plain bytes begin a `.zip` or a `.tar`: a name may lie, bytes do not. */
export function isArchive(head: Buffer | undefined): boolean {
  if (!head) return false;
  if (head.length >= 4 && (head.readUInt32LE(0) === 0x04034b50 || head.readUInt32LE(0) === 0x06054b50)) return true;
  return head.subarray(257, 262).toString('latin1') === 'ustar';
}

/** Whether bytes begin a gzip or zstd stream, which may hold an archive or a log. */
export function isPacked(head: Buffer): boolean {
  return compressionOf(head) !== null;
}

/** The first bytes of a stream, at least `bytes` of them where it has as many, and all of the stream. */
export async function peek(body: AsyncIterable<Uint8Array>, bytes: number): Promise<{ head: Buffer; whole: AsyncGenerator<Buffer> }> {
  const chunks = body[Symbol.asyncIterator]();
  let head = Buffer.alloc(0);
  while (head.length < bytes) {
    const next = await chunks.next();
    if (next.done) break;
    head = Buffer.concat([head, next.value]);
  }
  const whole = async function* () {
    try {
      if (head.length > 0) yield head;
      for (let next = await chunks.next(); !next.done; next = await chunks.next()) yield Buffer.from(next.value.buffer, next.value.byteOffset, next.value.byteLength);
    } finally {
      await chunks.return?.();
    }
  };
  return { head, whole: whole() };
}
