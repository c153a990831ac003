import { createHash, randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { AppError } from '../core/errors';
import { type EvidenceStore, PROVEN_FIRST, type Wanted, putObject, readObject } from './store';

const digestOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** What a reader saw before it was told that something is wrong. */
async function drain(
  store: EvidenceStore,
  digest: string,
  wanted?: Wanted,
): Promise<{ bytes: Buffer; code: string | null }> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of await store.read(digest, wanted)) chunks.push(chunk);
    return { bytes: Buffer.concat(chunks), code: null };
  } catch (error) {
    return { bytes: Buffer.concat(chunks), code: error instanceof AppError ? error.code : String(error) };
  }
}

/** A reader that hashes what it takes. */
async function hashing(chunks: AsyncIterable<Buffer>): Promise<{ sha256: string; bytes: number }> {
  const sha256 = createHash('sha256');
  let bytes = 0;
  for await (const chunk of chunks) {
    sha256.update(chunk);
    bytes += chunk.length;
  }
  return { sha256: sha256.digest('hex'), bytes };
}

/** What every evidence store must do, whatever it is made of. `replaceBytes` does what nobody should: it puts other bytes under a name, or none. */
export function storeContract(
  store: () => EvidenceStore,
  replaceBytes: (digest: string, bytes: Buffer | null) => Promise<void>,
): void {
  it('names an object by its SHA-256 and gives its bytes back', async () => {
    const bytes = randomBytes(300_000);
    const stored = await putObject(store(), bytes);
    expect(stored).toEqual({ digest: digestOf(bytes), sizeBytes: 300_000 });
    expect(await readObject(store(), stored.digest)).toEqual(bytes);
    expect(await readObject(store(), stored.digest, { from: 10, to: 25 })).toEqual(bytes.subarray(10, 25));
    expect(await readObject(store(), stored.digest, { from: 10, to: 10 })).toHaveLength(0);
    expect(await store().stat(stored.digest)).toBe(300_000);
  });

  it('keeps the nothing of an empty log', async () => {
    const { digest } = await putObject(store(), Buffer.alloc(0));
    expect(await store().stat(digest)).toBe(0);
    expect(await readObject(store(), digest)).toHaveLength(0);
  });

  it('takes an object as large as a segment, in chunks of any size', async () => {
    const bytes = randomBytes(50 * 1024 * 1024 + 17);
    const writer = await store().create();
    for (let at = 0; at < bytes.length; at += 3_000_001) await writer.write(bytes.subarray(at, at + 3_000_001));
    expect(writer.sizeBytes).toBe(bytes.length);
    const { digest } = await writer.commit();
    expect(digest).toBe(digestOf(bytes));
    expect((await readObject(store(), digest)).equals(bytes)).toBe(true);
    expect(await store().readHashing(digest, hashing)).toEqual({ sha256: digest, bytes: bytes.length });
  });

  it('takes the same bytes from several writers at once', async () => {
    const bytes = randomBytes(100_000);
    const stored = await Promise.all([1, 2, 3, 4].map(() => putObject(store(), bytes)));
    expect(new Set(stored.map(({ digest }) => digest))).toEqual(new Set([digestOf(bytes)]));
    expect(await readObject(store(), digestOf(bytes))).toEqual(bytes);
  });

  it('leaves nothing of a discarded object', async () => {
    const writer = await store().create();
    await writer.write(Buffer.from('half'));
    await writer.discard();
    expect(await store().stat(digestOf(Buffer.from('half')))).toBeNull();
  });

  it('says which object is missing', async () => {
    const digest = digestOf(Buffer.from('never stored'));
    await expect(store().read(digest)).rejects.toMatchObject({ code: 'EVIDENCE_MISSING', details: { digest } });
    await expect(store().readHashing(digest, hashing)).rejects.toMatchObject({
      code: 'EVIDENCE_MISSING',
      details: { digest },
    });
    await expect(Promise.resolve().then(() => store().read('../../etc/passwd'))).rejects.toMatchObject({
      code: 'BAD_REQUEST',
    });
  });

  it('takes an object out for good, and what is not there is as good; the same bytes can come again', async () => {
    const bytes = randomBytes(5_000);
    const { digest } = await putObject(store(), bytes);
    await store().remove(digest);
    await store().remove(digest);
    expect(await store().stat(digest)).toBeNull();
    await expect(readObject(store(), digest)).rejects.toMatchObject({ code: 'EVIDENCE_MISSING' });
    await putObject(store(), bytes);
    expect(await readObject(store(), digest)).toEqual(bytes);
    await expect(Promise.resolve().then(() => store().remove('../../etc/passwd'))).rejects.toMatchObject({
      code: 'BAD_REQUEST',
    });
  });

  const SIZES = [10, 300_000, 3 * 1024 * 1024 + 17];
  const flipped = (bytes: Buffer, at: number) => {
    const copy = Buffer.from(bytes);
    copy.writeUInt8(copy.readUInt8(at) ^ 1, at);
    return copy;
  };
  const DAMAGES: [name: string, damage: (bytes: Buffer) => Buffer][] = [
    ['its first bit', (bytes) => flipped(bytes, 0)],
    ['a bit in its middle', (bytes) => flipped(bytes, bytes.length >> 1)],
    ['its last bit', (bytes) => flipped(bytes, bytes.length - 1)],
    ['its last byte gone', (bytes) => bytes.subarray(0, -1)],
    ['all of it gone', () => Buffer.alloc(0)],
    ['a bit and a megabyte more', (bytes) => Buffer.concat([flipped(bytes, 3), Buffer.alloc(1024 * 1024)])],
  ];
  describe.each(SIZES)('an altered object of %i bytes', (size) => {
    it.each(DAMAGES)(
      'with %s is never read to its end, and is whole when its bytes come again',
      async (_name, damage) => {
        const bytes = randomBytes(size);
        const { digest } = await putObject(store(), bytes);
        const altered = damage(bytes);
        await replaceBytes(digest, altered);
        for (const wanted of [undefined, { sizeBytes: size }, PROVEN_FIRST]) {
          const read = await drain(store(), digest, wanted);
          expect(read.code).toBe('EVIDENCE_ALTERED');
          expect(read.bytes.length).toBeLessThan(wanted ? size : Math.max(size, altered.length));
        }
        await expect(store().readHashing(digest, hashing)).rejects.toMatchObject({
          code: 'EVIDENCE_ALTERED',
          details: { digest },
        });
        const proven = (await drain(store(), digest, PROVEN_FIRST)).bytes;
        expect(bytes.subarray(0, proven.length).equals(proven)).toBe(true);
        await expect(readObject(store(), digest, { from: 0, to: 5 })).rejects.toMatchObject({
          code: 'EVIDENCE_ALTERED',
          details: { digest },
        });

        expect(await putObject(store(), bytes)).toEqual({ digest, sizeBytes: size, replaced: 'altered' });
        expect((await readObject(store(), digest)).equals(bytes)).toBe(true);
        expect(await readObject(store(), digest, { from: 2, to: 7 })).toEqual(bytes.subarray(2, 7));
        expect(await putObject(store(), bytes)).toEqual({ digest, sizeBytes: size });
      },
    );
  });

  it('holds parts of an object that was read before against what was proven then', async () => {
    const bytes = randomBytes(3 * 1024 * 1024);
    const { digest } = await putObject(store(), bytes);
    const at = 2 * 1024 * 1024;
    const part = { from: at - 10, to: at + 10 };
    expect(await readObject(store(), digest, part)).toEqual(bytes.subarray(part.from, part.to));
    await replaceBytes(digest, flipped(bytes, at));
    await expect(readObject(store(), digest, part)).rejects.toMatchObject({ code: 'EVIDENCE_ALTERED' });
    await replaceBytes(digest, bytes.subarray(0, at));
    await expect(readObject(store(), digest, part)).rejects.toMatchObject({ code: 'EVIDENCE_ALTERED' });
    await replaceBytes(digest, bytes);
    expect(await readObject(store(), digest, part)).toEqual(bytes.subarray(part.from, part.to));
  });

  it('gives parts of any place and length, across blocks', async () => {
    const bytes = randomBytes(1024 * 1024 + 1234);
    const { digest } = await putObject(store(), bytes);
    const block = 256 * 1024;
    for (const [from, to] of [
      [0, 1],
      [block - 1, block + 1],
      [block, 2 * block],
      [5, 3 * block + 7],
      [bytes.length - 1, bytes.length],
      [0, bytes.length + 500],
      [bytes.length, bytes.length + 5],
    ] as const) {
      expect((await readObject(store(), digest, { from, to })).equals(bytes.subarray(from, to))).toBe(true);
    }
  });

  it('tells an object that is gone, and has it again when its bytes come again', async () => {
    const bytes = randomBytes(2000);
    const { digest } = await putObject(store(), bytes);
    await replaceBytes(digest, null);
    expect(await store().stat(digest)).toBeNull();
    await expect(readObject(store(), digest)).rejects.toMatchObject({ code: 'EVIDENCE_MISSING' });
    await putObject(store(), bytes);
    expect(await readObject(store(), digest)).toEqual(bytes);
  });

  it('probes by writing', async () => {
    expect(await store().probe()).toBe(true);
  });
}
