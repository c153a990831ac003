import { createHash, randomBytes } from 'node:crypto';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { decode } from './decode';

const plain = Buffer.from(Array.from({ length: 5000 }, (_, n) => `{"n":${n},"r":"${randomBytes(6).toString('hex')}"}\n`).join(''));

async function run(bytes: Buffer, chunkBytes = 1000) {
  async function* body() {
    for (let at = 0; at < bytes.length; at += chunkBytes) yield bytes.subarray(at, at + chunkBytes);
  }
  const decoded = await decode(body());
  const chunks: Buffer[] = [];
  for await (const chunk of decoded.plain) chunks.push(chunk);
  return { plain: Buffer.concat(chunks), original: decoded.original() };
}

describe('decode', () => {
  it.each([
    ['gzip', gzipSync(plain)],
    ['zstd', zstdCompressSync(plain)],
  ])('undoes %s and keeps the digest of what was sent', async (encoding, sent) => {
    for (const chunkBytes of [1, 3, 70_000]) {
      const result = await run(chunkBytes === 1 ? sent.subarray(0) : sent, Math.max(chunkBytes, 2));
      expect(result.plain.equals(plain)).toBe(true);
      expect(result.original).toEqual({ encoding, sha256: createHash('sha256').update(sent).digest('hex'), sizeBytes: sent.length });
    }
  });

  it('reads every member of a gzip file', async () => {
    const sent = Buffer.concat([gzipSync(plain.subarray(0, 999)), gzipSync(plain.subarray(999))]);
    expect((await run(sent)).plain.equals(plain)).toBe(true);
  });

  it.each([[''], ['x'], ['{"a":1}\n']])('passes plain bytes through: %j', async (text) => {
    const result = await run(Buffer.from(text), 1);
    expect(result).toEqual({ plain: Buffer.from(text), original: null });
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
