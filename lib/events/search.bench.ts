import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { BENCH_END_MS as END_MS, type BenchLake, startBenchLake } from '../testing/bench-lake';
import type { TestInstallation } from '../testing/installation';
import { eventFacets } from './event-facets';
import { eventHistogram } from './event-histogram';
import { searchEvents } from './search-events';

/** `SEALTRAIL_BENCH_EVENTS=10000000 npx vitest bench --run lib/events` for the large one: about ten minutes. */
const TIMES = Number(process.env['SEALTRAIL_BENCH_TIMES'] ?? 20);
const [FROM, TO] = [new Date(END_MS - 30 * 86_400_000).toISOString(), new Date(END_MS + 86_400_000).toISOString()];

let bench: BenchLake;
let installation: TestInstallation;
beforeAll(async () => {
  bench = await startBenchLake();
  ({ installation } = bench);
  const [size] = await rows<{ bytes: number; words: number; parts: number }>(
    `SELECT sum(bytes_on_disk) AS bytes, sum(secondary_indices_compressed_bytes) AS words, count() AS parts FROM system.parts WHERE ${OURS}`,
  );
  const events = await count();
  console.table({
    [`${events} events on disk`]: {
      'bytes an event': Math.round((size?.bytes ?? 0) / events),
      'of them indexes': Math.round((size?.words ?? 0) / events),
      parts: size?.parts,
    },
  });
}, 7_200_000);
afterAll(() => bench.stop(), 60_000);

const OURS = `active AND table = 'events' AND database = currentDatabase()`;

/** Starts the engine again, with nothing of its files in memory. */
async function forget(): Promise<void> {
  await bench.restart(() =>
    execFileSync('find', [
      bench.dir,
      '-type',
      'f',
      '-exec',
      'dd',
      'if={}',
      'iflag=nocache',
      'count=0',
      'status=none',
      ';',
    ]),
  );
}

async function rows<T>(query: string): Promise<T[]> {
  return (await installation.ctx.lake.query({ query, format: 'JSONEachRow' })).json<T>();
}

async function count(): Promise<number> {
  return (await rows<{ events: number }>('SELECT count() AS events FROM events'))[0]?.events ?? 0;
}

/** Milliseconds of processors the engine has taken. */
async function cpuMs(): Promise<number> {
  const [taken] = await rows<{ ms: number }>(
    `SELECT intDiv(sum(value), 1000) AS ms FROM system.events WHERE event IN ('UserTimeMicroseconds', 'SystemTimeMicroseconds')`,
  );
  return taken?.ms ?? 0;
}

/** Rows the engine reads for what is asked of it. */
async function rowsRead(run: () => Promise<unknown>): Promise<number> {
  const { lake: client } = installation.ctx;
  const query = client.query.bind(client);
  const asked: Parameters<typeof client.query>[0][] = [];
  client.query = ((question: (typeof asked)[number]) => {
    asked.push(question);
    return query(question as never); // its type has one result a format
  }) as typeof client.query;
  await run();
  client.query = query;
  let read = 0;
  for (const { query_id: _, abort_signal: __, ...question } of asked) {
    const answer = await query({ ...question, format: 'JSON' });
    read += (await answer.json<unknown>()).statistics?.rows_read ?? 0;
  }
  return read;
}

/** Milliseconds of the first time with nothing in memory, and of the times after it. */
async function timed(run: () => Promise<unknown>) {
  const all: number[] = [];
  const ask = async () => {
    const startedMs = performance.now();
    await run();
    all.push(performance.now() - startedMs);
  };
  await forget();
  await ask();
  const beforeMs = await cpuMs();
  for (let time = 0; time < TIMES; time += 1) await ask();
  const cpu = ((await cpuMs()) - beforeMs) / TIMES;
  const [first = 0, ...rest] = all;
  const sorted = rest.toSorted((a, b) => a - b);
  const at = (share: number) => Math.round(sorted[Math.floor((sorted.length - 1) * share)] ?? 0);
  return {
    'cold ms': Math.round(first),
    'p50 ms': at(0.5),
    'p95 ms': at(0.95),
    'engine CPU ms': Math.round(cpu),
    'rows read': await rowsRead(run),
  };
}

const PERIOD = `recorded_at >= '${FROM.slice(0, 19).replace('T', ' ')}' AND recorded_at < '${TO.slice(0, 19).replace('T', ' ')}'`;

test('the questions of the explorer, beside the same asked of the table without care for what stands there twice', async () => {
  const { ctx } = installation;
  const asked = { q: '', from: FROM, to: TO };
  const lastDay = { q: '', from: new Date(END_MS - 86_400_000).toISOString(), to: TO };
  const usual = ['decision', 'kind', 'chain', 'agent', 'tool', 'policy', 'model', 'format', 'integrity'];
  const measured = {
    'page of 100': await timed(() => searchEvents(ctx, { ...asked, limit: 100 })),
    'as SQL': await timed(() => rows(`SELECT * FROM events WHERE ${PERIOD} ORDER BY recorded_at DESC LIMIT 100`)),
    'page of denied': await timed(() => searchEvents(ctx, { ...asked, q: 'decision:deny', limit: 100 })),
    'page of free text': await timed(() => searchEvents(ctx, { ...asked, q: 'credentials', limit: 100 })),
    'text as SQL': await timed(() =>
      rows(
        `SELECT * FROM events WHERE ${PERIOD} AND positionCaseInsensitive(target, 'credentials') > 0 ORDER BY recorded_at DESC LIMIT 100`,
      ),
    ),
    'three facets': await timed(() => eventFacets(ctx, { ...asked, fields: ['tool', 'agent', 'decision'], limit: 8 })),
    'nine facets': await timed(() => eventFacets(ctx, { ...asked, fields: usual, limit: 8 })),
    'facets of denied': await timed(() => eventFacets(ctx, { ...asked, q: 'decision:deny', fields: usual, limit: 8 })),
    'one as SQL': await timed(() =>
      rows(`SELECT tool, count() FROM events WHERE ${PERIOD} GROUP BY tool ORDER BY 2 DESC LIMIT 8`),
    ),
    histogram: await timed(() => eventHistogram(ctx, asked)),
    'of free text': await timed(() => eventHistogram(ctx, { ...asked, q: 'credentials' })),
    'of the last day': await timed(() => eventHistogram(ctx, lastDay)),
    'histogram as SQL': await timed(() =>
      rows(
        `SELECT toStartOfInterval(recorded_at, INTERVAL 6 HOUR) AS at, decision, count() FROM events WHERE ${PERIOD} GROUP BY at, decision`,
      ),
    ),
  };
  console.table(measured);
  expect((await eventHistogram(ctx, asked)).total).toBe(await count());
}, 7_200_000);
