import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { noteHidden } from '../db/suppressed';
import { MOST_COUNTED } from '../schemas/most-counted';
import { findingsCsv } from '../reports/list-csv';
import { type TestInstallation, startInstallation } from '../testing/installation';
import { databaseRowsOf } from '../testing/rows-read';
import { countUpTo, matching } from '../detect/query/findings';
import { openFindings } from '../reports/figures';
import { countFindings, listFindings } from './findings';

const PAGE = 20;
/** Long before the newest of them. */
const PERIOD = { from: '2026-05-01T01:00:00Z', to: '2026-05-01T03:00:00Z' };
/** Rows that three times the findings may have read more: other plans, pages of an index. */
const MORE_ROWS = 100;

let installation: TestInstallation;
beforeAll(async () => {
  installation = await startInstallation();
}, 60_000);
afterAll(() => installation?.stop());

/** Findings up to so many, those that are not there yet, as long as they are: three in four are new, and one in four is hidden. */
async function findingsUpTo(from: number, to: number): Promise<void> {
  const { db } = installation.ctx;
  await sql`INSERT INTO findings (rule_id, rule_digest, rule_yaml, title, level, status, group_key, group_values, window_from, window_to, measures, record_count, records)
    SELECT 'rule-' || n % 40, repeat('0', 64), repeat('a line of a rule' || chr(10), 40), 'Finding ' || n, (ARRAY['critical', 'high', 'medium', 'low'])[1 + n % 4],
      CASE WHEN n / 4 % 4 = 0 THEN 'closed' ELSE 'new' END, n::text, '{}', timestamptz '2026-05-01' + n * interval '1 minute', timestamptz '2026-05-01' + n * interval '6 minutes',
      '{"kind": "evidence"}', 1 + n % 30, (SELECT jsonb_agg(sha512((n || ' ' || k)::bytea)::text) FROM generate_series(1, 10) k)
    FROM generate_series(${from}::int, ${to}::int) n`.execute(db);
  await sql`INSERT INTO suppressions (version, title, reason, yaml, digest, rule_ids, expires_at, created_by_id, created_by, created_at)
    SELECT 1, 'A bench', 'harmless', '', '', ARRAY['rule-1'], now() + interval '1 day', 'test', 'a test', now() WHERE NOT EXISTS (SELECT FROM suppressions)`.execute(
    db,
  );
  await sql`INSERT INTO suppressed_findings SELECT f.id, s.id, 1 FROM findings f CROSS JOIN suppressions s
    WHERE group_key::int BETWEEN ${from} AND ${to} AND group_key::int / 16 % 4 = 1`.execute(db);
  const ids = (await db.selectFrom('suppressions').select('id').execute()).map(({ id }) => id);
  await db.transaction().execute((tx) => noteHidden(tx, ids));
  // Plans go by what is known of tables; else that comes when autovacuum does.
  await sql`VACUUM (ANALYZE)`.execute(db);
}

it('what the queue, its counts, a page of its export and a batch of changes read does not grow with the findings there are', async () => {
  const { ctx } = installation;
  const status = ['new' as const];
  const pages: Record<string, () => Promise<unknown>> = {
    'the queue': () => listFindings(ctx, { status, limit: PAGE }),
    'the queue by level': () => listFindings(ctx, { status, sort: 'level', limit: PAGE }),
    'the queue by records': () => listFindings(ctx, { status, sort: '-records', limit: PAGE }),
    'what is critical': () => listFindings(ctx, { status, level: ['critical'], limit: PAGE }),
    'what is hidden': () => listFindings(ctx, { status, suppressed: 'only', limit: PAGE, total: 'none' }),
    'all that stand': () => listFindings(ctx, { limit: PAGE }),
    counts: () => countFindings(ctx, {}),
    'the overview': () => openFindings(ctx),
    'the findings of a period': () => countUpTo(ctx.db, PERIOD),
    'a batch of changes': () =>
      matching(ctx.db, { status })
        .where('findings.id', '>', '00000000-0000-0000-0000-000000000000')
        .select('findings.id')
        .orderBy('findings.id')
        .limit(PAGE)
        .execute(),
  };
  const measure = async () => {
    const measured: Record<string, Map<string, number>> = {};
    for (const [name, page] of Object.entries(pages)) measured[name] = await databaseRowsOf(ctx, page);
    return measured;
  };
  await findingsUpTo(1, 8_000);
  const few = await measure();
  await findingsUpTo(8_001, 24_000);
  const many = await measure();
  const grown = Object.entries(many).flatMap(([page, queries]) =>
    Array.from(queries, ([text, rows]) => ({ page, rows, before: few[page]?.get(text) ?? 0, text })),
  );
  expect(grown.length).toBeGreaterThan(20);
  expect(grown.filter(({ rows, before }) => rows > before + MORE_ROWS)).toEqual([]);

  const shown = Array.from({ length: 24_000 }, (_, index) => index + 1).filter(
    (n) => Math.floor(n / 4) % 4 !== 0 && Math.floor(n / 16) % 4 !== 1,
  ).length;
  const inPeriod = await matching(ctx.db, PERIOD)
    .select(({ fn }) => fn.countAll<number>().as('n'))
    .executeTakeFirstOrThrow();
  expect(await countUpTo(ctx.db, PERIOD)).toBe(Number(inPeriod.n));
  const { first } = await matching(ctx.db, { status })
    .select(({ fn }) => fn.min('window_from').as('first'))
    .executeTakeFirstOrThrow();
  expect(await openFindings(ctx)).toEqual({
    byLevel: { critical: MOST_COUNTED, high: MOST_COUNTED, medium: MOST_COUNTED, low: MOST_COUNTED },
    oldestAt: first.toISOString(),
  });
  expect((await countFindings(ctx, {})).new).toBe(MOST_COUNTED);
  expect((await listFindings(ctx, { status, limit: 1 })).total).toBe(MOST_COUNTED);
  expect((await listFindings(ctx, { status, limit: 1, total: 'exact' })).total).toBe(shown);
  const csv = await findingsCsv(ctx, { status }, { bom: false });
  expect(csv.rows).toBe(shown);
  csv.stream.destroy();
}, 60_000);
