import 'server-only';
import { sql } from 'kysely';
import type { Context } from '../context';
import { isHidden } from '../db/suppressed';
import { recordedBetween } from '../lake/query/totals';
import type { Period } from '../schemas/common';

/** Time all records span, half-open; null when none states a time. */
export async function recordedSpan(ctx: Context): Promise<Period | null> {
  const span = await recordedBetween(ctx);
  return span && { from: span.first.toISOString(), to: new Date(span.last.getTime() + 1).toISOString() };
}

/**
 * New findings by level that nothing hides, and the oldest of them; of a period all that stand by level, and how many of them suppressions hide, which are
 * counted with the others.
 */
export async function findingFigures(
  ctx: Context,
  period?: Period,
): Promise<{
  byLevel: Partial<Record<'critical' | 'high' | 'medium' | 'low' | 'informational', number>>;
  suppressed: number;
  oldestOpenAt: string | null;
}> {
  const rows = await ctx.db
    .selectFrom('findings')
    .where('superseded_at', 'is', null)
    .$if(!period, (query) => query.where('status', '=', 'new').where(({ not }) => not(isHidden('findings'))))
    .$if(!!period, (query) =>
      query.where('window_to', '>', new Date(period?.from ?? 0)).where('window_from', '<', new Date(period?.to ?? 0)),
    )
    .groupBy('level')
    .select(({ fn }) => ['level', fn.countAll<number>().as('n'), fn.min('window_from').as('oldest')])
    .select(sql<number>`count(*) FILTER (WHERE ${isHidden('findings')})`.as('hidden'))
    .execute();
  const oldest = rows.map((row) => row.oldest).toSorted((a, b) => a.getTime() - b.getTime())[0];
  return {
    byLevel: Object.fromEntries(rows.map(({ level, n }) => [level, n])),
    suppressed: rows.reduce((sum, { hidden }) => sum + Number(hidden), 0),
    oldestOpenAt: oldest?.toISOString() ?? null,
  };
}
