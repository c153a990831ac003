import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openFileStore } from './file-store';
import { type EvidenceStore, putObject, readObject } from './store';

let directory: string;
let store: EvidenceStore;
beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'evidence '));
  store = await openFileStore(directory);
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const digestOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const temps = () => readdir(path.join(directory, 'tmp'));

it('names an object by its SHA-256 and gives its bytes back', async () => {
  const bytes = randomBytes(300_000);
  const stored = await putObject(store, bytes);
  expect(stored).toEqual({ digest: digestOf(bytes), sizeBytes: 300_000 });
  expect(await readObject(store, stored.digest)).toEqual(bytes);
  expect(await readObject(store, stored.digest, { from: 10, to: 25 })).toEqual(bytes.subarray(10, 25));
  expect(await readObject(store, stored.digest, { from: 10, to: 10 })).toHaveLength(0);
  expect(await store.stat(stored.digest)).toBe(300_000);
});

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

it('leaves nothing of a discarded object', async () => {
  const writer = await store.create();
  await writer.write(Buffer.from('half'));
  await writer.discard();
  expect(await temps()).toEqual([]);
  expect(await store.stat(digestOf(Buffer.from('half')))).toBeNull();
});

it('says which object is missing', async () => {
  const digest = digestOf(Buffer.from('never stored'));
  await expect(store.read(digest)).rejects.toMatchObject({ code: 'EVIDENCE_MISSING', details: { digest } });
  await expect(store.read('../../etc/passwd')).rejects.toMatchObject({ code: 'BAD_REQUEST' });
});

it('probes by writing', async () => {
  expect(await store.probe()).toBe(true);
  await rm(path.join(directory, 'tmp'), { recursive: true });
  expect(await store.probe()).toBe(false);
});
