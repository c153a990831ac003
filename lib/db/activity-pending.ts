import 'server-only';
import { type RawBuilder, sql } from 'kysely';
import type { Db, Tx } from './database';

/** What Sealtrail comes to by itself, as often as records have it do so. */
export type PendingAction =
  | 'rule.find'
  | 'destination.give-up'
  | 'evidence.damage'
  | 'evidence.heal'
  | 'chain.turn'
  | 'job.stick';

/** Leaves in the writer's transaction that something was come to: about what, and each that it was. It becomes part of an action within a minute. */
export async function leavePending(
  db: Db | Tx,
  action: PendingAction,
  subjectId: string,
  items: readonly string[],
): Promise<void> {
  if (items.length > 0)
    await leavingPending(action, sql`SELECT ${subjectId}::text, unnest(${items}::text[])`).execute(db);
}

/** The statement that leaves it of a SELECT of what each is about, and of each. */
export function leavingPending(action: PendingAction, pairs: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`INSERT INTO activity_pending (action, subject_id, item) SELECT ${sql.lit(action)}, about.* FROM (${pairs}) AS about`;
}
