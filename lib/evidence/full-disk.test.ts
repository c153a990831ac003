import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openFileStore } from './file-store';
import { putObject } from './store';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'sealtrail-full-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

/** Runs a store in a process that may write no file past 1 MiB: its quota, as far as the system is concerned. */
function underQuota(script: string): unknown {
  const program = `import { openFileStore } from '${import.meta.dirname}/file-store.ts';
    import { putObject } from '${import.meta.dirname}/store.ts';
    const store = await openFileStore(process.argv[1]);
    ${script}`;
  const run = spawnSync(
    'sh',
    [
      '-c',
      'ulimit -f 2048; exec "$0" --conditions=react-server --import tsx --input-type=module -e "$1" "$2"',
      process.execPath,
      program,
      directory,
    ],
    { encoding: 'utf8', cwd: path.resolve(import.meta.dirname, '../..') },
  );
  if (run.status !== 0) throw new Error(run.stderr);
  return JSON.parse(run.stdout);
}

it('a write past the quota is refused as such, leaves nothing, and what fits is kept afterwards', async () => {
  const answer = underQuota(`
    const refused = await putObject(store, Buffer.alloc(3 * 1024 * 1024, 'x')).then(() => null, (error) => error.code);
    const kept = await putObject(store, Buffer.from('fits'));
    console.log(JSON.stringify({ refused, kept: kept.sizeBytes }));`);
  expect(answer).toEqual({ refused: 'STORAGE_FULL', kept: 4 });
  expect(await readdir(path.join(directory, 'tmp'))).toEqual([]);
  expect((await readdir(path.join(directory, 'objects'), { recursive: true })).length).toBe(2);
});

it('nothing is begun on a disk with less room than is to be left alone', async () => {
  const store = await openFileStore(directory, { reserveBytes: Number.MAX_SAFE_INTEGER });
  await expect(putObject(store, Buffer.from('x'))).rejects.toMatchObject({ code: 'STORAGE_FULL' });
  expect(await readdir(path.join(directory, 'tmp'))).toEqual([]);
});

it('room is asked for while an object is written: what is to be left alone is left alone, and nothing is kept', async () => {
  const disk = { bytes: 20 * 1024 * 1024 };
  const store = await openFileStore(directory, { reserveBytes: 10 * 1024 * 1024, freeBytes: async () => disk.bytes });
  const writer = await store.create();
  const chunk = Buffer.alloc(256 * 1024);
  const written = async () => {
    for (;;) {
      await writer.write(chunk);
      disk.bytes -= chunk.length;
    }
  };
  await expect(written()).rejects.toMatchObject({ code: 'STORAGE_FULL' });
  await writer.discard();
  // Nothing of the reserve, and not the 4 MiB before it, which may be on their way to the disk.
  expect(disk.bytes).toBe(14 * 1024 * 1024);
  expect(await readdir(path.join(directory, 'tmp'))).toEqual([]);
});

it('a directory that cannot be written to keeps nothing and says so, and what was kept can be read', async () => {
  const store = await openFileStore(directory);
  const { digest } = await putObject(store, Buffer.from('before'));
  await rm(path.join(directory, 'tmp'), { recursive: true });
  await writeFile(path.join(directory, 'tmp'), '');
  await expect(putObject(store, Buffer.from('after'))).rejects.toMatchObject({
    code: 'EVIDENCE_UNAVAILABLE',
    message: expect.not.stringContaining(directory),
  });
  expect(await store.probe()).toBe(false);
  expect(await store.stat(digest)).toBe(6);
});
