import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { getHealth } from '../ops/health';
import { getHappened, getOverview } from '../ops/overview';
import { type TestInstallation, startInstallation } from '../testing/installation';
import { forgetFigures, keepFigures } from '../lake/figures/keep-figures';
import { reportChains, reportFigures } from '../reports/report';
import { databaseRowsOf, lakeRowsOf } from '../testing/rows-read';
import { getChain, listChains } from './chains';
import { foldFigures } from './figures-by-verdict';

const PERIOD = { from: '2026-05-01T00:00:00Z', to: '2026-06-01T00:00:00Z' };
/** Rows that ten times the chains may have read more: other plans, pages of an index. */
const MORE_ROWS = 60;
/** Rows of the lake that four times the records may have read more: it reads marks of 1,024, and another cut of them. */
const MARK_ROWS = 1024;
const MORE_LAKE_ROWS = 4 * MARK_ROWS;
/** Marks that one record may take to read: those it may lie in of its parts, and what they meet. */
const MOST_MARKS = 6;

/** Chains the page of the report lists. */
const LISTED = 50;

let installation: TestInstallation;
beforeAll(async () => {
  installation = await startInstallation();
}, 60_000);
afterAll(() => installation.stop());

/** Chains up to so many, as rows, those that are not there yet: one in ten does not hold, one in five is signed by nobody. */
async function chainsUpTo(from: number, to: number): Promise<void> {
  const { db } = installation.ctx;
  await sql`INSERT INTO chains (name, format, generation, verified_generation, loaded_generation, detected_generation, verdict, records, size_bytes)
    SELECT 'grows ' || n, 'arbiter', 1, 1, 1, 1, CASE WHEN n % 10 = 0 THEN 'tampered' ELSE 'verified' END, 6, 600
    FROM generate_series(${from}::int, ${to}::int) n ON CONFLICT (name) DO NOTHING`.execute(db);
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
  // Plans go by what is known of tables; else that comes when autovacuum does.
  await sql`VACUUM (ANALYZE)`.execute(db);
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
    for (const [name, page] of Object.entries(pages)) measured[name] = await databaseRowsOf(ctx, page);
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

/** Chains of which the first record was refused. */
const DENIED: ReadonlySet<number> = new Set([7, 300, 599]);

/** Records of chains up to so many in the lake, `each` of them, all of a chain on one day of the period; those that are there already are one with them. */
async function recordsOfChains(each: number): Promise<void> {
  const { ctx } = installation;
  const chains = await ctx.db
    .selectFrom('chain_segments as s')
    .innerJoin('chains as c', 'c.id', 's.chain_id')
    .select(['c.id', 'c.name', 's.digest'])
    .where('c.name', 'like', 'grows %')
    .execute();
  const values = chains.flatMap(({ id, name, digest }) => {
    const n = Number(name.split(' ')[1]);
    return Array.from({ length: each }, (_, ordinal) => ({
      chain_id: id,
      segment_digest: digest,
      ordinal,
      recorded_at: `2026-05-${String(1 + (n % 28)).padStart(2, '0')} 12:00:${String(ordinal % 60).padStart(2, '0')}`,
      agent: `agent ${n % 5}`,
      session_id: `session ${n % 40}`,
      tool: `tool ${ordinal % 3}`,
      decision: ordinal === 0 && DENIED.has(n) ? 'deny' : 'allow',
    }));
  });
  await ctx.lake.insert({ table: 'events', values, format: 'JSONEachRow' });
  await ctx.lake.command({ query: 'OPTIMIZE TABLE events FINAL' });
  await forgetFigures(ctx);
  await keepFigures(ctx);
  await keepFigures(ctx);
}

/** The others, and those that are so. */
function split(
  rows: ReadonlyMap<string, number>,
  is: (text: string) => boolean,
): [others: Map<string, number>, those: Map<string, number>] {
  const of = (wanted: boolean) => new Map([...rows].filter(([text]) => is(text) === wanted));
  return [of(false), of(true)];
}
const sumOf = (rows: ReadonlyMap<string, number>) => rows.values().reduce((sum, one) => sum + one, 0);

it('what the report and the overview read does not grow with the records there are, nor with the chains; what the report says of its chains grows with them by three rows of each', async () => {
  const { ctx } = installation;
  const figures = () => reportFigures(ctx, PERIOD);
  const page = async () => ({
    ...(await figures()),
    of: await reportChains(ctx, PERIOD, { most: LISTED, first: 'worst' }),
  });
  const measure = async () => {
    const [database, ofListed] = split(await databaseRowsOf(ctx, page), (text) => text.startsWith('select "chains".*'));
    const [lake, ofDenials] = split(await lakeRowsOf(ctx, page), (text) => text.includes('IN {places'));
    const [overview, ofItsDenials] = split(await lakeRowsOf(ctx, () => getHappened(ctx, PERIOD)), (text) =>
      text.includes('IN {places'),
    );
    // Both read what is listed, so much of each as it lies and as plans go.
    expect(sumOf(ofListed)).toBeLessThanOrEqual(LISTED * 8);
    for (const denials of [ofDenials, ofItsDenials])
      expect(sumOf(denials)).toBeLessThanOrEqual(DENIED.size * MOST_MARKS * MARK_ROWS);
    const first = {
      database: sumOf(await databaseRowsOf(ctx, figures)),
      lake: sumOf(split(await lakeRowsOf(ctx, figures), (text) => text.includes('IN {places'))[0]),
    };
    const { summary, of } = await page();
    expect(of.chains).toHaveLength(LISTED);
    return { database, lake, overview, first, summary: { ...summary, chains: of.total } };
  };
  await chainsUpTo(1, 600);
  // Enough of them that what is read is marks and not all there are.
  await recordsOfChains(160);
  const few = await measure();
  expect(few.summary).toMatchObject({ chains: 600, records: 96_000, sessions: 40, agents: 5, denied: 3 });

  await recordsOfChains(640);
  const more = await measure();
  expect(more.summary).toMatchObject({ chains: 600, records: 384_000, sessions: 40, agents: 5, denied: 3 });
  for (const [read, moreRows] of [
    ['database', MORE_ROWS],
    ['lake', MORE_LAKE_ROWS],
    ['overview', MORE_LAKE_ROWS],
  ] as const)
    expect(
      Array.from(more[read], ([text, rows]) => ({ rows, before: few[read].get(text) ?? 0, text })).filter(
        ({ rows, before }) => rows > before + moreRows,
      ),
    ).toEqual([]);

  await chainsUpTo(1, 2400);
  await recordsOfChains(160);
  const many = await measure();
  expect(many.summary).toMatchObject({ chains: 2400, records: 672_000, denied: 3 });
  // What is answered first looks at no chain.
  expect(many.first.database).toBeLessThanOrEqual(more.first.database + MORE_ROWS);
  expect(many.first.lake).toBeLessThanOrEqual(more.first.lake + MORE_LAKE_ROWS);
  // Of each chain its verdict, what of it is signed, and its records on a day.
  const chains = 2400 - 600;
  expect(sumOf(many.database)).toBeLessThanOrEqual(sumOf(more.database) + 2 * chains + MORE_ROWS);
  expect(sumOf(many.overview)).toBeLessThanOrEqual(sumOf(more.overview) + MORE_LAKE_ROWS);
  expect(sumOf(many.lake)).toBeLessThanOrEqual(sumOf(more.lake) + chains + MORE_LAKE_ROWS);
}, 240_000);

it('a chain that waits to be signed is told which one it is, and a signed one nothing', async () => {
  const { ctx } = installation;
  const { items: unsigned } = await listChains(ctx, { limit: 3, sort: 'signed' });
  const { items: signed } = await listChains(ctx, { limit: 1, sort: '-signed' });
  expect([...unsigned, ...signed].map(({ attestedRecords }) => attestedRecords)).toEqual([0, 0, 0, 6]);
  for (const { id } of unsigned)
    await ctx.db.transaction().execute((tx) => ctx.queue.send(tx, 'attest-chain', { chainId: id, generation: 1 }));
  const queueOf = async (chain: { id: string } | undefined) =>
    (await getChain(ctx, { chainId: chain?.id ?? '' })).queue;
  expect(await queueOf(unsigned[2])).toEqual({ stage: 'attest', chains: 3, place: 3, seconds: null });
  expect(await queueOf(signed[0])).toBeNull();
});
