import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import Papa from 'papaparse';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { appendRecords } from '../ingest/append-records';
import { loadSampleData } from '../ingest/sample-data';
import { ingestUpload } from '../ingest/upload';
import { forgetFigures, keepFigures } from '../lake/figures/keep-figures';
import { loadTail } from '../lake/load-tail';
import { testActor } from '../testing/actor';
import { fixture } from '../testing/fixtures';
import { toBytes, writers } from '../testing/chains';
import { type TestInstallation, startInstallation } from '../testing/installation';
import { listChains } from '../chains/chains';
import { exportCsv } from './csv';
import { getHappened, getOverview } from '../ops/overview';
import { getReport } from './report';
import { eventFacets } from '../events/event-facets';
import { eventHistogram } from '../events/event-histogram';
import { searchEvents } from '../events/search-events';
import { getSession } from '../events/session';
import { sessionSteps } from '../events/session-line';
import { catalog } from '../detect/catalog';
import { figuredPartitions, partitionStates } from '../lake/query/partitions';
import { hitsOf } from '../lake/query/run-rule';

const EVER = { from: '1970-01-01T00:00:00Z', to: '2262-01-01T00:00:00Z' };
const EMPTY = { from: '2001-01-01T00:00:00Z', to: '2001-02-01T00:00:00Z' };
const FROM_TO = { from: new Date(1), to: new Date(EVER.to) };
const SAMPLE_CHAINS = 7;

let installation: TestInstallation;
let untimed = '';
beforeAll(async () => {
  installation = await startInstallation();
  const { ctx } = installation;
  await installation.work();
  await loadSampleData(ctx, { actor: testActor() });
  const upload = async (chain: string, bytes: Buffer) =>
    (await ingestUpload(ctx, { fileName: 'log.jsonl', chain, body: Readable.from([bytes]), actor: testActor() }))
      .chainId;
  const settled = [
    await upload('one', fixture('occasio', 'tampered')),
    await upload('the same under another name', fixture('occasio', 'tampered')),
    await upload('torn', fixture('nono', 'truncated-tail')),
  ];
  const lines = writers(ctx.hasher).occasio.write(
    Array.from({ length: 12 }, (_, n) => ({
      tool: 'bash',
      decision: n % 3 === 0 ? ('deny' as const) : ('allow' as const),
      note: `n ${n}`,
    })),
  );
  // Its hash does not fit any more, and neither does it state a time.
  untimed = await upload(
    'without times',
    toBytes(
      lines.map((line, n) =>
        n % 2 ? line.replace(/"ts":"[^"]*"/, '"ts":"yesterday"') : line.replace(/"ts":"\d{4}/, '"ts":"9999'),
      ),
    ),
  );
  settled.push(untimed);
  const open = await appendRecords(ctx, {
    chain: 'open',
    format: 'occasio',
    bytes: toBytes(lines),
    precondition: { kind: 'lines' },
    idempotency: null,
    actor: testActor(),
  });
  await loadTail(ctx, { chainId: open.chainId });
  for (const chainId of settled) await installation.settled(chainId);
  const isDone = async () =>
    (await listChains(ctx, { limit: 500 })).items.filter(
      ({ progress, records, verdict }) => verdict !== 'pending' && progress.loaded === records,
    ).length ===
    SAMPLE_CHAINS + settled.length + 1;
  for (
    const untilMs = Date.now() + 120_000;
    !(await isDone());
    await new Promise((resolve) => setTimeout(resolve, 100))
  )
    if (Date.now() > untilMs)
      throw new Error(
        JSON.stringify(
          (await listChains(ctx, { limit: 500 })).items.map(({ name, progress, records, verdict, failure }) => [
            name,
            progress,
            records,
            verdict,
            failure,
          ]),
        ),
      );
  // As between loading a closed segment and dropping its open rows: everything stands there twice.
  await ctx.lake.command({
    query:
      'ALTER TABLE events MODIFY SETTING max_bytes_to_merge_at_max_space_in_pool = 1, max_bytes_to_merge_at_min_space_in_pool = 1',
  });
  await ctx.lake.command({ query: 'INSERT INTO events SELECT * FROM events' });
  await keepFigures(ctx);
  await keepFigures(ctx);
}, 240_000);
afterAll(() => installation?.stop());

