import { Readable } from 'node:stream';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { tryFailuresNow } from '../db/job-failures';
import { appendRecords } from '../ingest/append-records';
import { ingestUpload } from '../ingest/upload';
import { getHealth } from '../ops/health';
import { getChain } from '../chains/chains';
import { renderMetrics } from '../ops/metrics';
import { listStuck, retryStuck } from '../ops/stuck';
import { testActor } from '../testing/actor';
import { toBytes, writers } from '../testing/chains';
import { type TestInstallation, startInstallation } from '../testing/installation';
import { attemptJob, queueDueFailures } from './attempt';
import { defineJob } from './job';
import { waitingJobs } from './waiting';

let installation: TestInstallation;
beforeAll(async () => {
  installation = await startInstallation();
});
afterAll(() => installation?.stop());

const never = new AbortController().signal;

/** An installation's own clock, moved by hand. */
function clock() {
  let nowMs = Date.now();
  return { ctx: { ...installation.ctx, now: () => new Date(nowMs) }, wait: (ms: number) => (nowMs += ms) };
}

async function upload(chain: string, sender: string): Promise<string> {
  const bytes = toBytes(
    writers(installation.ctx.hasher).vouch.write([{ tool: 'bash', decision: 'allow', note: chain }]),
  );
  const { chainId } = await ingestUpload(installation.ctx, {
    fileName: 'a.jsonl',
    chain,
    body: Readable.from([bytes]),
    actor: testActor(sender),
  });
  return chainId;
}

it('a job that fails steps aside, is tried later each time, is told when it is stuck, and forgotten when it succeeds', async () => {
  const { ctx, wait } = clock();
  const chainId = await upload('poison', 'token a');
  let runs = 0;
  let isWell = false;
  const job = defineJob({
    kind: 'load-chain',
    concurrency: 1,
    run: async () => {
      runs += 1;
      if (!isWell) throw new TypeError('nobody foresaw this');
    },
  });
  const attempt = (build = 'one') =>
    attemptJob(ctx, { job, build, ending: never }, { payload: { chainId }, signal: never, lost: 0 });
  const delays: number[] = [];
  for (let failures = 1; failures <= 12; failures += 1) {
    expect(await attempt()).toBe('put-off');
    expect(runs).toBe(failures);
    // As long as its next try is not due it does not run, however often it is asked for.
    expect(await attempt()).toBe('put-off');
    expect(runs).toBe(failures);
    const row = await ctx.db
      .selectFrom('job_failures')
      .selectAll()
      .where('chain_id', '=', chainId)
      .executeTakeFirstOrThrow();
    delays.push(row.next_try_at.getTime() - ctx.now().getTime());
    expect((await listStuck(ctx)).total).toBe(failures >= 5 ? 1 : 0);
    wait(delays.at(-1) ?? 0);
  }
  expect(
    delays.every(
      (delay, index) =>
        delay >= 0.8 * Math.min(900_000, 1000 * 2 ** index) && delay <= 1.2 * Math.min(900_000, 1000 * 2 ** index),
    ),
  ).toBe(true);
  expect(await listStuck(ctx)).toMatchObject({
    items: [
      {
        chainId,
        chain: 'poison',
        what: 'Loading into the lake',
        cause: "an unexpected failure; the worker's log has more",
        attempts: 12,
      },
    ],
    total: 1,
  });
  expect(await getHealth(ctx)).toMatchObject({
    status: 'degraded',
    writing: 'ok',
    stuck: 1,
    cause: expect.stringContaining('a job is stuck'),
  });
  expect((await renderMetrics(ctx)).text).toContain('sealtrail_stuck_jobs{kind="load-chain"} 1');
  expect(await getChain(ctx, { chainId })).toMatchObject({
    stuck: true,
    failure: expect.stringContaining('Loading into the lake did not succeed'),
  });

  await attempt();
  expect(runs).toBe(13);
  expect(await retryStuck(ctx, { chainId, actor: testActor() })).toEqual({ retried: 1 });
  await queueDueFailures(ctx);
  expect((await waitingJobs(ctx.db, 'load-chain', 10)).map(({ key }) => key)).toEqual([chainId]);
  expect(await tryFailuresNow(ctx.db, ctx.now(), { notBuild: 'one' })).toBe(0);
  expect(await tryFailuresNow(ctx.db, ctx.now(), { notBuild: 'two' })).toBe(1);
  isWell = true;
  expect(await attempt('two')).toBe('done');
  expect(await listStuck(ctx)).toEqual({ items: [], total: 0 });
});

