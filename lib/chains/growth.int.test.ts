import pg from 'pg';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import * as z from 'zod';
import { getHealth } from '../ops/health';
import { getOverview } from '../ops/overview';
import { type TestInstallation, startInstallation } from '../testing/installation';
import { listChains } from './chains';
import { foldFigures } from './figures-by-verdict';

const PERIOD = { from: '2026-05-01T00:00:00Z', to: '2026-06-01T00:00:00Z' };
/** Rows that ten times the chains may have read more: other plans, pages of an index. */
const MORE_ROWS = 60;

let installation: TestInstallation;
beforeAll(async () => {
  installation = await startInstallation();
}, 60_000);
afterAll(() => installation.stop());

/** Chains up to so many, as rows: one in ten does not hold, one in five is signed by nobody. */
async function chainsUpTo(from: number, to: number): Promise<void> {
  const { db } = installation.ctx;
  await sql`INSERT INTO chains (name, format, generation, verified_generation, loaded_generation, detected_generation, verdict, records, size_bytes)
    SELECT 'grows ' || n, 'arbiter', 1, 1, 1, 1, CASE WHEN n % 10 = 0 THEN 'tampered' ELSE 'verified' END, 6, 600
    FROM generate_series(${from}::int, ${to}::int) n`.execute(db);
  await sql`INSERT INTO uploads (chain_id, file_name, sha256, size_bytes, records, segments, relation, received_by)
    SELECT id, name, md5(name) || md5(name), 600, 6, 1, 'new', 'test' FROM chains WHERE NOT EXISTS (SELECT FROM uploads WHERE chain_id = chains.id)`.execute(
    db,
  );
  await sql`INSERT INTO chain_segments (chain_id, index, digest, upload_id, byte_offset, size_bytes, records, first_record, lines, first_line, loaded_generation)
    SELECT chain_id, 0, sha256, id, 0, 600, 6, 0, 6, 0, 1 FROM uploads u WHERE NOT EXISTS (SELECT FROM chain_segments s WHERE s.chain_id = u.chain_id)`.execute(
    db,
  );
  await sql`WITH new AS (
      SELECT c.id, c.name, s.digest FROM chains c JOIN chain_segments s ON s.chain_id = c.id
      WHERE NOT EXISTS (SELECT FROM attestations a WHERE a.chain_id = c.id) AND split_part(c.name, ' ', 2)::int % 5 <> 0
    ), made AS (
      INSERT INTO attestations (chain_id, generation, predicate_type, verdict, first_record, last_record, records, key_hint, signer, requested_by, signed_at, subjects, bundle_digest, bundle_size_bytes)
      SELECT id, 1, 'https://example.test/p', 'verified', 0, 5, 6, 'k', 'local', 'test', now(), '[]', digest, 1 FROM new RETURNING id, chain_id
    ), linked AS (
      INSERT INTO attestation_chains (attestation_id, chain_id, verdict, first_record, last_record, records)
      SELECT id, chain_id, 'verified', 0, 5, 6 FROM made
    ) INSERT INTO attestation_segments (attestation_id, digest) SELECT made.id, new.digest FROM made JOIN new ON new.id = made.chain_id`.execute(
    db,
  );
  while (await foldFigures(db));
  await sql`ANALYZE`.execute(db);
}

type Plan = {
  'Node Type': string;
  'Actual Rows': number;
  'Actual Loops': number;
  'Rows Removed by Filter'?: number | undefined;
  Plans?: Plan[] | undefined;
};
const Plan: z.ZodType<Plan> = z.object({
  'Node Type': z.string(),
  'Actual Rows': z.number(),
  'Actual Loops': z.number(),
  'Rows Removed by Filter': z.number().optional(),
  Plans: z.array(z.lazy(() => Plan)).optional(),
});

function rowsRead(plan: Plan): number {
  const isRead = /^(Seq|Index|Index Only|Bitmap Index|Tid) Scan$/.test(plan['Node Type']);
  const own = isRead ? (plan['Actual Rows'] + (plan['Rows Removed by Filter'] ?? 0)) * plan['Actual Loops'] : 0;
  return (plan.Plans ?? []).reduce((sum, inner) => sum + rowsRead(inner), own);
}

/** Rows of PostgreSQL that are read for a page, by query; but for changes that still wait, which cost as much as changed. */
async function rowsOf(page: () => Promise<unknown>): Promise<Map<string, number>> {
  const asked: { text: string; values: unknown[] }[] = [];
  const spy = vi.spyOn(pg.Client.prototype, 'query').mockImplementation(function (
    this: pg.Client,
    ...given: unknown[]
  ) {
    const [query, values] = given;
    const text = typeof query === 'string' ? query : (query as { text?: string } | undefined)?.text; // as pg takes it
    if (text && /^\s*(select|with)/i.test(text) && !text.includes('pgboss.queue'))
      asked.push({ text, values: Array.isArray(values) ? values : [] });
    return Reflect.apply(original, this, given) as never;
  });
  await page();
  spy.mockRestore();
  const client = new pg.Client(installation.ctx.env.databaseUrl);
  await client.connect();
  const rows = new Map<string, number>();
  for (const { text, values } of asked) {
    const waiting = text.includes('figure_changes') ? await changesWaiting(client) : 0;
    const { rows: plans } = await client.query<{ 'QUERY PLAN': unknown }>(
      `EXPLAIN (ANALYZE, FORMAT JSON) ${text}`,
      values,
    );
    const [{ Plan: plan }] = z.tuple([z.object({ Plan })]).parse(plans[0]?.['QUERY PLAN']);
    rows.set(text, (rows.get(text) ?? 0) + Math.max(0, rowsRead(plan) - waiting));
  }
  await client.end();
  return rows;
}
const original = pg.Client.prototype.query;

async function changesWaiting(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ count: number }>('SELECT count(*)::int AS count FROM figure_changes');
  return rows[0]?.count ?? 0;
}

it('what pages of all chains read does not grow with the chains there are', async () => {
  const { ctx } = installation;
  const pages: Record<string, () => Promise<unknown>> = {
    overview: () => getOverview(ctx, { period: PERIOD }),
    'chains list': () => listChains(ctx, { limit: 20 }),
    'chains that do not hold': () => listChains(ctx, { limit: 5, verdict: ['tampered'] }),
    'health of the frame': () => getHealth(ctx),
  };
  const measure = async () => {
    const measured: Record<string, Map<string, number>> = {};
    for (const [name, page] of Object.entries(pages)) measured[name] = await rowsOf(page);
    return measured;
  };
  await chainsUpTo(1, 50);
  const few = await measure();
  await chainsUpTo(51, 500);
  const many = await measure();
  const overview = await getOverview(ctx, { period: PERIOD });
  expect(overview).toMatchObject({
    chains: 500,
    records: 3000,
    coverage: { records: 3000, attested: 2400 },
    byVerdict: { tampered: 50, verified: 450 },
  });
  expect(overview.attention.map(({ name, verdict }) => [name, verdict])).toEqual(
    [500, 490, 480, 470, 460].map((n) => [`grows ${n}`, 'tampered']),
  );
  const grown = Object.entries(many).flatMap(([page, queries]) =>
    Array.from(queries, ([text, rows]) => ({ page, rows, before: few[page]?.get(text) ?? 0, text })),
  );
  expect(grown.length).toBeGreaterThan(20);
  expect(grown.filter(({ rows, before }) => rows > before + MORE_ROWS)).toEqual([]);
}, 120_000);
