import 'server-only';
import { sql } from 'kysely';
import type { Context } from '../context';
import { isHidden } from '../db/suppressed';
import { countUpTo, findingsOf, matching } from '../detect/query/findings';
import { recordedBetween } from '../lake/query/totals';
import { Level, type Period } from '../schemas/common';

/** Time all records span, half-open; null when none states a time. */
export async function recordedSpan(ctx: Context): Promise<Period | null> {
  const span = await recordedBetween(ctx);
  return span && { from: span.first.toISOString(), to: new Date(span.last.getTime() + 1).toISOString() };
}

/** New findings by level that nothing hides, each counted up to so many, and since when the oldest of them is: the one whose window ended first. */
export async function openFindings({
  db,
}: Context): Promise<{ byLevel: Partial<Record<Level, number>>; oldestAt: string | null }> {
  const [counts, oldest] = await Promise.all([
    Promise.all(
      Level.options.map(async (level) => [level, await countUpTo(db, { status: ['new'], level: [level] })] as const),
    ),
    findingsOf(db, { status: ['new'], sort: 'window', limit: 1, total: 'none' }),
  ]);
  return {
    byLevel: Object.fromEntries(counts.filter(([, count]) => count > 0)),
    oldestAt: oldest.items[0]?.windowFrom ?? null,
  };
}

/** All findings that stand of a period, or of these chains in it, by level, and how many of them suppressions hide, which are counted with the others. */
export async function findingFigures(
  ctx: Context,
  period: Period,
  chainIds?: readonly string[],
): Promise<{ byLevel: Partial<Record<Level, number>>; suppressed: number }> {
  const rows = await matching(ctx.db, { ...period, chainIds, suppressed: 'with' })
    .groupBy('level')
    .select(({ fn }) => ['level', fn.countAll<number>().as('n')])
    .select(sql<number>`count(*) FILTER (WHERE ${isHidden('findings')})`.as('hidden'))
    .execute();
  return {
    byLevel: Object.fromEntries(rows.map(({ level, n }) => [level, n])),
    suppressed: rows.reduce((sum, { hidden }) => sum + Number(hidden), 0),
  };
}
