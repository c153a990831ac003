import { Readable } from 'node:stream';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Context } from '../context';
import { appendRecords } from '../ingest/append-records';
import { ingestUpload } from '../ingest/upload';
import { loadTail } from '../lake/load-tail';
import { waitingJobs } from '../queue/waiting';
import { testActor } from '../testing/actor';
import { toBytes, writers } from '../testing/chains';
import { type TestInstallation, startInstallation } from '../testing/installation';
import { detectChain } from './detect-chain';
import { detectTail } from './detect-tail';
import { listFindings } from '../triage/findings';

const CHAINS = 60;

let installation: TestInstallation;
beforeAll(async () => {
  installation = await startInstallation();
});
afterAll(() => installation?.stop());

const log = (note: string) =>
  toBytes(
    writers(installation.ctx.hasher).arbiter.write(
      Array.from({ length: 6 }, (_, index) => ({ tool: 'bash', decision: 'deny' as const, note: `${note} ${index}` })),
    ),
  );

/** A context that counts what it asks of the lake. */
function counting(): { ctx: Context; asked: () => number } {
  let requested = 0;
  const { ctx } = installation;
  const lake = new Proxy(ctx.lake, {
    get(target, name) {
      if (name === 'query' || name === 'insert' || name === 'command') requested += 1;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
  return { ctx: { ...ctx, lake }, asked: () => requested };
}

it('chains that grow at the same time are loaded and looked at together: many cost about what one does', async () => {
  const ids: string[] = [];
  for (let index = 0; index < CHAINS; index += 1) {
    const { chainId } = await appendRecords(installation.ctx, {
      chain: `grows ${index}`,
      bytes: log(`grows ${index}`),
      precondition: { kind: 'lines' },
      idempotency: null,
      actor: testActor('token a'),
    });
    ids.push(chainId);
  }
  const { ctx, asked: requested } = counting();
  await loadTail(ctx, { chainId: ids[7] ?? '' });
  await detectTail(ctx, { chainId: ids[31] ?? '' });
  expect(requested()).toBeLessThan(10);
  const tails = await ctx.db.selectFrom('tails').select(['loaded_records', 'searched_records']).execute();
  expect(tails).toEqual(ids.map(() => ({ loaded_records: 6, searched_records: 6 })));
  const { items } = await listFindings(ctx, { limit: 500 });
  expect(new Set(items.flatMap(({ chains }) => chains.map(({ id }) => id)))).toEqual(new Set(ids));
});

it('chains that wait for the rules are done in the run of one of them, and their own jobs with it', async () => {
  const { ctx, asked: requested } = counting();
  const ids: string[] = [];
  for (let index = 0; index < CHAINS; index += 1) {
    const { chainId } = await ingestUpload(ctx, {
      fileName: 'a.jsonl',
      chain: `sent ${index}`,
      body: Readable.from([log(`sent ${index}`)]),
      actor: testActor('token a'),
    });
    ids.push(chainId);
    await ctx.db
      .updateTable('chains')
      .set((eb) => ({ loaded_generation: eb.ref('generation') }))
      .where('id', '=', chainId)
      .execute();
    await ctx.db.transaction().execute((tx) => ctx.queue.send(tx, 'detect-chain', { chainId }));
  }
  await detectChain(ctx, { chainId: ids[11] ?? '' });
  expect(requested()).toBeLessThan(10);
  const rows = await ctx.db
    .selectFrom('chains')
    .select('id')
    .whereRef('detected_generation', '=', 'generation')
    .where('id', 'in', ids)
    .execute();
  expect(rows).toHaveLength(CHAINS);
  // Its own job is the queue's to end.
  expect((await waitingJobs(ctx.db, 'detect-chain', 500)).map(({ key }) => key)).toEqual([ids[11]]);
  expect((await waitingJobs(ctx.db, 'attest-chain', 500)).map(({ key }) => key).toSorted()).toEqual(ids.toSorted());
});

it('what is found in another chain while rules look stands when they are done', async () => {
  const { ctx } = installation;
  const grow = async (chain: string) => {
    const { chainId } = await appendRecords(ctx, {
      chain,
      bytes: log(chain),
      precondition: { kind: 'lines' },
      idempotency: null,
      actor: testActor('token a'),
    });
    await loadTail(ctx, { chainId });
    return chainId;
  };
  const found = async (chainId: string) => {
    const { items } = await listFindings(ctx, { limit: 100, chainId });
    return items.map(({ ruleId, recordCount }) => `${ruleId} ${recordCount}`).toSorted();
  };
  let meanwhile: { chainId: string; found: string[] } | null = null;
  const slow = {
    ...ctx,
    lake: Object.assign(Object.create(ctx.lake) as typeof ctx.lake, {
      query: async (asked: Parameters<typeof ctx.lake.query>[0]) => {
        // What it answers is of the moment it was asked.
        const answer = await ctx.lake.query(asked);
        if (meanwhile !== null || !asked.query.startsWith('WITH')) return answer;
        const chainId = await grow('found meanwhile');
        meanwhile = { chainId, found: [] };
        await detectTail(ctx, { chainId });
        meanwhile.found = await found(chainId);
        return answer;
      },
    }),
  };
  await detectTail(slow, { chainId: await grow('looked at for long') });
  const { chainId, found: before } = meanwhile ?? { chainId: '', found: [] };
  expect(before).not.toEqual([]);
  expect(await found(chainId)).toEqual(before);
  const again = await ctx.db.selectFrom('rule_looks').select('id').where('how', '=', 'again').execute();
  expect(again).toHaveLength(1);
});
