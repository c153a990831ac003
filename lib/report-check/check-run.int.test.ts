import { spawnSync } from 'node:child_process';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Context } from '../context';
import { appendRecords } from '../ingest/append-records';
import { loadSampleData } from '../ingest/sample-data';
import { ingestUpload } from '../ingest/upload';
import { loadTail } from '../lake/load-tail';
import { cancelReportRun } from '../package/report-runs/cancel';
import { makeReportRun } from '../package/report-runs/make';
import { getReportRun } from '../package/report-runs/runs';
import { testActor } from '../testing/actor';
import { toBytes, writers } from '../testing/chains';
import { fixture } from '../testing/fixtures';
import { type TestInstallation, startInstallation } from '../testing/installation';
import { type Checked, checkRun } from './check-run';

const EVER = { from: '1970-01-01T00:00:00.000Z', to: '2262-01-01T00:00:00.000Z' };
const EMPTY = { from: '2001-01-01T00:00:00.000Z', to: '2001-02-01T00:00:00.000Z' };
const DERIVED = [
  'access-log.csv',
  'blocked.csv',
  'report.json',
  'report.pdf',
  'run.json',
  'run.sigstore.json',
  'secret-events.csv',
];
const NOT_DERIVED = ['findings.csv', 'findings.sarif', 'integrity.csv', 'rule-looks.csv'];
const ROOT = path.resolve(import.meta.dirname, '../..');

