import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { buffer, text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import Papa from 'papaparse';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { type Actor, personActor } from '../access/actor';
import { appendRecords } from '../ingest/append-records';
import { ingestUpload } from '../ingest/upload';
import { createEvents } from '../lake/layout';
import { loadTail } from '../lake/load-tail';
import { select } from '../lake/query/events';
import { conditionOf } from '../lake/query/search';
import { testActor } from '../testing/actor';
import { toBytes, writers } from '../testing/chains';
import { fixture } from '../testing/fixtures';
import { type TestInstallation, startInstallation } from '../testing/installation';
import { eventsCsv, eventsNdjson, eventsParquet } from './export-events';
import { searchEvents } from './search-events';
import { runOf, searchProgress } from './search-progress';
import { readSearched } from './searched';

const EVER = { from: '2000-01-01T00:00:00Z', to: '2100-01-01T00:00:00Z' };

let installation: TestInstallation;
let sent: Map<string, string[]>;
beforeAll(async () => {
  installation = await startInstallation({}, { rules: 'one' });
  const { ctx } = installation;
  await installation.work();
  const open = writers(ctx.hasher).occasio.write(
    Array.from({ length: 40 }, (_, n) => ({
      tool: n % 2 ? 'bash' : '=1+1',
      decision: 'allow' as const,
      note: `n, "${n}"`,
    })),
  );
  const uploads = { occasio: 'valid', nono: 'valid', vouch: 'valid' } as const;
  sent = new Map([['open', open]]);
  for (const [format, name] of Object.entries(uploads)) {
    const bytes = fixture(format as keyof typeof uploads, name); // its own keys
    sent.set(format, bytes.toString('latin1').trimEnd().split('\n'));
    await ingestUpload(ctx, { fileName: 'log.jsonl', chain: format, body: Readable.from([bytes]), actor: testActor() });
  }
  const appended = await appendRecords(ctx, {
    chain: 'open',
    format: 'occasio',
    bytes: toBytes(open),
    precondition: { kind: 'lines' },
    idempotency: null,
    actor: testActor(),
  });
  await loadTail(ctx, { chainId: appended.chainId });
  const records = [...sent.values()].flat().length;
  const loaded = async () => {
    const result = await ctx.lake.query({ query: 'SELECT count() AS rows FROM events FINAL', format: 'JSONEachRow' });
    return (await result.json<{ rows: number }>())[0]?.rows;
  };
  const isLoaded = async () => {
    if ((await loaded()) !== records) throw new Error('not every record can be searched');
  };
  await vi.waitFor(isLoaded, { timeout: 90_000, interval: 500 });
}, 120_000);
afterAll(() => installation?.stop());

async function every(q: string) {
  const items = [];
  for (let cursor: string | undefined; ; ) {
    const page = await searchEvents(installation.ctx, { q, ...EVER, limit: 500, cursor });
    items.push(...page.items);
    if (page.nextCursor === null) return items.toReversed();
    cursor = page.nextCursor;
  }
}

it.each(['', 'chain:open', 'decision:deny', 'chain:(nono OR vouch)', 'tool:bash'])(
  'the lines of what %j finds are those that were sent, byte for byte',
  async (q) => {
    const lines = (await buffer(await eventsNdjson(installation.ctx, { q, ...EVER }))).toString('latin1');
    const found = await every(q);
    expect(found.length).toBeGreaterThan(0);
    expect(lines).toBe(found.map(({ chainName, ordinal }) => `${sent.get(chainName)?.[ordinal]}\n`).join(''));
  },
);

it('a CSV of them has the values of the fields, by which no spreadsheet runs anything', async () => {
  const csv = await text(await eventsCsv(installation.ctx, { q: 'chain:open', ...EVER, bom: false }));
  const { data } = Papa.parse<Record<string, string>>(csv, { header: true, skipEmptyLines: true });
  const found = await every('chain:open');
  expect(data.map(({ chain, ordinal, recorded_at: at, hash }) => [chain, Number(ordinal), at, hash])).toEqual(
    found.map(({ chainName, ordinal, recordedAt, hash }) => [chainName, ordinal, recordedAt, hash]),
  );
  expect(new Set(data.map(({ tool }) => tool))).toEqual(new Set(['bash', "'=1+1"]));
});

it('a Parquet file of them is read by another engine', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'sealtrail-parquet-'));
  const file = path.join(folder, 'events.parquet');
  await writeFile(file, await eventsParquet(installation.ctx, { q: 'chain:open', ...EVER }));
  const script = `process.stdout.write(String(require('chdb').query("SELECT count(), uniqExact(hash), min(ordinal), max(ordinal) FROM file('${file}', Parquet)", 'TSV')))`;
  const { stdout } = await promisify(execFile)(process.execPath, ['-e', script]);
  expect(stdout.trim().split('\t').map(Number)).toEqual([40, 40, 0, 39]);
  await rm(folder, { recursive: true });
});

