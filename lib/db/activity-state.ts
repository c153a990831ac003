import 'server-only';
import { type RawBuilder, sql } from 'kysely';
import { OWN_CHAIN } from '../core/own-chain';
import type { Db, Tx } from './database';

/** Actions are refused from when so many lines wait to be carried into evidence, which migration 0073 has in the trigger, until fewer than these do. */
const REFUSED_UNTIL = 1_000;
/** Actions are refused from when a line waits for so long, however few do, until none waits for longer than a minute. */
const REFUSED_FROM_AGE_SECONDS = 15 * 60;
const REFUSED_UNTIL_AGE_SECONDS = 60;
/** Times in a row that lines must be carried before trouble counts as over. */
const SUCCESSES_NEEDED = 3;

/** How far actions are in evidence. */
export type ActivityState = {
  /** Lines that are not in evidence. */
  waiting: number;
  /** How long the first of them has waited; 0 when none does. */
  oldestSeconds: number;
  isRefusing: boolean;
  trouble: { since: Date; cause: string } | null;
  /** Rows of the database that were not what the chain says, when they were compared last. */
  differences: number;
};

/** Seconds that the first line behind one has waited, by the clock of the database; 0 where there is none. */
function ageAfter(seq: RawBuilder<unknown>): RawBuilder<number> {
  return sql<number>`coalesce((SELECT extract(epoch FROM clock_timestamp() - a.occurred_at) FROM activity_lines l JOIN audit_log a ON a.id = l.audit_id WHERE l.seq = ${seq} + 1), 0)`;
}

/** Of the row of `activity_carry`: no worker need be there to say so. */
const IS_REFUSING = sql<boolean>`(is_refusing OR ${ageAfter(sql`carried_seq`)} >= ${REFUSED_FROM_AGE_SECONDS}::int)`;

/** Why actions are refused, or null while they are not. */
export async function refusal(db: Db | Tx): Promise<{ cause: string | null } | null> {
  const { rows } = await sql<{
    trouble: string | null;
  }>`SELECT trouble FROM activity_carry WHERE ${IS_REFUSING}`.execute(db);
  const [row] = rows;
  return row ? { cause: row.trouble } : null;
}

export async function activityState(db: Db | Tx): Promise<ActivityState> {
  const { rows } = await sql<{
    waiting: number;
    oldest: number;
    is_refusing: boolean;
    since: Date | null;
    trouble: string | null;
    differences: number;
  }>`
    SELECT coalesce((SELECT max(seq) FROM activity_lines), 0) - carried_seq AS waiting, ${ageAfter(sql`carried_seq`)}::float8 AS oldest,
      ${IS_REFUSING} AS is_refusing, trouble_since AS since, trouble, differences
    FROM activity_carry`.execute(db);
  const [row] = rows;
  if (!row) throw new Error('the one row of activity_carry is gone');
  const { waiting, oldest, is_refusing: isRefusing, since, trouble, differences } = row;
  return {
    waiting: Math.max(0, Number(waiting)),
    oldestSeconds: Math.round(oldest),
    isRefusing,
    trouble: since && { since, cause: trouble ?? '' },
    differences,
  };
}

/** The last line that is in evidence, by the evidence and by what was noted; null when none is. */
export async function lastCarried(db: Db | Tx): Promise<{ seq: number; hash: string | null }> {
  const [tail, carry] = await Promise.all([
    db.selectFrom('tails').select('result').where('chain_id', '=', OWN_CHAIN.id).executeTakeFirst(),
    db.selectFrom('activity_carry').select('carried_seq').executeTakeFirstOrThrow(),
  ]);
  const last = tail?.result.last ?? null;
  // A line that was altered so that it is no record has no number there.
  return { seq: Math.max(last?.sequence ?? 0, carry.carried_seq), hash: last?.hash ?? null };
}

/** Notes that lines up to this one are in evidence, or that none waited. */
export async function noteCarried(db: Db | Tx, seq: number): Promise<void> {
  await sql`
    UPDATE activity_carry SET carried_seq = ${seq}::bigint,
      is_refusing = CASE WHEN is_refusing
        THEN coalesce((SELECT max(seq) FROM activity_lines), 0) - ${seq}::bigint >= ${REFUSED_UNTIL}::bigint OR ${ageAfter(sql`${seq}::bigint`)} >= ${REFUSED_UNTIL_AGE_SECONDS}::int
        ELSE ${ageAfter(sql`${seq}::bigint`)} >= ${REFUSED_FROM_AGE_SECONDS}::int END,
      trouble_since = CASE WHEN successes + 1 < ${SUCCESSES_NEEDED}::int THEN trouble_since END,
      trouble = CASE WHEN successes + 1 < ${SUCCESSES_NEEDED}::int THEN trouble END,
      successes = least(successes + 1, ${SUCCESSES_NEEDED}::int)
    WHERE carried_seq <> ${seq}::bigint OR is_refusing OR trouble_since IS NOT NULL`.execute(db);
}

/** Has the open segment of the chain of actions closed, and signed, at once. */
export async function wantSegmentClosed(db: Db | Tx): Promise<void> {
  await db.updateTable('tails').set({ close_wanted: true }).where('chain_id', '=', OWN_CHAIN.id).execute();
}

/** Notes that lines could not be carried. */
export async function noteNotCarried(db: Db | Tx, cause: string, at: Date): Promise<void> {
  await sql`UPDATE activity_carry SET trouble_since = coalesce(trouble_since, ${at}::timestamptz), trouble = ${cause}, successes = 0, is_refusing = ${IS_REFUSING}`.execute(
    db,
  );
}

/** Forgets the text of lines that a closed segment of evidence holds, the last one apart. */
export async function forgetClosedLines(db: Db | Tx): Promise<void> {
  await sql`
    UPDATE activity_lines SET line = NULL WHERE line IS NOT NULL AND seq < (
      SELECT least(t.closed_records + 1, c.carried_seq) FROM activity_carry c, tails t JOIN chains own ON own.id = t.chain_id
      WHERE t.chain_id = ${OWN_CHAIN.id}::uuid AND own.verdict = 'verified' AND own.verified_generation = own.generation)`.execute(
    db,
  );
}