let installation: TestInstallation;
let valid = '';
const ids = new Map<string, string>();
beforeAll(async () => {
  installation = await startInstallation();
  const { ctx } = installation;
  await installation.work();
  const upload = async (chain: string, bytes: Buffer) => {
    const { chainId } = await ingestUpload(ctx, {
      fileName: 'log.jsonl',
      chain,
      body: Readable.from([bytes]),
      actor: testActor(),
    });
    await installation.settled(chainId);
    ids.set(chain, chainId);
    return chainId;
  };
  valid = await upload('=cmd|"valid", ü\u2028', fixture('occasio', 'valid'));
  // The same times in several chains: which comes first is told by the chain alone.
  for (const name of ['one', 'two', 'three']) await upload(name, fixture('occasio', 'tampered'));
  await upload('legacy', fixture('occasio', 'legacy-then-chain'));
  await upload('damaged', fixture('occasio', 'null-line'));
  await upload('unchained', fixture('agentfence', 'unchained'));
  await upload('partial', fixture('agentfence', 'partial-chain'));
  await upload('torn', fixture('nono', 'truncated-tail'));
  await upload('gap', fixture('arbiter', 'gap'));
  await upload('restarted', fixture('arbiter', 'restart'));
  await upload('crlf', fixture('vouch', 'crlf'));
  // Another log than was seen before: problems that no byte of it shows by itself.
  await upload('replaced', fixture('arbiter', 'valid'));
  await upload('replaced', fixture('arbiter', 'truncated-tail'));
  const lines = writers(ctx.hasher).occasio.write(
    Array.from({ length: 9 }, (_, n) => ({ tool: 'bash', decision: 'deny' as const, note: `open ${n}` })),
  );
  await upload(
    'without times',
    toBytes(lines.map((line, n) => (n % 2 ? line.replace(/"ts":"[^"]*"/, '"ts":"yesterday"') : line))),
  );
  const { chainId } = await appendRecords(ctx, {
    chain: 'growing',
    bytes: Buffer.from(`${lines.with(4, (lines[4] ?? '').replace('open 4', 'open four')).join('\n')}\n`),
    precondition: { kind: 'lines' },
    idempotency: null,
    actor: testActor(),
  });
  await loadTail(ctx, { chainId });
  const { chains } = await loadSampleData(ctx, { actor: testActor() }).then(async () => ({
    chains: await ctx.db.selectFrom('chains').select('id').where('name', 'like', 'sample/%').execute(),
  }));
  for (const { id } of chains) await installation.settled(id);
}, 300_000);
afterAll(() => installation.stop(), 60_000);

async function made(period: { from: string; to: string }, ctx: Context = installation.ctx): Promise<string> {
  const { id } = await ctx.db
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
  await makeReportRun(ctx, { runId: id, actor: testActor('worker') }, new AbortController().signal);
  expect(await getReportRun(ctx, { runId: id })).toMatchObject({ state: 'done', failure: null });
  return id;
}

async function check(runId: string, ctx: Context = installation.ctx): Promise<Checked[]> {
  const results: Checked[] = [];
  await checkRun(
    ctx,
    { runId, trustedRoot: null },
    { checked: (one) => results.push(one), doing: () => undefined, bytes: () => undefined },
  );
  return results;
}
const differing = (results: readonly Checked[]) => results.filter(({ outcome }) => outcome === 'differs');
const files = (results: readonly Checked[], outcome: Checked['outcome']) =>
  results
    .filter((one) => one.outcome === outcome)
    .map(({ file }) => file)
    .toSorted();

/** Parts of which the lake answers nothing. */
function withoutLake(): Context {
  return {
    ...installation.ctx,
    lake: new Proxy(installation.ctx.lake, {
      get() {
        throw new Error('the lake is not asked');
      },
    }),
  };
}

describe('a report that is kept, derived from evidence alone', () => {
  it('is the same bytes, of many formats and kinds of damage, without the lake', async () => {
    const runId = await made(EVER);
    const results = await check(runId, withoutLake());
    expect(differing(results)).toEqual([]);
    expect(files(results, 'same')).toEqual(DERIVED);
    expect(files(results, 'not derived').filter((file) => !file.startsWith('open-'))).toEqual(NOT_DERIVED);
    expect(files(results, 'not derived').filter((file) => file.startsWith('open-'))).toHaveLength(1);
  });

  it('of part of the time too, and of no records', async () => {
    const { first_recorded_at: first, last_recorded_at: last } = await installation.ctx.db
      .selectFrom('chains')
      .select(['first_recorded_at', 'last_recorded_at'])
      .where('id', '=', valid)
      .executeTakeFirstOrThrow();
    const middle = new Date((Date.parse(first ?? '') + Date.parse(last ?? '')) / 2).toISOString();
    for (const period of [EMPTY, { from: EVER.from, to: middle }, { from: middle, to: EVER.to }])
      expect([period, differing(await check(await made(period), withoutLake()))]).toEqual([period, []]);
  });

  it('stays the same when more is recorded', async () => {
    const runId = await made(EVER);
    const { ctx } = installation;
    const { chainId } = await ingestUpload(ctx, {
      fileName: 'log.jsonl',
      chain: 'later',
      body: Readable.from([fixture('vouch', 'valid')]),
      actor: testActor(),
    });
    await installation.settled(chainId);
    expect(differing(await check(runId))).toEqual([]);
  });
});

describe('what was false when it was made is told, and where', () => {
  it('a field of one record that was changed in the lake', async () => {
    const { lake } = installation.ctx;
    const set = (agent: string, where: string) =>
      lake.command({
        query: `ALTER TABLE events UPDATE agent = {agent: String} WHERE chain_id = {chain: UUID} AND ${where} SETTINGS mutations_sync = 2`,
        query_params: { agent, chain: valid },
      });
    const [row] = await (
      await lake.query({
        query: `SELECT agent, ordinal FROM events FINAL WHERE chain_id = {chain: UUID} AND decision = 'deny' AND agent != '' ORDER BY ordinal LIMIT 1`,
        query_params: { chain: valid },
        format: 'JSONEachRow',
      })
    ).json<{ agent: string; ordinal: number }>();
    if (!row) throw new Error('there is a denial');
    await set('mallory', `ordinal = ${row.ordinal}`);
    let runId: string;
    try {
      runId = await made(EVER);
    } finally {
      await set(row.agent, `ordinal = ${row.ordinal}`);
    }
    const results = await check(runId);
    expect(files(results, 'differs')).toEqual(expect.arrayContaining(['access-log.csv', 'blocked.csv', 'report.json']));
    expect(results.find(({ file }) => file === 'blocked.csv')).toMatchObject({
      outcome: 'differs',
      line: expect.any(Number),
      expected: expect.stringContaining(row.agent),
      found: expect.stringContaining('mallory'),
    });
    expect(files(results, 'same')).toEqual(
      expect.arrayContaining(['run.json', 'run.sigstore.json', 'secret-events.csv']),
    );
  });

  it('a record that was left out of the lake', async () => {
    const { lake } = installation.ctx;
    const where = `chain_id = {chain: UUID} AND ordinal = 2`;
    const query_params = { chain: ids.get('one') };
    const rows = await (
      await lake.query({
        query: `SELECT *, toString(recorded_at) AS recorded_at FROM events FINAL WHERE ${where}`,
        query_params,
        format: 'JSONEachRow',
      })
    ).json<Record<string, unknown>>();
    await lake.command({
      query: `DELETE FROM events WHERE ${where} SETTINGS mutations_sync = 2, lightweight_deletes_sync = 2`,
      query_params,
    });
    let runId: string;
    try {
      runId = await made(EVER);
    } finally {
      await lake.insert({ table: 'events', values: rows, format: 'JSONEachRow' });
    }
    const results = await check(runId);
    expect(results).toContainEqual(
      expect.objectContaining({ file: 'run.json', outcome: 'differs', expected: expect.stringContaining('of one') }),
    );
    expect(files(results, 'differs')).toEqual(expect.arrayContaining(['access-log.csv', 'report.json']));
  });
});

it('evidence and kept files that were altered are told', async () => {
  const { ctx } = installation;
  const runId = await made(EVER);
  const place = (digest: string) =>
    path.join(fileURLToPath(ctx.env.evidenceUrl), 'objects', digest.slice(0, 2), digest);
  const { digest: segment } = await ctx.db
    .selectFrom('chain_segments')
    .select('digest')
    .where('chain_id', '=', valid)
    .executeTakeFirstOrThrow();
  const { files: kept } = await getReportRun(ctx, { runId });
  const csv = kept.find(({ path: file }) => file === 'blocked.csv')?.digest ?? '';
  for (const [digest, file] of [
    [segment, 'evidence'],
    [csv, 'blocked.csv'],
  ] as const) {
    const bytes = await readFile(place(digest));
    await chmod(place(digest), 0o600);
    await writeFile(place(digest), Buffer.concat([bytes.subarray(0, -2), Buffer.from('#\n')]));
    expect(differing(await check(runId))).toMatchObject([{ file, outcome: 'differs' }]);
    await writeFile(place(digest), bytes);
  }
  expect(differing(await check(runId))).toEqual([]);
});

describe('on the command line', () => {
  const run = (...args: string[]) => {
    const { env } = installation.ctx;
    return spawnSync(process.execPath, ['workers/sealtrail.mjs', 'report', ...args], {
      cwd: ROOT,
      encoding: 'utf8',
      timeout: 120_000,
      env: {
        NODE_ENV: 'test',
        PATH: process.env['PATH'],
        HOME: tmpdir(),
        DATABASE_URL: env.databaseUrl,
        CLICKHOUSE_URL: env.clickhouseUrl,
        EVIDENCE_URL: env.evidenceUrl,
        SEALTRAIL_DATA_DIR: path.dirname(fileURLToPath(env.evidenceUrl)),
        SEALTRAIL_URL: env.publicUrl,
        SEALTRAIL_SECRET: env.secret,
      },
    });
  };

  it('says what each file came to, by its exit status too', async () => {
    const runId = await made(EVER);
    const { files: kept } = await getReportRun(installation.ctx, { runId });
    const listed = run(runId);
    expect([listed.status, listed.stdout, listed.stderr]).toEqual([
      0,
      kept.map(({ path: file, digest }) => `${digest}  ${file}\n`).join(''),
      '',
    ]);
    const checked = run(runId, '--check');
    expect([checked.status, checked.stderr]).toEqual([0, expect.stringContaining('Deriving access-log.csv')]);
    for (const file of DERIVED) expect(checked.stdout).toContain(`${file}: same\n`);
    expect(checked.stdout).toContain('findings.csv: not derived, because ');
    const json = run(runId, '--check', '--json');
    expect(
      json.stdout
        .trimEnd()
        .split('\n')
        .map((line) => (JSON.parse(line) as Checked).outcome),
    ).toEqual(expect.arrayContaining(['same', 'not derived']));
  });

  it('says what it cannot do', async () => {
    expect(run('no-id', '--check')).toMatchObject({ status: 2, stdout: '' });
    expect(run('019a0000-0000-7000-8000-000000000000', '--check')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('no report run has this id'),
    });
    const { id } = await installation.ctx.db
      .insertInto('report_runs')
      .values({
        recorded_from: new Date(0),
        recorded_to: new Date(1),
        next_try_at: new Date('2100-01-01'),
        requested_by: 'test',
        requested_by_id: 'token:test',
        requested_at: new Date(),
      })
      .returning('id')
      .executeTakeFirstOrThrow();
    await cancelReportRun(installation.ctx, { runId: id, actor: testActor() });
    expect(run(id, '--check')).toMatchObject({ status: 2, stderr: expect.stringContaining('cancelled') });
  });
});