it('words are found by the index, also through a table over others', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'sealtrail-words-'));
  const searched = await readSearched(installation.ctx, { q: 'needle', ...EVER });
  const { condition, parameters } = conditionOf(searched);
  // An engine of its own: what tables over others read is off for ours.
  const statements = [
    ...createEvents('events', null),
    `INSERT INTO events (chain_id, segment_digest, ordinal, recorded_at, tool, target, decision, integrity)
      SELECT '01890000-0000-7000-8000-000000000009', 'd', number, toDateTime64('2030-01-01 00:00:00', 6, 'UTC') + number, 'bash',
        if(number = 77777, 'the needle', concat('straw ', toString(number))), 'allow', 'ok' FROM numbers(100000)`,
    'OPTIMIZE TABLE events FINAL',
    `CREATE TABLE events_over AS events ENGINE = Merge(currentDatabase(), '^events$')`,
    ...Object.entries(parameters).map(
      ([name, value]) =>
        `SET param_${name} = '${Array.isArray(value) ? `[${value.map((one) => `\\'${one}\\'`).join(',')}]` : value}'`,
    ),
    ...['events', 'events_over'].map(
      (table) => `EXPLAIN indexes = 1 SELECT count() FROM ${table} FINAL WHERE ${condition}`,
    ),
    `SELECT ordinal FROM events_over FINAL WHERE ${condition}`,
  ];
  const script = `const { Session } = require('chdb'); const session = new Session(process.argv[1]);
    console.log(JSON.stringify(JSON.parse(process.argv[2]).map((statement) => String(session.query(statement, 'TabSeparatedRaw')))))`;
  const { stdout } = await promisify(execFile)(process.execPath, ['-e', script, folder, JSON.stringify(statements)]);
  const [direct = '', over = '', found] = (JSON.parse(stdout) as string[]).slice(-3); // an answer a statement
  for (const plan of [direct, over]) {
    const [, used = '', read = '0', of = '0'] = /Name: words([^]*?)Granules: (\d+)\/(\d+)/.exec(plan) ?? [];
    expect(used).toContain('needle');
    expect(Number(of)).toBeGreaterThan(5);
    expect(Number(read)).toBeLessThan(Number(of) / 2);
  }
  expect(Number(found)).toBe(77777);
  await rm(folder, { recursive: true });
});

it('a search tells how far it has come, to who asked for it and nobody else, and is gone from the engine when its request is closed', async () => {
  const { ctx } = installation;
  const [ada, ben] = ['ada', 'ben'].map((id) =>
    personActor({ id, email: `${id}@example.org`, role: 'administrator' }),
  ) as [Actor, Actor]; // two
  const abort = new AbortController();
  const slow = select(
    ctx,
    'SELECT sleepEachRow(0.2) AS waited FROM numbers(600) SETTINGS max_block_size = 1',
    {},
    { signal: abort.signal, queryId: `${runOf(ada, 'a-run-of-hers')}${randomUUID()}` },
  );
  const progress = (actor: Actor, run = 'a-run-of-hers') => searchProgress(ctx, { actor, run });
  await expect.poll(async () => (await progress(ada)).rowsRead, { timeout: 20_000 }).toBeGreaterThan(0);
  expect(await progress(ada)).toMatchObject({ isRunning: true, rowsTotal: 600 });
  const none = { isRunning: false, seconds: 0, rowsRead: 0, rowsTotal: 0 };
  expect(await progress(ben)).toEqual(none);
  expect(await progress(ada, 'another-run')).toEqual(none);
  abort.abort();
  await expect(slow).rejects.toThrow(/abort/i);
  await expect.poll(() => progress(ada), { timeout: 20_000 }).toEqual(none);
});

it('a search that is not wanted any more ends in the engine', async () => {
  const { ctx } = installation;
  const abort = new AbortController();
  const slow = select(
    ctx,
    'SELECT sleepEachRow(1) AS slow_search FROM numbers(60) SETTINGS max_block_size = 1',
    {},
    {
      signal: abort.signal,
    },
  );
  const running = async () => {
    const result = await ctx.lake.query({
      query: `SELECT count() AS running FROM system.processes WHERE query LIKE '%slow\\_search%' AND query NOT LIKE '%system.processes%'`,
      format: 'JSONEachRow',
    });
    return (await result.json<{ running: number }>())[0]?.running;
  };
  await expect.poll(running, { timeout: 20_000 }).toBe(1);
  abort.abort();
  await expect(slow).rejects.toThrow(/abort/i);
  await expect.poll(running, { timeout: 20_000 }).toBe(0);
  await expect(searchEvents(ctx, { q: '', ...EVER, limit: 1, signal: abort.signal })).rejects.toThrow(/abort/i);
});