const sum = (counts: readonly (number | undefined)[]) => counts.reduce<number>((all, count) => all + (count ?? 0), 0);

async function csv(
  kind: Parameters<typeof exportCsv>[1]['kind'],
  period: { from: string; to: string },
): Promise<Record<string, string>[]> {
  const { data, errors } = Papa.parse<Record<string, string>>(
    await text(exportCsv(installation.ctx, { kind, period })),
    { header: true, skipEmptyLines: true },
  );
  expect(errors).toEqual([]);
  return data;
}

it('the lake does hold records twice', async () => {
  const result = await installation.ctx.lake.query({
    query: 'SELECT count() AS rows, uniqExact(chain_id, ordinal) AS records FROM events',
    format: 'JSONEachRow',
  });
  const [row] = await result.json<{ rows: number; records: number }>();
  expect(row?.rows).toBe(2 * (row?.records ?? 0));
});

it('a report and an overview are the same from figures of days as from records alone', async () => {
  const { ctx } = installation;
  const recorded = (await searchEvents(ctx, { q: '', ...EVER, limit: 500 })).items
    .flatMap(({ recordedAt }) => recordedAt ?? [])
    .toSorted();
  const [first = '', last = ''] = [recorded[0], recorded.at(-1)];
  const days = 20 * 86_400_000;
  const periods = [
    EVER,
    EMPTY,
    { from: first, to: last },
    { from: first.slice(0, 10).concat('T00:00:00Z'), to: last.slice(0, 10).concat('T00:00:00Z') },
    { from: new Date(Date.parse(last) - days).toISOString(), to: last },
    { from: recorded[200] ?? '', to: new Date(Date.parse(recorded[200] ?? '') + days).toISOString() },
  ];
  const reports = async () => {
    const made = [];
    for (const period of periods) {
      const { generatedAt: _, ...report } = await getReport(ctx, { period });
      made.push(report, await getHappened(ctx, period));
    }
    return made;
  };
  expect((await figuredPartitions(ctx)).map(({ partition }) => partition)).toEqual(
    (await partitionStates(ctx)).map(({ partition }) => partition),
  );
  const ofFigures = await reports();
  await forgetFigures(ctx);
  expect(await figuredPartitions(ctx)).toEqual([]);
  expect(await reports()).toEqual(ofFigures);
  await keepFigures(ctx);
});

const week = () => new Date(Date.now() - 3 * 86_400_000).toISOString();
describe.each([
  ['all time', () => EVER],
  ['half a week', () => ({ from: week(), to: new Date().toISOString() })],
  ['a period without records', () => EMPTY],
] as const)('%s', (name, periodOf) => {
  it('every total is the sum of its rows, in the report and in each CSV', async () => {
    const period = periodOf();
    const report = await getReport(installation.ctx, { period });
    const { summary, chains, moreChains, activity, coverage } = report;
    expect(summary.records > 0).toBe(name !== 'a period without records');
    expect(sum(chains.map(({ inPeriod }) => inPeriod.records)) + moreChains.records).toBe(summary.records);
    expect(sum(chains.map(({ inPeriod }) => inPeriod.attested)) + moreChains.attested).toBe(coverage.attested);
    expect(coverage.records).toBe(summary.records);
    expect(
      chains.every(({ inPeriod, records }) => inPeriod.attested <= inPeriod.records && inPeriod.records <= records),
    ).toBe(true);
    expect(chains.length + moreChains.chains).toBe(summary.chains);
    expect(sum(Object.values(report.byVerdict))).toBe(summary.chains);
    expect(sum(activity.flatMap(({ counts }) => Object.values(counts)))).toBe(summary.records);
    expect(sum(activity.map(({ counts }) => counts.deny))).toBe(summary.denied);
    expect(report.topTools.map(({ counts }) => sum(Object.values(counts)))).toEqual(
      report.topTools.map(({ total }) => total),
    );
    expect(sum(Object.values(report.findingsByLevel))).toBe(summary.findings);

    const log = await csv('access-log', period);
    expect(log).toHaveLength(summary.records);
    expect(new Set(log.map((row) => `${row['chain']} ${row['ordinal']}`)).size).toBe(log.length);
    expect(await csv('blocked', period)).toHaveLength(summary.denied);
    expect(report.blockedTotal).toBe(summary.denied);
    expect(sum((await csv('secret-events', period)).map((row) => Number(row['secrets_redacted'])))).toBe(
      summary.secretsRedacted,
    );
    expect(await csv('findings', period)).toHaveLength(summary.findings);
    const integrity = await csv('integrity', period);
    expect(integrity.map((row) => [row['chain'], Number(row['records_total']), Number(row['records_signed'])])).toEqual(
      chains.map((chain) => [chain.name, chain.inPeriod.records, chain.inPeriod.attested]),
    );
  });
});

