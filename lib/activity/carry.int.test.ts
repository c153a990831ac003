import { sql } from 'kysely';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { WORKER } from '../access/actor';
import { rotateLocalKey } from '../attest/signers/rotate';
import * as audit from '../audit/append';
import { openChainBytes } from '../chains/chain-bytes';
import { getChain } from '../chains/chains';
import { OWN_CHAIN } from '../core/own-chain';
import { activityState } from '../db/activity-state';
import type { Drift } from '../fsck/drift';
import { fsck } from '../fsck/fsck';
import { appendRecords } from '../ingest/append-records';
import { closeTail } from '../ingest/close-tail';
import { runDueTails } from '../ingest/run-due-tails';
import { sealChain } from '../ingest/seal-chain';
import { ingestUpload } from '../ingest/upload';
import { wantClosed } from '../ingest/want-closed';
import { getHealth } from '../ops/health';
import { renderMetrics } from '../ops/metrics';
import { testActor } from '../testing/actor';
import { type TestInstallation, startInstallation } from '../testing/installation';
import { fixture } from '../testing/fixtures';
import { carryActivity } from './carry';

let installation: TestInstallation;
beforeEach(async () => {
  installation = await startInstallation({}, { rules: 'one' });
}, 120_000);
afterEach(() => installation.stop(), 60_000);

const act = async (...subjects: string[]) => {
  for (const subjectId of subjects)
    await installation.ctx.db
      .transaction()
      .execute((tx) => audit.append(tx, testActor(), { action: 'view.create', subjectId }));
};
const own = () => getChain(installation.ctx, { chainId: OWN_CHAIN.id });
const text = async () => {
  const { stream } = await openChainBytes(installation.ctx, { chainId: OWN_CHAIN.id });
  return Buffer.concat(await Array.fromAsync(stream)).toString('utf8');
};
const subjects = async (): Promise<string[]> => {
  return (await text())
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line).body.subject.id);
};
const drifts = async () => {
  const found: Drift[] = [];
  await fsck(installation.ctx, (drift) => found.push(drift), { only: ['activity'] });
  return found.map(({ kind, at }) => `${kind} ${at?.table}.${at?.column}`);
};
const close = () => closeTail(installation.ctx, { chainId: OWN_CHAIN.id, actor: WORKER });
const edit = (set: string, subject: string) =>
  sql`UPDATE activity_lines SET ${sql.raw(set)} WHERE audit_id = (SELECT id FROM audit_log WHERE subject_id = ${subject})`.execute(
    installation.ctx.db,
  );

it('carries lines once, in their order, however often it runs and in how many processes', async () => {
  const { ctx } = installation;
  await act('one', 'two');
  await carryActivity(ctx);
  await carryActivity(ctx);
  expect(await subjects()).toEqual(['activity', 'one', 'two']);
  await act('three');
  await Promise.allSettled(Array.from({ length: 5 }, () => carryActivity(ctx)));
  await carryActivity(ctx);
  expect(await subjects()).toEqual(['activity', 'one', 'two', 'three']);
  expect(await own()).toMatchObject({ verdict: 'verified', records: 4, format: OWN_CHAIN.format });
  expect(await activityState(ctx.db)).toEqual({
    waiting: 0,
    oldestSeconds: 0,
    isRefusing: false,
    trouble: null,
    differences: 0,
  });
  expect(await drifts()).toEqual([]);
});

it('goes on where evidence ends, when it was stopped before it noted so', async () => {
  const { ctx } = installation;
  await act('one');
  await carryActivity(ctx);
  await sql`UPDATE activity_carry SET carried_seq = 0`.execute(ctx.db);
  await act('two');
  await carryActivity(ctx);
  expect(await subjects()).toEqual(['activity', 'one', 'two']);
});

it('records nothing of what is done with the chain itself, so that it comes to rest', async () => {
  const { ctx } = installation;
  await installation.work();
  await act('one');
  await carryActivity(ctx);
  await close();
  await installation.settled(OWN_CHAIN.id);
  await carryActivity(ctx);
  expect(await subjects()).toEqual(['activity', 'one']);
  expect(await own()).toMatchObject({ verdict: 'verified', segments: 1, attestedRecords: 2 });
  expect(await drifts()).toEqual([]);
});

it('forgets the text of lines that a closed segment holds, but for the last, and the chain goes on', async () => {
  const { ctx } = installation;
  await installation.work();
  await act('one', 'two');
  await carryActivity(ctx);
  await close();
  await installation.settled(OWN_CHAIN.id);
  await carryActivity(ctx);
  const texts = await ctx.db.selectFrom('activity_lines').select('line').orderBy('seq').execute();
  expect(texts.map(({ line }) => line !== null)).toEqual([false, false, true]);
  await act('three');
  await carryActivity(ctx);
  expect(await subjects()).toEqual(['activity', 'one', 'two', 'three']);
  expect(await own()).toMatchObject({ verdict: 'verified', records: 4 });
  expect(await drifts()).toEqual([]);
});

