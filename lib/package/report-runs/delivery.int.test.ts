import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import { chmod, rm } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { buffer, text } from 'node:stream/consumers';
import { SMTPServer } from 'smtp-server';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Context } from '../../context';
import { loadSampleData } from '../../ingest/sample-data';
import { MOST_ATTACHED_BYTES, deliver } from '../../notify/deliver';
import { changeDestination } from '../../notify/change-destination';
import { createDestination } from '../../notify/create-destination';
import { deleteDestination } from '../../notify/delete-destination';
import { listDeliveries } from '../../notify/list-deliveries';
import { routeEvents } from '../../notify/route-events';
import { changeDefinition } from '../../reports/definitions/change-definition';
import { createDefinition } from '../../reports/definitions/create-definition';
import { getDefinition } from '../../reports/definitions/definitions';
import { NewReportDefinition } from '../../schemas/report-definitions';
import { Report } from '../../schemas/reports';
import { testActor } from '../../testing/actor';
import { type TestInstallation, startInstallation } from '../../testing/installation';
import { makeReportRun } from './make';
import { openRunFile } from './open-file';
import { runDefinition } from './request';
import { getReportRun } from './runs';

const actor = testActor();
const FILTER = { events: ['verdict.bad' as const], minLevel: 'informational' as const, ruleIds: [], chains: [] };

const came: { headers: Record<string, string>; body: string }[] = [];
let status = 204;
const receiver = createServer((request, response) => {
  void text(request).then((body) => {
    came.push({ headers: request.headers as Record<string, string>, body }); // none of these comes twice
    response.writeHead(status).end();
  });
});
const mails: string[] = [];
const mailServer = new SMTPServer({
  authOptional: true,
  hideSTARTTLS: true,
  disabledCommands: ['STARTTLS', 'AUTH'],
  onData(stream, _, done) {
    void text(stream).then((source) => {
      mails.push(source);
      done(null, 'kept');
    });
  },
});
const portOf = (address: ReturnType<typeof receiver.address>) => {
  if (address === null || typeof address === 'string') throw new Error('it listens on no port');
  return address.port;
};

let installation: TestInstallation;
let url = '';
beforeAll(async () => {
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  const mail = mailServer.listen(0, '127.0.0.1');
  await new Promise<void>((resolve) => mail.once('listening', resolve));
  url = `http://127.0.0.1:${portOf(receiver.address())}/reports`;
  installation = await startInstallation(
    {
      SEALTRAIL_NOTIFY_ALLOW: '127.0.0.1/32',
      SEALTRAIL_SMTP_URL: `smtp://127.0.0.1:${portOf(mail.address())}?tls=none`,
      SEALTRAIL_SMTP_FROM: 'sealtrail@example.org',
    },
    { rules: 'one' },
  );
  const { ctx } = installation;
  await installation.work();
  await loadSampleData(ctx, { actor });
  for (const { id } of await ctx.db.selectFrom('chains').select('id').execute()) await installation.settled(id);
  await ctx.queue.stop(1000);
}, 300_000);
afterAll(async () => {
  await installation.stop();
  receiver.close();
  await new Promise<void>((resolve) => mailServer.close(() => resolve()));
}, 60_000);
beforeEach(async () => {
  came.splice(0);
  mails.splice(0);
  status = 204;
  const { db } = installation.ctx;
  for (const table of ['notification_events', 'report_definitions', 'notification_destinations'] as const)
    await db.deleteFrom(table).execute();
});

const webhook = (name = 'Audit') =>
  createDestination(installation.ctx, { kind: 'webhook', url, name, isEnabled: true, filter: FILTER, actor });
const mailTo = () =>
  createDestination(installation.ctx, {
    kind: 'email',
    to: ['auditor@example.org'],
    name: 'Auditor',
    isEnabled: true,
    filter: FILTER,
    actor,
  });
const define = (destinationIds: string[], more: object = {}) =>
  createDefinition(installation.ctx, {
    ...NewReportDefinition.parse({
      name: 'Every week, “all” of it',
      period: { of: 'days', firstDay: '1970-01-01', lastDay: '2261-12-31' },
      timeZone: 'Asia/Kathmandu',
      destinationIds,
      ...more,
    }),
    actor,
  });
