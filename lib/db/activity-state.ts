import 'server-only';
import { sql } from 'kysely';
import { OWN_CHAIN } from '../core/own-chain';
import type { Db, Tx } from './database';

/** Actions are refused from when so many lines wait to be carried into evidence, which migration 0073 has in the trigger, until fewer than these do. */
const REFUSED_UNTIL = 1_000;
/** Times in a row that lines must be carried before trouble counts as over. */
const SUCCESSES_NEEDED = 3;

/** How far actions are in evidence. */
export type ActivityState = {
  /** Lines that are not in evidence. */
  waiting: number;
  isRefusing: boolean;
  trouble: { since: Date; cause: string } | null;
  /** Rows of the database that were not what the chain says, when they were compared last. */
  differences: number;
};

export async function activityState(db: Db | Tx): Promise<ActivityState> {
  const { rows } = await sql<{
    waiting: number;
    is_refusing: boolean;
    since: Date | null;
    trouble: string | null;
    differences: number;
  }>`
    SELECT coalesce((SELECT max(seq) FROM activity_lines), 0) - carried_seq AS waiting, is_refusing, trouble_since AS since, trouble, differences
    FROM activity_carry`.execute(db);
  const [row] = rows;
  if (!row) throw new Error('the one row of activity_carry is gone');
  const { waiting, is_refusing: isRefusing, since, trouble, differences } = row;
  return {
    waiting: Math.max(0, Number(waiting)),
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
      is_refusing = is_refusing AND coalesce((SELECT max(seq) FROM activity_lines), 0) - ${seq}::bigint >= ${REFUSED_UNTIL}::bigint,
      trouble_since = CASE WHEN successes + 1 < ${SUCCESSES_NEEDED}::int THEN trouble_since END,
      trouble = CASE WHEN successes + 1 < ${SUCCESSES_NEEDED}::int THEN trouble END,
      successes = least(successes + 1, ${SUCCESSES_NEEDED}::int)
    WHERE carried_seq <> ${seq}::bigint OR is_refusing OR trouble_since IS NOT NULL`.execute(db);
}

/** Notes that lines could not be carried. */
export async function noteNotCarried(db: Db | Tx, cause: string, at: Date): Promise<void> {
  await sql`UPDATE activity_carry SET trouble_since = coalesce(trouble_since, ${at}::timestamptz), trouble = ${cause}, successes = 0`.execute(
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
