import { expect, it } from 'vitest';
import { RESUMABLE_FROM_BYTES, fingerprintOf, readKey } from './fingerprint';
import { tarOf } from './tar';

const large = new Uint8Array(RESUMABLE_FROM_BYTES + 1);
const file = (name: string, lastModified = 5) => new File([large], name, { lastModified });

it('small files are sent in one piece', () => expect(fingerprintOf(new File(['x'], 'a.jsonl'), null)).toBeNull());

it('is read back from what the browser stored, whatever the names', () => {
  const fingerprint = fingerprintOf(file('a::b:ü %.jsonl'), 'chain: 1');
  expect(readKey(`tus::${fingerprint}::123`)).toEqual({
    fingerprint,
    kind: 'file',
    name: 'a::b:ü %.jsonl',
    sizeBytes: large.length,
    chain: 'chain: 1',
  });
  expect(readKey(`tus::tus-br-a.jsonl-::12`)).toBeNull();
  expect(readKey('theme')).toBeNull();
});

it('tells another time and another chain apart', () => {
  expect(
    new Set([fingerprintOf(file('a'), null), fingerprintOf(file('a', 6), null), fingerprintOf(file('a'), 'b')]).size,
  ).toBe(3);
});

it('an archive packed from the same files in another order is the same; one other file makes another', async () => {
  const [one, two] = [
    { path: 'x/a', file: file('a') },
    { path: 'x/b', file: file('b') },
  ];
  const packed = tarOf('x.tar', [one, two], 'folder');
  const again = tarOf('x.tar', [two, one], 'folder');
  expect(fingerprintOf(again, null)).toBe(fingerprintOf(packed, null));
  expect(Buffer.from(await again.arrayBuffer()).equals(Buffer.from(await packed.arrayBuffer()))).toBe(true);
  expect(fingerprintOf(tarOf('x.tar', [one, { path: 'x/b', file: file('b', 9) }], 'folder'), null)).not.toBe(
    fingerprintOf(packed, null),
  );
});
