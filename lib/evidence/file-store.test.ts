import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openFileStore } from './file-store';
import { type EvidenceStore, putObject, readObject } from './store';
import { storeContract } from './store.contract';

let directory: string;
let store: EvidenceStore;
beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'evidence '));
  store = await openFileStore(directory);
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const temps = () => readdir(path.join(directory, 'tmp'));

const fileOf = (digest: string) => path.join(directory, 'objects', digest.slice(0, 2), digest);

storeContract(
  () => store,
  async (digest, bytes) => {
    await rm(fileOf(digest), { force: true });
    if (bytes) await writeFile(fileOf(digest), bytes, { mode: 0o400 });
  },
);

it('stores the same bytes once, read-only, and leaves no temp file', async () => {
  const bytes = Buffer.from('{"a":1}\n');
  const first = await putObject(store, bytes);
  const file = path.join(directory, 'objects', first.digest.slice(0, 2), first.digest);
  const before = await stat(file);
  expect(await putObject(store, bytes)).toEqual(first);
  expect((await stat(file)).ino).toBe(before.ino);
  expect(before.mode & 0o777).toBe(0o400);
  expect(await temps()).toEqual([]);
});

it('puts a damaged object right when its true bytes come again', async () => {
  const { digest } = await putObject(store, Buffer.from('whole'));
  const file = path.join(directory, 'objects', digest.slice(0, 2), digest);
  await rm(file);
  expect(await store.stat(digest)).toBeNull();
  await putObject(store, Buffer.from('whole'));
  expect((await readObject(store, digest)).toString()).toBe('whole');
});

it('holds no memory of what was read whole', async () => {
  const sizeBytes = 32 * 1024 * 1024;
  const { digest } = await putObject(store, Buffer.alloc(sizeBytes, 'x'));
  const readOften = async (times: number) => {
    for (let time = 0; time < times; time += 1) for await (const _ of await store.read(digest, { sizeBytes }));
    return process.memoryUsage().arrayBuffers;
  };
  const before = await readOften(1);
  expect((await readOften(6)) - before).toBeLessThan(2 * sizeBytes);
});

it('leaves no temp file of a discarded object', async () => {
  const writer = await store.create();
  await writer.write(Buffer.from('half'));
  await writer.discard();
  expect(await temps()).toEqual([]);
});

it('probes by writing where objects are made', async () => {
  await rm(path.join(directory, 'tmp'), { recursive: true });
  expect(await store.probe()).toBe(false);
});