it.each([
  ['altered', () => edit(`line = replace(line, 'two', 'other')`, 'two'), 'tampered'],
  ['deleted', () => sql`DELETE FROM activity_lines WHERE seq = 3`.execute(installation.ctx.db), 'gap'],
  [
    'put in another order',
    async () => {
      await edit('seq = 100', 'one');
      await edit('seq = 2', 'two');
      await edit('seq = 3', 'one');
    },
    'tampered',
  ],
  ['made no record', () => edit(`line = 'x'`, 'two'), 'corrupt'],
])('tells of a line that was %s before it was carried, by the verdict and by fsck', async (_, alter, verdict) => {
  await act('one', 'two', 'three');
  await alter();
  await carryActivity(installation.ctx);
  await act('four');
  await carryActivity(installation.ctx);
  expect((await text()).trimEnd().split('\n').at(-1)).toContain('"id":"four"');
  expect((await own()).verdict).toBe(verdict);
  expect(await drifts()).not.toEqual([]);
});

it.each([
  ['a line', () => edit(`line = replace(line, 'two', 'other')`, 'two'), 'row-differs activity_lines.line'],
  ['a hash', () => edit(`hash = repeat('0', 64)`, 'two'), 'row-differs activity_lines.hash'],
  [
    'who did it',
    () => sql`UPDATE audit_log SET actor_name = 'somebody' WHERE subject_id = 'two'`.execute(installation.ctx.db),
    'row-differs audit_log.actor_name',
  ],
  [
    'an action, taken away,',
    () => sql`DELETE FROM audit_log WHERE subject_id = 'two'`.execute(installation.ctx.db),
    'row-missing audit_log.*',
  ],
  [
    'an action, taken away with its line,',
    async () => {
      await sql`DELETE FROM activity_lines WHERE audit_id = (SELECT id FROM audit_log WHERE subject_id = 'two')`.execute(
        installation.ctx.db,
      );
      await sql`DELETE FROM audit_log WHERE subject_id = 'two'`.execute(installation.ctx.db);
    },
    'row-missing activity_lines.*',
  ],
  [
    'an action, put in without a line,',
    () =>
      sql`INSERT INTO audit_log SELECT uuidv7(), occurred_at, workspace_id, actor_kind, actor_id, actor_name, actor_role, action, subject_type, 'never', details FROM audit_log WHERE subject_id = 'two'`.execute(
        installation.ctx.db,
      ),
    'row-unfounded audit_log.*',
  ],
])('%s that was altered once it was in evidence is told by fsck, and the evidence stays', async (_, alter, told) => {
  await act('one', 'two', 'three');
  await carryActivity(installation.ctx);
  await alter();
  expect(await drifts()).toContain(told);
  await carryActivity(installation.ctx);
  expect(await subjects()).toEqual(['activity', 'one', 'two', 'three']);
  expect((await own()).verdict).toBe('verified');
});

it('tells of a line whose number was altered once it was in evidence, and of the second copy that comes of it', async () => {
  await act('one', 'two', 'three');
  await carryActivity(installation.ctx);
  await edit('seq = 100', 'two');
  expect(await drifts()).toContain('row-missing activity_lines.*');
  await carryActivity(installation.ctx);
  expect(await subjects()).toEqual(['activity', 'one', 'two', 'three', 'two']);
  expect((await own()).verdict).toBe('tampered');
});

it('is written to by nobody else', async () => {
  const { ctx } = installation;
  await act('one');
  await carryActivity(ctx);
  const actor = testActor();
  const bytes = fixture(OWN_CHAIN.format, 'valid');
  const body = (async function* () {
    yield bytes;
  })();
  const refused = { code: 'FORBIDDEN', message: expect.stringContaining('nobody but Sealtrail') };
  const append = { precondition: { kind: 'lines' }, idempotency: null, actor } as const;
  await expect(appendRecords(ctx, { chain: OWN_CHAIN.name, bytes, ...append })).rejects.toMatchObject(refused);
  await expect(ingestUpload(ctx, { fileName: 'a.jsonl', chain: OWN_CHAIN.name, body, actor })).rejects.toMatchObject(
    refused,
  );
  await expect(wantClosed(ctx, { chainId: OWN_CHAIN.id, actor })).rejects.toMatchObject(refused);
  await expect(sealChain(ctx, { chainId: OWN_CHAIN.id, actor })).rejects.toMatchObject(refused);
  // The same log under another name is a log like any other.
  expect(await appendRecords(ctx, { chain: 'of others', bytes, ...append })).toMatchObject({
    format: OWN_CHAIN.format,
    verdict: 'verified',
  });
});

