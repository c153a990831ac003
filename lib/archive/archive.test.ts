import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { type Header, pack } from 'tar-stream';
import { afterAll, describe, expect, it } from 'vitest';
import { AppError } from '../core/errors';
import { type ZipEntry, makeZip } from '../testing/make-zip';
import { type ArchiveLimits, isArchiveName, openArchive } from './archive';

const folder = mkdtempSync(path.join(tmpdir(), 'sealtrail-archive-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const LIMITS: ArchiveLimits = { entries: 10_000, plainBytes: 1024 ** 3, ratio: 200 };
let made = 0;

function saved(bytes: Uint8Array): string {
  made += 1;
  const file = path.join(folder, `${made}.bin`);
  writeFileSync(file, bytes);
  return file;
}

type TarEntry = Partial<Header> & { name: string } & { content?: string | Buffer };
async function makeTar(entries: readonly TarEntry[]): Promise<Buffer> {
  const tar = pack();
  for (const { content = '', ...header } of entries) tar.entry(header, content);
  tar.finalize();
  return buffer(tar);
}

async function contents(file: string, limits = LIMITS): Promise<Record<string, string>> {
  const archive = await openArchive(file, limits);
  try {
    const found: Record<string, string> = {};
    for (const { path: name, sizeBytes, open } of archive.entries) {
      const bytes = await collected(open());
      expect(bytes.length).toBe(sizeBytes);
      found[name] = bytes.toString();
    }
    return found;
  } finally {
    await archive.close();
  }
}

/** All bytes, or only the first. */
async function collected(bytes: AsyncIterable<Uint8Array>, whole = true): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of bytes) {
    parts.push(part.slice(0, whole ? part.length : 1));
    if (!whole) break;
  }
  return Buffer.concat(parts);
}

const FILES = { 'logs/a.jsonl': '{"a":1}\n', 'logs/deep/b.jsonl': 'x'.repeat(700_000), 'empty.txt': '' };
const zipOf = (files: Record<string, string>) =>
  makeZip(Object.entries(files).map(([name, content]) => ({ name, content: Buffer.from(content) })));
const tarOf = (files: Record<string, string>) =>
  makeTar([
    { name: 'logs/', type: 'directory' },
    ...Object.entries(files).map(([name, content]) => ({ name, content })),
  ]);

/** As tar wrote before 1988: without the mark of the format. */
function asOld(tar: Buffer): Buffer {
  const old = Buffer.from(tar);
  old.fill(0, 257, 512);
  old.fill(0x20, 148, 156);
  old.write(
    `${old
      .subarray(0, 512)
      .reduce((sum, byte) => sum + byte, 0)
      .toString(8)
      .padStart(6, '0')}\0`,
    148,
  );
  return old;
}

describe('what an archive holds', () => {
  it('is the same in every kind', async () => {
    const tar = await tarOf(FILES);
    for (const bytes of [zipOf(FILES), tar, gzipSync(tar), zstdCompressSync(tar)])
      expect(await contents(saved(bytes))).toEqual(FILES);
  });

  it('is read from the oldest kind of tar too', async () => {
    expect(await contents(saved(asOld(await makeTar([{ name: 'a.jsonl', content: 'x' }]))))).toEqual({
      'a.jsonl': 'x',
    });
  });

  it('can be read in any order, in parts and again', async () => {
    expect.hasAssertions();
    const names = fc.uniqueArray(fc.stringMatching(/^[a-z]{1,8}$/), { minLength: 1, maxLength: 6 });
    const scenario = names.chain((list) =>
      fc.tuple(
        fc.constant(list),
        fc.array(fc.nat(300_000), { minLength: list.length, maxLength: list.length }),
        fc.array(fc.tuple(fc.nat(list.length - 1), fc.boolean()), { maxLength: 12 }),
      ),
    );
    await fc.assert(
      fc.asyncProperty(scenario, fc.constantFrom('zip', 'tar', 'tgz'), async ([list, sizes, reads], kind) => {
        const files = Object.fromEntries(
          list.map((name, index) => [name, `${name}-${index},`.repeat((sizes[index] ?? 0) / 8)]),
        );
        const tar = await tarOf(files);
        const archive = await openArchive(
          saved(kind === 'zip' ? zipOf(files) : kind === 'tar' ? tar : gzipSync(tar)),
          LIMITS,
        );
        for (const [index, whole] of reads) {
          const entry = archive.entries[index];
          if (!entry) throw new Error('an entry is missing');
          expect((await collected(entry.open(), whole)).toString()).toBe(
            whole ? files[entry.path] : files[entry.path]?.slice(0, 1),
          );
        }
        await archive.close();
      }),
      { numRuns: 30 },
    );
  });

  it('is told by its bytes; which names are opened is told by them', () => {
    expect(['a.zip', 'b.TAR', 'c.tgz', 'd.tar.gz', 'e.tar.zst'].every(isArchiveName)).toBe(true);
    expect(['a.jsonl.gz', 'zip', 'a.zip.jsonl'].some(isArchiveName)).toBe(false);
  });
});

const file = (name: string, more: Partial<ZipEntry> = {}): ZipEntry => ({ name, content: Buffer.from('x'), ...more });

