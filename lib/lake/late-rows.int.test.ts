import { afterAll, beforeAll, expect, it } from 'vitest';
import { listRecords } from '../chains/records';
import type { Drift } from '../fsck/drift';
import { fsck } from '../fsck/fsck';
import { appendRecords } from '../ingest/append-records';
import { closeTail } from '../ingest/close-tail';
import { testActor } from '../testing/actor';
import { toBytes, writers } from '../testing/chains';
import { type TestInstallation, startInstallation } from '../testing/installation';
import { loadTail } from './load-tail';

let installation: TestInstallation;
beforeAll(async () => {
  installation = await startInstallation({}, { rules: 'one' });
  await installation.work();
}, 120_000);
afterAll(() => installation.stop(), 60_000);

it('a row of the open segment that comes after the closed one, as of a worker that was stopped, takes no record out of its segment', async () => {
  const { ctx } = installation;
  const bytes = toBytes(
    writers(ctx.hasher).occasio.write(
      Array.from({ length: 9 }, (_, n) => ({ tool: 'bash', decision: 'allow' as const, note: `late ${n}` })),
    ),
  );
  const { chainId } = await appendRecords(ctx, {
    chain: 'late',
    bytes,
    precondition: { kind: 'lines' },
    idempotency: null,
    actor: testActor(),
  });
  await loadTail(ctx, { chainId });
  const open = await rows(chainId);
  expect(open).toHaveLength(9);
  await closeTail(ctx, { chainId, actor: testActor() });
  await installation.settled(chainId);
  const listed = await listRecords(ctx, { chainId, limit: 20 });

  await ctx.lake.insert({ table: 'events', values: open, format: 'JSONEachRow' });
  expect(await listRecords(ctx, { chainId, limit: 20 })).toEqual(listed);
  const drifts: Drift[] = [];
  await fsck(ctx, (drift) => drifts.push(drift), { only: ['lake'] });
  expect(drifts).toEqual([]);
  await ctx.lake.command({ query: 'OPTIMIZE TABLE events FINAL' });
  expect(new Set((await rows(chainId)).map((row) => row['segment_digest']))).toEqual(
    new Set([await digestOf(chainId)]),
  );
  expect(await listRecords(ctx, { chainId, limit: 20 })).toEqual(listed);
});

async function rows(chainId: string): Promise<Record<string, unknown>[]> {
  const result = await installation.ctx.lake.query({
    query: 'SELECT * FROM events WHERE chain_id = {chainId: UUID}',
    query_params: { chainId },
    format: 'JSONEachRow',
  });
  return result.json();
}

async function digestOf(chainId: string): Promise<string> {
  return (
    await installation.ctx.db
      .selectFrom('chain_segments')
      .select('digest')
      .where('chain_id', '=', chainId)
      .executeTakeFirstOrThrow()
  ).digest;
}
