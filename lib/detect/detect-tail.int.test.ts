import { afterAll, beforeAll, expect, it } from 'vitest';
import { appendRecords } from '../ingest/append-records';
import { closeTail } from '../ingest/close-tail';
import { loadTail } from '../lake/load-tail';
import { testActor } from '../testing/actor';
import { toBytes, writers } from '../testing/chains';
import { type TestInstallation, startInstallation } from '../testing/installation';

let installation: TestInstallation;
beforeAll(async () => {
  installation = await startInstallation();
  await installation.work();
}, 120_000);
afterAll(() => installation.stop(), 60_000);

it('a burst in what was just appended is found while its segment is open, once, and keeps its records when it is closed', async () => {
  const { ctx } = installation;
  const calls = Array.from({ length: 40 }, (_, index) => ({
    tool: 'bash',
    decision: index < 20 ? ('allow' as const) : ('deny' as const),
    note: `call ${index}`,
  }));
  const lines = writers(ctx.hasher).occasio.write(calls);
  const send = (bytes: Buffer) =>
    appendRecords(ctx, {
      chain: 'live',
      bytes,
      precondition: { kind: 'lines' },
      idempotency: null,
      actor: testActor(),
    });
  const findings = () =>
    ctx.db
      .selectFrom('findings')
      .select(['title', 'record_count', 'records'])
      .where('superseded_at', 'is', null)
      .execute();
  const until = async (what: () => Promise<boolean>) => {
    for (
      const untilMs = Date.now() + 30_000;
      Date.now() < untilMs;
      await new Promise((resolve) => setTimeout(resolve, 50))
    )
      if (await what()) return;
    throw new Error('it did not happen in 30 s');
  };

  const { chainId } = await send(toBytes(lines.slice(0, 20)));
  await loadTail(ctx, { chainId });
  await until(
    async () =>
      (await ctx.db.selectFrom('tails').select('searched_records').where('chain_id', '=', chainId).executeTakeFirst())
        ?.searched_records === 20,
  );
  expect(await findings()).toEqual([]);

  await send(toBytes(lines.slice(20)));
  await loadTail(ctx, { chainId });
  await until(async () => (await findings()).length > 0);
  expect(await findings()).toMatchObject([
    {
      title: 'Burst of denied tool calls in one session',
      record_count: 20,
      records: expect.arrayContaining([expect.objectContaining({ chainId, ordinal: 20, segmentDigest: null })]),
    },
  ]);

  await closeTail(ctx, { chainId, actor: testActor() });
  await installation.settled(chainId);
  const { digest } = await ctx.db
    .selectFrom('chain_segments')
    .select('digest')
    .where('chain_id', '=', chainId)
    .executeTakeFirstOrThrow();
  expect(await findings()).toMatchObject([
    {
      record_count: 20,
      records: expect.arrayContaining([expect.objectContaining({ ordinal: 20, segmentDigest: digest })]),
    },
  ]);
});
