import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type TestLake, startLake } from '@/workers/testing/embedded';
import type { Context } from '../context';
import { createHasher } from '../crypto/hasher';
import { createBlockWriter } from '../lake/native-block';
import { createRowReader } from '../lake/row-reader';
import { insertBlockInto } from '../lake/write';
import { agentActivity } from './activity';
import { type TestInstallation, startInstallation } from './installation';

const RECORDS_OF_A_CHAIN = 5_000;
const BLOCK_ROWS = 65_536;

const EVENTS = Number(process.env['SEALTRAIL_BENCH_EVENTS'] ?? 500_000);
const KEPT = process.env['SEALTRAIL_BENCH_LAKE'];
const PASSWORD = 'only-for-this-benchmark';

/** The end of the week that the records of a benchmark are of. */
export const BENCH_END_MS = Date.UTC(2026, 4, 18, 12);

export type BenchLake = {
  installation: TestInstallation;
  dir: string;
  /** Ends the engine and starts it again, with what is done between. */
  restart(between: () => void): Promise<void>;
  stop(): Promise<void>;
};

/**
 * An installation whose lake is full: about `SEALTRAIL_BENCH_EVENTS` records, half a million if that is not set. In the folder `SEALTRAIL_BENCH_LAKE` the
 * lake is kept, and what it holds is not loaded again.
 */
export async function startBenchLake(): Promise<BenchLake> {
  const dir = KEPT ?? mkdtempSync(path.join(tmpdir(), 'sealtrail-bench-'));
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  let lake: TestLake = await startLake(dir, PASSWORD, 0);
  const installation = await startInstallation({ CLICKHOUSE_URL: lake.url });
  await fillLake(installation.ctx, EVENTS, BENCH_END_MS);
  return {
    installation,
    dir,
    restart: async (between) => {
      await lake.stop();
      between();
      lake = await startLake(dir, PASSWORD, lake.port);
    },
    stop: async () => {
      await installation.stop();
      await lake.stop();
      if (!KEPT) rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** Fills a lake that is empty with about so many records of the week that ends then, says how fast, and waits until it rests. */
async function fillLake(ctx: Context, records: number, endMs: number): Promise<void> {
  const [there] = await rows<{ events: number }>(ctx, 'SELECT count() AS events FROM events');
  if (there?.events === 0) await load(ctx, records, endMs);
  await rest(ctx);
}

async function load(ctx: Context, records: number, endMs: number): Promise<void> {
  const hasher = await createHasher();
  const writer = createBlockWriter();
  const chains = Math.ceil(records / RECORDS_OF_A_CHAIN);
  let [loaded, makingMs, insertingMs] = [0, 0, 0];
  const insert = async () => {
    const startedMs = performance.now();
    await insertBlockInto(ctx, 'events', writer.end());
    insertingMs += performance.now() - startedMs;
  };
  let chain = 0;
  for (const { format, lines } of agentActivity(hasher, { chains, records: RECORDS_OF_A_CHAIN, endMs })) {
    chain += 1;
    const startedMs = performance.now();
    const reader = createRowReader(
      {
        chainId: `01890000-0000-7000-8000-${chain.toString(16).padStart(12, '0')}`,
        format,
        segment: { index: 0, digest: '0'.repeat(64) },
        before: { bytes: 0, records: 0, lines: 0 },
        integrity: new Map(),
        unhashed: 'no-chain',
      },
      hasher,
      (row) => writer.add(row),
    );
    reader.push(Buffer.from(`${lines.join('\n')}\n`));
    reader.end();
    makingMs += performance.now() - startedMs;
    loaded += lines.length;
    if (writer.rows >= BLOCK_ROWS) await insert();
  }
  await insert();
  console.table({
    [`${loaded} events of ${chains} chains`]: {
      'rows made/s, 1 thread': Math.round((loaded * 1000) / makingMs),
      'rows inserted/s': Math.round((loaded * 1000) / insertingMs),
    },
  });
}

/** Waits until every week is one part, as it is when it has rested for a while; here at once. */
async function rest(ctx: Context): Promise<void> {
  const after = (seconds: number) =>
    ctx.lake.command({ query: `ALTER TABLE events MODIFY SETTING min_age_to_force_merge_seconds = ${seconds}` });
  await after(1);
  const parts = async () =>
    (
      await rows<{ most: number }>(
        ctx,
        `SELECT max(parts) AS most FROM (SELECT count() AS parts FROM system.parts
          WHERE active AND table = 'events' AND database = currentDatabase() GROUP BY partition)`,
      )
    )[0]?.most;
  while ((await parts()) !== 1) await new Promise((resolve) => setTimeout(resolve, 1_000));
  await after(600);
}

async function rows<T>({ lake }: Context, query: string): Promise<T[]> {
  return (await lake.query({ query, format: 'JSONEachRow' })).json<T>();
}
