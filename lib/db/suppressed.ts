import 'server-only';
import { type RawBuilder, sql } from 'kysely';
import type { Db, Tx } from './database';

/** Of a row of `suppressions` called `s`: whether it is in force. */
export const IN_FORCE = sql<boolean>`(s.ended_at IS NULL AND s.expires_at > now())`;

/** Of a finding whether suppressions may hide it: what was decided, or confirmed as true, is shown whatever they say. */
export function hideable(finding: RawBuilder<unknown>): RawBuilder<boolean> {
  return sql<boolean>`(${finding}.status NOT IN ('resolved', 'closed') AND ${finding}.verdict IS DISTINCT FROM 'true_positive')`;
}

/** Whether a suppression that is in force hides a finding, which is a row of a query by this name. */
export function isHidden(finding: string): RawBuilder<boolean> {
  const row = sql.id(finding);
  // All of it under EXISTS, so that PostgreSQL can join by it.
  return sql<boolean>`EXISTS (SELECT FROM suppressed_findings h JOIN suppressions s ON s.id = h.suppression_id
    WHERE h.finding_id = ${row}.id AND ${IN_FORCE} AND ${hideable(row)})`;
}

/** Of a row of `suppressions` called `s`: whether what it hides is noted with the findings: not what expired and was told of, or was ended. */
const NOTED = sql<boolean>`(s.ended_at IS NULL AND s.told_at IS NULL)`;

/** Of a row of `findings` whether such a suppression leaves too few records of it. */
export const IS_NOTED = sql<boolean>`EXISTS (SELECT FROM suppressed_findings h JOIN suppressions s ON s.id = h.suppression_id
  WHERE h.finding_id = findings.id AND ${NOTED})`;

/** Of a row of `findings` 1 where it is noted as hidden and may be, else 0: as indexes have it. */
export const HIDDEN_AS_NOTED = sql<number>`(CASE WHEN findings.suppressed AND findings.status NOT IN ('resolved', 'closed') AND findings.verdict IS DISTINCT FROM 'true_positive' THEN 1 ELSE 0 END)`;

/** Whether a suppression has expired that is noted still: what is hidden is then worked out and not taken from what is noted. */
export async function isLate(db: Db | Tx): Promise<boolean> {
  const late = await db
    .selectFrom('suppressions as s')
    .where(NOTED)
    .where('s.expires_at', '<=', ({ fn }) => fn<Date>('now'))
    .select('s.id')
    .limit(1)
    .executeTakeFirst();
  return late !== undefined;
}

/** Notes with findings that some suppressions leave too few records of, or did, whether one hides them. */
export async function noteHidden(tx: Tx, suppressionIds: readonly string[]): Promise<void> {
  await note(
    tx,
    sql`findings.id IN (SELECT finding_id FROM suppressed_findings WHERE suppression_id = ANY(${suppressionIds}::uuid[]))`,
  );
}

/** Notes the same with findings of a rule that stand in a time. */
export async function noteHiddenOf(tx: Tx, ruleId: string, { from, to }: { from: Date; to: Date }): Promise<void> {
  await note(tx, sql`findings.rule_id = ${ruleId} AND findings.window_from < ${to} AND findings.window_to > ${from}`);
}

async function note(tx: Tx, those: RawBuilder<unknown>): Promise<void> {
  await sql`UPDATE findings SET suppressed = NOT suppressed WHERE ${those} AND suppressed IS DISTINCT FROM ${IS_NOTED}`.execute(
    tx,
  );
}