it('every record stored is in a period or named as in none', async () => {
  const { ctx } = installation;
  const [{ summary, untimed: none }, overview, { items }] = await Promise.all([
    getReport(ctx, { period: EVER }),
    getOverview(ctx, { period: EVER }),
    listChains(ctx, { limit: 500 }),
  ]);
  expect(none).toEqual({
    records: 64,
    chains: 2,
    most: [
      { chainId: expect.any(String), chain: 'torn', records: 52 },
      { chainId: untimed, chain: 'without times', records: 12 },
    ],
  });
  expect(summary.records + none.records).toBe(overview.records);
  expect(sum(items.map(({ records }) => records))).toBe(overview.records);
  expect(overview.coverage).toEqual({
    records: overview.records,
    attested: sum(items.map(({ attestedRecords }) => attestedRecords)),
  });
  expect(sum(Object.values(overview.byVerdict))).toBe(overview.chains);
  for (const [verdict, { records, attested }] of Object.entries(overview.coverageByVerdict)) {
    const of = items.filter((chain) => chain.verdict === verdict);
    expect([verdict, records, attested]).toEqual([
      verdict,
      sum(of.map((chain) => chain.records)),
      sum(of.map((chain) => chain.attestedRecords)),
    ]);
  }
  expect(sum(Object.values(overview.coverageByVerdict).map(({ records }) => records))).toBe(overview.records);
  expect(overview.change.records[0]).toBe(summary.records);
  expect(overview.change.denied[0]).toBe(summary.denied);
  expect(overview.change.findings[0]).toBe((await csv('findings', EVER)).length);
  const log = await csv('access-log', EVER);
  for (const { value, count } of overview.top.tools)
    expect([value, log.filter((row) => row['tool'] === value).length]).toEqual([value, count]);
  for (const { value, count } of overview.top.deniedTargets)
    expect([value, log.filter((row) => row['target'] === value && row['decision'] === 'deny').length]).toEqual([
      value,
      count,
    ]);
  for (const { stage, chains } of overview.waiting)
    expect((await listChains(ctx, { waiting: [stage], limit: 500 })).items.length).toBe(chains);
  expect(sum(overview.activity.flatMap(({ counts }) => Object.values(counts)))).toBe(summary.records);
  expect(sum(Object.values(overview.findingsOpen))).toBe(
    (await csv('findings', EVER)).filter(({ status }) => status === 'new').length,
  );
});

/** Searches of each sort: of fields, of patterns, of words. */
const SEARCHES = [
  '',
  'decision:deny',
  'tool:b* -agent:x',
  'bash OR "read file"',
  'chain:one integrity:*',
  'kind:* cost>0',
];

