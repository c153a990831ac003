import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { type Actor, personActor } from '../../access/actor';
import { personOf } from '../../access/people';
import { verifyToken } from '../../access/tokens';
import { putObject } from '../../evidence/store';
import { testPerson } from '../../testing/actor';
import { type TestInstallation, startInstallation } from '../../testing/installation';
import { createShareLink } from './create';
import { listShareLinks } from './list';
import { openShareLink, openSharedFile } from './open';
import { revokeShareLink } from './revoke';

const DAY_MS = 86_400_000;
let installation: TestInstallation;
let nowMs = Date.now();
let actor: Actor;
let runId = '';
let otherId = '';
beforeAll(async () => {
  installation = await startInstallation({}, { rules: 'one' });
  const { ctx } = installation;
  Object.assign(ctx, { now: () => new Date(nowMs) });
  const person = { name: 'Ada', email: 'ada@example.org', password: 'correct horse battery staple' };
  actor = personActor(await testPerson(ctx, { ...person, role: 'analyst' }));
  [runId, otherId] = [await run('of one'), await run('of another')];
}, 120_000);
afterAll(() => installation.stop(), 60_000);

/** A run that is made, with one file. */
async function run(content: string): Promise<string> {
  const { ctx } = installation;
  const bytes = Buffer.from(content);
  const { digest } = await putObject(ctx.evidence, bytes);
  const row = await ctx.db
    .insertInto('report_runs')
    .values({
      recorded_from: new Date(0),
      recorded_to: new Date(1),
      state: 'done',
      next_try_at: ctx.now(),
      requested_by: 'test',
      requested_by_id: 'test',
      requested_at: ctx.now(),
      made_at: ctx.now(),
      entries: JSON.stringify([{ path: 'report.json', digest, sizeBytes: bytes.length, rows: null }]),
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return row.id;
}
const make = (expiresInDays = 7, id = runId) =>
  createShareLink(installation.ctx, { of: { kind: 'report-run', id }, expiresInDays, note: 'Kim', actor });
const tokenOf = ({ url }: { url: string }) => new URL(url).searchParams.get('token') ?? '';
const outcomeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (error: unknown) => `${(error as { code?: string }).code}: ${(error as Error).message}`, // an AppError has both
  );
const open = (token: string, address = 'here') => outcomeOf(openShareLink(installation.ctx, { token, address }));
const download = async (token: string, file: string, address = 'here') => {
  const { stream } = await openSharedFile(installation.ctx, { token, file, address });
  return (await buffer(stream)).toString();
};
const NOTHING = 'NOT_FOUND: this link opens nothing: it has expired, was revoked or is not one of ours';

it('opens one report and its files, each time counted and recorded under the link', async () => {
  const { ctx } = installation;
  const made = await make();
  const token = tokenOf(made);
  const link = await openShareLink(ctx, { token, address: 'here' });
  expect(link.of).toEqual({ kind: 'report-run', id: runId });
  expect(await download(token, 'report.json')).toBe('of one');
  expect(await outcomeOf(download(token, 'run.json'))).toMatch(/^NOT_FOUND/);
  expect(await outcomeOf(download(token, '../report.json'))).toMatch(/^NOT_FOUND/);
  expect(await outcomeOf(download(token, 'package.zip'))).toMatch(/^NOT_FOUND/);
  const [listed] = (await listShareLinks(ctx, { kind: 'report-run', id: runId })).items;
  expect(listed).toMatchObject({ id: made.id, note: 'Kim', opens: 1, downloads: 1, createdBy: 'ada@example.org' });
  expect(listed?.lastUsedAt).not.toBeNull();
  const rows = await ctx.db
    .selectFrom('audit_log')
    .select(['action', 'actor_id', 'actor_name', 'details'])
    .where('subject_id', '=', made.id)
    .orderBy('id')
    .execute();
  expect(rows.map((row) => [row.action, row.actor_id === made.id, row.actor_name])).toEqual([
    ['share-link.create', false, 'ada@example.org'],
    ['share-link.open', true, 'link Kim'],
    ['share-link.download', true, 'link Kim'],
  ]);
  expect(rows[2]?.details).toEqual({ file: 'report.json' });
  // Nothing kept tells what it is.
  const kept = JSON.stringify([rows, await ctx.db.selectFrom('share_links').selectAll().execute()]);
  expect(kept).not.toContain(token);
});

it('is good until it expires, is revoked, or whoever made it may not; each is answered as one that never was', async () => {
  const { ctx } = installation;
  const never = await open('x'.repeat(43));
  expect(never).toBe(NOTHING);
  const expiring = tokenOf(await make(1));
  nowMs += DAY_MS - 1;
  expect(await open(expiring)).toBe('done');
  nowMs += 1;
  expect(await open(expiring)).toBe(never);
  const made = await make();
  await revokeShareLink(ctx, { linkId: made.id, actor });
  expect(await open(tokenOf(made))).toBe(never);
  expect(await outcomeOf(download(tokenOf(made), 'report.json'))).toBe(never);
  expect(await outcomeOf(revokeShareLink(ctx, { linkId: made.id, actor }))).toMatch(/^NOT_FOUND/);
  const mine = tokenOf(await make());
  const become = (change: { role?: string; banned?: boolean }) =>
    ctx.db.updateTable('user').set(change).where('id', '=', actor.id).execute();
  for (const [change, is] of [
    [{ role: 'auditor' }, never],
    [{ role: 'analyst' }, 'done'],
    [{ banned: true }, never],
    [{ banned: false }, 'done'],
  ] as const) {
    await become(change);
    expect([change, await open(mine)]).toEqual([change, is]);
  }
});

it('opens nothing else, and is no other credential', async () => {
  const { ctx } = installation;
  const token = tokenOf(await make());
  expect(await download(token, 'report.json')).toBe('of one');
  expect(await download(tokenOf(await make(7, otherId)), 'report.json')).toBe('of another');
  expect(await verifyToken(ctx, token)).toBeNull();
  expect(await verifyToken(ctx, `st_${token}`)).toBeNull();
  expect(await personOf(ctx, new Headers({ cookie: `sealtrail.session_token=${token}` }))).toBeNull();
});

it('who tries one after the other is not looked up for a while, and nobody else is held up', async () => {
  const token = tokenOf(await make());
  for (let n = 0; n < 30; n += 1) expect(await open(`guess ${n}`, 'there')).toBe(NOTHING);
  expect(await open(token, 'there')).toBe(NOTHING);
  expect(await open(token, 'here')).toBe('done');
  nowMs += 60_000;
  expect(await open(token, 'there')).toBe('done');
});

it('is made of what is there, at most fifty at a time', async () => {
  const { ctx } = installation;
  const of = (id: string) => ({ kind: 'report-run' as const, id });
  const create = (id: string) => createShareLink(ctx, { of: of(id), expiresInDays: 7, note: null, actor });
  expect(await outcomeOf(create('019a0000-0000-7000-8000-000000000000'))).toMatch(/^NOT_FOUND/);
  const waiting = await run('later');
  await ctx.db.updateTable('report_runs').set({ state: 'waiting' }).where('id', '=', waiting).execute();
  expect(await outcomeOf(create(waiting))).toMatch(/^CONFLICT/);
  const many = await run('many');
  for (let n = 0; n < 50; n += 1) await create(many);
  expect(await outcomeOf(create(many))).toMatch(/^CONFLICT/);
});

vi.setConfig({ testTimeout: 60_000 });
