import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import * as z from 'zod';
import { buildVerifier } from '@/workers/build.mjs';
import { listKeys } from '../../attest/keys';
import { verifierProgram } from '../../config/verifier-html';
import type { Context } from '../../context';
import type { FormatId } from '../../core/chain/format';
import { ReportRun as Predicate } from '../../core/statements/predicates/report-run';
import { verifyBundle } from '../../core/statements/verify-bundle';
import { evidenceObjects } from '../../db/evidence-objects';
import { fsck } from '../../fsck/fsck';
import type { SectionId } from '../../fsck/sections';
import { appendRecords } from '../../ingest/append-records';
import { ingestUpload } from '../../ingest/upload';
import { loadTail } from '../../lake/load-tail';
import { runDueRequests } from '../../queue/run-due-requests';
import { checkRun } from '../../report-check/check-run';
import { exportCsv } from '../../reports/csv';
import { getReport } from '../../reports/report';
import { CsvKind, type Report } from '../../schemas/reports';
import { testActor } from '../../testing/actor';
import { toBytes, writers } from '../../testing/chains';
import { unmetSteps } from '../../testing/checks';
import { csvRows } from '../../testing/csv-rows';
import { fixture } from '../../testing/fixtures';
import { type TestInstallation, startInstallation } from '../../testing/installation';
import { cancelReportRun } from './cancel';
import { makeReportRun } from './make';
import { keptReport, openRunFile } from './open-file';
import { requestReportRun } from './request';
import { getReportRun, listReportRuns } from './runs';

const EVER = { from: '1970-01-01T00:00:00.000Z', to: '2262-01-01T00:00:00.000Z' };
const EMPTY = { from: '2001-01-01T00:00:00.000Z', to: '2001-02-01T00:00:00.000Z' };
const HOSTILE = '=HYPERLINK("x"), | ü ../../etc\u202e<script>';
const Run = z.object({
  chains: z.array(
    z.object({
      name: z.string(),
      format: z.string(),
      verdict: z.string(),
      head: z.string().nullable(),
      records: z.number(),
      inPeriod: z.number(),
      segments: z.array(z.object({ sha256: z.string(), records: z.number(), inPeriod: z.number() })),
      open: z.object({ file: z.string(), inPeriod: z.number() }).nullable(),
    }),
  ),
  behind: z.array(z.unknown()),
  log: z.object({ size: z.number() }).nullable(),
  files: z.array(
    z.object({ path: z.string(), sha256: z.string(), sizeBytes: z.number(), rows: z.number().nullable() }),
  ),
});

let installation: TestInstallation;
let folder: string;
let kept: { id: string; files: Map<string, Buffer> };
beforeAll(async () => {
  await buildVerifier();
  folder = await mkdtemp(path.join(tmpdir(), 'sealtrail-report-run-'));
  installation = await startInstallation();
  const { ctx } = installation;
  await installation.work();
  await upload(HOSTILE, fixture('occasio', 'valid'));
  await upload('tampered', fixture('occasio', 'tampered'));
  for (const format of ['nono', 'arbiter', 'agentfence', 'vouch'] satisfies FormatId[])
    await upload(format, fixture(format, 'valid'));
  const { chainId } = await appendRecords(ctx, {
    chain: 'growing',
    bytes: lines('open', 5),
    precondition: { kind: 'lines' },
    idempotency: null,
    actor: testActor(),
  });
  await loadTail(ctx, { chainId });
  kept = await made(EVER);
}, 240_000);
afterAll(async () => {
  await installation.stop();
  await rm(folder, { recursive: true });
}, 60_000);

const lines = (note: string, count: number) =>
  toBytes(
    writers(installation.ctx.hasher).occasio.write(
      Array.from({ length: count }, (_, n) => ({
        tool: 'bash',
        decision: n % 2 === 0 ? ('deny' as const) : ('allow' as const),
        note: `${note} ${n}`,
      })),
    ),
  );
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
const fileOf = (digest: string) =>
  path.join(fileURLToPath(installation.ctx.env.evidenceUrl), 'objects', digest.slice(0, 2), digest);

