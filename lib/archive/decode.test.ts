import { createHash, randomBytes } from 'node:crypto';
import { constants, gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { decode } from './decode';

const plain = Buffer.from(
  Array.from({ length: 5000 }, (_, n) => `{"n":${n},"r":"${randomBytes(6).toString('hex')}"}\n`).join(''),
);

async function run(bytes: Buffer, chunkBytes = 1000) {
  async function* body() {
    for (let at = 0; at < bytes.length; at += chunkBytes) yield bytes.subarray(at, at + chunkBytes);
  }
  const decoded = await decode(body());
  const chunks: Buffer[] = [];
  for await (const chunk of decoded.plain) chunks.push(chunk);
  return { plain: Buffer.concat(chunks), receivedEncoding: decoded.receivedEncoding() };
}

describe('decode', () => {
  it.each([
    ['gzip', gzipSync(plain)],
    ['zstd', zstdCompressSync(plain)],
  ])('undoes %s and keeps the digest of what was sent', async (encoding, sent) => {
    for (const chunkBytes of [1, 3, 70_000]) {
      const result = await run(chunkBytes === 1 ? sent.subarray(0) : sent, Math.max(chunkBytes, 2));
      expect(result.plain.equals(plain)).toBe(true);
      expect(result.receivedEncoding).toEqual({
        encoding,
        sha256: createHash('sha256').update(sent).digest('hex'),
        sizeBytes: sent.length,
      });
    }
  });

  it('reads every member of a gzip file', async () => {
    const sent = Buffer.concat([gzipSync(plain.subarray(0, 999)), gzipSync(plain.subarray(999))]);
    expect((await run(sent)).plain.equals(plain)).toBe(true);
  });

  it('reads every frame of a zstd stream, and passes over what is to be skipped', async () => {
    const skippable = (size: number) =>
      Buffer.concat([
        Buffer.from([0x5e, 0x2a, 0x4d, 0x18]),
        Buffer.from(Uint32Array.of(size).buffer),
        randomBytes(size),
      ]);
    const checked = zstdCompressSync(plain.subarray(999, 2000), { params: { [constants.ZSTD_c_checksumFlag]: 1 } });
    const sent = Buffer.concat([
      skippable(0),
      zstdCompressSync(plain.subarray(0, 999)),
      skippable(70_000),
      checked,
      zstdCompressSync(Buffer.alloc(0)),
      zstdCompressSync(plain.subarray(2000)),
      skippable(3),
    ]);
    for (const chunkBytes of [1, 7, 1000, 1_000_000])
      expect((await run(sent, chunkBytes)).plain.equals(plain)).toBe(true);
    for (const cut of [sent.length - 1, sent.length - 5, 70_500])
      await expect(run(sent.subarray(0, cut))).rejects.toMatchObject({ code: 'UNREADABLE_BODY' });
    await expect(run(Buffer.concat([sent, Buffer.from('hidden')]))).rejects.toMatchObject({ code: 'UNREADABLE_BODY' });
  });

  it.each([[''], ['x'], ['{"a":1}\n']])('passes plain bytes through: %j', async (text) => {
    const result = await run(Buffer.from(text), 1);
    expect(result).toEqual({ plain: Buffer.from(text), receivedEncoding: null });
  });

  it.each([
    ['gzip cut off', gzipSync(plain).subarray(0, -20)],
    ['zstd cut off', zstdCompressSync(plain).subarray(0, -20)],
    ['gzip with a flipped byte', Buffer.from(gzipSync(plain)).fill(0xff, 500, 510)],
    ['gzip with bytes after its end', Buffer.concat([gzipSync(plain), Buffer.from('hidden')])],
  ])('refuses %s', async (_, sent) => {
    await expect(run(sent)).rejects.toMatchObject({ code: 'UNREADABLE_BODY' });
  });

  it("passes the sender's own failure on", async () => {
    const failure = new Error('connection lost');
    async function* body() {
      yield gzipSync(plain).subarray(0, 2000);
      throw failure;
    }
    const decoded = await decode(body());
    await expect(async () => {
      for await (const _ of decoded.plain);
    }).rejects.toBe(failure);
  });
});
