import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createGzip, createZstdCompress } from 'node:zlib';
import { Readable } from 'node:stream';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Context } from '../context';
import { occasio } from '../core/formats/occasio/format';
import { openFileStore } from '../evidence/file-store';
import { createHasher } from '../crypto/hasher';
import { writers } from '../testing/chains';
import { emptyCheck, grow } from './append/state';
import { planArchive } from './archive-plan';
import { decode } from '../archive/decode';
import { storeLog } from './upload';

const MIB = 1024 * 1024;
const hasher = await createHasher();
afterEach(() => vi.restoreAllMocks());

/** How often the event loop came round while the work was done. */
async function turnsOf(work: () => Promise<unknown>): Promise<number> {
  let turns = 0;
  let isDone = false;
  const count = () => {
    turns += 1;
    if (!isDone) setImmediate(count);
  };
  setImmediate(count);
  await work();
  isDone = true;
  return turns;
}

async function* newlines(mib: number): AsyncGenerator<Buffer> {
  for (let sent = 0; sent < mib; sent += 1) yield Buffer.alloc(MIB, 10);
}

describe('the plan of an archive', () => {
  it.each([
    ['logs of any name', (index: number) => `logs/agent-${index}.jsonl`],
    ['one log in parts', (index: number) => `a.jsonl.${index}`],
    ['packed copies of parts', (index: number) => `a.jsonl.${index >> 1}${index % 2 ? '.gz' : ''}`],
    ['sidecar files', (index: number) => (index % 2 ? `s/${index}.json` : `s/${index}.jsonl`)],
  ])('looks at each of 9,999 names a few times: %s', (_, nameOf) => {
    const names = Array.from({ length: 9_999 }, (__, index) => nameOf(index));
    const looks = vi.spyOn(RegExp.prototype, 'exec');
    const { logs, sidecarFiles, skipped } = planArchive(names, { archiveName: 'a.zip', chain: null });
    expect([...logs.flatMap(({ paths }) => paths), ...sidecarFiles, ...skipped.map(({ path: at }) => at)]).toHaveLength(
      names.length,
    );
    // Sorting the parts of one log by age takes a logarithm of looks at each.
    expect(looks.mock.calls.length).toBeLessThan(names.length * 100);
    looks.mockRestore();
  });
});

describe('a compressed stream', () => {
  it.each([
    ['gzip', createGzip],
    ['zstd', createZstdCompress],
  ])('of %s that unpacks as a bomb does is left after a little of it', async (_, pack) => {
    const { plain } = await decode(Readable.from(newlines(128)).pipe(pack()));
    let bytes = 0;
    const reading = (async () => {
      for await (const chunk of plain) bytes += chunk.length;
    })();
    await expect(reading).rejects.toMatchObject({ code: 'TOO_LARGE' });
    expect(bytes).toBeLessThanOrEqual(24 * MIB);
  });

  it('of a log is read however well it packs, as long as it is small', async () => {
    const { plain } = await decode(Readable.from(newlines(8)).pipe(createGzip()));
    let bytes = 0;
    for await (const chunk of plain) bytes += chunk.length;
    expect(bytes).toBe(8 * MIB);
  });
});

describe('a large upload', () => {
  const stored = async (body: AsyncIterable<Uint8Array>, signal?: AbortSignal) => {
    const directory = await mkdtemp(path.join(tmpdir(), 'sealtrail-bounded-'));
    try {
      const ctx = { evidence: await openFileStore(directory), hasher } as unknown as Context; // all that storing asks for
      return await storeLog(ctx, [body], { asked: 'occasio', signal });
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  };

  it('of nothing but short lines lets others have their turn at every part of it', async () => {
    expect(await turnsOf(() => stored(newlines(16)))).toBeGreaterThanOrEqual(16);
  });

  it('ends when its sender goes away', async () => {
    const sender = new AbortController();
    let sent = 0;
    let isEnded = false;
    const body = async function* () {
      try {
        for (;;) {
          sent += 1;
          if (sent === 5) sender.abort();
          yield Buffer.alloc(MIB, 10);
        }
      } finally {
        isEnded = true;
      }
    };
    await expect(stored(body(), sender.signal)).rejects.toMatchObject({ code: 'UNREADABLE_BODY' });
    expect([sent, isEnded]).toEqual([5, true]);
  });
});

it('an append of nothing but short lines lets others have their turn every 64 KiB', async () => {
  const state = { sizeBytes: 0, completeBytes: 0, check: emptyCheck(occasio, hasher), pending: Buffer.alloc(0) };
  const turns = await turnsOf(() => grow(occasio, hasher, state, Buffer.alloc(4 * MIB, 10)));
  expect(turns).toBeGreaterThanOrEqual(63);
});

it.each(Object.values(writers(hasher)))(
  'a record of $format.label with 200,000 members is read as any other',
  ({ format: { id, check, toEvent }, write }) => {
    const [plain = ''] = write([{ tool: 'bash', decision: 'deny', note: 'n' }]);
    const at = id === 'nono' ? plain.indexOf(',"event":{') + 10 : 1;
    const line = `${plain.slice(0, at)}${Array.from({ length: 200_000 }, (_, index) => `"k${index}":${index}`).join(',')},${plain.slice(at)}`;
    expect(check(Buffer.from(line), hasher).kind).toBe('record');
    expect(toEvent(JSON.parse(line)).decision).toBe('deny');
  },
  60_000,
);