async function make(definitionId: string, ctx: Context = installation.ctx): Promise<string> {
  const { id: runId } = await runDefinition(installation.ctx, { definitionId, actor });
  await makeReportRun(ctx, { runId, actor: testActor('worker') }, new AbortController().signal);
  return runId;
}
async function sent(...destinationIds: string[]): Promise<void> {
  while ((await routeEvents(installation.ctx)) > 0);
  for (const destinationId of destinationIds) await deliver(installation.ctx, { destinationId });
}
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
const read = async (runId: string, file: string) => buffer(await openRunFile(installation.ctx, { runId, file }));
/** What a mail has attached. */
function attached(source: string): { head: string; content: Buffer } | null {
  const part = source.split(/\r\n--[^\r\n]+\r\n/).find((one) => /content-disposition: attachment/i.test(one));
  if (!part) return null;
  const [head = '', ...body] = part.split('\r\n\r\n');
  return { head, content: Buffer.from(body.join('').replaceAll(/\r\n|--.*$/g, ''), 'base64') };
}
const plain = (source: string) => source.replaceAll('=\r\n', '').replaceAll('=3D', '=');

it('a run that is made is sent to those its definition names, and to nobody else, with what it is checked by', async () => {
  const [hook, mail, other] = [await webhook(), await mailTo(), await webhook('Others')];
  const { id, sha256: digest } = await define([hook.id, mail.id]);
  expect(digest).toHaveLength(64);
  const runId = await make(id);
  await sent(hook.id, mail.id, other.id);
  expect([came.length, mails.length]).toEqual([1, 1]);

  const [pdf, run] = [await read(runId, 'report.pdf'), await read(runId, 'run.json')];
  const report = Report.parse(JSON.parse((await read(runId, 'report.json')).toString('utf8')));
  const { index } = await installation.ctx.db
    .selectFrom('log_entries')
    .select('index')
    .where('about', '=', sha256(run))
    .executeTakeFirstOrThrow();
  const page = `${installation.ctx.env.publicUrl}/reports/runs/${runId}`;
  const { headers, body } = came[0] ?? { headers: {}, body: '' };
  expect(new Webhook(hook.secret ?? '').verify(body, headers)).toMatchObject({
    type: 'report.done',
    data: {
      runId,
      definitionId: id,
      name: 'Every week, “all” of it',
      kind: 'governance',
      period: report.period,
      timeZone: 'Asia/Kathmandu',
      due: null,
      headline: expect.arrayContaining([
        { label: 'Records', value: report.summary.records },
        { label: 'Refused', value: report.blockedTotal },
        { label: 'Findings', value: report.summary.findings },
        { label: 'Records signed', value: report.coverage.attested },
      ]),
      runSha256: sha256(run),
      pdfSha256: sha256(pdf),
      logIndex: Number(index),
      url: page,
    },
  });
  const source = mails[0] ?? '';
  expect(attached(source)).toMatchObject({ head: expect.stringContaining('report.pdf'), content: pdf });
  for (const said of [page, sha256(run), sha256(pdf), 'Period: 1970-01-01 to 2261-12-31 (Asia/Kathmandu)'])
    expect(plain(source)).toContain(said);
  expect((await listDeliveries(installation.ctx, { destinationId: other.id, limit: 10 })).items).toEqual([]);
});

