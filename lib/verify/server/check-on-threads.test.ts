import { hash } from 'node:crypto';
import { afterAll, expect, it } from 'vitest';
import { createHasher } from '../../crypto/hasher';
import { formatById } from '../../core/formats';
import { fixture } from '../../testing/fixtures';
import { checkBytes } from '../../testing/verify';
import { checkOnThreads, createCheckThreads } from './check-on-threads';

const threads = createCheckThreads();
const hasher = await createHasher();
afterAll(() => threads.close());

const NAMES = ['valid', 'tampered', 'gap', 'crlf', 'null-line', 'valid', 'tampered', 'gap'];

const checkedHere = (name: string) => ({
  ...checkBytes(formatById('occasio'), hasher, fixture('occasio', name)),
  sha256: hash('sha256', fixture('occasio', name)),
});

/** Chunks that are parts of a larger buffer, chunks that are all of theirs, and chunks in shared memory. */
async function* chunked(bytes: Uint8Array, chunkBytes = 5000): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += chunkBytes) {
    const own = Uint8Array.from(bytes.subarray(at, at + chunkBytes));
    const shared = new Uint8Array(new SharedArrayBuffer(own.length + 1), 1);
    shared.set(own);
    yield [own, Uint8Array.from([0, ...own]).subarray(1), shared][(at / chunkBytes) % 3] ?? own;
  }
}

it('comes out as on this thread, several side by side', async () => {
  const checked = await Promise.all(
    NAMES.map((name) => checkOnThreads('occasio', chunked(fixture('occasio', name)), undefined, threads)),
  );
  expect(checked).toEqual(NAMES.map(checkedHere));
});

it('stops when it is told to, and when the bytes fail, and goes on with the next', async () => {
  const stop = new AbortController();
  async function* stopping() {
    yield* chunked(fixture('occasio', 'valid').subarray(0, 20_000));
    stop.abort(new Error('the worker is stopping'));
    yield* chunked(fixture('occasio', 'valid').subarray(20_000));
  }
  await expect(checkOnThreads('occasio', stopping(), stop.signal, threads)).rejects.toThrow();
  async function* failing() {
    yield* chunked(fixture('occasio', 'valid').subarray(0, 20_000));
    throw new Error('the disk is gone');
  }
  await expect(checkOnThreads('occasio', failing(), undefined, threads)).rejects.toThrow('the disk is gone');
  const after = await Promise.all(
    NAMES.map((name) => checkOnThreads('occasio', chunked(fixture('occasio', name), 777), undefined, threads)),
  );
  expect(after).toEqual(NAMES.map(checkedHere));
});
