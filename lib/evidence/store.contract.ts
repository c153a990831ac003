import { createHash, randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { type EvidenceStore, putObject, readObject } from './store';

const digestOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** What every evidence store must do, whatever it is made of. */
export function storeContract(store: () => EvidenceStore): void {
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
    await expect(Promise.resolve().then(() => store().read('../../etc/passwd'))).rejects.toMatchObject({ code: 'BAD_REQUEST' });
  });

  it('probes by writing', async () => {
    expect(await store().probe()).toBe(true);
  });
}
