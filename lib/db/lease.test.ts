import { expect, it, vi } from 'vitest';
import { pino } from 'pino';
import { underLease } from './lease';

const ctx = { log: pino({ level: 'silent' }) };

it('renews while the work goes on, and never after it, whether it ends well or not', async () => {
  let renewals = 0;
  const renew = async () => {
    renewals += 1;
    if (renewals === 1) throw new Error('the database was away for a moment');
  };
  const work = () => vi.waitFor(() => expect(renewals).toBeGreaterThan(2), { interval: 1 });
  await underLease(ctx, renew, work, 1);
  await expect(underLease(ctx, renew, () => Promise.reject(new Error('no')), 1)).rejects.toThrow('no');
  const settled = renewals;
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(renewals).toBe(settled);
});

it('ends only when a renewal under way has ended', async () => {
  const order: string[] = [];
  let begun = () => {};
  const isBegun = new Promise<void>((resolve) => {
    begun = resolve;
  });
  await underLease(
    ctx,
    async () => {
      begun();
      await new Promise((resolve) => setTimeout(resolve, 10));
      order.push('renewed');
    },
    () => isBegun,
    1,
  );
  order.push('ended');
  expect(order).toEqual(['renewed', 'ended']);
});
