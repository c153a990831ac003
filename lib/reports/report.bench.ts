import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { foldFigures } from '../chains/figures-by-verdict';
import { getHappened } from '../ops/overview';
import { forgetFigures, keepFigures } from '../lake/figures/keep-figures';
import { databaseRowsOf, lakeRowsOf } from '../testing/rows-read';
import type { TestInstallation } from '../testing/installation';
import { BENCH_END_MS as END_MS, type BenchLake, startBenchLake } from '../testing/bench-lake';
import { getReport, reportChains, reportFigures } from './report';

/** `SEALTRAIL_BENCH_EVENTS=10000000 npx vitest bench --run lib/reports` for the large one. Figures are kept in the lake it is of. */
const TIMES = Number(process.env['SEALTRAIL_BENCH_TIMES'] ?? 5);
const DAY_MS = 86_400_000;
const day = (days: number, hours = 0) =>
  new Date(Math.floor(END_MS / DAY_MS) * DAY_MS + days * DAY_MS + hours * 3600_000).toISOString();
const PERIODS = {
  '30 days': { from: day(-29), to: day(1) },
  '30 days to the hour': { from: day(-29, 13), to: day(0, 13) },
  '7 days': { from: day(-6), to: day(1) },
  '24 hours': { from: day(-1, 12), to: day(0, 12) },
};

let bench: BenchLake;
let installation: TestInstallation;
beforeAll(async () => {
  bench = await startBenchLake();
  ({ installation } = bench);
  await chainsOfLake();
}, 7_200_000);
afterAll(() => bench.stop(), 60_000);

async function rows<T>(query: string): Promise<T[]> {
  return (await installation.ctx.lake.query({ query, format: 'JSONEachRow' })).json<T>();
}

/** Chains for the records of the lake, one in ten broken and all signed but one in five; digests of their own, as all segments of the lake have one. */
async function chainsOfLake(): Promise<void> {
  const { db } = installation.ctx;
  const chains = await rows<{
    id: string;
    digest: string;
    format: string;
    records: number;
    first: string;
    last: string;
  }>(
    `SELECT toString(chain_id) AS id, any(segment_digest) AS digest, any(format) AS format, count() AS records, toString(min(recorded_at)) AS first, toString(max(recorded_at)) AS last
      FROM events FINAL GROUP BY chain_id ORDER BY id`,
  );
  await sql`INSERT INTO chains (id, name, format, generation, verified_generation, loaded_generation, detected_generation, verdict, records, size_bytes, first_recorded_at, last_recorded_at)
    SELECT id, 'chain ' || row_number() OVER (ORDER BY id), format, 1, 1, 1, 1, CASE WHEN row_number() OVER (ORDER BY id) % 10 = 0 THEN 'tampered' ELSE 'verified' END, records, records * 300,
      replace(first, ' ', 'T') || 'Z', replace(last, ' ', 'T') || 'Z' FROM jsonb_to_recordset(${JSON.stringify(chains)}::jsonb)
    AS x(id uuid, digest text, format text, records bigint, first text, last text)`.execute(db);
  await sql`INSERT INTO uploads (chain_id, file_name, sha256, size_bytes, records, segments, relation, received_by)
    SELECT id, name, md5(name) || md5(name), size_bytes, records, 1, 'new', 'test' FROM chains`.execute(db);
  await sql`INSERT INTO chain_segments (chain_id, index, digest, upload_id, byte_offset, size_bytes, records, first_record, lines, first_line, loaded_generation)
    SELECT chain_id, 0, sha256, id, 0, size_bytes, records, 0, records, 0, 1 FROM uploads`.execute(db);
  await sql`WITH new AS (SELECT id, name, row_number() OVER (ORDER BY id) AS n, records FROM chains), made AS (
      INSERT INTO attestations (chain_id, generation, predicate_type, verdict, first_record, last_record, records, key_hint, signer, requested_by, signed_at, subjects, bundle_digest, bundle_size_bytes)
      SELECT id, 1, 'https://example.test/p', 'verified', 0, records - 1, records, 'k', 'local', 'test', now(), '[]', md5(name) || md5(name), 1 FROM new WHERE n % 5 <> 0 RETURNING id, chain_id, records, bundle_digest
    ), linked AS (
      INSERT INTO attestation_chains (attestation_id, chain_id, verdict, first_record, last_record, records)
      SELECT id, chain_id, 'verified', 0, records - 1, records FROM made
    ) INSERT INTO attestation_segments (attestation_id, digest) SELECT id, bundle_digest FROM made`.execute(db);
  while (await foldFigures(db));
  await sql`ANALYZE`.execute(db);
}

/** Milliseconds of processors the engine has taken. */
async function cpuMs(): Promise<number> {
  const [taken] = await rows<{ ms: number }>(
    `SELECT intDiv(sum(value), 1000) AS ms FROM system.events WHERE event IN ('UserTimeMicroseconds', 'SystemTimeMicroseconds')`,
  );
  return taken?.ms ?? 0;
}

const sum = (counts: ReadonlyMap<string, number>) => counts.values().reduce((all, count) => all + count, 0);

async function measured(make: () => Promise<unknown>) {
  const { ctx } = installation;
  await make();
  const beforeMs = await cpuMs();
  const own = process.cpuUsage();
  const walls: number[] = [];
  for (let time = 0; time < TIMES; time += 1) {
    const startedMs = performance.now();
    await make();
    walls.push(performance.now() - startedMs);
  }
  const ownUs = process.cpuUsage(own);
  const cpu = ((await cpuMs()) - beforeMs) / TIMES;
  return {
    'engine CPU ms': Math.round(cpu),
    'own CPU ms': Math.round((ownUs.user + ownUs.system) / 1000 / TIMES),
    'fastest ms': Math.round(Math.min(...walls)),
    'lake rows': sum(await lakeRowsOf(ctx, make)),
    'database rows': sum(await databaseRowsOf(ctx, make)),
  };
}

test('the report of periods, and the overview, from records alone and with figures of days', async () => {
  const { ctx } = installation;
  const table: Record<string, Awaited<ReturnType<typeof measured>>> = {};
  const measureAll = async (from: string) => {
    for (const [name, period] of Object.entries(PERIODS))
      table[`${name}, ${from}`] = await measured(async () => [
        await reportFigures(ctx, period),
        await reportChains(ctx, period, { most: 50, first: 'worst' }),
      ]);
    const period = PERIODS['30 days'];
    table[`overview of 30 days, ${from}`] = await measured(() => getHappened(ctx, period));
  };
  const totals = async () => (await getReport(ctx, { period: PERIODS['30 days to the hour'] })).summary;
  await forgetFigures(ctx);
  await measureAll('records');
  const ofRecords = await totals();
  const beforeMs = await cpuMs();
  await keepFigures(ctx);
  await keepFigures(ctx);
  const countedMs = (await cpuMs()) - beforeMs;
  await measureAll('figures');
  console.table(table);
  const [size] = await rows<{ rows: number; bytes: number }>(
    `SELECT sum(rows) AS rows, sum(bytes_on_disk) AS bytes FROM system.parts WHERE active AND table = 'figures' AND database = currentDatabase()`,
  );
  console.table({ [`figures of ${ofRecords.records} records`]: { ...size, 'engine CPU ms to count all': countedMs } });
  expect(await totals()).toEqual(ofRecords);
}, 3_600_000);
