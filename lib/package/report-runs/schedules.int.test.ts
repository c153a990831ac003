import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Context } from '../../context';
import { listStuck, retryStuck } from '../../ops/stuck';
import { changeDefinition } from '../../reports/definitions/change-definition';
import { createDefinition } from '../../reports/definitions/create-definition';
import { getDefinition } from '../../reports/definitions/definitions';
import { deleteDefinition } from '../../reports/definitions/delete-definition';
import { NewReportDefinition } from '../../schemas/report-definitions';
import { testActor } from '../../testing/actor';
import { type TestInstallation, startInstallation } from '../../testing/installation';
import { runDefinition } from './request';
import { runDueReports } from './run-due-reports';
import { makeReportRun } from './make';
import { getReportRun } from './runs';

const actor = testActor('analyst');
let installation: TestInstallation;
beforeAll(async () => {
  installation = await startInstallation({}, { rules: 'one' });
}, 60_000);
afterAll(() => installation.stop(), 60_000);
afterEach(async () => {
  const { ctx } = installation;
  for (const { id } of await ctx.db.selectFrom('report_definitions').select('id').execute())
    await deleteDefinition(ctx, { definitionId: id, actor });
  await ctx.db.deleteFrom('report_runs').where('state', '!=', 'done').execute();
});

/** The same parts at another time. */
const at = (time: string): Context => ({ ...installation.ctx, now: () => new Date(time) });
const define = (time: string, more: object = {}) =>
  createDefinition(at(time), {
    ...NewReportDefinition.parse({
      name: 'Weekly',
      period: { of: 'last-week' },
      timeZone: 'America/New_York',
      schedule: { every: 'week', weekday: 'sunday', time: '02:30' },
      ...more,
    }),
    actor,
  });
const runs = async (definitionId: string) =>
  (
    await installation.ctx.db
      .selectFrom('report_runs')
      .selectAll()
      .where('definition_id', '=', definitionId)
      .orderBy('id')
      .execute()
  ).map(({ due_at: due, missed, recorded_from: from, recorded_to: to }) => ({
    due: due?.toISOString() ?? null,
    missed,
    from: from.toISOString(),
    to: to.toISOString(),
  }));
const nextRunAt = async (definitionId: string) =>
  (await getDefinition(installation.ctx, { definitionId, actor })).nextRunAt;

