import 'server-only';
import type { Selectable } from 'kysely';
import type { Db } from '../db/database';
import type { FindingsTable } from '../db/schema';
import type { SeenBefore } from '../schemas/triage';

const SHOWN = 5;

/** Earlier findings of the same rule and group that stand, and what they were found to be. */
export async function seenBefore(
  db: Db,
  { rule_id, group_key, window_from }: Pick<Selectable<FindingsTable>, 'rule_id' | 'group_key' | 'window_from'>,
): Promise<SeenBefore> {
  const earlier = db
    .selectFrom('findings')
    .where('rule_id', '=', rule_id)
    .where('group_key', '=', group_key)
    .where('window_from', '<', window_from)
    .where('superseded_at', 'is', null);
  const [counts, newest] = await Promise.all([
    earlier
      .groupBy('verdict')
      .select(({ fn }) => ['verdict', fn.countAll<number>().as('findings')])
      .execute(),
    earlier.select(['id', 'window_from', 'status', 'verdict']).orderBy('window_from', 'desc').limit(SHOWN).execute(),
  ]);
  return {
    total: counts.reduce((sum, { findings }) => sum + Number(findings), 0),
    verdicts: Object.fromEntries(
      counts.flatMap(({ verdict, findings }) => (verdict ? [[verdict, Number(findings)]] : [])),
    ),
    items: newest.map(({ id, window_from: from, status, verdict }) => ({
      id,
      windowFrom: from.toISOString(),
      status,
      verdict,
    })),
  };
}
