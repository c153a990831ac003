import 'server-only';
import { sql } from 'kysely';
import type { Actor } from '../access/actor';
import type { Context } from '../context';
import { AppError } from '../core/errors';
import type { Tx } from '../db/database';
import { lockUntilCommit } from '../db/lock';
import type { ChangeUndone, FindingChanges } from '../schemas/triage';
import { type KeptStanding, restoreStandings } from './restore-standings';

/** How long after it was made a change is undone. */
const UNDONE_FOR_MS = 3_600_000;
/** Findings put back in one transaction. */
const BATCH = 500;
const FIRST = '00000000-0000-0000-0000-000000000000';

/**
 * Puts back what a change of several findings changed, of each that nobody has changed since: its status, verdict, assignee, and when it was taken up and
 * decided. By whoever made the change, for an hour. It can be asked for again: what is put back stays so.
 * @throws AppError NOT_FOUND for a change that is none, or changed nothing; FORBIDDEN for that of somebody else; CONFLICT once the hour is over.
 */
export async function undoChange(
  ctx: Context,
  { changeId, actor }: { changeId: string; actor: Actor },
): Promise<ChangeUndone> {
  const first = await ctx.db
    .selectFrom('finding_acts')
    .where('change_id', '=', changeId)
    .where(sql<boolean>`changes <> '{}'`)
    .select(({ fn }) => [
      fn.countAll<number>().as('changed'),
      fn.min('acted_at').as('at'),
      fn.min('actor_kind').as('kind'),
      fn.min('actor_id').as('by'),
    ])
    .executeTakeFirstOrThrow();
  if (Number(first.changed) === 0) throw new AppError('NOT_FOUND', 'no change has this id', { changeId });
  if (first.kind !== actor.kind || first.by !== actor.id)
    throw new AppError('FORBIDDEN', 'a change is undone by whoever made it', { changeId });
  if (ctx.now().getTime() - first.at.getTime() > UNDONE_FOR_MS)
    throw new AppError('CONFLICT', 'a change is undone within an hour; this one is older', { changeId });
  let restored = 0;
  for (let after: string | undefined = FIRST; after !== undefined; ) {
    const from: string = after;
    after = await ctx.db.transaction().execute(async (tx) => {
      await lockUntilCommit(tx, 'findings', '');
      const acts = await next(tx, changeId, from);
      await restoreStandings(tx, acts, { changeId, actor, now: ctx.now() });
      restored += acts.length;
      return acts.length === BATCH ? acts.at(-1)?.act_id : undefined;
    });
  }
  return { changed: Number(first.changed), restored };
}

type Act = { act_id: string; finding_id: string; record_count: number; changes: FindingChanges; before: KeptStanding };

/** Acts of the change that are the last to have changed their findings. */
async function next(tx: Tx, changeId: string, after: string): Promise<Act[]> {
  const { rows } = await sql<Act>`
    SELECT a.id AS act_id, f.id AS finding_id, f.record_count, a.changes, a.before
    FROM finding_acts a JOIN findings f ON f.id = a.finding_id
    WHERE a.change_id = ${changeId}::uuid AND a.before IS NOT NULL AND a.changes <> '{}' AND a.id > ${after}::uuid
      AND NOT EXISTS (SELECT FROM finding_acts l WHERE l.finding_id = a.finding_id AND l.id > a.id AND l.changes <> '{}')
    ORDER BY a.id LIMIT ${BATCH} FOR UPDATE OF f`.execute(tx);
  return rows;
}
