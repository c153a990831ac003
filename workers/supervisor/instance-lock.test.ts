import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { isHolder, takeLock } from './instance-lock';

it('lets one have a name however long it is, and tells the others who', async () => {
  const name = `${'/a very long path'.repeat(40)}/${randomUUID()}`;
  const mine = await takeLock(name);
  if (isHolder(mine)) throw new Error('nobody else can have it');
  expect(await takeLock(name)).toEqual({ pid: process.pid, url: null });
  mine.tell({ pid: process.pid, url: 'http://127.0.0.1:7325' });
  expect(await takeLock(name)).toEqual({ pid: process.pid, url: 'http://127.0.0.1:7325' });
  mine.release();
  const again = await takeLock(name);
  expect(isHolder(again)).toBe(false);
  if (!isHolder(again)) again.release();
});