it('a job that workers end at counts as failed, and does not run again at once', async () => {
  const { ctx } = clock();
  const chainId = await upload('deadly', 'token a');
  let runs = 0;
  const job = defineJob({ kind: 'load-chain', concurrency: 1, run: async () => void (runs += 1) });
  expect(
    await attemptJob(ctx, { job, build: 'one', ending: never }, { payload: { chainId }, signal: never, lost: 2 }),
  ).toBe('put-off');
  expect(runs).toBe(0);
  expect(
    await ctx.db
      .selectFrom('job_failures')
      .select(['cause', 'attempts'])
      .where('chain_id', '=', chainId)
      .executeTakeFirst(),
  ).toEqual({ cause: 'the worker that was at it ended each time', attempts: 1 });
});

it('senders take turns: a person does not wait for the whole burst of a token', async () => {
  const { ctx } = installation;
  const burst: string[] = [];
  for (let index = 0; index < 30; index += 1) burst.push(await upload(`burst ${index}`, 'token burst'));
  const own = await upload('by a person', 'ada@example.org');
  const places = (await waitingJobs(ctx.db, 'check-segment', 100)).map(({ key }) => key.split(':')[0] ?? '');
  expect(places.indexOf(own)).toBeLessThan(places.indexOf(burst[2] ?? ''));
  expect(places.indexOf(burst[29] ?? '')).toBe(places.length - 1);
  const { queue } = await getChain(ctx, { chainId: burst[29] ?? '' });
  // How long it takes is not known before any was checked.
  expect(queue).toEqual({ stage: 'check', chains: places.length, place: places.length, seconds: null });
  expect((await getChain(ctx, { chainId: own })).queue?.place).toBe(places.indexOf(own) + 1);
});

it('what other chains need goes on while one fails every time', async () => {
  const { ctx } = installation;
  const poison = await upload('always fails', 'token a');
  await ctx.db
    .updateTable('chain_segments')
    .set({ digest: 'f'.repeat(64) })
    .where('chain_id', '=', poison)
    .execute();
  await installation.work();
  const lines = writers(ctx.hasher).vouch.write(
    Array.from({ length: 5 }, (_, index) => ({ tool: 'bash', decision: 'allow' as const, note: `${index}` })),
  );
  const { chainId } = await appendRecords(ctx, {
    chain: 'goes on',
    bytes: toBytes(lines),
    precondition: { kind: 'lines' },
    idempotency: null,
    actor: testActor('token b'),
  });
  await ctx.db.transaction().execute((tx) => ctx.queue.send(tx, 'load-tail', { chainId }));
  await expect
    .poll(
      async () =>
        (await ctx.db.selectFrom('tails').select('searched_records').where('chain_id', '=', chainId).executeTakeFirst())
          ?.searched_records,
      { timeout: 60_000 },
    )
    .toBe(5);
});

it('a job that an older version queued under the former name of its kind is run', async () => {
  const { ctx } = installation;
  await installation.work();
  const chainId = await upload('queued before', 'token a');
  await installation.settled(chainId);
  const finding = async () => (await getChain(ctx, { chainId })).referenceVerifier?.verdict;
  await expect.poll(finding, { timeout: 60_000 }).toBe('ok');
  await ctx.db.updateTable('chains').set({ reference_verifier: null }).where('id', '=', chainId).execute();
  await sql`INSERT INTO pgboss.job (name, data, policy, singleton_key)
    VALUES ('follow-original', ${JSON.stringify({ chainId })}::jsonb, 'short', ${chainId})`.execute(ctx.db);
  await expect.poll(finding, { timeout: 60_000 }).toBe('ok');
});
