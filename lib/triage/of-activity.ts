import 'server-only';
import { sql } from 'kysely';
import { OWN_CHAIN } from '../core/own-chain';
import type { Db } from '../db/database';

/** Whether any of these ids is that of a finding about what is done here. */
export async function areOfActivity(db: Db, ids: readonly string[]): Promise<boolean> {
  if (ids.length === 0) return false;
  const one = await db
    .selectFrom('finding_chains')
    .select('finding_id')
    .where('chain_id', '=', OWN_CHAIN.id)
    .where(sql<boolean>`finding_id = ANY(${ids}::uuid[])`)
    .limit(1)
    .executeTakeFirst();
  return one !== undefined;
}
