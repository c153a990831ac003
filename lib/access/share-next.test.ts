import { expect, it } from 'vitest';
import { shareNext } from './share-next';

it('a burst of five hundred questions costs two calls, and no answer is older than its question', async () => {
  let calls = 0;
  let value = 'valid';
  const ask = shareNext(async () => {
    calls += 1;
    const seen = value;
    await new Promise((resolve) => setTimeout(resolve, 5));
    return seen;
  });
  const first = ask('token');
  value = 'revoked';
  const others = Array.from({ length: 499 }, () => ask('token'));
  expect(await first).toBe('valid');
  expect(new Set(await Promise.all(others))).toEqual(new Set(['revoked']));
  expect(calls).toBe(2);
  expect(await ask('token')).toBe('revoked');
  expect(calls).toBe(3);
});

it('a call that fails fails those who wait for it, and the next is made anew', async () => {
  let calls = 0;
  const ask = shareNext(async () => {
    calls += 1;
    if (calls <= 2) throw new Error('not now');
    return calls;
  });
  const [one, two] = [ask('x'), ask('x')];
  await expect(one).rejects.toThrow('not now');
  await expect(two).rejects.toThrow('not now');
  expect(await ask('x')).toBe(3);
  expect(await Promise.all([ask('a'), ask('b')])).toEqual([4, 5]);
});
