import { createCipheriv, createDecipheriv, randomBytes, scrypt } from 'node:crypto';
import { promisify } from 'node:util';
import { AppError } from '../core/errors';
import { ByteReader, cutOff } from './byte-reader';

/*
 * An encrypted backup: 24 bytes `sealtrail-backup-aes256\n`, 32 bytes of salt, then chunks, each AES-256-GCM with its tag of 16 bytes behind it. All but
 * the last are of 1 MiB. The key is scrypt (N 2^17, r 8, p 1) of the passphrase, in UTF-8, and the salt. A nonce is the chunk's number in 11 bytes, big
 * endian, and a byte that is 1 for the last chunk and 0 for others: chunks in another order, and an end that is none, do not decrypt. What stands
 * before the chunks is their additional data.
 */
const MAGIC = Buffer.from('sealtrail-backup-aes256\n');
const SALT_BYTES = 32;
const CHUNK_BYTES = 1024 * 1024;
const TAG_BYTES = 16;
const SCRYPT = { N: 2 ** 17, r: 8, p: 1, maxmem: 256 * 1024 * 1024 };

const keyOf = promisify<string, Buffer, number, typeof SCRYPT, Buffer>(scrypt);

/** Takes bytes in order. */
export type Sink = { write(bytes: Uint8Array): Promise<void>; end(): Promise<void> };

/** Whether a file that begins so is an encrypted backup. */
export function isSealed(beginning: Buffer): boolean {
  return beginning.subarray(0, MAGIC.length).equals(MAGIC);
}

/** What is written to it reaches `sink` encrypted. */
export async function sealing(sink: Sink, passphrase: string): Promise<Sink> {
  const salt = randomBytes(SALT_BYTES);
  const key = await keyOf(passphrase, salt, 32, SCRYPT);
  const preamble = Buffer.concat([MAGIC, salt]);
  await sink.write(preamble);
  const held = Buffer.alloc(CHUNK_BYTES);
  let heldBytes = 0;
  let count = 0;
  const flush = async (isLast: boolean) => {
    const cipher = createCipheriv('aes-256-gcm', key, nonceOf(count++, isLast)).setAAD(preamble);
    const sealed = Buffer.concat([cipher.update(held.subarray(0, heldBytes)), cipher.final()]);
    heldBytes = 0;
    await sink.write(Buffer.concat([sealed, cipher.getAuthTag()]));
  };
  return {
    async write(bytes) {
      for (let at = 0; at < bytes.length; ) {
        // A full chunk waits for the next byte: the last one must be known as such.
        if (heldBytes === CHUNK_BYTES) await flush(false);
        const part = bytes.subarray(at, at + CHUNK_BYTES - heldBytes);
        held.set(part, heldBytes);
        heldBytes += part.length;
        at += part.length;
      }
    },
    async end() {
      await flush(true);
      await sink.end();
    },
  };
}

/** The bytes that were sealed, each chunk checked before it is given out. @throws AppError BAD_REQUEST, before the last byte, for another passphrase and for any change. */
export async function* unsealing(source: AsyncIterable<Uint8Array>, passphrase: string): AsyncGenerator<Buffer> {
  const reader = new ByteReader(source);
  try {
    const preamble = await reader.exactly(MAGIC.length + SALT_BYTES);
    const key = await keyOf(passphrase, preamble.subarray(MAGIC.length), 32, SCRYPT);
    let next = await reader.upTo(CHUNK_BYTES + TAG_BYTES);
    for (let count = 0; ; count += 1) {
      const chunk = next;
      if (chunk.length < TAG_BYTES) throw cutOff();
      next = await reader.upTo(CHUNK_BYTES + TAG_BYTES);
      const isLast = next.length === 0;
      yield opened(key, preamble, chunk, count, isLast);
      if (isLast) return;
    }
  } finally {
    await reader.close();
  }
}

function opened(key: Buffer, preamble: Buffer, chunk: Buffer, count: number, isLast: boolean): Buffer {
  const end = chunk.length - TAG_BYTES;
  const decipher = createDecipheriv('aes-256-gcm', key, nonceOf(count, isLast))
    .setAAD(preamble)
    .setAuthTag(chunk.subarray(end));
  const bytes = decipher.update(chunk.subarray(0, end));
  try {
    return Buffer.concat([bytes, decipher.final()]);
  } catch (error) {
    const why =
      count === 0
        ? 'the passphrase is another one, or the file was changed'
        : 'the file was changed, or ends too early';
    throw new AppError('BAD_REQUEST', `the backup does not decrypt: ${why}`, { chunk: count }, { cause: error });
  }
}

function nonceOf(count: number, isLast: boolean): Buffer {
  const nonce = Buffer.alloc(12);
  nonce.writeBigUInt64BE(BigInt(count), 3);
  nonce.writeUInt8(isLast ? 1 : 0, 11);
  return nonce;
}
