import 'server-only';
import { type Selectable, sql } from 'kysely';
import type { Db } from '../db/database';
import type { FindingsTable } from '../db/schema';
import { OWN_CHAIN } from '../core/own-chain';
import { isFleetFinding } from '../db/of-fleet';
import type { FindingDetail } from '../schemas/findings';

const MOST = 20;
const DAY_MS = 86_400_000;

/** Other findings that stand of the same session, or of the same group by another rule or window, on the days (UTC) of a finding's window. */
export async function relatedTo(
  db: Db,
  { id, rule_id, group_key, group_values, window_from, window_to }: Selectable<FindingsTable>,
): Promise<FindingDetail['related']> {
  const session = group_values['session_id'];
  const from = new Date(Math.floor(window_from.getTime() / DAY_MS) * DAY_MS);
  const to = new Date(Math.ceil(window_to.getTime() / DAY_MS) * DAY_MS);
  const isStated = Object.values(group_values).some((value) => value !== '');
  const rows = await db
    .selectFrom('findings')
    .select(['id', 'title', 'level', 'status', 'verdict', 'group_values', 'window_from'])
    .where('superseded_at', 'is', null)
    .where('id', '<>', id)
    .where(
      sql<boolean>`(${isFleetFinding('findings.id')} OR ${id}::uuid IN (SELECT finding_id FROM finding_chains WHERE chain_id = ${OWN_CHAIN.id}::uuid))`,
    )
    .where('window_to', '>', from)
    .where('window_from', '<', to)
    .where((eb) =>
      eb.or([
        eb.and([eb('rule_id', '=', rule_id), eb('group_key', '=', group_key)]),
        ...(isStated ? [sql<boolean>`group_values = ${JSON.stringify(group_values)}::jsonb`] : []),
        ...(session ? [sql<boolean>`group_values->>'session_id' = ${session}`] : []),
      ]),
    )
    .orderBy('window_from', 'desc')
    .orderBy('id')
    .limit(MOST)
    .execute();
  return rows.map(({ group_values: group, window_from: at, ...row }) => ({
    ...row,
    group,
    windowFrom: at.toISOString(),
  }));
}
