import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { extract } from 'tar-stream';
import { beforeAll, describe, expect, it } from 'vitest';
import { ArchiveReader } from './archive-reader';
import { ArchiveWriter } from './archive-writer';
import type { Manifest } from './manifest';
import { type Sink, sealing, unsealing } from './sealed';
import { readTarHeader, tarHeader } from './tar';

const PASSPHRASE = 'a passphrase of the test';
const CHUNK = 1024 * 1024 + 16;
const PREAMBLE = 24 + 32;
const ID = '019a0000-0000-7000-8000-000000000000';
const SHARED = {
  format: 1 as const,
  id: ID,
  release: '0.1.0',
  takenAt: '2026-11-30T12:00:00.000Z',
  migrations: ['0001-first'],
};
const MANIFEST: Omit<Manifest, 'entries' | 'sumsSha256'> = {
  ...SHARED,
  tables: [],
  objects: { count: 0, sizeBytes: 0 },
  damaged: [],
  incoming: 0,
  jobs: 0,
  secrets: [],
  log: null,
  heads: { chains: 0, sha256: '0'.repeat(64) },
  workspaces: [],
};

function collector(): { sink: Sink; bytes: () => Buffer } {
  const parts: Buffer[] = [];
  return {
    sink: { write: async (bytes) => void parts.push(Buffer.from(bytes)), end: async () => undefined },
    bytes: () => Buffer.concat(parts),
  };
}

const noise = (bytes: number) => Buffer.from(Array.from({ length: bytes }, (_, at) => (at * 31 + (at >> 8)) & 0xff));

async function write(entries: readonly [string, Buffer][], passphrase: string | null): Promise<Buffer> {
  const { sink, bytes } = collector();
  const writer = new ArchiveWriter(passphrase === null ? sink : await sealing(sink, passphrase));
  await writer.add('backup.json', Buffer.from(JSON.stringify({ ...SHARED, tables: [{ name: 'a', columns: ['b'] }] })));
  for (const [name, body] of entries) await writer.add(name, body);
  await writer.end(MANIFEST);
  return bytes();
}

async function* inParts(bytes: Buffer, size = 100_000): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function read(file: Buffer, passphrase: string | null): Promise<[string, Buffer][]> {
  const reader = new ArchiveReader(passphrase === null ? inParts(file) : unsealing(inParts(file), passphrase));
  const found: [string, Buffer][] = [];
  await reader.beginning();
  for await (const { name, body } of reader.entries()) {
    const chunks: Buffer[] = [];
    for await (const chunk of body) chunks.push(chunk);
    found.push([name, Buffer.concat(chunks)]);
  }
  await reader.end();
  return found;
}

const ENTRIES: [string, Buffer][] = [
  ['objects/ab/one', noise(700)],
  ['objects/ab/two', noise(512)],
  ['database/empty/000001.copy', Buffer.alloc(0)],
  ['secrets/key.pem', noise(3)],
];
let plain: Buffer;
let sealed: Buffer;
beforeAll(async () => {
  plain = await write(ENTRIES, null);
  sealed = await write([...ENTRIES, ['objects/cd/large', noise(3 * 1024 * 1024)]], PASSPHRASE);
});