it('one that did not arrive is tried again under the same id, and once it did never more', async () => {
  const hook = await webhook();
  const { id } = await define([hook.id]);
  await make(id);
  status = 400;
  await sent(hook.id);
  status = 204;
  await installation.ctx.db
    .updateTable('notification_deliveries')
    .set({ next_try_at: new Date(0) })
    .execute();
  await sent(hook.id);
  await sent(hook.id);
  expect(came).toHaveLength(2);
  expect(new Set(came.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
  expect(came[0]?.body).toBe(came[1]?.body);
  expect((await listDeliveries(installation.ctx, { destinationId: hook.id, limit: 10 })).items).toMatchObject([
    { kind: 'report.done', state: 'sent', attempts: 2 },
  ]);
});

it('mail without a PDF says why: one that is too large, or is gone', async () => {
  const mail = await mailTo();
  const { id } = await define([mail.id]);
  const big = await make(id);
  while ((await routeEvents(installation.ctx)) > 0);
  const facts = async (change: object) => {
    const { facts: was, id: deliveryId } = await installation.ctx.db
      .selectFrom('notification_deliveries')
      .select(['id', 'facts'])
      .where('state', '=', 'waiting')
      .executeTakeFirstOrThrow();
    const row = JSON.stringify({ ...was, pdf: { ...(was['pdf'] as object), ...change } }); // as a run leaves it
    await installation.ctx.db
      .updateTable('notification_deliveries')
      .set({ facts: row } as never) // as nothing else does
      .where('id', '=', deliveryId)
      .execute();
  };
  await facts({ sizeBytes: MOST_ATTACHED_BYTES + 1 });
  await sent(mail.id);
  expect(plain(mails[0] ?? '')).toContain('report.pdf is not attached: it has more than 7 MiB.');
  expect(attached(mails[0] ?? '')).toBeNull();

  await changeDefinition(installation.ctx, { definitionId: id, change: { bom: true }, actor });
  const gone = await make(id);
  const digest = sha256(await read(gone, 'report.pdf'));
  const file = path.join(fileURLToPath(installation.ctx.env.evidenceUrl), 'objects', digest.slice(0, 2), digest);
  await chmod(file, 0o600);
  await rm(file);
  await sent(mail.id);
  expect(mails).toHaveLength(2);
  expect(plain(mails[1] ?? '')).toContain('report.pdf is not attached: it is gone or altered.');
  expect(plain(mails[1] ?? '')).toContain(`/reports/runs/${gone}`);
  expect(big).not.toBe(gone);
});

it('a run that fails is told when it failed five times, and when it is given up', async () => {
  const hook = await webhook();
  const { id } = await define([hook.id], { timeZone: 'UTC' });
  const { ctx } = installation;
  const broken: Context = {
    ...ctx,
    lake: new Proxy(ctx.lake, {
      get() {
        throw new Error('the lake does not answer');
      },
    }),
  };
  const runId = await make(id, broken);
  const again = async (of: Context, attempts: number) => {
    await ctx.db
      .updateTable('report_runs')
      .set({ next_try_at: new Date(0), attempts })
      .where('id', '=', runId)
      .execute();
    await makeReportRun(of, { runId, actor: testActor('worker') }, new AbortController().signal);
  };
  await again(broken, 3);
  await sent(hook.id);
  expect(came).toEqual([]);
  await again(broken, 4);
  await again(broken, 5);
  await sent(hook.id);
  expect(came.map(({ body }) => JSON.parse(body))).toMatchObject([
    {
      type: 'report.failed',
      data: {
        runId,
        failure: expect.stringContaining("worker's log"),
        isFinal: false,
        url: expect.stringContaining(runId),
      },
    },
  ]);
  // Chains that are named for the scope are more than can be: it is given up.
  const final: Context = {
    ...ctx,
    evidence: new Proxy(ctx.evidence, {
      get(store, name) {
        if (name !== 'create') return Reflect.get(store, name) as unknown;
        return async () => {
          const { AppError } = await import('../../core/errors');
          throw new AppError('TOO_LARGE', 'there is too much of it');
        };
      },
    }),
  };
  await again(final, 6);
  expect(await getReportRun(ctx, { runId })).toMatchObject({ state: 'failed', failure: 'there is too much of it' });
  await sent(hook.id);
  expect(JSON.parse(came[1]?.body ?? '{}')).toMatchObject({
    type: 'report.failed',
    data: { failure: 'there is too much of it', isFinal: true },
  });
});

it('destinations are some there are; one that is deleted or off is sent nothing', async () => {
  const { ctx } = installation;
  const [one, two] = [await webhook('one'), await webhook('two')];
  await expect(define(['00000000-0000-7000-8000-000000000000'])).rejects.toMatchObject({ code: 'BAD_REQUEST' });
  const { id, destinationIds } = await define([two.id, one.id]);
  expect(destinationIds).toEqual([one.id, two.id].toSorted());
  await deleteDestination(ctx, { destinationId: two.id, actor });
  expect(await getDefinition(ctx, { definitionId: id, actor })).toMatchObject({ destinationIds: [one.id] });
  await changeDestination(ctx, { destinationId: one.id, change: { isEnabled: false }, actor });
  await make(id);
  await sent(one.id);
  expect(came).toEqual([]);
  const none = await changeDefinition(ctx, { definitionId: id, change: { destinationIds: [] }, actor });
  expect(none.destinationIds).toEqual([]);
});
