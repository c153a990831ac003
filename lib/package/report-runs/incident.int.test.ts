import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { putObject } from '../../evidence/store';
import { loadSampleData } from '../../ingest/sample-data';
import { type Checked, checkRun } from '../../report-check/check-run';
import { incidentJson } from '../../reports/incident/incident-pdf';
import { createDefinition } from '../../reports/definitions/create-definition';
import { IncidentReport } from '../../schemas/incident-report';
import { NewReportDefinition } from '../../schemas/report-definitions';
import { RunRecord } from '../../schemas/report-runs';
import { testActor } from '../../testing/actor';
import { csvRows } from '../../testing/csv-rows';
import { sarifProblems } from '../../testing/sarif-check';
import { type TestInstallation, startInstallation } from '../../testing/installation';
import { changeCase } from '../../triage/cases/change-case';
import { createCase } from '../../triage/cases/create-case';
import { makeReportRun } from './make';
import { openRunFile } from './open-file';
import { runDefinition } from './request';
import { getReportRun } from './runs';

const actor = testActor('analyst');
const NOTE = '=cmd|"it was us", \n ü';

type Sarif = { runs: { results: { fingerprints: Record<string, string> }[] }[] };

let installation: TestInstallation;
let found: { id: string; title: string; records: { chainId: string; ordinal: number }[] }[] = [];
beforeAll(async () => {
  installation = await startInstallation();
  const { ctx } = installation;
  await installation.work();
  await loadSampleData(ctx, { actor });
  for (const { id } of await ctx.db.selectFrom('chains').select('id').execute()) await installation.settled(id);
  const rows = await ctx.db
    .selectFrom('findings')
    .select(['id', 'title', 'records'])
    .where('superseded_at', 'is', null)
    .where('record_count', '>', 0)
    .orderBy('id')
    .execute();
  found = rows.map((row) => ({ ...row, records: row.records as (typeof found)[number]['records'] }));
  await ctx.queue.stop(1000);
}, 300_000);
afterAll(() => installation.stop(), 60_000);

const define = (incident: object, name: string) =>
  createDefinition(installation.ctx, {
    ...NewReportDefinition.parse({ name, kind: 'incident', period: { of: 'findings' }, incident }),
    actor,
  });
async function run(definitionId: string) {
  const { ctx } = installation;
  const { id: runId } = await runDefinition(ctx, { definitionId, actor });
  await makeReportRun(ctx, { runId, actor: testActor('worker') }, new AbortController().signal);
  const made = await getReportRun(ctx, { runId });
  expect(made).toMatchObject({ state: 'done', failure: null });
  const read = async (file: string) => buffer(await openRunFile(ctx, { runId, file }));
  const report = IncidentReport.parse(JSON.parse((await read('report.json')).toString('utf8')));
  return { made, read, report };
}
async function check(runId: string): Promise<Checked[]> {
  const results: Checked[] = [];
  await checkRun(
    installation.ctx,
    { runId, trustedRoot: null },
    { checked: (one) => results.push(one), doing: () => undefined, bytes: () => undefined },
  );
  return results;
}
function table(bytes: Buffer): Record<string, string>[] {
  const [head = [], ...body] = csvRows(bytes.toString('utf8'));
  return body.map((cells) => Object.fromEntries(head.map((name, n) => [name, cells[n] ?? ''])));
}