async function upload(chain: string, bytes: Buffer): Promise<string> {
  const { chainId } = await ingestUpload(installation.ctx, {
    fileName: 'log.jsonl',
    chain,
    body: Readable.from([bytes]),
    actor: testActor(),
  });
  await installation.settled(chainId);
  return chainId;
}

async function filesOf(runId: string): Promise<Map<string, Buffer>> {
  const { files } = await getReportRun(installation.ctx, { runId });
  return new Map(
    await Promise.all(
      files.map(
        async ({ path: file }) =>
          [file, await buffer(await openRunFile(installation.ctx, { runId, file }))] satisfies [string, Buffer],
      ),
    ),
  );
}

async function made(period: { from: string; to: string }) {
  const { id } = await requestReportRun(installation.ctx, { period, actor: testActor('analyst') });
  await vi.waitUntil(
    async () => {
      await runDueRequests(installation.ctx, 'report_runs');
      return (await getReportRun(installation.ctx, { runId: id })).state !== 'waiting';
    },
    { timeout: 60_000, interval: 200 },
  );
  expect(await getReportRun(installation.ctx, { runId: id })).toMatchObject({ state: 'done', failure: null });
  return { id, files: await filesOf(id) };
}

const examine = async (...only: SectionId[]) => {
  const drifts: unknown[] = [];
  await fsck(installation.ctx, (drift) => drifts.push(drift), only.length > 0 ? { only } : {});
  return drifts;
};
const runOf = (files: Map<string, Buffer>) => Run.parse(JSON.parse(files.get('run.json')?.toString('utf8') ?? ''));
const reportOf = (files: Map<string, Buffer>) => JSON.parse(files.get('report.json')?.toString('utf8') ?? '') as Report; // ours

