import 'server-only';
import type { Context } from '../context';
import { recordedBetween } from '../lake/query/totals';
import type { Period } from '../schemas/common';

/** Time all records span, half-open; null when none states a time. */
export async function recordedSpan(ctx: Context): Promise<Period | null> {
  const span = await recordedBetween(ctx);
  return span && { from: span.first.toISOString(), to: new Date(span.last.getTime() + 1).toISOString() };
}

/** New findings by level, and the oldest of them. */
export async function findingFigures(
  ctx: Context,
  period?: Period,
): Promise<{
  byLevel: Partial<Record<'critical' | 'high' | 'medium' | 'low' | 'informational', number>>;
  oldestOpenAt: string | null;
}> {
  const rows = await ctx.db
    .selectFrom('findings')
    .where('superseded_at', 'is', null)
    .$if(!period, (query) => query.where('status', '=', 'new'))
    .$if(!!period, (query) =>
      query.where('window_to', '>', new Date(period?.from ?? 0)).where('window_from', '<', new Date(period?.to ?? 0)),
    )
    .groupBy('level')
    .select(({ fn }) => ['level', fn.countAll<number>().as('n'), fn.min('window_from').as('oldest')])
    .execute();
  const oldest = rows.map((row) => row.oldest).toSorted((a, b) => a.getTime() - b.getTime())[0];
  return {
    byLevel: Object.fromEntries(rows.map(({ level, n }) => [level, n])),
    oldestOpenAt: oldest?.toISOString() ?? null,
  };
}
