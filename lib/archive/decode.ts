import { createHash } from 'node:crypto';
import { pipeline } from 'node:stream';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { compressionOf } from '../core/bytes/file-kind';
import { ARCHIVE_LIMITS, RATIO_FROM_BYTES } from '../core/bytes/limits';
import { AppError } from '../core/errors';
import { zstdFrames } from './zstd-frames';

/** The same for a log by itself as for an archive of logs. */
const { ratio: MAX_RATIO } = ARCHIVE_LIMITS;

type Encoding = 'gzip' | 'zstd';
export type ReceivedEncoding = { encoding: Encoding; sha256: string; sizeBytes: number };
export type Decoded = {
  /** Plain bytes. Fails with AppError UNREADABLE_BODY when the compressed stream is damaged, TOO_LARGE when it unpacks to many times its size, as a bomb does. */
  plain: AsyncIterable<Buffer>;
  /** What was sent, once `plain` has ended; null when it was sent plain. */
  receivedEncoding: () => ReceivedEncoding | null;
};

/** Undoes gzip or zstd, told by the first bytes: a name or header may lie, bytes do not. */
export async function decode(body: AsyncIterable<Uint8Array>): Promise<Decoded> {
  const chunks = body[Symbol.asyncIterator]();
  const head: Buffer[] = [];
  let headBytes = 0;
  while (headBytes < 4) {
    const next = await chunks.next();
    if (next.done) break;
    head.push(Buffer.from(next.value));
    headBytes += next.value.length;
  }
  const all = resume(head, chunks);
  const encoding = compressionOf(Buffer.concat(head));
  if (!encoding) return { plain: all, receivedEncoding: () => null };

  const hash = createHash('sha256');
  let sizeBytes = 0;
  const counted = async function* () {
    for await (const chunk of all) {
      hash.update(chunk);
      sizeBytes += chunk.length;
      yield chunk;
    }
  };
  return {
    plain: inflate(counted(), encoding, () => sizeBytes),
    receivedEncoding: () => ({ encoding, sha256: hash.copy().digest('hex'), sizeBytes }),
  };
}

async function* resume(head: Buffer[], rest: AsyncIterator<Uint8Array>): AsyncGenerator<Buffer> {
  try {
    yield* head;
    for (let next = await rest.next(); !next.done; next = await rest.next())
      yield Buffer.from(next.value.buffer, next.value.byteOffset, next.value.byteLength);
  } finally {
    // Whoever reads may stop before the end: then the sender is read no further.
    await rest.return?.();
  }
}

async function* inflate(
  bytes: AsyncGenerator<Buffer>,
  encoding: Encoding,
  sentBytes: () => number,
): AsyncGenerator<Buffer> {
  let plainBytes = 0;
  // Node's decoder of gzip goes on with the next member by itself, that of zstd ends with its frame.
  for await (const part of encoding === 'gzip' ? [bytes] : zstdFrames(bytes)) {
    for await (const chunk of inflatePart(part, encoding, sentBytes)) {
      plainBytes += chunk.length;
      if (plainBytes > RATIO_FROM_BYTES && plainBytes > sentBytes() * MAX_RATIO)
        throw new AppError(
          'TOO_LARGE',
          `the ${encoding} stream unpacks to more than ${MAX_RATIO} times its size, as a bomb does; nothing of it was kept`,
          { encoding, limitRatio: MAX_RATIO },
        );
      yield chunk;
    }
  }
}

async function* inflatePart(
  bytes: AsyncGenerator<Buffer>,
  encoding: Encoding,
  sentBytes: () => number,
): AsyncGenerator<Buffer> {
  const inflater =
    encoding === 'gzip' ? createGunzip({ chunkSize: 256 * 1024 }) : createZstdDecompress({ chunkSize: 256 * 1024 });
  let senderFailure: unknown;
  let partBytes = 0;
  const sent = async function* () {
    try {
      for await (const chunk of bytes) {
        partBytes += chunk.length;
        yield chunk;
      }
    } catch (error) {
      senderFailure = error;
      throw error;
    }
  };
  // Whatever goes wrong destroys the inflater, and so reaches the loop below.
  pipeline(sent, inflater, () => undefined);
  try {
    for await (const chunk of inflater) yield chunk as Buffer; // a byte stream without encoding yields Buffers
  } catch (error) {
    if (senderFailure) throw senderFailure;
    if (error instanceof AppError) throw error;
    throw new AppError(
      'UNREADABLE_BODY',
      `the ${encoding} stream is damaged or cut off after ${sentBytes()} bytes`,
      { encoding, byteOffset: sentBytes() },
      { cause: error },
    );
  }
  if (inflater.bytesWritten < partBytes) {
    throw new AppError(
      'UNREADABLE_BODY',
      `${partBytes - inflater.bytesWritten} bytes follow the end of the ${encoding} stream`,
      { encoding, byteOffset: sentBytes() - partBytes + inflater.bytesWritten },
    );
  }
}
