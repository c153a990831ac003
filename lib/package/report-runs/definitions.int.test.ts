import { createHash } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fsck } from '../../fsck/fsck';
import { canonicalJson } from '../../core/statements/dsse';
import { loadSampleData } from '../../ingest/sample-data';
import { checkRun, type Checked } from '../../report-check/check-run';
import { changeDefinition } from '../../reports/definitions/change-definition';
import { createDefinition } from '../../reports/definitions/create-definition';
import { getDefinition, listDefinitions } from '../../reports/definitions/definitions';
import { deleteDefinition } from '../../reports/definitions/delete-definition';
import { putObject } from '../../evidence/store';
import { searchedIn } from '../../lake/query/search';
import { exportEvents } from '../../lake/query/search-export';
import { UsageReport } from '../../schemas/usage-report';
import { chainSummary } from '../../chains/chain-summary';
import { listHeads } from '../../chains/heads';
import { ControlsReport } from '../../schemas/controls';
import { IntegrityReport } from '../../schemas/integrity-report';
import { exportCsv } from '../../reports/csv';
import { NewReportDefinition, ReportDefinitionChange } from '../../schemas/report-definitions';
import { RunRecord } from '../../schemas/report-runs';
import { Report } from '../../schemas/reports';
import { testActor } from '../../testing/actor';
import { csvRows } from '../../testing/csv-rows';
import { type TestInstallation, startInstallation } from '../../testing/installation';
import { makeReportRun } from './make';
import { openRunFile } from './open-file';
import { runDefinition } from './request';
import { getReportRun, listReportRuns } from './runs';

const EVER = { from: '1970-01-01T00:00:00.000Z', to: '2262-01-01T00:00:00.000Z' };
const actor = testActor('analyst');

let installation: TestInstallation;
/** Every record there is, as the access log has it. */
let rows: Record<string, string>[] = [];
let agent = '';
let prefix = '';
beforeAll(async () => {
  installation = await startInstallation({}, { rules: 'one' });
  const { ctx } = installation;
  await installation.work();
  await loadSampleData(ctx, { actor: testActor() });
  for (const { id } of await ctx.db.selectFrom('chains').select('id').execute()) await installation.settled(id);
  rows = table(await buffer(exportCsv(ctx, { kind: 'access-log', period: EVER })));
  // The agent with most records, and chains by the first letters of one it writes to.
  const counts = Map.groupBy(rows, (row) => row['agent'] ?? '');
  agent = [...counts].toSorted((a, b) => b[1].length - a[1].length)[0]?.[0] ?? '';
  prefix = (counts.get(agent)?.[0]?.['chain'] ?? '').slice(0, 'sample/f'.length);
  // What is defined is run by hand below.
  await ctx.queue.stop(1000);
}, 300_000);
afterAll(() => installation.stop(), 60_000);

function table(bytes: Buffer): Record<string, string>[] {
  const [head = [], ...body] = csvRows(bytes.toString('utf8').replace(/^\uFEFF/, ''));
  return body.map((cells) => Object.fromEntries(head.map((name, n) => [name, cells[n] ?? ''])));
}
const define = (more: object = {}) =>
  createDefinition(installation.ctx, {
    ...NewReportDefinition.parse({
      name: 'All of it',
      period: { of: 'days', firstDay: '1970-01-01', lastDay: '2261-12-31' },
      ...more,
    }),
    actor,
  });

