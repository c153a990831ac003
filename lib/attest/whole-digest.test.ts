import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { expect, it } from 'vitest';
import { createWholeDigests } from './whole-digest';

const OBJECTS = new Map(['one', 'two', 'three', 'other'].map((text) => [sha256(text), text]));
const [ONE = '', TWO = '', THREE = '', OTHER = ''] = OBJECTS.keys();

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** A store that tells what is read of it, and breaks off in what is named as altered. */
function storeOf() {
  const reads: string[] = [];
  const altered = new Set<string>();
  const read = async (digest: string) => {
    reads.push(OBJECTS.get(digest) ?? '');
    return Readable.from(
      (function* () {
        yield Buffer.from(OBJECTS.get(digest) ?? '');
        if (altered.has(digest)) throw new Error('altered');
      })(),
    );
  };
  return { reads: () => reads.splice(0), altered, digest: createWholeDigests({ read }) };
}

it('reads of a chain that has grown what is new, and of another everything', async () => {
  const { digest, reads } = storeOf();
  expect([await digest('c', [ONE]), reads()]).toEqual([ONE, []]);
  expect([await digest('c', [ONE, TWO]), reads()]).toEqual([sha256('onetwo'), ['one', 'two']]);
  expect([await digest('c', [ONE, TWO, THREE]), reads()]).toEqual([sha256('onetwothree'), ['three']]);
  expect([await digest('c', [ONE, TWO, THREE]), reads()]).toEqual([sha256('onetwothree'), []]);
  expect([await digest('c', [ONE, OTHER]), reads()]).toEqual([sha256('oneother'), ['one', 'other']]);
  expect([await digest('c', [ONE, OTHER, THREE]), reads()]).toEqual([sha256('oneotherthree'), ['three']]);
  expect([await digest('d', [ONE, OTHER, THREE]), reads()]).toEqual([
    sha256('oneotherthree'),
    ['one', 'other', 'three'],
  ]);
});

it('keeps nothing of bytes that were not proven', async () => {
  const { digest, reads, altered } = storeOf();
  await digest('c', [ONE, TWO]);
  altered.add(THREE);
  await expect(digest('c', [ONE, TWO, THREE])).rejects.toThrow('altered');
  reads();
  altered.clear();
  expect([await digest('c', [ONE, TWO, THREE]), reads()]).toEqual([sha256('onetwothree'), ['three']]);
});
