import 'server-only';
import { inflateSync } from 'node:zlib';
import { uncompress } from 'snappyjs';
import { AppError } from '../../core/errors';
import { readAppendBody } from '../append/read-body';
import { MAX_APPEND_BYTES } from '../append/request';

/**
 * A shipper's body, whole and plain: gzip and zstd are told by their bytes, deflate and snappy (block format) by `Content-Encoding` or
 * by what the protocol prescribes. @throws AppError TOO_LARGE past 64 MiB, UNREADABLE_BODY, DIGEST_MISMATCH.
 */
export async function readDelivery(request: { body: AsyncIterable<Uint8Array> | null; headers: Headers }, prescribed: 'snappy' | null = null): Promise<Buffer> {
  const { bytes } = await readAppendBody(request.body, request.headers.get('content-digest'));
  const encoding = request.headers.get('content-encoding')?.trim().toLowerCase() ?? prescribed;
  if (bytes.length === 0) return bytes;
  if (encoding === 'deflate') return undo('deflate', () => inflateSync(bytes, { maxOutputLength: MAX_APPEND_BYTES }));
  if (encoding === 'snappy' || prescribed === 'snappy') return undo('snappy', () => unsnapped(bytes));
  return bytes;
}

function unsnapped(bytes: Buffer): Buffer {
  if (plainBytes(bytes) > MAX_APPEND_BYTES) throw tooLarge();
  return uncompress(bytes, MAX_APPEND_BYTES);
}

/** The length a snappy block states in front, a varint. */
function plainBytes(bytes: Buffer): number {
  let size = 0;
  for (let at = 0; at < 5; at += 1) {
    const byte = bytes[at] ?? 0;
    size += (byte & 0x7f) * 2 ** (7 * at);
    if (byte < 0x80) break;
  }
  return size;
}

function undo(encoding: string, plain: () => Buffer): Buffer {
  try {
    return plain();
  } catch (error) {
    if (error instanceof AppError) throw error;
    if (error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge();
    throw new AppError('UNREADABLE_BODY', `the ${encoding} body is damaged`, { encoding }, { cause: error });
  }
}

function tooLarge(): AppError {
  return new AppError('TOO_LARGE', `a delivery is at most ${MAX_APPEND_BYTES} bytes, plain; send smaller batches`, { limitBytes: MAX_APPEND_BYTES });
}
