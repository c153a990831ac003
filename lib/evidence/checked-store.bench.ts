import { execFile } from 'node:child_process';
import { hash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ZipFile } from 'yazl';
import { createHasher } from '../crypto/hasher';
import { occasioLog } from '../ingest/sample/occasio-log';
import { createRandom } from '../ingest/sample/random';
import { checkOnThreads } from '../verify/server/check-on-threads';
import { asStream } from './as-stream';
import { openFileStore, openFiles } from './file-store';
import { type EvidenceStore, type ObjectStore, putObject } from './store';

const SEGMENTS = 4;
/** Of 584 bytes. */
const RECORDS = 460_000;
const RUNS = 5;

let directory: string;
let checked: EvidenceStore;
let unchecked: { read(digest: string): Promise<AsyncIterable<Buffer>> };
const digests: string[] = [];
let allBytes = 0;
beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'sealtrail-bench-'));
  checked = await openFileStore(directory);
  unchecked = asRead(await openFiles(directory));
  const lines = occasioLog(createRandom(5), await createHasher(), Date.UTC(2026, 4, 11), {
    agent: 'bench',
    calls: RECORDS,
  });
  const perSegment = Math.ceil(lines.length / SEGMENTS);
  for (let at = 0; at < lines.length; at += perSegment) {
    const { digest, sizeBytes } = await putObject(
      checked,
      Buffer.from(`${lines.slice(at, at + perSegment).join('\n')}\n`),
    );
    digests.push(digest);
    allBytes += sizeBytes;
  }
}, 300_000);
afterAll(() => rm(directory, { recursive: true, force: true }));

/** The same store, the same chunks, nothing hashed. */
function asRead(store: ObjectStore) {
  return { read: async (digest: string) => store.read(digest, { from: 0, to: (await store.stat(digest)) ?? 0 }) };
}

type Read = typeof unchecked.read;

type Cost = {
  elapsedMs: number;
  /** Of all threads. */
  cpuMs: number;
  /** Of the one that answers everybody. */
  ownMs: number;
};

/** What the work costs through a store that checks and one that does not, in turns, the least of each: other work on the machine adds to the time that passes. */
async function compare(
  name: string,
  withChecks: () => Promise<unknown>,
  without: () => Promise<unknown>,
): Promise<void> {
  const least: Record<'checked' | 'unchecked', Cost> = {
    checked: { elapsedMs: Infinity, cpuMs: Infinity, ownMs: Infinity },
    unchecked: { elapsedMs: Infinity, cpuMs: Infinity, ownMs: Infinity },
  };
  for (let run = 0; run < RUNS; run += 1) {
    for (const [which, work] of run % 2 === 0
      ? ([
          ['checked', withChecks],
          ['unchecked', without],
        ] as const)
      : ([
          ['unchecked', without],
          ['checked', withChecks],
        ] as const)) {
      const [startedMs, all, own] = [performance.now(), process.cpuUsage(), process.threadCpuUsage()];
      await work();
      const [cpu, thread] = [process.cpuUsage(all), process.threadCpuUsage(own)];
      least[which] = {
        elapsedMs: Math.min(least[which].elapsedMs, performance.now() - startedMs),
        cpuMs: Math.min(least[which].cpuMs, (cpu.user + cpu.system) / 1e3),
        ownMs: Math.min(least[which].ownMs, (thread.user + thread.system) / 1e3),
      };
    }
  }
  const more = (of: keyof Cost) =>
    `${((least.checked[of] / least.unchecked[of] - 1) * 100).toFixed(1)} % more (${least.checked[of].toFixed(0)} ms, ${least.unchecked[of].toFixed(0)} ms)`;
  process.stdout.write(
    `${name} of ${(allBytes / 1024 / 1024).toFixed(0)} MiB: time ${more('elapsedMs')}, processors ${more('cpuMs')}, own thread ${more('ownMs')}\n`,
  );
}

test('verify: segments checked on threads, one a core, and how much of it is their digest', {
  timeout: 600_000,
}, async () => {
  const onCores = async (work: (digest: string) => Promise<unknown>) => {
    const next = digests.values();
    await Promise.all(
      Array.from({ length: 2 }, async () => {
        for (const digest of next) await work(digest);
      }),
    );
  };
  let [verifyMs, digestMs] = [Infinity, Infinity];
  const cpuMs = async (work: () => Promise<unknown>) => {
    const before = process.cpuUsage();
    await work();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1e3;
  };
  for (let run = 0; run < RUNS; run += 1) {
    verifyMs = Math.min(
      verifyMs,
      await cpuMs(() =>
        onCores(async (digest) =>
          expect(
            (await checked.readHashing(digest, (chunks) => checkOnThreads('occasio', chunks))).check.records,
          ).toBeGreaterThan(0),
        ),
      ),
    );
    digestMs = Math.min(digestMs, await cpuMs(async () => hash('sha256', Buffer.alloc(allBytes))));
  }
  process.stdout.write(
    `verify of ${(allBytes / 1024 / 1024).toFixed(0)} MiB: processors ${verifyMs.toFixed(0)} ms, ${digestMs.toFixed(0)} ms of them for SHA-256 of the objects\n`,
  );
});

test('download: over HTTP to a process on this machine', { timeout: 600_000 }, async () => {
  let read: Read = unchecked.read;
  const server: Server = createServer((request, response) => {
    void read(request.url?.slice(1) ?? '').then(async (stream) => {
      const reader = asStream(stream).getReader(); // as routes answer
      for (let part = await reader.read(); !part.done; part = await reader.read())
        if (!response.write(part.value)) await new Promise((resolve) => response.once('drain', resolve));
      response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // a TCP server's
  const download = (wanted: Read) => async () => {
    read = wanted;
    for (const digest of digests)
      expect(
        (
          await promisify(execFile)('curl', [
            '-s',
            '-o',
            '/dev/null',
            '-w',
            '%{size_download}',
            `http://127.0.0.1:${port}/${digest}`,
          ])
        ).stdout,
      ).toBe(String(await checked.stat(digest)));
  };
  await compare(
    'download',
    download((digest) => checked.read(digest)),
    download(unchecked.read),
  );
  server.close();
});

test('package: a ZIP of all of them', { timeout: 600_000 }, async () => {
  const pack = (read: Read) => async () => {
    const zip = new ZipFile();
    for (const digest of digests)
      zip.addReadStreamLazy(
        digest,
        {},
        (ready) => void read(digest).then((stream) => ready(null, Readable.from(stream, { objectMode: false }))),
      );
    zip.end();
    let bytes = 0;
    for await (const chunk of zip.outputStream) bytes += (chunk as Buffer).length; // a byte stream yields Buffers
    expect(bytes).toBeGreaterThan(0);
  };
  await compare(
    'package',
    pack((digest) => checked.read(digest)),
    pack(unchecked.read),
  );
});