it('is answered the same by a table over those that hold the rows, as on a cluster', async () => {
  const { ctx } = installation;
  const asked = vi.spyOn(ctx.lake, 'query');
  await getReport(ctx, { period: EVER });
  await getReport(ctx, { period: EMPTY });
  await getOverview(ctx, { period: EVER });
  await getOverview(ctx, { period: EMPTY });
  for (const kind of ['access-log', 'blocked', 'secret-events', 'integrity'] as const) await csv(kind, EVER);
  for (const q of SEARCHES) {
    const search = { q, ...EVER };
    await searchEvents(ctx, { ...search, limit: 50 });
    await eventHistogram(ctx, search);
    await eventFacets(ctx, { ...search, fields: ['tool', 'chain', 'integrity'], limit: 5 });
    await eventHistogram(ctx, { q, chain: untimed });
    await searchEvents(ctx, { q, chain: untimed, limit: 5 });
  }
  const [{ sessionId = '' } = {}] = (await searchEvents(ctx, { q: 'session:*', ...EVER, limit: 1 })).items;
  await getSession(ctx, { sessionId });
  await sessionSteps(ctx, { sessionId, only: [], skip: 0, limit: 20 });
  // One of each kind: rules of a kind differ in what they compare with.
  const kinds = Map.groupBy(await catalog(ctx), ({ correlation }) => correlation.type);
  for (const [rule] of kinds.values()) if (rule) for await (const _ of hitsOf(ctx, rule, FROM_TO));
  const questions = asked.mock.calls
    .map(([question]) => question)
    .filter(({ query }) => /\bevents\b/.test(query) && !/\bsystem\./.test(query));
  asked.mockRestore();
  expect(questions.length).toBeGreaterThanOrEqual(60);

  const answers = async () => {
    const given: string[][] = [];
    for (const { abort_signal: _, query_id: __, ...question } of questions) {
      const rows = (await (await ctx.lake.query(question)).text()).split('\n');
      // an order that only a part of it has is none of what it answers
      given.push(/ORDER BY[^()]*$/.test(question.query) ? rows : rows.toSorted());
    }
    return given;
  };
  const before = await answers();
  await ctx.lake.command({ query: 'RENAME TABLE events TO events_local' });
  await ctx.lake.command({
    query: `CREATE TABLE events AS events_local ENGINE = Merge(currentDatabase(), '^events_local$')`,
  });
  expect(await answers()).toEqual(before);

  // Words are looked up in the index there too.
  const words = questions.find(({ query }) => query.includes('hasAllTokens'));
  if (!words) throw new Error('a search for words must be among what was asked');
  const { abort_signal: _, query_id: __, query, ...rest } = words;
  const plan = await ctx.lake.query({ ...rest, query: `EXPLAIN indexes = 1 ${query}`, format: 'TabSeparatedRaw' });
  expect(await plan.text()).toMatch(/Name: words[\s\S]*Granules: \d+/);
});

it('what happened in a period, counted in one pass, is what searches of it and of the time before it find', async () => {
  const { ctx } = installation;
  const recorded = (await searchEvents(ctx, { q: '', ...EVER, limit: 500 })).items
    .flatMap(({ recordedAt }) => recordedAt ?? [])
    .toSorted();
  const from = recorded[Math.floor(recorded.length / 2)] ?? '';
  const period = { from, to: new Date(Date.parse(recorded.at(-1) ?? '') + 1000).toISOString() };
  const overview = await getOverview(ctx, { period });
  const { before } = overview.change;
  const [now, earlier] = await Promise.all([
    eventHistogram(ctx, { q: '', ...period }),
    eventHistogram(ctx, { q: '', ...before }),
  ]);
  expect(overview.activity).toEqual(now.buckets);
  const denied = ({ buckets }: typeof now) => buckets.reduce((sum, { counts }) => sum + (counts.deny ?? 0), 0);
  expect(overview.change).toMatchObject({
    records: [now.total, earlier.total],
    denied: [denied(now), denied(earlier)],
  });
  expect(Math.min(...overview.change.records)).toBeGreaterThan(0);
  const { facets } = await eventFacets(ctx, { q: '', ...period, fields: ['agent', 'tool'], limit: 5 });
  const [agents, tools] = facets.map(({ values }) => values.map(({ value, count }) => ({ value, count })));
  expect(overview.top).toMatchObject({ agents, tools });
});