describe('a hostile archive is refused as a whole', () => {
  it.each<[string, RegExp, ZipEntry[]]>([
    ['a name that leads out', /"a\/\.\.\/\.\.\/b" leads out/, [file('a/../../b')]],
    ['a name that leads out by backslashes', /leads out/, [file('..\\b')]],
    ['an absolute name', /absolute name/, [file('/etc/passwd')]],
    ['a drive', /absolute name/, [file('C:\\x')]],
    ['a name of nothing', /no usable name/, [file('./.')]],
    ['a name that comes twice', /is in it twice/, [file('a'), file('./a')]],
    ['a link', /"a" is a link/, [file('a', { mode: 0o120777 })]],
    ['a device', /is no file/, [file('a', { mode: 0o020666 })]],
    ['an encrypted entry', /is encrypted/, [file('a', { encrypted: true })]],
    [
      'entries that share their bytes',
      /overlaps/,
      [
        file('a', { content: Buffer.alloc(3_000_000) }),
        ...Array.from({ length: 50 }, (_, index) =>
          file(`b${index}`, { content: Buffer.alloc(3_000_000), sharedWith: 0 }),
        ),
      ],
    ],
    ['a bomb', /200 times its size/, [file('a', { content: Buffer.alloc(32 * 1024 * 1024) })]],
    ['a claim past the limit', /1,073,741,824 bytes/, [file('a', { claimed: { sizeBytes: 2 ** 31 } })]],
  ])('zip: %s', async (_, message, entries) => {
    await expect(openArchive(saved(makeZip(entries)), LIMITS)).rejects.toThrow(message);
  });

  it.each<[string, RegExp, TarEntry[]]>([
    ['a name that leads out', /leads out/, [{ name: '../b' }]],
    ['an absolute name', /absolute name/, [{ name: '/etc/passwd' }]],
    ['a name that comes twice', /is in it twice/, [{ name: 'a' }, { name: 'a' }]],
    ['a symbolic link', /"a" is a link/, [{ name: 'a', type: 'symlink', linkname: '/etc/passwd' }]],
    ['a hard link', /"b" is a link/, [{ name: 'a' }, { name: 'b', type: 'link', linkname: 'a' }]],
    ['a device', /is no file/, [{ name: 'a', type: 'character-device' }]],
    ['a file with holes', /with holes/, [{ name: 'a', pax: { 'GNU.sparse.major': '1' } }]],
  ])('tar: %s', async (_, message, entries) => {
    await expect(openArchive(saved(await makeTar(entries)), LIMITS)).rejects.toThrow(message);
  });

  it('for too many files, too many bytes, or too great a ratio', async () => {
    const tar = await tarOf({ a: 'x', b: 'y', c: 'z' });
    for (const bytes of [tar, gzipSync(tar), zipOf({ a: 'x', b: 'y', c: 'z' })])
      await expect(openArchive(saved(bytes), { ...LIMITS, entries: 2 })).rejects.toThrow('more than 2 files');
    await expect(openArchive(saved(tar), { ...LIMITS, plainBytes: 1024 })).rejects.toThrow('more than 1,024 bytes');
    await expect(
      openArchive(saved(gzipSync(await tarOf({ a: '\0'.repeat(32 * 1024 * 1024) }))), LIMITS),
    ).rejects.toThrow('200 times its size');
  });
});

describe('a damaged archive', () => {
  it('is read or refused, whatever bytes of it are others', async () => {
    const tar = await tarOf(FILES);
    const kinds = [zipOf(FILES), tar, gzipSync(tar), zstdCompressSync(tar)];
    const damage = fc.tuple(
      fc.constantFrom(...kinds),
      fc.array(fc.tuple(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), fc.nat(255)), {
        minLength: 1,
        maxLength: 4,
      }),
    );
    await fc.assert(
      fc.asyncProperty(damage, async ([whole, changes]) => {
        const bytes = Buffer.from(whole);
        for (const [place, value] of changes) bytes[Math.floor(place * bytes.length)] = value;
        const outcome = await contents(saved(bytes)).then(
          () => 'read',
          (error: unknown) => (error instanceof AppError ? 'refused' : error),
        );
        expect(['read', 'refused']).toContain(outcome);
      }),
      { numRuns: 300 },
    );
  });

  it('that was cut off anywhere before its end mark gives nothing', async () => {
    const tar = await tarOf(FILES);
    for (const [whole, endBytes] of [
      [zipOf(FILES), 1],
      [tar, 1024],
      [gzipSync(tar), 1],
    ] as const) {
      for (const at of [0, 3, 511, 512, 1536, 2048, Math.floor(whole.length / 2), whole.length - endBytes].filter(
        (end) => end < whole.length,
      )) {
        await expect(openArchive(saved(whole.subarray(0, Math.max(0, at))), LIMITS)).rejects.toMatchObject({
          code: 'UNREADABLE_BODY',
        });
      }
    }
  });

  it('fails where its bytes are others than it says', async () => {
    for (const claimed of [{ crc32: 1 }, { sizeBytes: 5 }, { sizeBytes: 500_000 }]) {
      const found = saved(makeZip([{ name: 'a', content: Buffer.from('x'.repeat(100_000)), claimed }]));
      await expect(contents(found)).rejects.toMatchObject({ code: 'UNREADABLE_BODY' });
    }
    await expect(openArchive(saved(Buffer.from('{"no":"archive"}\n'.repeat(99))), LIMITS)).rejects.toThrow(
      /no archive/,
    );
    await expect(openArchive(path.join(folder, 'missing.zip'), LIMITS)).rejects.toThrow(/cannot be read/);
  });
});
