import 'server-only';
import type { Context } from '../context';
import { isAttested } from '../db/attested';
import type { Period } from '../schemas/common';
import { EVENTS, IN_PERIOD, lakePeriod } from './lake-period';

export type Figures = { records: number; sessions: number; agents: number; denied: number; secretsRedacted: number; costUsd: number };

/** Totals of a period over all chains. */
export async function figures(ctx: Context, period: Period): Promise<Figures> {
  const result = await ctx.lake.query({
    query: `SELECT count() AS records, uniqExactIf(session_id, session_id != '') AS sessions, uniqExactIf(agent, agent != '') AS agents,
        countIf(decision = 'deny') AS denied, sum(secrets_redacted) AS secretsRedacted, sum(cost_usd) AS costUsd
      FROM ${EVENTS} WHERE ${IN_PERIOD}`,
    query_params: lakePeriod(period),
    format: 'JSONEachRow',
  });
  const [row] = await result.json<Figures>();
  return row ?? { records: 0, sessions: 0, agents: 0, denied: 0, secretsRedacted: 0, costUsd: 0 };
}

/** Records of all chains, what is open included, and how many of them lie under a signed attestation. */
export async function coverage(ctx: Context): Promise<{ records: number; attested: number }> {
  const [all, signed] = await Promise.all([
    ctx.db.selectFrom('chains').select(({ fn }) => fn.sum<string | null>('records').as('records')).executeTakeFirst(),
    ctx.db.selectFrom('chain_segments as s').where((where) => isAttested(where)).select(({ fn }) => fn.sum<string | null>('s.records').as('records')).executeTakeFirst(),
  ]);
  // sum(bigint) is numeric, which arrives as text
  return { records: Number(all?.records ?? 0), attested: Number(signed?.records ?? 0) };
}

/** Time all records span, half-open; null when none states a time. */
export async function recordedSpan(ctx: Context): Promise<Period | null> {
  const result = await ctx.lake.query({
    query: `SELECT min(recorded_at) AS from, max(recorded_at) + INTERVAL 1 MILLISECOND AS to, count() AS records FROM events WHERE recorded_at > toDateTime64(0, 6, 'UTC')`,
    format: 'JSONEachRow',
  });
  const [row] = await result.json<{ from: string; to: string; records: number }>();
  return row && row.records > 0 ? { from: new Date(row.from).toISOString(), to: new Date(row.to).toISOString() } : null;
}

/** Open findings by level, and the oldest of them. */
export async function findingFigures(ctx: Context, period?: Period): Promise<{ byLevel: Partial<Record<'critical' | 'high' | 'medium' | 'low' | 'informational', number>>; oldestOpenAt: string | null }> {
  const rows = await ctx.db
    .selectFrom('findings')
    .where('superseded_at', 'is', null)
    .$if(!period, (query) => query.where('status', '=', 'open'))
    .$if(!!period, (query) => query.where('window_to', '>', new Date(period?.from ?? 0)).where('window_from', '<', new Date(period?.to ?? 0)))
    .groupBy('level')
    .select(({ fn }) => ['level', fn.countAll<number>().as('n'), fn.min('window_from').as('oldest')])
    .execute();
  const oldest = rows.map((row) => row.oldest).toSorted((a, b) => a.getTime() - b.getTime())[0];
  return { byLevel: Object.fromEntries(rows.map(({ level, n }) => [level, n])), oldestOpenAt: oldest?.toISOString() ?? null };
}
