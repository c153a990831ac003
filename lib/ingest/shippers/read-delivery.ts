import 'server-only';
import { inflateRawSync, inflateSync } from 'node:zlib';
import { uncompress } from 'snappyjs';
import { isSnappyFramed, isZlib } from '../../core/bytes/file-kind';
import { AppError } from '../../core/errors';
import { readAppendBody } from '../append/read-body';
import { MAX_APPEND_BYTES } from '../append/request';
import { unsnappedFrames } from './snappy-frames';

/** Encodings that are undone; gzip and zstd are told by the body's own first bytes, whatever its header says. */
const ENCODINGS = ['identity', 'gzip', 'x-gzip', 'zstd', 'deflate', 'zlib', 'snappy', 'x-snappy-framed'];

/**
 * A shipper's body, whole and plain. Of what a `Content-Encoding` names, or the protocol prescribes, the body's own first bytes tell the
 * kind: deflate with or without the header of zlib, snappy in blocks or framed.
 * @throws AppError UNSUPPORTED_MEDIA for another encoding, TOO_LARGE past 64 MiB, UNREADABLE_BODY, DIGEST_MISMATCH.
 */
export async function readDelivery(
  request: { body: AsyncIterable<Uint8Array> | null; headers: Headers },
  prescribed: 'snappy' | null = null,
): Promise<Buffer> {
  const encoding = request.headers.get('content-encoding')?.trim().toLowerCase() || (prescribed ?? 'identity');
  if (!ENCODINGS.includes(encoding))
    throw new AppError(
      'UNSUPPORTED_MEDIA',
      `Content-Encoding ${encoding} is not undone here; send ${ENCODINGS.join(', ')}`,
      { encoding },
    );
  const { bytes } = await readAppendBody(request.body, request.headers.get('content-digest'));
  if (bytes.length === 0) return bytes;
  if (encoding === 'deflate' || encoding === 'zlib')
    return undo(encoding, () =>
      (isZlib(bytes) ? inflateSync : inflateRawSync)(bytes, { maxOutputLength: MAX_APPEND_BYTES }),
    );
  if (isSnappyFramed(bytes)) return undo('snappy', () => unsnappedFrames(bytes, MAX_APPEND_BYTES));
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
    if (
      error instanceof RangeError ||
      (error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE')
    )
      throw tooLarge();
    throw new AppError(
      'UNREADABLE_BODY',
      `the ${encoding} body is damaged${error instanceof Error && encoding === 'snappy' ? `: ${error.message}` : ''}`,
      { encoding },
      { cause: error },
    );
  }
}

function tooLarge(): AppError {
  return new AppError('TOO_LARGE', `a delivery is at most ${MAX_APPEND_BYTES} bytes, plain; send smaller batches`, {
    limitBytes: MAX_APPEND_BYTES,
  });
}