/** A run that nobody takes but who is told to. */
async function waitingRun(period = EMPTY): Promise<string> {
  const { id } = await installation.ctx.db
    .insertInto('report_runs')
    .values({
      recorded_from: new Date(period.from),
      recorded_to: new Date(period.to),
      next_try_at: new Date(0),
      requested_by: 'test',
      requested_by_id: 'token:test',
      requested_at: new Date(),
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}
/** The same parts, with something that happens when the `nth` object is begun. */
function whenObject(nth: number, happens: () => Promise<unknown> | unknown): Context {
  const { ctx } = installation;
  let begun = 0;
  const evidence = new Proxy(ctx.evidence, {
    get(store, name) {
      if (name === 'create')
        return async () => {
          begun += 1;
          if (begun === nth) await happens();
          return store.create();
        };
      const value: unknown = Reflect.get(store, name);
      return typeof value === 'function' ? value.bind(store) : value;
    },
  });
  return { ...ctx, evidence };
}
const make = (ctx: Context, runId: string, signal = new AbortController().signal) =>
  makeReportRun(ctx, { runId, actor: testActor('worker') }, signal);
const entriesOf = (runId: string) =>
  installation.ctx.db.selectFrom('audit_log').select('action').where('subject_id', '=', runId).orderBy('id').execute();

describe('a report of several formats, one chain tampered with and one growing', () => {
  it('is kept with every file, under its digest, size and rows', async () => {
    const { files } = await getReportRun(installation.ctx, { runId: kept.id });
    const run = runOf(kept.files);
    const open = run.chains.flatMap(({ open: part }) => part?.file ?? []);
    expect(open).toHaveLength(1);
    expect(files.map(({ path: file }) => file)).toEqual(
      [
        ...CsvKind.options.map((kind) => `${kind}.csv`),
        'findings.sarif',
        ...open,
        'report.json',
        'report.pdf',
        'run.json',
        'run.sigstore.json',
      ].toSorted(),
    );
    for (const { path: file, digest, sizeBytes, rows } of files) {
      const bytes = kept.files.get(file) ?? Buffer.alloc(0);
      expect([file, sha256(bytes), bytes.length]).toEqual([file, digest, sizeBytes]);
      expect([file, rows]).toEqual([file, file.endsWith('.csv') ? csvRows(bytes.toString('utf8')).length - 1 : null]);
    }
    expect(run.files.map(({ path: file, sha256: digest, rows }) => [file, digest, rows])).toEqual(
      files
        .filter(({ path: file }) => !file.startsWith('run.'))
        .map(({ path: file, digest, rows }) => [file, digest, rows]),
    );
    expect(run.behind).toEqual([]);
    expect(run.log?.size).toBeGreaterThan(0);
  });

  it('says the same as the report that is counted again, in every table too', async () => {
    const { ctx } = installation;
    const now = await getReport(ctx, { period: EVER });
    const report = reportOf(kept.files);
    expect({ ...report, generatedAt: now.generatedAt }).toEqual(JSON.parse(JSON.stringify(now)));
    for (const kind of CsvKind.options)
      expect([kind, kept.files.get(`${kind}.csv`)?.toString('utf8')]).toEqual([
        kind,
        (await buffer(exportCsv(ctx, { kind, period: EVER }))).toString('utf8'),
      ]);
    expect(await keptReport(ctx, await getReportRun(ctx, { runId: kept.id }))).toEqual({ kind: 'governance', report });
    expect(report.byVerdict.tampered).toBe(1);
    expect(kept.files.get('report.pdf')?.subarray(0, 5).toString()).toBe('%PDF-');
    // One of the chains is named as a formula: it is none in a spreadsheet.
    const log = csvRows(kept.files.get('access-log.csv')?.toString('utf8') ?? '');
    expect(log.some(([, chain]) => chain === `'${HOSTILE}`) || log.some(([chain]) => chain === `'${HOSTILE}`)).toBe(
      true,
    );
  });

  it('names the bytes it rests on: every record lies in a segment that is there, or in the open one beside it', async () => {
    const { chains } = runOf(kept.files);
    const report = reportOf(kept.files);
    expect(chains.map(({ name }) => name).toSorted()).toEqual(report.chains.map(({ name }) => name).toSorted());
    expect(chains.reduce((sum, { inPeriod }) => sum + inPeriod, 0)).toBe(report.summary.records);
    for (const { name, segments, open, inPeriod, head, format } of chains) {
      const inSegments = segments.reduce((sum, segment) => sum + segment.inPeriod, 0);
      expect([name, inSegments + (open?.inPeriod ?? 0)]).toEqual([name, inPeriod]);
      for (const { sha256: digest } of segments) expect(sha256(await readFile(fileOf(digest)))).toBe(digest);
      expect([name, head, format]).toEqual([name, expect.any(String), expect.any(String)]);
    }
    const growing = chains.find(({ name }) => name === 'growing');
    expect(kept.files.get(growing?.open?.file ?? '')?.toString('utf8')).toBe(lines('open', 5).toString('utf8'));
  });

  it('is signed: each file is a subject, and the transparency log has it', async () => {
    const { ctx } = installation;
    const keys = (await listKeys(ctx)).map(({ hint, publicKeyPem }) => ({ hint, publicKeyPem }));
    const trust = { keys, trustedRoot: null, identities: [], require: { logEntries: 0, timestamps: 0 } };
    const bundle: unknown = JSON.parse(kept.files.get('run.sigstore.json')?.toString('utf8') ?? '');
    for (const [file, bytes] of kept.files) {
      if (file === 'run.sigstore.json') continue;
      expect([file, unmetSteps(verifyBundle(bundle, { trust, subjectSha256: sha256(bytes) }))]).toEqual([file, []]);
    }
    const { statement } = verifyBundle(bundle, { trust });
    expect(statement?.subject.map(({ name }) => name).toSorted()).toEqual(
      [...kept.files.keys()].filter((name) => name !== 'run.sigstore.json').toSorted(),
    );
    const report = reportOf(kept.files);
    expect(Predicate.parse(statement?.predicate)).toMatchObject({
      run: { id: kept.id },
      period: EVER,
      records: report.summary.records,
      chains: 7,
      byVerdict: report.byVerdict,
    });
    const run = kept.files.get('run.json') ?? Buffer.alloc(0);
    const entry = await ctx.db
      .selectFrom('log_entries')
      .select(['kind', 'entry'])
      .where('about', '=', sha256(run))
      .executeTakeFirstOrThrow();
    expect([entry.kind, JSON.parse(entry.entry.toString('utf8'))]).toMatchObject([
      'report-run',
      { kind: 'report-run', runSha256: sha256(run) },
    ]);
  });

  it('is checked without this server, by sha256sum and by the verifier as one file', async () => {
    for (const [file, bytes] of kept.files) await writeFile(path.join(folder, file), bytes);
    const { files } = runOf(kept.files);
    await writeFile(
      path.join(folder, 'SHA256'),
      files.map(({ path: file, sha256: hash }) => `${hash}  ${file}\n`).join(''),
    );
    const sum = () => spawnSync('sha256sum', ['-c', '--quiet', 'SHA256'], { cwd: folder, encoding: 'utf8' });
    expect(sum()).toMatchObject({ status: 0, stdout: '' });
    await writeFile(path.join(folder, 'verifier.mjs'), await verifierProgram());
    const [key] = await listKeys(installation.ctx);
    await writeFile(path.join(folder, 'key.pem'), key?.publicKeyPem ?? '');
    const verify = (file: string) =>
      spawnSync(process.execPath, ['verifier.mjs', 'verify-bundle', 'run.sigstore.json', file, '--key', 'key.pem'], {
        cwd: folder,
        encoding: 'utf8',
      });
    for (const file of ['report.json', 'report.pdf', 'run.json', 'access-log.csv'])
      expect([file, verify(file)]).toMatchObject([file, { status: 0 }]);
    await writeFile(
      path.join(folder, 'report.json'),
      kept.files.get('report.json')?.toString('utf8').replace('1', '2') ?? '',
    );
    expect(verify('report.json').status).toBe(1);
    expect(sum()).toMatchObject({ status: 1, stdout: expect.stringContaining('report.json: FAILED') });
  });

  it('is known to what sweeps evidence, and to fsck', async () => {
    const known = new Map((await evidenceObjects(installation.ctx.db, '', 10_000)).map((one) => [one.digest, one]));
    for (const [file, bytes] of kept.files)
      expect([file, known.get(sha256(bytes))]).toMatchObject([file, { size_bytes: bytes.length }]);
    expect(await examine('report-runs', 'objects', 'log')).toEqual([]);
  });

  it('stays as it is when more is recorded', async () => {
    await upload('later', lines('later', 4));
    expect(await filesOf(kept.id)).toEqual(kept.files);
    const again = await made(EVER);
    expect(reportOf(again.files).summary.records).toBe(reportOf(kept.files).summary.records + 4);
    expect(await filesOf(kept.id)).toEqual(kept.files);
    const { items, total } = await listReportRuns(installation.ctx, { limit: 1 });
    expect([items[0]?.id, total]).toEqual([again.id, 2]);
    expect(await examine('report-runs')).toEqual([]);
  });

  it('is not handed out when a file of it was altered or is gone, which fsck tells', async () => {
    const { ctx } = installation;
    for (const file of ['report.json', 'blocked.csv']) {
      const bytes = kept.files.get(file) ?? Buffer.alloc(0);
      const place = fileOf(sha256(bytes));
      await chmod(place, 0o600);
      await writeFile(place, Buffer.concat([bytes.subarray(0, -1), Buffer.from('#')]));
      await expect(openRunFile(ctx, { runId: kept.id, file }).then((stream) => buffer(stream))).rejects.toMatchObject({
        code: 'EVIDENCE_ALTERED',
      });
      const figures = await keptReport(ctx, await getReportRun(ctx, { runId: kept.id }));
      expect([file, figures === 'damaged']).toEqual([file, file === 'report.json']);
      expect(await examine('objects')).toMatchObject([{ kind: 'object-altered' }]);
      await vi.waitUntil(async () => (await getReportRun(ctx, { runId: kept.id })).damaged, { timeout: 10_000 });
      await rm(place);
      await expect(openRunFile(ctx, { runId: kept.id, file }).then((stream) => buffer(stream))).rejects.toMatchObject({
        code: 'EVIDENCE_MISSING',
      });
      await writeFile(place, bytes, { mode: 0o400 });
      await buffer(await openRunFile(ctx, { runId: kept.id, file }));
    }
    expect(await examine('objects', 'report-runs')).toEqual([]);
  });

  it('has no other file, whatever is asked for', async () => {
    for (const file of ['../run.json', 'verify.html', ''])
      await expect(openRunFile(installation.ctx, { runId: kept.id, file })).rejects.toMatchObject({
        code: 'NOT_FOUND',
      });
  });
});

it('of a period without records every table has its head alone', async () => {
  const { id, files } = await made(EMPTY);
  expect(runOf(files)).toMatchObject({ chains: [], behind: [] });
  expect((await getReportRun(installation.ctx, { runId: id })).files.map(({ rows }) => rows)).toEqual(
    expect.not.arrayContaining([expect.toSatisfy((rows: number | null) => rows !== null && rows > 0)]),
  );
  expect(reportOf(files).summary).toMatchObject({ records: 0, chains: 0 });
  expect(await examine('report-runs')).toEqual([]);
});

/** Makes a run as a worker does, and stops for ever at its fourth file, half of which is written. */
const KILLED = `
  (async () => {
    const { composeContext } = await import('./lib/compose');
    const { readEnv } = await import('./lib/config/env');
    const { makeReportRun } = await import('./lib/package/report-runs/make');
    const ctx = await composeContext(readEnv(process.env), 'worker');
    const create = ctx.evidence.create.bind(ctx.evidence);
    let begun = 0;
    ctx.evidence.create = async () => {
      const writer = await create();
      begun += 1;
      if (begun < 4) return writer;
      await writer.write(Buffer.from('half of it'));
      process.stdout.write('half-way\\n');
      return new Promise(() => undefined);
    };
    const actor = { kind: 'system', id: 'worker', name: 'worker', role: 'administrator', workspaceId: 'default', chains: null };
    await makeReportRun(ctx, { runId: process.env.RUN_ID, actor }, new AbortController().signal);
  })();
`;

describe('while it is made', () => {
  const signedRuns = async () =>
    (await installation.ctx.db.selectFrom('log_entries').select('index').where('kind', '=', 'report-run').execute())
      .length;

  it('a worker that ends leaves nothing of it, and another goes on at once', async () => {
    const runId = await waitingRun(EVER);
    const before = await signedRuns();
    const ending = new AbortController();
    let during: unknown;
    const ctx = whenObject(4, async () => {
      during = (await getReportRun(installation.ctx, { runId })).progress;
      ending.abort(new Error('the worker ends'));
    });
    await expect(make(ctx, runId, ending.signal)).rejects.toThrow('the worker ends');
    expect(during).toMatchObject({ file: 'blocked.csv', filesDone: 3, files: expect.any(Number) });
    expect(await getReportRun(installation.ctx, { runId })).toMatchObject({
      state: 'waiting',
      files: [],
      runSha256: null,
      progress: null,
    });
    expect(await signedRuns()).toBe(before);
    await make(installation.ctx, runId);
    expect(await getReportRun(installation.ctx, { runId })).toMatchObject({ state: 'done', damaged: false });
    expect(await signedRuns()).toBe(before + 1);
    expect(await entriesOf(runId)).toEqual([{ action: 'report-run.make' }]);
  });

  it('a process that is killed leaves nothing of it, and another goes on when the lease is over', async () => {
    const { ctx } = installation;
    const runId = await waitingRun(EVER);
    const before = await signedRuns();
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
        RUN_ID: runId,
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [said] = (await once(child.stdout, 'data')) as [Buffer];
    expect(said.toString()).toBe('half-way\n');
    child.kill('SIGKILL');
    await once(child, 'close');
    const killedAt = new Date();
    const left = await getReportRun(ctx, { runId });
    expect(left).toMatchObject({ state: 'waiting', files: [], runSha256: null });
    expect(left.progress).toMatchObject({ file: 'blocked.csv', filesDone: 3 });
    expect(await signedRuns()).toBe(before);
    expect(await examine('report-runs', 'objects')).toEqual([]);
    await make({ ...ctx, now: () => killedAt }, runId);
    expect((await getReportRun(ctx, { runId })).state).toBe('waiting');
    await make({ ...ctx, now: () => new Date(Date.now() + 31_000) }, runId);
    expect((await getReportRun(ctx, { runId })).state).toBe('done');
    expect(await signedRuns()).toBe(before + 1);
  });

  it('what was killed is gone on with when its lease is over, and not before', async () => {
    const { ctx } = installation;
    const runId = await waitingRun();
    await ctx.db
      .updateTable('report_runs')
      .set({ next_try_at: new Date(Date.now() + 20_000), attempts: 1 })
      .where('id', '=', runId)
      .execute();
    await make(ctx, runId);
    expect((await getReportRun(ctx, { runId })).state).toBe('waiting');
    const later = { ...ctx, now: () => new Date(Date.now() + 31_000) };
    await make(later, runId);
    expect((await getReportRun(ctx, { runId })).state).toBe('done');
    await make(later, runId);
    expect(await entriesOf(runId)).toEqual([{ action: 'report-run.make' }]);
  });

  it('is cancelled, and never there', async () => {
    const { ctx } = installation;
    const runId = await waitingRun(EVER);
    const before = await signedRuns();
    await make(
      whenObject(3, () => cancelReportRun(ctx, { runId, actor: testActor() })),
      runId,
    );
    expect(await getReportRun(ctx, { runId })).toMatchObject({ state: 'cancelled', files: [], madeAt: null });
    await make(ctx, runId);
    expect(await signedRuns()).toBe(before);
    await cancelReportRun(ctx, { runId, actor: testActor() });
    expect(await entriesOf(runId)).toEqual([{ action: 'report-run.cancel' }]);
    await expect(openRunFile(ctx, { runId, file: 'report.json' })).rejects.toMatchObject({ code: 'CONFLICT' });
    await expect(cancelReportRun(ctx, { runId: kept.id, actor: testActor() })).rejects.toMatchObject({
      code: 'CONFLICT',
    });
  });

  it('records that come in between are in all of its files, or in none', async () => {
    const { ctx } = installation;
    const runId = await waitingRun(EVER);
    await make(
      whenObject(4, () => upload('in between', lines('in between', 6))),
      runId,
    );
    const files = await filesOf(runId);
    const report = reportOf(files);
    expect(runOf(files).chains.reduce((sum, { inPeriod }) => sum + inPeriod, 0)).toBe(report.summary.records);
    expect(csvRows(files.get('access-log.csv')?.toString('utf8') ?? '')).toHaveLength(report.summary.records + 1);
    expect(csvRows(files.get('integrity.csv')?.toString('utf8') ?? '')).toHaveLength(report.summary.chains + 1);
    expect(report.chains.some(({ name }) => name === 'in between')).toBe(true);
    expect((await getReportRun(ctx, { runId })).state).toBe('done');
  });

  it('a chain that grows all the time keeps no report from being made of a time that is past', async () => {
    const { ctx } = installation;
    const all = lines('growing on', 200).toString('utf8').trimEnd().split('\n');
    let written = 0;
    let chainId = '';
    const append = async (count: number) => {
      const bytes = Buffer.from(`${all.slice(written, written + count).join('\n')}\n`);
      const asked = { chain: 'growing on', bytes, precondition: { kind: 'lines' as const }, idempotency: null };
      ({ chainId } = await appendRecords(ctx, { ...asked, actor: testActor() }));
      written += count;
      await loadTail(ctx, { chainId });
    };
    await append(10);
    // Of its records each a second after the one before: the first ten, and none of those that come.
    const runId = await waitingRun({ from: '2026-05-11T08:00:00.000Z', to: '2026-05-11T08:00:10.000Z' });
    const evidence = new Proxy(ctx.evidence, {
      get(store, name) {
        if (name === 'create')
          return async () => {
            await append(3);
            return store.create();
          };
        const value: unknown = Reflect.get(store, name);
        return typeof value === 'function' ? value.bind(store) : value;
      },
    });
    await make({ ...ctx, evidence }, runId);
    expect(await getReportRun(ctx, { runId })).toMatchObject({ state: 'done', failure: null });
    expect(written).toBeGreaterThan(25);
    const files = await filesOf(runId);
    const grown = runOf(files).chains.find(({ name }) => name === 'growing on');
    expect(grown).toMatchObject({ inPeriod: 10, open: { inPeriod: 10 } });
    const open = files
      .get(grown?.open?.file ?? '')
      ?.toString('utf8')
      .trimEnd()
      .split('\n');
    expect(open).toEqual(all.slice(0, open?.length));
    expect(open?.length).toBeGreaterThanOrEqual(10);
    const results: unknown[] = [];
    await checkRun(
      ctx,
      { runId, trustedRoot: null },
      { checked: (one) => results.push(one), doing: () => undefined, bytes: () => undefined },
    );
    expect(results.filter((one) => JSON.stringify(one).includes('"differs"'))).toEqual([]);
  });

  it('waits for a chain that is not loaded yet, says so, and names it in the end', async () => {
    const { ctx } = installation;
    const runId = await waitingRun(EVER);
    const { id: chainId } = await ctx.db
      .selectFrom('chains')
      .select('id')
      .where('name', '=', 'tampered')
      .executeTakeFirstOrThrow();
    const behind = (by: number) =>
      ctx.db
        .updateTable('chains')
        .set((eb) => ({ loaded_generation: eb('loaded_generation', '-', by) }))
        .where('id', '=', chainId)
        .execute();
    await behind(1);
    try {
      await make(ctx, runId);
      expect(await getReportRun(ctx, { runId })).toMatchObject({
        state: 'waiting',
        failure: 'chain "tampered" is still being checked or loaded',
      });
      await ctx.db
        .updateTable('report_runs')
        .set({ attempts: 4, next_try_at: new Date(0) })
        .where('id', '=', runId)
        .execute();
      await make(ctx, runId);
    } finally {
      await behind(-1);
    }
    expect((await getReportRun(ctx, { runId })).state).toBe('done');
    expect(runOf(await filesOf(runId)).behind).toEqual([{ id: chainId, name: 'tampered' }]);
  });
});

it('is asked for once, and not without end', async () => {
  const { ctx } = installation;
  const ids = [];
  for (let n = 0; n < 20; n += 1)
    ids.push(
      await waitingRun({ from: `2002-01-${String(n + 1).padStart(2, '0')}T00:00:00Z`, to: '2003-01-01T00:00:00Z' }),
    );
  const ask = (period: typeof EMPTY) => requestReportRun(ctx, { period, actor: testActor() });
  expect((await ask({ from: '2002-01-03T00:00:00Z', to: '2003-01-01T00:00:00Z' })).id).toBe(ids[2]);
  await expect(ask({ from: '2002-02-01T00:00:00Z', to: '2003-01-01T00:00:00Z' })).rejects.toMatchObject({
    code: 'BUSY',
  });
  for (const runId of ids) await cancelReportRun(ctx, { runId, actor: testActor() });
});

it('of evidence that is not what was accepted it cannot be made, and says why', async () => {
  const { ctx } = installation;
  const piece = await ctx.db
    .selectFrom('tail_pieces')
    .select(['chain_id', 'byte_offset', 'bytes'])
    .executeTakeFirstOrThrow();
  const write = (bytes: Buffer) =>
    ctx.db
      .updateTable('tail_pieces')
      .set({ bytes })
      .where('chain_id', '=', piece.chain_id)
      .where('byte_offset', '=', piece.byte_offset)
      .execute();
  const runId = await waitingRun(EVER);
  await write(Buffer.from(piece.bytes.toString('latin1').replace('open', 'shut'), 'latin1'));
  try {
    await make(ctx, runId);
  } finally {
    await write(piece.bytes);
  }
  expect(await getReportRun(ctx, { runId })).toMatchObject({
    state: 'failed',
    failure: expect.stringContaining('the open segment of the chain is not what was accepted'),
    files: [],
    progress: null,
  });
  await expect(cancelReportRun(ctx, { runId, actor: testActor() })).rejects.toMatchObject({ code: 'CONFLICT' });
});
