import { afterAll, beforeAll, expect, test } from 'vitest';
import { createHasher } from '../crypto/hasher';
import { createBlockWriter } from '../lake/native-block';
import { createRowReader } from '../lake/row-reader';
import { insertBlockInto } from '../lake/write';
import { agentActivity } from '../testing/activity';
import { type TestInstallation, startInstallation } from '../testing/installation';
import { eventFacets } from './event-facets';
import { eventHistogram } from './event-histogram';
import { searchEvents } from './search-events';

/** `SEALTRAIL_BENCH_EVENTS=10000000 npx vitest bench --run lib/events` for the large one: about ten minutes. */
const EVENTS = Number(process.env['SEALTRAIL_BENCH_EVENTS'] ?? 500_000);
const RECORDS_OF_A_CHAIN = 5_000;
const BLOCK_ROWS = 65_536;
const TIMES = 20;
const END_MS = Date.UTC(2026, 4, 18, 12);
const [FROM, TO] = [new Date(END_MS - 30 * 86_400_000).toISOString(), new Date(END_MS + 86_400_000).toISOString()];

let installation: TestInstallation;
let loaded = 0;
beforeAll(async () => {
  installation = await startInstallation();
  const hasher = await createHasher();
  const { ctx } = installation;
  const writer = createBlockWriter();
  const chains = Math.ceil(EVENTS / RECORDS_OF_A_CHAIN);
  let [makingMs, insertingMs] = [0, 0];
  const insert = async () => {
    const startedMs = performance.now();
    await insertBlockInto(ctx, 'events', writer.end());
    insertingMs += performance.now() - startedMs;
  };
  let chain = 0;
  for (const { format, lines } of agentActivity(hasher, { chains, records: RECORDS_OF_A_CHAIN, endMs: END_MS })) {
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
  const [size] = await rows<{ bytes: number; parts: number }>(
    `SELECT sum(bytes_on_disk) AS bytes, count() AS parts FROM system.parts WHERE active AND table = 'events' AND database = currentDatabase()`,
  );
  console.table({
    [`${loaded} events of ${chains} chains`]: {
      'rows made/s, 1 thread': Math.round((loaded * 1000) / makingMs),
      'rows inserted/s': Math.round((loaded * 1000) / insertingMs),
      'bytes on disk an event': Math.round((size?.bytes ?? 0) / loaded),
      parts: size?.parts,
    },
  });
}, 3_600_000);
afterAll(() => installation.stop(), 60_000);

async function rows<T>(query: string): Promise<T[]> {
  return (await installation.ctx.lake.query({ query, format: 'JSONEachRow' })).json<T>();
}

/** Milliseconds of the first time and of the times after it. */
async function timed(run: () => Promise<unknown>) {
  const all: number[] = [];
  for (let time = 0; time <= TIMES; time += 1) {
    const startedMs = performance.now();
    await run();
    all.push(performance.now() - startedMs);
  }
  const [first = 0, ...rest] = all;
  const sorted = rest.toSorted((a, b) => a - b);
  const at = (share: number) => Number((sorted[Math.floor((sorted.length - 1) * share)] ?? 0).toFixed(1));
  return { 'first ms': Number(first.toFixed(1)), 'p50 ms': at(0.5), 'p95 ms': at(0.95) };
}

const PERIOD = `recorded_at >= '${FROM.slice(0, 19).replace('T', ' ')}' AND recorded_at < '${TO.slice(0, 19).replace('T', ' ')}'`;

test('the questions of the explorer, beside the same asked of the table without care for what stands there twice', async () => {
  const { ctx } = installation;
  const asked = { q: '', from: FROM, to: TO };
  const measured = {
    'page of 100': await timed(() => searchEvents(ctx, { ...asked, limit: 100 })),
    'as SQL': await timed(() => rows(`SELECT * FROM events WHERE ${PERIOD} ORDER BY recorded_at DESC LIMIT 100`)),
    'page of denied': await timed(() => searchEvents(ctx, { ...asked, q: 'decision:deny', limit: 100 })),
    'page of free text': await timed(() => searchEvents(ctx, { ...asked, q: 'credentials', limit: 100 })),
    'text as SQL': await timed(() =>
      rows(`SELECT count() FROM events WHERE ${PERIOD} AND positionCaseInsensitive(target, 'credentials') > 0`),
    ),
    facets: await timed(() => eventFacets(ctx, { ...asked, fields: ['tool', 'agent', 'decision'], limit: 8 })),
    'facets as SQL': await timed(() =>
      rows(`SELECT tool, count() FROM events WHERE ${PERIOD} GROUP BY tool ORDER BY 2 DESC LIMIT 8`),
    ),
    histogram: await timed(() => eventHistogram(ctx, asked)),
    'histogram as SQL': await timed(() =>
      rows(
        `SELECT toStartOfHour(recorded_at) AS at, decision, count() FROM events WHERE ${PERIOD} GROUP BY at, decision`,
      ),
    ),
  };
  console.table(measured);
  expect((await eventHistogram(ctx, asked)).total).toBe(loaded);
}, 3_600_000);
