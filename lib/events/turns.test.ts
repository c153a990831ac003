import { Readable } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import { expect, it } from 'vitest';
import type { Context } from '../context';
import { inTurn, streamInTurn } from './turns';

const context = () => ({}) as Context; // turns are kept by which context it is
const ada = { id: 'ada' };

function held() {
  let end = (): void => undefined;
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  return { end, run: () => ended };
}

it('runs four at once, the others in their order, and refuses more than can wait', async () => {
  const ctx = context();
  const began: number[] = [];
  const searches = Array.from({ length: 24 }, held);
  const running = searches.map(({ run }, n) =>
    inTurn(ctx, { actor: ada }, () => {
      began.push(n);
      return run();
    }),
  );
  await setTimeout(0);
  expect(began).toEqual([0, 1, 2, 3]);
  await expect(inTurn(ctx, { actor: ada }, async () => 1)).rejects.toMatchObject({ code: 'BUSY' });
  expect(await inTurn(ctx, { actor: { id: 'bob' } }, async () => 1)).toBe(1);
  for (const { end } of searches) end();
  await Promise.all(running);
  expect(began).toEqual(searches.map((_, n) => n));
  expect(await inTurn(ctx, { actor: ada }, async () => 2)).toBe(2);
});

it('gives the place of one up that is not wanted any more, or failed', async () => {
  const ctx = context();
  const searches = Array.from({ length: 4 }, held);
  const running = searches.map(({ run }) => inTurn(ctx, { actor: ada }, run));
  const abort = new AbortController();
  const unwanted = inTurn(ctx, { actor: ada, signal: abort.signal }, async () => 'ran');
  const after = inTurn(ctx, { actor: ada }, () => Promise.reject(new Error('failed')));
  abort.abort();
  await expect(unwanted).rejects.toThrow(/abort/i);
  for (const { end } of searches) end();
  await Promise.all(running);
  await expect(after).rejects.toThrow('failed');
  expect(await inTurn(ctx, { actor: ada }, async () => 3)).toBe(3);
});

it('counts what is streamed until its stream ends, read to the end or not', async () => {
  const ctx = context();
  const streams = await Promise.all(
    Array.from({ length: 4 }, () => streamInTurn(ctx, { actor: ada }, async () => Readable.from(['a', 'b']))),
  );
  let ran = false;
  const next = inTurn(ctx, { actor: ada }, async () => {
    ran = true;
  });
  await setTimeout(10);
  expect(ran).toBe(false);
  streams[0]?.destroy();
  await next;
  const last = streamInTurn(ctx, { actor: ada }, () => Promise.reject(new Error('failed')));
  await expect(last).rejects.toThrow('failed');
  for (const stream of streams) stream.destroy();
  expect(await inTurn(ctx, { actor: ada }, async () => 4)).toBe(4);
});