it('of a case it has what was found, what people did, and every record at its place in evidence', async () => {
  const { ctx } = installation;
  const some = found.slice(0, 3);
  const { id: caseId } = await createCase(ctx, {
    title: 'Somebody took keys',
    findingIds: some.map(({ id }) => id),
    actor,
  });
  await changeCase(ctx, { caseId, change: { status: 'in_progress', note: NOTE }, actor });
  const { id } = await define({ caseId }, 'What happened');
  const { made, read, report } = await run(id);
  expect(made.files.map(({ path: file }) => file)).toEqual([
    'evidence.csv',
    'findings.sarif',
    'report.json',
    'report.pdf',
    'run.json',
    'run.sigstore.json',
    'timeline.csv',
  ]);
  const sarif = JSON.parse((await read('findings.sarif')).toString('utf8')) as Sarif;
  expect(sarifProblems(sarif)).toEqual([]);
  expect(sarif.runs[0]?.results.map(({ fingerprints }) => fingerprints['sealtrailFinding/v1'])).toEqual(
    report.findings.map((one) => one.id),
  );
  expect(report.case).toMatchObject({ id: caseId, title: 'Somebody took keys', status: 'in_progress' });
  expect(report.findings.map((one) => one.id).toSorted()).toEqual(some.map((one) => one.id).toSorted());
  for (const one of report.findings) {
    expect(createHash('sha256').update(one.ruleYaml).digest('hex')).toBe(one.ruleDigest);
    expect(Date.parse(one.windowFrom)).toBeGreaterThanOrEqual(Date.parse(report.period.from));
    expect(Date.parse(one.windowTo)).toBeLessThan(Date.parse(report.period.to));
  }
  // The figures are those of the rows of the findings themselves.
  const distinct = new Set(
    some.flatMap(({ records }) => records.map(({ chainId, ordinal }) => `${chainId} ${ordinal}`)),
  );
  expect(report.totals).toMatchObject({ findings: 3, records: distinct.size, acts: report.history.length });
  expect(Object.values(report.totals.byLevel).reduce((all, count) => all + count, 0)).toBe(3);
  expect(report.history.some(({ note }) => note === NOTE)).toBe(true);

  // Each record is what its segment has at that byte.
  const { chains } = RunRecord.parse(JSON.parse((await read('run.json')).toString('utf8')));
  for (const one of report.records) {
    const segment = chains
      .find((chain) => chain.id === one.chainId)
      ?.segments.find(({ sha256 }) => sha256 === one.segmentSha256);
    expect(segment).toBeDefined();
    const file = path.join(
      fileURLToPath(ctx.env.evidenceUrl),
      'objects',
      one.segmentSha256.slice(0, 2),
      one.segmentSha256,
    );
    const at = one.byteOffset - (segment?.byteOffset ?? 0);
    const line = (await readFile(file)).subarray(at, at + one.byteLength).toString('utf8');
    expect(line).toContain(one.hash);
    expect(line.trimEnd()).toBe(line);
    expect(one.findings.every((finding) => some.some((known) => known.id === finding))).toBe(true);
  }
  const evidence = table(await read('evidence.csv'));
  expect(evidence.map((row) => [row['chain'], Number(row['ordinal']), row['hash']])).toEqual(
    report.records.map(({ chain, ordinal, hash }) => [chain, ordinal, hash]),
  );
  const timeline = table(await read('timeline.csv'));
  expect(timeline.filter((row) => row['what'] === 'finding')).toHaveLength(3);
  expect(timeline.filter((row) => row['what'] === 'act')).toHaveLength(report.history.length);
  expect(timeline.map((row) => row['at'])).toEqual(timeline.map((row) => row['at']).toSorted());
  expect(timeline.some((row) => row['note'] === `'${NOTE}`)).toBe(true);
  expect((await read('report.pdf')).subarray(0, 5).toString()).toBe('%PDF-');

  const results = await check(made.id);
  expect(results.filter(({ outcome }) => outcome === 'differs')).toEqual([]);
  expect(
    results
      .filter(({ outcome }) => outcome === 'same')
      .map(({ file }) => file)
      .toSorted(),
  ).toEqual(['evidence.csv', 'findings.sarif', 'report.json', 'report.pdf', 'run.json', 'run.sigstore.json']);
  expect(results.filter(({ outcome }) => outcome === 'not derived')).toMatchObject([
    { file: 'timeline.csv', because: expect.stringContaining('what people did and wrote') },
  ]);
});

it('of findings that were chosen it is of these alone; what its records say, and its rules, cannot be changed', async () => {
  const { ctx } = installation;
  const chosen = found.slice(-2);
  const { id } = await define({ findingIds: chosen.map((one) => one.id) }, 'Two findings');
  const { made, read, report } = await run(id);
  expect(report.case).toBeNull();
  expect(report.history).toEqual([]);
  expect(report.findings.map((one) => one.id).toSorted()).toEqual(chosen.map((one) => one.id).toSorted());
  const kept = (await read('report.json')).toString('utf8');
  const entry = made.files.find(({ path: file }) => file === 'report.json');
  const entries = (files: typeof made.files) =>
    ctx.db
      .updateTable('report_runs')
      .set({ entries: JSON.stringify(files) })
      .where('id', '=', made.id)
      .execute();
  const changes: ((report: IncidentReport) => unknown)[] = [
    ({ records: [record] }) => record && (record.tool = 'nothing'),
    ({ records: [record] }) => record && (record.byteOffset += 1),
    ({ records }) => records.pop(),
    ({ findings: [finding] }) => finding && (finding.ruleYaml += '# '),
  ];
  for (const change of changes) {
    const other = JSON.parse(kept) as IncidentReport; // as it was written
    change(other);
    const { digest, sizeBytes } = await putObject(ctx.evidence, incidentJson(other));
    await entries(made.files.map((file) => (file === entry ? { ...file, digest, sizeBytes } : file)));
    const differing = (await check(made.id)).filter(({ outcome }) => outcome === 'differs').map(({ file }) => file);
    expect(differing.filter((file) => file === 'report.json' || file === 'evidence.csv')).not.toEqual([]);
  }
  await entries(made.files);
  expect((await check(made.id)).filter(({ outcome }) => outcome === 'differs')).toEqual([]);
});

it('is of findings that are there, and goes with nothing else', async () => {
  const { ctx } = installation;
  const { id: empty } = await createCase(ctx, { title: 'Nothing in it', findingIds: [], actor });
  const { id } = await define({ caseId: empty }, 'Nothing');
  await expect(runDefinition(ctx, { definitionId: id, actor })).rejects.toMatchObject({ code: 'CONFLICT' });
  const { id: gone } = await define({ findingIds: ['00000000-0000-7000-8000-000000000000'] }, 'Gone');
  await expect(runDefinition(ctx, { definitionId: gone, actor })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  const base = { name: 'x', kind: 'incident', period: { of: 'findings' }, incident: { caseId: empty } };
  const paths = (more: object) => NewReportDefinition.safeParse({ ...base, ...more }).error?.issues[0]?.path.join('.');
  expect(paths({})).toBeUndefined();
  expect(paths({ incident: undefined })).toBe('incident');
  expect(paths({ kind: 'usage' })).toBe('incident');
  expect(paths({ period: { of: 'last-week' } })).toBe('period');
  expect(paths({ kind: 'usage', incident: undefined })).toBe('period');
  expect(paths({ scope: { chains: ['a'] } })).toBe('scope');
  expect(paths({ schedule: { every: 'week', weekday: 'monday', time: '06:00' } })).toBe('schedule');
});