describe('a report that is due', () => {
  it('is asked for once, of the period of that time, and the next is due a local week later', async () => {
    const { id, nextRunAt: first } = await define('2026-03-01T12:00:00Z');
    // 8 March 2026: 02:30 is skipped, and it is run when it is 03:00.
    expect(first).toBe('2026-03-08T07:00:00.000Z');
    await runDueReports(at('2026-03-08T06:59:59.999Z'));
    expect(await runs(id)).toEqual([]);
    await runDueReports(at('2026-03-08T07:00:00Z'));
    await runDueReports(at('2026-03-08T07:00:05Z'));
    // Monday, 23 February to Monday, 2 March, both in winter time.
    expect(await runs(id)).toEqual([
      { due: first, missed: 0, from: '2026-02-23T05:00:00.000Z', to: '2026-03-02T05:00:00.000Z' },
    ]);
    expect(await nextRunAt(id)).toBe('2026-03-15T06:30:00.000Z');
    await runDueReports(at('2026-03-15T06:30:00Z'));
    // A week of 167 hours.
    expect((await runs(id)).at(-1)).toEqual({
      due: '2026-03-15T06:30:00.000Z',
      missed: 0,
      from: '2026-03-02T05:00:00.000Z',
      to: '2026-03-09T04:00:00.000Z',
    });
    const log = await installation.ctx.db
      .selectFrom('audit_log')
      .select(['actor_id', 'details'])
      .where('action', '=', 'report-run.request')
      .orderBy('id', 'desc')
      .limit(1)
      .executeTakeFirstOrThrow();
    expect(log).toMatchObject({ actor_id: 'schedule', details: { dueAt: '2026-03-15T06:30:00.000Z', missed: 0 } });
  });

  it('of several that went by while nothing ran the last is run, and says how many were missed', async () => {
    const { id } = await define('2026-05-01T00:00:00Z', {
      timeZone: 'Asia/Kathmandu',
      period: { of: 'last-month' },
      schedule: { every: 'month', day: 'last', time: '06:00' },
    });
    await runDueReports(at('2026-09-10T00:00:00Z'));
    expect(await runs(id)).toEqual([
      {
        due: '2026-08-31T00:15:00.000Z',
        missed: 3,
        from: '2026-06-30T18:15:00.000Z',
        to: '2026-07-31T18:15:00.000Z',
      },
    ]);
    expect(await nextRunAt(id)).toBe('2026-09-30T00:15:00.000Z');
  });

  it('is asked for once by workers that look at the same time', async () => {
    const ids = [];
    for (let n = 0; n < 5; n += 1) ids.push((await define('2026-03-01T12:00:00Z', { name: `weekly ${n}` })).id);
    await Promise.all(Array.from({ length: 6 }, () => runDueReports(at('2026-03-20T00:00:00Z'))));
    for (const id of ids) expect(await runs(id)).toMatchObject([{ due: '2026-03-15T06:30:00.000Z', missed: 1 }]);
    // Also where somebody set the clock of a definition back.
    await installation.ctx.db
      .updateTable('report_definitions')
      .set({ next_run_at: new Date('2026-03-08T07:00:00Z') })
      .execute();
    await runDueReports(at('2026-03-20T00:00:00Z'));
    for (const id of ids) expect(await runs(id)).toHaveLength(1);
  });

  it('is asked for once where a worker is killed between the run and the next due time', async () => {
    const { ctx } = installation;
    const { id } = await define('2026-03-01T12:00:00Z');
    const child = spawn(process.execPath, ['--conditions=react-server', '--import', 'tsx', '-e', KILLED], {
      cwd: path.resolve(import.meta.dirname, '../../..'),
      env: {
        PATH: process.env['PATH'],
        NODE_ENV: 'test',
        LOG_LEVEL: 'silent',
        DATABASE_URL: ctx.env.databaseUrl,
        CLICKHOUSE_URL: ctx.env.clickhouseUrl,
        EVIDENCE_URL: ctx.env.evidenceUrl,
        SEALTRAIL_DATA_DIR: path.dirname(fileURLToPath(ctx.env.evidenceUrl)),
        SEALTRAIL_URL: ctx.env.publicUrl,
        SEALTRAIL_SECRET: ctx.env.secret,
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [said] = (await once(child.stdout, 'data')) as [Buffer];
    expect(said.toString()).toBe('written\n');
    // Others look meanwhile: it is taken, and nothing of it is there.
    await runDueReports(at('2026-03-08T08:00:00Z'));
    expect(await runs(id)).toEqual([]);
    child.kill('SIGKILL');
    await once(child, 'close');
    await expect
      .poll(
        async () => {
          await runDueReports(at('2026-03-08T08:00:00Z'));
          return (await runs(id)).length;
        },
        { timeout: 20_000 },
      )
      .toBe(1);
    expect(await nextRunAt(id)).toBe('2026-03-15T06:30:00.000Z');
  });
});

/** Asks for what is due as a worker does, and stops for ever when the run is written and nothing is committed. */
const KILLED = `
  (async () => {
    const { composeContext } = await import('./lib/compose');
    const { readEnv } = await import('./lib/config/env');
    const { runDueReports } = await import('./lib/package/report-runs/run-due-reports');
    const ctx = await composeContext(readEnv(process.env), 'worker');
    const queue = { ...ctx.queue, send: async () => { process.stdout.write('written\\n'); return new Promise(() => undefined); } };
    await runDueReports({ ...ctx, queue, now: () => new Date('2026-03-08T08:00:00Z') });
  })();
`;

describe('a schedule', () => {
  it('is paused, and goes on with what is due after that', async () => {
    const { id } = await define('2026-03-01T12:00:00Z');
    const paused = await changeDefinition(at('2026-03-02T00:00:00Z'), {
      definitionId: id,
      change: { isPaused: true },
      actor,
    });
    expect(paused).toMatchObject({ isPaused: true, nextRunAt: null });
    await runDueReports(at('2026-04-01T00:00:00Z'));
    expect(await runs(id)).toEqual([]);
    const again = await changeDefinition(at('2026-04-01T00:00:00Z'), {
      definitionId: id,
      change: { isPaused: false },
      actor,
    });
    expect(again.nextRunAt).toBe('2026-04-05T06:30:00.000Z');
  });

  it('moves with its zone, and is none of days that are always the same', async () => {
    const { ctx } = installation;
    const { id } = await define('2026-03-01T12:00:00Z');
    const change = (more: object) =>
      changeDefinition(at('2026-03-01T12:00:00Z'), { definitionId: id, change: more, actor });
    expect((await change({ timeZone: 'Australia/Lord_Howe' })).nextRunAt).toBe('2026-03-07T15:30:00.000Z');
    const days = { of: 'days' as const, firstDay: '2026-01-01', lastDay: '2026-01-31' };
    await expect(change({ period: days })).rejects.toMatchObject({ code: 'BAD_REQUEST' });
    expect(
      NewReportDefinition.safeParse({ name: 'x', period: days, schedule: { every: 'month', day: 1, time: '06:00' } })
        .success,
    ).toBe(false);
    expect(await change({ period: days, schedule: null })).toMatchObject({ schedule: null, nextRunAt: null });
    expect((await runDefinition(ctx, { definitionId: id, actor })).due).toBeNull();
  });

  it.each([
    { every: 'week', weekday: 'funday', time: '06:00' },
    { every: 'month', day: 0, time: '06:00' },
    { every: 'month', day: 32, time: '06:00' },
    { every: 'month', day: 1, time: '24:00' },
    { every: 'month', day: 1, time: '6:00' },
    { every: 'day', time: '06:00' },
    { every: 'quarter', day: 'first', time: '06:00' },
  ])('of %j is refused', (schedule) => {
    expect(NewReportDefinition.safeParse({ name: 'x', period: { of: 'last-month' }, schedule }).success).toBe(false);
  });
});

it('a run that cannot be made is told as stuck, holds up no other, and is made again when somebody asks', async () => {
  const { ctx } = installation;
  const { id } = await define('2026-03-01T12:00:00Z');
  const { id: other } = await define('2026-03-01T12:00:00Z', { name: 'another' });
  await runDueReports(at('2026-03-08T08:00:00Z'));
  const runOf = async (definitionId: string) =>
    (
      await ctx.db
        .selectFrom('report_runs')
        .select('id')
        .where('definition_id', '=', definitionId)
        .executeTakeFirstOrThrow()
    ).id;
  const [failing, fine] = [await runOf(id), await runOf(other)];
  const broken: Context = {
    ...ctx,
    lake: new Proxy(ctx.lake, {
      get() {
        throw new Error('the lake does not answer');
      },
    }),
  };
  const make = (of: Context, runId: string) =>
    makeReportRun(of, { runId, actor: testActor('worker') }, new AbortController().signal);
  for (let n = 0; n < 5; n += 1) {
    await ctx.db
      .updateTable('report_runs')
      .set({ next_try_at: new Date(0) })
      .where('id', '=', failing)
      .execute();
    await make(broken, failing);
  }
  const row = await ctx.db.selectFrom('report_runs').selectAll().where('id', '=', failing).executeTakeFirstOrThrow();
  expect(row.state).toBe('waiting');
  // 5 seconds, doubled four times
  expect(row.next_try_at.getTime() - Date.now()).toBeGreaterThan(60_000);
  const { items, total } = await listStuck(ctx);
  expect([items, total]).toMatchObject([
    [{ id: failing, kind: 'make-report-run', attempts: 5, cause: expect.stringContaining('“Weekly”') }],
    1,
  ]);
  await make(ctx, fine);
  expect(await getReportRun(ctx, { runId: fine })).toMatchObject({ state: 'done', due: { missed: 0 } });
  // In the end it is given up, and stays told until it is made.
  await ctx.db.updateTable('report_runs').set({ state: 'failed' }).where('id', '=', failing).execute();
  expect((await listStuck(ctx)).items).toMatchObject([{ id: failing, nextTryAt: '2026-03-15T06:30:00.000Z' }]);
  expect(await retryStuck(ctx, { id: failing, actor })).toEqual({ retried: 1 });
  await make(ctx, failing);
  expect(await getReportRun(ctx, { runId: failing })).toMatchObject({ state: 'done' });
  expect(await listStuck(ctx)).toEqual({ items: [], total: 0 });
});