async function run(definitionId: string) {
  const { ctx } = installation;
  const { id: runId } = await runDefinition(ctx, { definitionId, actor });
  await makeReportRun(ctx, { runId, actor: testActor('worker') }, new AbortController().signal);
  const made = await getReportRun(ctx, { runId });
  expect(made).toMatchObject({ state: 'done', failure: null });
  const read = async (file: string) => buffer(await openRunFile(ctx, { runId, file }));
  return { made, read, files: made.files.map(({ path }) => path) };
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

describe('a report of some records', () => {
  it.each([
    ['chains by the beginning of their names', () => ({ chains: [`${prefix}*`] })],
    ['chains by their whole names', () => ({ chains: [rows[0]?.['chain'], rows.at(-1)?.['chain']] })],
    ['one agent', () => ({ agents: [agent] })],
    ['one agent in some chains', () => ({ chains: [`${prefix}*`], agents: [agent] })],
    ['no chain there is', () => ({ chains: ['no such chain'] })],
  ])('counts those of %s, in every figure and table, and is derived again from evidence', async (name, scope) => {
    const { chains = [], agents = [] } = scope() as { chains?: string[]; agents?: string[] };
    const wanted = rows.filter(
      (row) =>
        (chains.length === 0 ||
          chains.some((one) =>
            one.endsWith('*') ? row['chain']?.startsWith(one.slice(0, -1)) : row['chain'] === one,
          )) &&
        (agents.length === 0 || agents.includes(row['agent'] ?? '')),
    );
    const { id } = await define({ name, scope: scope() });
    const { made, read } = await run(id);
    const report = Report.parse(JSON.parse((await read('report.json')).toString('utf8')));
    const distinct = (column: string) => new Set(wanted.map((row) => row[column]).filter((value) => value !== '')).size;
    const denied = wanted.filter((row) => row['decision'] === 'deny');
    expect(report.summary).toMatchObject({
      records: wanted.length,
      chains: distinct('chain'),
      agents: distinct('agent'),
      sessions: distinct('session_id'),
      denied: denied.length,
      secretsRedacted: wanted.reduce((sum, row) => sum + Number(row['secrets_redacted']), 0),
    });
    expect([name, wanted.length > 0, wanted.length < rows.length]).toEqual([name, name !== 'no chain there is', true]);
    expect(table(await read('access-log.csv'))).toEqual(wanted);
    expect(table(await read('blocked.csv'))).toEqual(denied);
    expect(table(await read('integrity.csv')).map((row) => row['chain'])).toEqual(
      [...new Set(wanted.map((row) => row['chain']))].toSorted(),
    );
    expect(report.activity.reduce((sum, { counts }) => sum + (counts.deny ?? 0), 0)).toBe(denied.length);
    expect(report.chains.reduce((sum, { inPeriod }) => sum + inPeriod.records, 0)).toBe(wanted.length);
    const findings = table(await read('findings.csv'));
    expect(report.summary.findings).toBe(findings.length);
    for (const finding of findings)
      expect(finding['chains']?.split(' ').some((chain) => wanted.some((row) => row['chain'] === chain))).toBe(true);
    const results = await check(made.id);
    expect(results.filter(({ outcome }) => outcome === 'differs')).toEqual([]);
    expect(results.filter(({ outcome }) => outcome === 'same').map(({ file }) => file)).toEqual(
      expect.arrayContaining([
        'access-log.csv',
        'blocked.csv',
        'report.json',
        'report.pdf',
        'run.json',
        'secret-events.csv',
      ]),
    );
  });
});

it('has the parts that were chosen, and the tables that go with them', async () => {
  const { id } = await define({
    name: 'Two parts',
    sections: ['blocked', 'summary'],
    bom: true,
    timeZone: 'Asia/Kathmandu',
  });
  const { files, read, made } = await run(id);
  expect(files).toEqual(['blocked.csv', 'report.json', 'report.pdf', 'run.json', 'run.sigstore.json']);
  expect((await read('blocked.csv')).subarray(0, 3)).toEqual(Buffer.from([0xef, 0xbb, 0xbf]));
  const report = Report.parse(JSON.parse((await read('report.json')).toString('utf8')));
  expect(report.definition).toEqual({
    name: 'Two parts',
    scope: { chains: [], agents: [] },
    timeZone: 'Asia/Kathmandu',
    sections: ['summary', 'blocked'],
  });
  expect(report.period.from).toBe('1969-12-31T18:30:00.000Z');
  expect((await check(made.id)).filter(({ outcome }) => outcome !== 'same')).toEqual([]);
});

describe('a usage report', () => {
  type Used = Record<'agent' | 'model' | 'tool' | 'kind' | 'session_id' | 'decision', string> &
    Record<'input_tokens' | 'output_tokens' | 'cost_usd', number>;
  /** The records themselves, from the lake one by one. */
  const used = async () => {
    const columns = [
      'agent',
      'model',
      'tool',
      'kind',
      'session_id',
      'decision',
      'input_tokens',
      'output_tokens',
      'cost_usd',
    ] as const;
    const all: Used[] = [];
    for await (const batch of exportEvents(installation.ctx, searchedIn(EVER), columns)) all.push(...(batch as Used[])); // those columns
    return all;
  };
  const nano = (rows: readonly { cost: string }[]) =>
    rows.reduce((sum, { cost }) => {
      const [whole = '0', fraction = ''] = cost.split('.');
      return sum + BigInt(whole + fraction.padEnd(9, '0'));
    }, 0n);

  it('has totals that are the sums of its rows, and rows that are those of the records', async () => {
    const records = await used();
    const { id } = await define({ name: 'Usage', kind: 'usage' });
    const { files, read, made } = await run(id);
    expect(files).toEqual(['report.json', 'report.pdf', 'run.json', 'run.sigstore.json', 'usage.csv']);
    const report = UsageReport.parse(JSON.parse((await read('report.json')).toString('utf8')));
    const rows = table(await read('usage.csv'));
    const sum = (of: readonly Record<string, string>[], column: string) =>
      of.reduce((all, row) => all + Number(row[column]), 0);
    const { totals } = report;
    expect(totals).toMatchObject({
      records: records.length,
      requests: records.filter(({ kind }) => kind === 'request').length,
      sessions: new Set(records.map((one) => one.session_id).filter((one) => one !== '')).size,
      inputTokens: records.reduce((all, one) => all + one.input_tokens, 0),
      outputTokens: records.reduce((all, one) => all + one.output_tokens, 0),
    });
    expect(totals.requests * totals.inputTokens * totals.outputTokens).toBeGreaterThan(0);
    expect(Number(totals.costUsd)).toBeCloseTo(
      records.reduce((all, one) => all + one.cost_usd, 0),
      8,
    );
    // Of usage.csv, and of each list with what is beyond it.
    expect([
      sum(rows, 'records'),
      sum(rows, 'requests'),
      sum(rows, 'input_tokens'),
      sum(rows, 'output_tokens'),
    ]).toEqual([totals.records, totals.requests, totals.inputTokens, totals.outputTokens]);
    expect(nano(rows.map((row) => ({ cost: row['cost_usd'] ?? '' })))).toBe(nano([{ cost: totals.costUsd }]));
    for (const { values, more } of [report.agents, report.models, report.tools]) {
      const parts = [...values, more];
      for (const figure of ['records', 'requests', 'inputTokens', 'outputTokens'] as const)
        expect(parts.reduce((all, part) => all + part[figure], 0)).toBe(totals[figure]);
      expect(nano(parts.map(({ costUsd }) => ({ cost: costUsd })))).toBe(nano([{ cost: totals.costUsd }]));
      expect(parts.reduce((all, part) => all + (part.decisions.deny ?? 0), 0)).toBe(totals.decisions.deny ?? 0);
    }
    for (const row of rows) {
      const own = records.filter(
        (one) => one.agent === row['agent'] && one.model === row['model'] && one.tool === row['tool'],
      );
      expect([row['records'], row['deny'], row['sessions'], row['input_tokens']].map(Number)).toEqual([
        own.length,
        own.filter(({ decision }) => decision === 'deny').length,
        new Set(own.map((one) => one.session_id).filter((one) => one !== '')).size,
        own.reduce((all, one) => all + one.input_tokens, 0),
      ]);
    }
    for (const { value, sessions } of report.agents.values)
      expect(sessions).toBe(
        new Set(records.filter((one) => one.agent === value && one.session_id !== '').map((one) => one.session_id))
          .size,
      );
    expect((await check(made.id)).filter(({ outcome }) => outcome !== 'same')).toEqual([]);
    expect((await read('report.pdf')).subarray(0, 5).toString()).toBe('%PDF-');
  });

  it('of one agent is of that alone, and a figure that is another is told', async () => {
    const { ctx } = installation;
    const { id } = await define({ name: 'Usage of one', kind: 'usage', scope: { agents: [agent] }, bom: true });
    const { read, made } = await run(id);
    const report = UsageReport.parse(JSON.parse((await read('report.json')).toString('utf8')));
    expect(report.agents.values.map(({ value }) => value)).toEqual([agent]);
    expect(report.totals.records).toBe((await used()).filter((one) => one.agent === agent).length);
    expect((await check(made.id)).filter(({ outcome }) => outcome !== 'same')).toEqual([]);
    // Another figure than the records give, as nobody may write it.
    const digest = made.files.find(({ path }) => path === 'report.json')?.digest ?? '';
    const wrong = (await read('report.json')).toString('utf8').replace(/"inputTokens": \d+/, '"inputTokens": 1');
    const { digest: other, sizeBytes } = await putObject(ctx.evidence, Buffer.from(wrong));
    const entries = (files: typeof made.files) =>
      ctx.db
        .updateTable('report_runs')
        .set({ entries: JSON.stringify(files) })
        .where('id', '=', made.id)
        .execute();
    await entries(made.files.map((file) => (file.digest === digest ? { ...file, digest: other, sizeBytes } : file)));
    const results = await check(made.id);
    await entries(made.files);
    expect(results.filter(({ outcome }) => outcome === 'differs')).toMatchObject([
      { file: 'run.sigstore.json' },
      { file: 'run.json' },
      {
        file: 'report.json',
        expected: expect.stringContaining('inputTokens'),
        found: expect.stringContaining('"inputTokens": 1'),
      },
    ]);
  });
});

it('an integrity report says of each chain what is so of it, and its totals are the sums of its rows', async () => {
  const { ctx } = installation;
  const { id } = await define({ name: 'Integrity', kind: 'integrity' });
  const { files, read, made } = await run(id);
  expect(files).toEqual([
    'chains.csv',
    'heads.csv',
    'problems.csv',
    'report.json',
    'report.pdf',
    'run.json',
    'run.sigstore.json',
    'statements.csv',
  ]);
  const report = IntegrityReport.parse(JSON.parse((await read('report.json')).toString('utf8')));
  const [chains, problems, heads, statements] = await Promise.all(
    ['chains', 'problems', 'heads', 'statements'].map(async (name) => table(await read(`${name}.csv`))),
  );
  const sum = (column: string) => (chains ?? []).reduce((all, row) => all + Number(row[column]), 0);
  const { totals } = report;
  expect(totals).toEqual({
    chains: chains?.length,
    records: sum('records'),
    attested: sum('records_attested'),
    unattested: sum('records_unattested'),
    problems: sum('problems'),
    restarts: sum('restarts'),
    timeGaps: sum('time_gaps'),
    heads: sum('heads'),
    statements: sum('statements'),
  });
  expect(totals.records).toBe(rows.length);
  expect(totals.records).toBe(totals.attested + totals.unattested);
  expect([totals.problems > 0, totals.heads > 0, totals.statements > 0]).toEqual([true, true, true]);
  for (const chain of report.chains) {
    // By the verbs of the chain's own page, and by the rows of the access log.
    const own = rows.filter((row) => row['chain'] === chain.name);
    const summary = await chainSummary(ctx, { chainId: chain.id, ...EVER });
    const seen = await listHeads(ctx, { chainId: chain.id, limit: 500, withTotal: true });
    expect(chain.records).toMatchObject({ total: own.length, valid: summary.records.valid });
    const times = own.map((row) => Date.parse(row['recorded_at'] ?? '')).toSorted((a, b) => a - b);
    expect([chain.found.from, chain.found.to].map((at) => Date.parse(at))).toEqual([times[0], times.at(-1)]);
    expect(chain).toMatchObject({
      verdict: summary.verdict,
      problemCounts: summary.problemCounts,
      problems: summary.problems.slice(0, 50),
      timeGaps: summary.gaps,
      headsTotal: seen.total,
      heads: seen.items.slice(0, 20).map(({ hash, observedAt, state }) => ({ hash, observedAt, state })),
    });
    const [signed] = chain.statements;
    const entry = await ctx.db
      .selectFrom('log_entries')
      .select('index')
      .where('about', '=', signed?.id ?? '')
      .where('kind', '=', 'attestation')
      .executeTakeFirstOrThrow();
    expect(signed).toMatchObject({
      logIndex: Number(entry.index),
      withdrawnAt: null,
      lastRecord: chain.chainRecords - 1,
    });
  }
  expect(problems?.length).toBe(report.chains.reduce((all, one) => all + one.problems.length, 0));
  expect(heads?.length).toBe(report.chains.reduce((all, one) => all + one.heads.length, 0));
  expect(statements?.length).toBe(report.chains.reduce((all, one) => all + one.statements.length, 0));
  const results = await check(made.id);
  expect(results.filter(({ outcome }) => outcome === 'differs')).toEqual([]);
  expect(results.filter(({ outcome }) => outcome === 'same').map(({ file }) => file)).toEqual(
    expect.arrayContaining(['report.json', 'report.pdf', 'run.json']),
  );
  expect(results.filter(({ outcome }) => outcome === 'not derived').map(({ file }) => file)).toEqual([
    'chains.csv',
    'heads.csv',
    'problems.csv',
    'statements.csv',
  ]);
  const agents = { name: 'x', kind: 'integrity', period: { of: 'last-week' }, scope: { agents: ['a'] } };
  expect(NewReportDefinition.safeParse(agents).error?.issues[0]?.path).toEqual(['scope', 'agents']);
});

it('an integrity report with another count than the evidence gives is told', async () => {
  const { ctx } = installation;
  const { id } = await define({ name: 'Integrity, one chain', kind: 'integrity', scope: { chains: [`${prefix}*`] } });
  const { read, made } = await run(id);
  const digest = made.files.find(({ path }) => path === 'report.json')?.digest ?? '';
  const wrong = (await read('report.json')).toString('utf8').replace(/"total": \d+/, '"total": 1');
  const { digest: other, sizeBytes } = await putObject(ctx.evidence, Buffer.from(wrong));
  const entries = (list: typeof made.files) =>
    ctx.db
      .updateTable('report_runs')
      .set({ entries: JSON.stringify(list) })
      .where('id', '=', made.id)
      .execute();
  await entries(made.files.map((file) => (file.digest === digest ? { ...file, digest: other, sizeBytes } : file)));
  const results = await check(made.id);
  await entries(made.files);
  expect(results.find(({ file }) => file === 'report.json')).toMatchObject({
    outcome: 'differs',
    found: expect.stringContaining('"total": 1'),
  });
});

it('control evidence is kept with its table, and what is counted of records is counted again', async () => {
  const { ctx } = installation;
  const { id } = await define({ name: 'Controls', kind: 'controls', framework: 'eu-ai-act' });
  const { files, read, made } = await run(id);
  const all = [
    'assessment-results.json',
    'compliance.ocsf.ndjson',
    'controls.csv',
    'report.json',
    'report.pdf',
    'run.json',
    'run.sigstore.json',
  ];
  expect(files).toEqual(all);
  const report = ControlsReport.parse(JSON.parse((await read('report.json')).toString('utf8')));
  const figure = (name: string) => report.figures.find((one) => one.id === name);
  expect(figure('records-recorded')?.value).toBe(rows.length);
  expect(figure('accesses-denied')?.value ?? rows.filter((row) => row['decision'] === 'deny').length).toBe(
    rows.filter((row) => row['decision'] === 'deny').length,
  );
  expect(report.statement).toBe('Evidence, not a compliance determination');
  const controls = table(await read('controls.csv'));
  expect([...new Set(controls.map((row) => row['control']))]).toEqual(report.controls.map((one) => one.id));
  const results = await check(made.id);
  expect(results.map(({ file, outcome }) => [file, outcome])).toEqual(
    expect.arrayContaining(all.map((file) => [file, 'same'])),
  );
  expect(results.every(({ outcome }) => outcome === 'same')).toBe(true);
  // Another kind leaves its framework behind.
  const usage = await changeDefinition(ctx, { definitionId: id, change: { kind: 'usage' }, actor });
  expect(usage).not.toHaveProperty('framework');
  await expect(changeDefinition(ctx, { definitionId: id, change: { kind: 'controls' }, actor })).rejects.toMatchObject({
    code: 'BAD_REQUEST',
  });
  const base = { name: 'x', period: { of: 'last-month' } };
  const path = (more: object) => NewReportDefinition.safeParse({ ...base, ...more }).error?.issues[0]?.path.join('.');
  expect(path({ kind: 'controls' })).toBe('framework');
  expect(path({ kind: 'usage', framework: 'soc-2' })).toBe('framework');
  expect(path({ kind: 'controls', framework: 'soc-2', scope: { chains: ['a'] } })).toBe('scope');
});

it('keeps the definition as it was, by its digest, whatever becomes of that', async () => {
  const { ctx } = installation;
  const { id, sha256 } = await define({ name: 'Kept as it was', scope: { chains: ['sample/*'] } });
  const { made, read } = await run(id);
  const before = RunRecord.parse(JSON.parse((await read('run.json')).toString('utf8')));
  expect(before.definitionSha256).toBe(sha256);
  expect(createHash('sha256').update(canonicalJson(before.definition)).digest('hex')).toBe(sha256);
  expect(before.definition).toMatchObject({ id, name: 'Kept as it was', scope: { chains: ['sample/*'] } });
  const changed = await changeDefinition(ctx, {
    definitionId: id,
    change: { name: 'Another name', scope: { chains: [], agents: [] } },
    actor,
  });
  expect(changed).toMatchObject({
    name: 'Another name',
    scope: { chains: [] },
    lastRun: { id: made.id, state: 'done' },
  });
  expect(changed.sha256).not.toBe(sha256);
  expect(await getReportRun(ctx, { runId: made.id })).toMatchObject({ definition: { name: 'Kept as it was' } });
  expect((await listReportRuns(ctx, { definitionId: id, limit: 10 })).items.map((one) => one.id)).toEqual([made.id]);
  await deleteDefinition(ctx, { definitionId: id, actor });
  await expect(getDefinition(ctx, { definitionId: id, actor })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  expect(await getReportRun(ctx, { runId: made.id })).toMatchObject({ state: 'done', definition: { id } });
  const drifts: unknown[] = [];
  await fsck(ctx, (drift) => drifts.push(drift), { only: ['report-runs'] });
  expect(drifts).toEqual([]);
  await ctx.db
    .updateTable('report_runs')
    .set({ definition: JSON.stringify({ ...before.definition, name: 'Never so' }) } as never) // as nobody may
    .where('id', '=', made.id)
    .execute();
  await fsck(ctx, (drift) => drifts.push(drift), { only: ['report-runs'] });
  expect(drifts).toMatchObject([{ kind: 'row-differs', at: { table: 'report_runs', column: 'definition' } }]);
});

it('is saved once under a name, listed by it, and changes are told by what changed', async () => {
  const { ctx } = installation;
  const { id } = await define({ name: 'Ärger' });
  await expect(define({ name: 'ärger' })).rejects.toMatchObject({ code: 'CONFLICT' });
  const same = await changeDefinition(ctx, { definitionId: id, change: { bom: false, name: 'Ärger' }, actor });
  expect(same.updatedAt).toBe((await getDefinition(ctx, { definitionId: id, actor })).updatedAt);
  await changeDefinition(ctx, { definitionId: id, change: { bom: true, timeZone: 'Europe/Berlin' }, actor });
  const log = await ctx.db
    .selectFrom('audit_log')
    .select(['action', 'details'])
    .where('subject_id', '=', id)
    .orderBy('id')
    .execute();
  expect(log.map(({ action, details }) => [action, details['changed']])).toEqual([
    ['report-definition.create', undefined],
    ['report-definition.change', ['bom', 'timeZone']],
  ]);
  const { items } = await listDefinitions(ctx, { actor, limit: 500 });
  const pages: string[] = [];
  for (let cursor: string | undefined; ; ) {
    const page = await listDefinitions(ctx, { actor, cursor, limit: 2 });
    pages.push(...page.items.map(({ name }) => name));
    if (page.nextCursor === null) break;
    cursor = page.nextCursor;
  }
  expect(pages).toEqual(items.map(({ name }) => name));
  await expect(
    define({
      name: 'No time',
      timeZone: 'Pacific/Apia',
      period: { of: 'days', firstDay: '2011-12-30', lastDay: '2011-12-30' },
    }),
  ).rejects.toMatchObject({ code: 'BAD_REQUEST' });
});

it('asked for twice while it waits is one run; another period or definition is another', async () => {
  const { ctx } = installation;
  const { id } = await define({ name: 'Twice' });
  const first = await runDefinition(ctx, { definitionId: id, actor });
  expect((await runDefinition(ctx, { definitionId: id, actor })).id).toBe(first.id);
  await changeDefinition(ctx, { definitionId: id, change: { bom: true }, actor });
  expect((await runDefinition(ctx, { definitionId: id, actor })).id).not.toBe(first.id);
  await expect(
    runDefinition(ctx, { definitionId: '00000000-0000-7000-8000-000000000000', actor }),
  ).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

describe('is refused when it is none', () => {
  const base = { name: 'x', period: { of: 'last-month' } };
  it.each([
    ['another zone', { timeZone: 'Mars/Olympus' }, 'timeZone'],
    ['an offset', { timeZone: '+02:00' }, 'timeZone'],
    ['no part', { sections: [] }, 'sections'],
    ['a part twice', { sections: ['tools', 'tools'] }, 'sections'],
    ['days of no month', { period: { of: 'days', firstDay: '2026-02-30', lastDay: '2026-03-01' } }, 'period.firstDay'],
    ['days backwards', { period: { of: 'days', firstDay: '2026-03-02', lastDay: '2026-03-01' } }, 'period.lastDay'],
    ['no days', { period: { of: 'last-days', days: 0 } }, 'period.days'],
    ['too many chains', { scope: { chains: Array.from({ length: 101 }, (_, n) => `c${n}`) } }, 'scope.chains'],
    ['a line break in a name', { name: 'a\nb' }, 'name'],
    ['something else', { colour: 'red' }, ''],
  ])('%s', (_, more, where) => {
    const { error } = NewReportDefinition.safeParse({ ...base, ...more });
    expect(error?.issues.map(({ path }) => path.join('.'))).toContain(where);
  });
});

it('a sample is asked for, changed and taken away, and is none of an incident report', async () => {
  const sample = { seed: 'auditor', size: 3 };
  const { id } = await define({ name: 'With a sample', sample });
  const change = (asked: object) =>
    changeDefinition(installation.ctx, { definitionId: id, change: ReportDefinitionChange.parse(asked), actor });
  const { files } = await run(id);
  expect(files).toEqual(expect.arrayContaining(['sample-proofs.ndjson', 'sample.json', 'sample.ndjson']));
  expect((await change({ sample: { ...sample, size: 4 } })).sample).toEqual({ ...sample, size: 4 });
  expect((await change({ bom: true })).sample).toEqual({ ...sample, size: 4 });
  expect(await change({ sample: null })).not.toHaveProperty('sample');
  const incident = { kind: 'incident', period: { of: 'findings' }, incident: { caseId: id } };
  expect(NewReportDefinition.safeParse({ name: 'x', ...incident, sample }).success).toBe(false);
  for (const seed of ['', 'two words', 'x'.repeat(129)])
    expect(
      NewReportDefinition.safeParse({ name: 'x', period: { of: 'last-week' }, sample: { seed, size: 1 } }).success,
    ).toBe(false);
});
