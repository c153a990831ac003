import 'server-only';
import type { Context } from '../context';
import { lockUntilCommit } from '../db/lock';
import { writeFindings } from '../db/write-findings';
import { catalog } from './catalog';
import { toFinding } from './hit';
import { instant } from './lake-instant';
import { type Range, runRule } from './run-rule';

/**
 * Runs every rule over the time of the records that were appended since it ran last, so that a chain that grows costs what is new in it.
 * Once its segment is closed `detectChain` runs them over all of it. A rerun finds the same again.
 */
export async function detectTail(ctx: Context, { chainId }: { chainId: string }, signal?: AbortSignal): Promise<void> {
  const tail = await ctx.db.selectFrom('tails').select(['loaded_records', 'searched_records']).where('chain_id', '=', chainId).executeTakeFirst();
  if (!tail || tail.searched_records >= tail.loaded_records) return;
  const span = await spanOf(ctx, chainId, tail.searched_records);
  for (const rule of span ? await catalog(ctx) : []) {
    signal?.throwIfAborted();
    if (!span) return;
    const { range, hits } = await runRule(ctx, rule, span);
    await ctx.db.transaction().execute(async (tx) => {
      await lockUntilCommit(tx, 'findings', '');
      await writeFindings(tx, rule.id, range, hits.map((hit) => toFinding(rule, hit)), ctx.now());
    });
  }
  await ctx.db.updateTable('tails').set({ searched_records: tail.loaded_records }).where('chain_id', '=', chainId).where('searched_records', '<', tail.loaded_records).execute();
}

/** Time the chain's records from `ordinal` on span, half-open; null when none states a time. */
async function spanOf(ctx: Context, chainId: string, ordinal: number): Promise<Range | null> {
  const result = await ctx.lake.query({
    query: `SELECT toString(min(recorded_at)) AS from, toString(max(recorded_at)) AS to, count() AS events
      FROM events WHERE chain_id = {chainId: UUID} AND ordinal >= {ordinal: UInt64} AND recorded_at > toDateTime64(0, 6, 'UTC')`,
    query_params: { chainId, ordinal },
    format: 'JSONEachRow',
  });
  const [row] = await result.json<{ from: string; to: string; events: number }>();
  if (!row || row.events === 0) return null;
  return { from: instant(row.from), to: new Date(instant(row.to).getTime() + 1) };
}
