import 'server-only';
import { createHash } from 'node:crypto';
import { AppError } from '../../core/errors';
import { decode } from '../../archive/decode';
import { MAX_APPEND_BYTES } from './request';

/** Of all bodies together; one alone is bounded by itself. */
const MAX_READING_BYTES = 256 * 1024 * 1024;

export type AppendBody = { bytes: Buffer /** Of the body as sent. */; sha256: string };

/**
 * Reads a body whole, compares it with its `Content-Digest` (RFC 9530: over the bytes as sent) and undoes gzip and zstd, told by its
 * first bytes. @throws AppError DIGEST_MISMATCH, TOO_LARGE, UNREADABLE_BODY.
 */
export async function readAppendBody(
  body: AsyncIterable<Uint8Array> | null,
  contentDigest: string | null,
  maxBytes = MAX_APPEND_BYTES,
): Promise<AppendBody> {
  const sent = await collect(body ?? [], maxBytes);
  const sha256 = createHash('sha256').update(sent).digest();
  if (contentDigest !== null) requireDigest(sent, sha256, contentDigest);
  const { plain } = await decode(once(sent));
  return { bytes: await collect(plain, maxBytes), sha256: sha256.toString('hex') };
}

async function* once(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes;
}

/** Bytes of bodies this process is reading now. */
let readingBytes = 0;

async function collect(chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>, maxBytes: number): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  let sizeBytes = 0;
  try {
    for await (const chunk of chunks) {
      sizeBytes += chunk.length;
      readingBytes += chunk.length;
      if (sizeBytes > maxBytes)
        throw new AppError(
          'TOO_LARGE',
          `an append is at most ${maxBytes} bytes, plain; send it in parts, or upload the log`,
          { limitBytes: maxBytes },
        );
      if (readingBytes > MAX_READING_BYTES && readingBytes > sizeBytes)
        throw new AppError('BUSY', 'more is being sent than can be held at once; send it again', { readingBytes });
      parts.push(chunk);
    }
    return Buffer.concat(parts);
  } finally {
    readingBytes -= sizeBytes;
  }
}

/** Every digest of an algorithm we know must hold; a field without one is refused, as the sender counts on it. */
function requireDigest(sent: Buffer, sha256: Buffer, field: string): void {
  const members = [...field.matchAll(/([a-z0-9-]+)=:([A-Za-z0-9+/=]*):/g)];
  const known = members.filter(([, algorithm]) => algorithm === 'sha-256' || algorithm === 'sha-512');
  if (known.length === 0)
    throw new AppError(
      'DIGEST_MISMATCH',
      'Content-Digest names neither sha-256 nor sha-512, like "sha-256=:…base64…:"',
    );
  for (const [, algorithm, expected = ''] of known) {
    const found = algorithm === 'sha-256' ? sha256 : createHash('sha512').update(sent).digest();
    if (!Buffer.from(expected, 'base64').equals(found))
      throw new AppError(
        'DIGEST_MISMATCH',
        `the ${algorithm} of the ${sent.length} bytes that came is another one than Content-Digest says; nothing was kept`,
        { found: found.toString('base64') },
      );
  }
}