it('is degraded while lines cannot be carried, refuses actions beyond a bound, takes logs in all the same, and gets well by itself', async () => {
  const { ctx } = installation;
  const bytes = fixture('occasio', 'valid');
  await act('one');
  await carryActivity(ctx);
  const { env } = ctx;
  // What appends find of the disk.
  const full = { ...ctx, freeBytes: () => Promise.resolve(0) };
  await act('two');
  await expect(carryActivity(full)).rejects.toMatchObject({ code: 'STORAGE_FULL' });
  expect(await activityState(ctx.db)).toMatchObject({ waiting: 1, isRefusing: false });
  expect(await getHealth(ctx)).toMatchObject({
    status: 'degraded',
    cause: expect.stringMatching(/^1 of what people did waits to be carried into evidence, since .*: only 0 MiB/),
  });

  // The 10,000th that waits is the last.
  await sql`UPDATE activity_carry SET carried_seq = carried_seq - 9998`.execute(ctx.db);
  await act('three');
  await expect(act('four')).rejects.toMatchObject({ code: 'UNAVAILABLE', message: expect.stringContaining('refused') });
  const actor = testActor();
  expect(
    await appendRecords(ctx, { chain: 'agents', bytes, precondition: { kind: 'lines' }, idempotency: null, actor }),
  ).toMatchObject({ verdict: 'verified' });
  expect((await getHealth({ ...ctx, env: { ...env } })).cause).toMatch(/^actions are refused/);

  await carryActivity(ctx);
  await act('five');
  expect(await activityState(ctx.db)).toMatchObject({ isRefusing: false, trouble: { cause: expect.any(String) } });
  await carryActivity(ctx);
  await carryActivity(ctx);
  expect(await activityState(ctx.db)).toEqual({
    waiting: 0,
    oldestSeconds: 0,
    isRefusing: false,
    trouble: null,
    differences: 0,
  });
  expect((await subjects()).filter((subject) => subject.length < 9)).toEqual([
    'activity',
    'one',
    'two',
    'three',
    'five',
  ]);
  expect(await own()).toMatchObject({ verdict: 'verified' });
});

const age = (minutes: number) =>
  sql`UPDATE audit_log SET occurred_at = now() - make_interval(mins => ${minutes}::int) WHERE id = (
    SELECT audit_id FROM activity_lines WHERE seq = (SELECT carried_seq + 1 FROM activity_carry))`.execute(
    installation.ctx.db,
  );

it('refuses actions when one waits for a quarter of an hour, however few do and without a worker, until none waits for a minute', async () => {
  const { ctx } = installation;
  await act('one');
  await carryActivity(ctx);
  await act('two');
  await age(14);
  await act('three');
  await age(16);
  await expect(act('never')).rejects.toMatchObject({
    code: 'UNAVAILABLE',
    message: expect.stringContaining('too long'),
  });
  const actor = testActor();
  const bytes = fixture('occasio', 'valid');
  expect(
    await appendRecords(ctx, { chain: 'agents', bytes, precondition: { kind: 'lines' }, idempotency: null, actor }),
  ).toMatchObject({ verdict: 'verified' });
  expect(await getHealth({ ...ctx, env: { ...ctx.env } })).toMatchObject({
    status: 'degraded',
    cause: expect.stringMatching(/^actions are refused, since .*, the first for 16 min/),
  });
  const { text: metrics } = await renderMetrics(ctx);
  expect(metrics).toContain('sealtrail_activity_refusing 1');
  expect(Number(/^sealtrail_activity_oldest_seconds (\d+)$/m.exec(metrics)?.[1])).toBeGreaterThan(15 * 60);

  // What is younger by now is not young enough.
  const full = { ...ctx, freeBytes: () => Promise.resolve(0) };
  await expect(carryActivity(full)).rejects.toMatchObject({ code: 'STORAGE_FULL' });
  await age(5);
  await expect(act('never')).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  for (let round = 0; round < 3; round += 1) await carryActivity(ctx);
  await act('four');
  await carryActivity(ctx);
  expect(await activityState(ctx.db)).toMatchObject({ waiting: 0, oldestSeconds: 0, isRefusing: false, trouble: null });
  expect((await renderMetrics(ctx)).text).toContain('sealtrail_activity_refusing 0');
  expect((await text()).match(/"action":"activity\.(accept|recover)"/g)).toEqual([
    '"action":"activity.accept"',
    '"action":"activity.recover"',
  ]);
  expect(await own()).toMatchObject({ verdict: 'verified' });
});

it('closes and signs its segment when the signing key is rotated, so that what was done by the old key ends there', async () => {
  const { ctx } = installation;
  await installation.work();
  await act('one');
  const { keyHint } = await rotateLocalKey(ctx, testActor());
  await carryActivity(ctx);
  await runDueTails(ctx);
  await installation.settled(OWN_CHAIN.id);
  expect(await own()).toMatchObject({ verdict: 'verified', segments: 1, attestedRecords: 3 });
  expect((await text()).trimEnd().split('\n').at(-1)).toContain(`"action":"signing-key.rotate"`);
  const { key_hint: by } = await ctx.db
    .selectFrom('attestations')
    .select('key_hint')
    .where('chain_id', '=', OWN_CHAIN.id)
    .executeTakeFirstOrThrow();
  expect(by).toBe(keyHint);
});
