import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ZipFile } from 'yazl';
import { createHasher } from '../hasher';
import { occasioLog } from '../ingest/sample/occasio-log';
import { createRandom } from '../ingest/sample/random';
import { checkOnThreads } from '../verify/check-on-threads';
import { openFileStore, openFiles } from './file-store';
import { type EvidenceStore, type ObjectStore, putObject } from './store';

const SEGMENTS = 4;
const SEGMENT_BYTES = 64 * 1024 * 1024;
const RUNS = 5;

let directory: string;
let checked: EvidenceStore;
let unchecked: { read(digest: string): Promise<Readable> };
const digests: string[] = [];
beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'sealtrail-bench-'));
  checked = await openFileStore(directory);
  unchecked = asStream(await openFiles(directory));
  const lines = occasioLog(createRandom(5), await createHasher(), Date.UTC(2026, 4, 11), { agent: 'bench', calls: 20_000 });
  const bytes = Buffer.from(`${lines.join('\n')}\n`);
  const segment = Buffer.concat(Array.from({ length: Math.ceil(SEGMENT_BYTES / bytes.length) }, () => bytes)).subarray(0, SEGMENT_BYTES);
  for (let index = 0; index < SEGMENTS; index += 1) digests.push((await putObject(checked, Buffer.concat([segment, Buffer.from(`\n${index}\n`)]))).digest);
}, 300_000);
afterAll(() => rm(directory, { recursive: true, force: true }));

/** The same store, the same chunks, nothing hashed. */
function asStream(store: ObjectStore) {
  return {
    async read(digest: string): Promise<Readable> {
      const to = (await store.stat(digest)) ?? 0;
      return Readable.from(await store.read(digest, { from: 0, to }), { objectMode: false, highWaterMark: 1024 * 1024 });
    },
  };
}

type Read = typeof unchecked.read;

type Cost = { elapsedMs: number; /** Of all threads. */ cpuMs: number; /** Of the one that answers everybody. */ ownMs: number };

/** What the work costs through a store that checks and one that does not, in turns, the least of each: other work on the machine adds to the time that passes. */
async function compare(name: string, work: (read: Read) => Promise<unknown>): Promise<void> {
  const least: Record<'checked' | 'unchecked', Cost> = { checked: { elapsedMs: Infinity, cpuMs: Infinity, ownMs: Infinity }, unchecked: { elapsedMs: Infinity, cpuMs: Infinity, ownMs: Infinity } };
  for (let run = 0; run < RUNS; run += 1) {
    for (const [which, store] of run % 2 === 0 ? ([['checked', checked], ['unchecked', unchecked]] as const) : ([['unchecked', unchecked], ['checked', checked]] as const)) {
      const [startedMs, all, own] = [performance.now(), process.cpuUsage(), process.threadCpuUsage()];
      await work((digest) => store.read(digest));
      const [cpu, thread] = [process.cpuUsage(all), process.threadCpuUsage(own)];
      least[which] = { elapsedMs: Math.min(least[which].elapsedMs, performance.now() - startedMs), cpuMs: Math.min(least[which].cpuMs, (cpu.user + cpu.system) / 1e3), ownMs: Math.min(least[which].ownMs, (thread.user + thread.system) / 1e3) };
    }
  }
  const more = (of: keyof Cost) => `${((least.checked[of] / least.unchecked[of] - 1) * 100).toFixed(1)} % more (${least.checked[of].toFixed(0)} ms, ${least.unchecked[of].toFixed(0)} ms)`;
  process.stdout.write(`${name} of ${(SEGMENTS * SEGMENT_BYTES) / 1024 / 1024} MiB: time ${more('elapsedMs')}, processors ${more('cpuMs')}, own thread ${more('ownMs')}\n`);
}

test('hashing alone', () => {
  const chunk = Buffer.alloc(1024 * 1024, 1);
  const startedMs = performance.now();
  const hash = createHash('sha256');
  for (let index = 0; index < 512; index += 1) hash.update(chunk);
  expect(hash.digest()).toHaveLength(32);
  process.stdout.write(`sha256: ${((512 * chunk.length) / 1e3 / (performance.now() - startedMs)).toFixed(0)} MB/s\n`);
});

test('verify: segments checked on threads, one a core', { timeout: 600_000 }, async () => {
  await compare('verify', async (read) => {
    const next = digests.values();
    const takers = Array.from({ length: 2 }, async () => {
      for (const digest of next) expect((await checkOnThreads('occasio', (await read(digest)) as AsyncIterable<Buffer<ArrayBuffer>>)).check.records).toBeGreaterThan(0);
    });
    await Promise.all(takers);
  });
});

test('download: over HTTP to this machine', { timeout: 600_000 }, async () => {
  let read: Read = unchecked.read;
  const server: Server = createServer((request, response) => {
    void read(request.url?.slice(1) ?? '').then(async (stream) => {
      const reader = (Readable.toWeb(stream) as ReadableStream<Uint8Array>).getReader(); // as routes answer
      for (let part = await reader.read(); !part.done; part = await reader.read()) if (!response.write(part.value)) await new Promise((resolve) => response.once('drain', resolve));
      response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // a TCP server's
  await compare('download', async (wanted) => {
    read = wanted;
    for (const digest of digests) {
      let bytes = 0;
      for await (const chunk of (await fetch(`http://127.0.0.1:${port}/${digest}`)).body ?? []) bytes += chunk.length;
      expect(bytes).toBeGreaterThan(SEGMENT_BYTES);
    }
  });
  server.close();
});

test('package: a ZIP of all of them', { timeout: 600_000 }, async () => {
  await compare('package', async (read) => {
    const zip = new ZipFile();
    for (const digest of digests) zip.addReadStreamLazy(digest, {}, (ready) => void read(digest).then((stream) => ready(null, stream)));
    zip.end();
    let bytes = 0;
    for await (const chunk of zip.outputStream) bytes += (chunk as Buffer).length; // a byte stream yields Buffers
    expect(bytes).toBeGreaterThan(0);
  });
});
