import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Context } from '../../context';
import { type TestInstallation, startInstallation } from '../../testing/installation';
import { appendToLog } from './append-entry';
import { publishLog } from './publish-log';

let installation: TestInstallation;
beforeAll(async () => {
  installation = await startInstallation();
}, 120_000);
afterAll(() => installation.stop(), 60_000);

async function append(count: number): Promise<void> {
  const { ctx } = installation;
  await ctx.db.transaction().execute(async (tx) => {
    for (let n = 0; n < count; n += 1)
      await appendToLog(ctx, tx, {
        kind: 'attestation',
        attestationId: randomUUID(),
        bundleSha256: 'ab'.repeat(32),
        predicateType: 'https://example.com/x',
      });
  });
}

/** A context whose transactions begin once `ready` resolves. */
function held(ctx: Context, ready: Promise<unknown>): Context {
  const db = new Proxy(ctx.db, {
    get(target, name) {
      if (name === 'transaction')
        return () => ({
          execute: (run: Parameters<ReturnType<typeof target.transaction>['execute']>[0]) =>
            ready.then(() => target.transaction().execute(run)),
        });
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
  return { ...ctx, db };
}

it('one that is overtaken by another, of a log that grew meanwhile, takes what that published for no backup', async () => {
  const { ctx } = installation;
  await append(4);
  await publishLog(ctx);
  await append(1);
  const overtaking = Promise.withResolvers<void>();
  const overtaken = publishLog(held(ctx, overtaking.promise));
  await append(3);
  await publishLog(ctx);
  overtaking.resolve();
  await overtaken;
  const head = await ctx.db.selectFrom('log_checkpoints').select('size').orderBy('size', 'desc').executeTakeFirst();
  expect(head).toEqual({ size: 8 });
});