describe('a plain backup', () => {
  it('gives what was written', async () => {
    expect(await read(plain, null)).toEqual(ENTRIES);
  });

  it('is told when one bit is another, wherever it is', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(plain.length - 1), fc.nat(7), async (at, bit) => {
        const file = Buffer.from(plain);
        file[at] = (file[at] ?? 0) ^ (1 << bit);
        await expect(read(file, null)).rejects.toMatchObject({ name: 'AppError' });
      }),
      { numRuns: 1000 },
    );
  });

  it('is told when it is cut off, goes on, or blocks changed places', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(plain.length - 1), async (length) => {
        await expect(read(plain.subarray(0, length), null)).rejects.toMatchObject({ code: 'BAD_REQUEST' });
      }),
      { numRuns: 300 },
    );
    await expect(read(Buffer.concat([plain, Buffer.alloc(512)]), null)).rejects.toMatchObject({ code: 'BAD_REQUEST' });
    const blocks = plain.length / 512;
    await fc.assert(
      fc.asyncProperty(fc.nat(blocks - 1), fc.nat(blocks - 1), async (one, other) => {
        const file = Buffer.from(plain);
        plain.copy(file, one * 512, other * 512, other * 512 + 512);
        plain.copy(file, other * 512, one * 512, one * 512 + 512);
        fc.pre(!file.equals(plain));
        await expect(read(file, null)).rejects.toMatchObject({ name: 'AppError' });
      }),
      { numRuns: 300 },
    );
  });

  it('is told when an entry is left out, or two changed places whole', async () => {
    const [one, two, ...rest] = ENTRIES as [[string, Buffer], [string, Buffer], ...[string, Buffer][]];
    const other = await write([two, one, ...rest], null);
    const sums = plain.indexOf('sums/000001.sha256');
    expect(other.indexOf('sums/000001.sha256')).toBe(sums);
    const mixed = Buffer.concat([other.subarray(0, sums), plain.subarray(sums)]);
    await expect(read(mixed, null)).rejects.toMatchObject({ code: 'BAD_REQUEST' });
    const start = plain.indexOf('objects/ab/one');
    const without = Buffer.concat([plain.subarray(0, start), plain.subarray(plain.indexOf('objects/ab/two'))]);
    await expect(read(without, null)).rejects.toMatchObject({ code: 'BAD_REQUEST' });
  });

  it('is read by other programs: tar-stream, and tar with sha256sum', async () => {
    const names: string[] = [];
    const unpack = extract();
    unpack.on('entry', ({ name }, stream, next) => {
      names.push(name);
      stream.on('end', next).resume();
    });
    unpack.end(plain);
    await new Promise((resolve, reject) => unpack.on('finish', () => resolve(null)).on('error', reject));
    expect(names).toEqual([
      'backup.json',
      ...ENTRIES.map(([name]) => name),
      'sums/000001.sha256',
      'manifest.json',
      'manifest.sha256',
    ]);
    const folder = mkdtempSync(path.join(tmpdir(), 'sealtrail-tar-'));
    try {
      writeFileSync(path.join(folder, 'backup.tar'), plain);
      const said = execFileSync('tar', ['-xvf', 'backup.tar'], { cwd: folder, encoding: 'utf8', stdio: 'pipe' });
      expect(said.trim().split('\n')).toEqual(names);
      const checked = execFileSync('sh', ['-c', 'cat sums/* manifest.sha256 | sha256sum --strict -c'], {
        cwd: folder,
        encoding: 'utf8',
      });
      expect(checked.trim().split('\n')).toEqual(
        names.filter((name) => !/^sums|sha256$/.test(name)).map((name) => `${name}: OK`),
      );
      expect(readFileSync(path.join(folder, 'objects/ab/one'))).toEqual(noise(700));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('of a later format is refused as such, and what is none as none', async () => {
    const { sink, bytes } = collector();
    const writer = new ArchiveWriter(sink);
    await writer.add('backup.json', Buffer.from('{"format": 2}'));
    await writer.end(MANIFEST);
    await expect(read(bytes(), null)).rejects.toMatchObject({ code: 'CONFLICT' });
    await expect(read(noise(100_000), null)).rejects.toMatchObject({ code: 'BAD_REQUEST' });
    await expect(read(Buffer.alloc(0), null)).rejects.toMatchObject({ code: 'BAD_REQUEST' });
  });
});

describe('an encrypted backup', () => {
  it('gives what was written, to the passphrase alone, and shows nothing of it', async () => {
    expect((await read(sealed, PASSPHRASE)).map(([name]) => name)).toEqual([
      ...ENTRIES.map(([name]) => name),
      'objects/cd/large',
    ]);
    await expect(read(sealed, `${PASSPHRASE}.`)).rejects.toMatchObject({ code: 'BAD_REQUEST' });
    expect(sealed.includes('backup.json')).toBe(false);
  });

  it('is told when one bit is another, wherever it is', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(sealed.length - 1), fc.nat(7), async (at, bit) => {
        const file = Buffer.from(sealed);
        file[at] = (file[at] ?? 0) ^ (1 << bit);
        await expect(read(file, PASSPHRASE)).rejects.toMatchObject({ code: 'BAD_REQUEST' });
      }),
      { numRuns: 15 },
    );
  });

  it('is told when chunks are cut off, left out, doubled or in another order', async () => {
    const chunks = Array.from({ length: Math.ceil((sealed.length - PREAMBLE) / CHUNK) }, (_, at) =>
      sealed.subarray(PREAMBLE + at * CHUNK, PREAMBLE + (at + 1) * CHUNK),
    );
    expect(chunks.length).toBe(4);
    const file = (order: readonly number[]) =>
      Buffer.concat([sealed.subarray(0, PREAMBLE), ...order.map((at) => chunks[at] ?? Buffer.alloc(0))]);
    expect(file([0, 1, 2, 3])).toEqual(sealed);
    for (const order of [[0, 1, 2], [0], [], [1, 0, 2, 3], [0, 2, 1, 3], [0, 1, 3], [0, 1, 1, 2, 3], [0, 1, 2, 3, 3]])
      await expect(read(file(order), PASSPHRASE)).rejects.toMatchObject({ code: 'BAD_REQUEST' });
    await expect(read(sealed.subarray(0, -1), PASSPHRASE)).rejects.toMatchObject({ code: 'BAD_REQUEST' });
    await expect(read(Buffer.concat([sealed, Buffer.alloc(1)]), PASSPHRASE)).rejects.toMatchObject({
      code: 'BAD_REQUEST',
    });
  });
});

it('a header holds sizes up to what a number can, and no name that leads elsewhere', () => {
  fc.assert(
    fc.property(fc.maxSafeNat(), (sizeBytes) => {
      expect(readTarHeader(tarHeader({ name: 'objects/x', sizeBytes }))).toEqual({ name: 'objects/x', sizeBytes });
    }),
  );
  for (const name of ['', '/x', '../x', 'a/../b', './a', 'a//b', 'a/', 'ü', 'a b', 'x'.repeat(101)])
    expect(() => tarHeader({ name, sizeBytes: 0 })).toThrow(RangeError);
});
