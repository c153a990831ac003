import 'server-only';
import { sql } from 'kysely';
import type { Actor } from '../access/actor';
import { canonicalJson } from '../core/statements/dsse';
import { sha256 } from '../crypto/sha256';
import type { Db, Tx } from '../db/database';
import { type ActionName } from './actions';
import { appendAll } from './append';

const MINUTE_MS = 60_000;
const MOST_APART = 20;
/** From so many on within a minute it is many. */
const MANY = 5;
const WRITTEN_AT_ONCE = 500;
const OTHERS = 'others';

type Folded = {
  action: ActionName;
  /** Where it is many within a minute. */
  manyAction: ActionName;
  subjectId: string;
  details: Readonly<Record<string, string | number | boolean | null>>;
  /** Counted apart within a minute; what more there is, is counted together. */
  mostApart?: number;
};

/**
 * Counts what may come by the thousand a minute: it is one action of its minute, and of different ones `mostApart`, 20 usually, and one of all others. It is in the
 * database before it is answered, and a line of the chain once its minute is over.
 */
export async function fold(
  db: Db | Tx,
  at: Date,
  actor: Actor,
  { action, manyAction, subjectId, details, mostApart = MOST_APART }: Folded,
): Promise<void> {
  const minute = new Date(Math.floor(at.getTime() / MINUTE_MS) * MINUTE_MS);
  const { kind, id, name, role, workspaceId } = actor;
  const who = { kind, id, name, role, workspaceId };
  const key = keyOf({ action, who, subjectId, details });
  const others = { ...who, name: OTHERS, ...(kind !== 'system' && { id: OTHERS }) };
  await sql`
    WITH apart AS (
      SELECT EXISTS (SELECT FROM activity_folds WHERE minute = ${minute} AND key = ${key})
        OR (SELECT count(*) FROM activity_folds WHERE minute = ${minute} AND action = ${action}) < ${mostApart}::int AS "is")
    INSERT INTO activity_folds (minute, key, action, many_action, actor, subject_id, details, count)
    SELECT ${minute}::timestamptz, CASE WHEN "is" THEN ${key} ELSE ${keyOf({ action, who: OTHERS })} END, ${action}, ${manyAction},
      CASE WHEN "is" THEN ${JSON.stringify(who)}::jsonb ELSE ${JSON.stringify(others)}::jsonb END, CASE WHEN "is" THEN ${subjectId}::text ELSE ${OTHERS}::text END,
      CASE WHEN "is" THEN ${JSON.stringify(details)}::jsonb ELSE '{}'::jsonb END, 1 FROM apart
    ON CONFLICT (minute, key) DO UPDATE SET count = activity_folds.count + 1`.execute(db);
}

/** Writes as actions what was counted in minutes that are over; with a subject what was counted of it until now. Meant to run every second. */
export async function writeFolds(db: Db, now: Date): Promise<void> {
  const over = new Date(now.getTime() - MINUTE_MS);
  while ((await db.transaction().execute((tx) => write(tx, sql`minute <= ${over}`))) === WRITTEN_AT_ONCE);
}

/** What was counted of a subject so far becomes actions in the caller's transaction, before what is recorded there next. */
export async function writeFoldsOf(tx: Tx, subjectId: string): Promise<void> {
  await write(tx, sql`subject_id = ${subjectId}`);
}

async function write(tx: Tx, which: ReturnType<typeof sql>): Promise<number> {
  const { rows } = await sql<{
    minute: Date;
    action: ActionName;
    many_action: ActionName;
    actor: Omit<Actor, 'chains'>;
    subject_id: string;
    details: Folded['details'];
    count: number;
  }>`
    DELETE FROM activity_folds WHERE (minute, key) IN (
      SELECT minute, key FROM activity_folds WHERE ${which} ORDER BY minute, key LIMIT ${WRITTEN_AT_ONCE}::int FOR UPDATE SKIP LOCKED) RETURNING *`.execute(
    tx,
  );
  await appendAll(
    tx,
    rows
      .toSorted((a, b) => a.minute.getTime() - b.minute.getTime())
      .map(({ minute, action, many_action: many, actor, subject_id: subjectId, details, count }) => ({
        // What was done is recorded whatever waits.
        isDone: true,
        actor: { ...actor, chains: null },
        action: Number(count) >= MANY ? many : action,
        subjectId,
        details: { ...details, count: Number(count), minute: minute.toISOString() },
      })),
  );
  return rows.length;
}

function keyOf(what: object): string {
  return sha256(canonicalJson(what));
}
