import pg from 'pg';
import { vi } from 'vitest';
import * as z from 'zod';
import type { Context } from '../context';

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

const original = pg.Client.prototype.query;

/** Rows of PostgreSQL that are read for a page, by query; but for changes that still wait, which cost as much as changed. */
export async function databaseRowsOf({ env }: Context, page: () => Promise<unknown>): Promise<Map<string, number>> {
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
  const client = new pg.Client(env.databaseUrl);
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

async function changesWaiting(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ count: number }>('SELECT count(*)::int AS count FROM figure_changes');
  return rows[0]?.count ?? 0;
}

/** Rows of the lake that are read for a page, by query. */
export async function lakeRowsOf({ lake }: Context, page: () => Promise<unknown>): Promise<Map<string, number>> {
  const spy = vi.spyOn(lake, 'query');
  await page();
  const questions = spy.mock.calls.map(([question]) => question);
  spy.mockRestore();
  const rows = new Map<string, number>();
  for (const { query_id: _, abort_signal: __, ...question } of questions) {
    const answer = await lake.query({ ...question, format: 'JSON' });
    const read = (await answer.json<unknown>()).statistics?.rows_read ?? 0;
    rows.set(question.query, (rows.get(question.query) ?? 0) + read);
  }
  return rows;
}
