import 'server-only';
import type { Context } from '../../context';
import type { Db, Tx } from '../../db/database';
import type { SecondFactor } from '../../schemas/second-factor';

/** Whether a password alone does not let a person in. */
export async function hasSecondFactor(db: Db | Tx, personId: string): Promise<boolean> {
  const row = await db
    .selectFrom('totp_secrets')
    .select('person_id')
    .where('person_id', '=', personId)
    .where('confirmed_at', 'is not', null)
    .executeTakeFirst();
  return row !== undefined;
}

/** Whether everybody who signs in by a password has to have one. */
export async function requiresSecondFactor(db: Db | Tx): Promise<boolean> {
  const row = await db.selectFrom('access_policy').select('requires_second_factor').executeTakeFirst();
  return row?.requires_second_factor === true;
}

/** What a person has of it. */
export async function secondFactorOf({ db }: Context, personId: string): Promise<SecondFactor> {
  const [totp, codes, isRequired, reset] = await Promise.all([
    db
      .selectFrom('totp_secrets')
      .select('confirmed_at')
      .where('person_id', '=', personId)
      .where('confirmed_at', 'is not', null)
      .executeTakeFirst(),
    db
      .selectFrom('recovery_codes')
      .select(({ fn }) => fn.countAll<string>().as('left'))
      .where('person_id', '=', personId)
      .where('used_at', 'is', null)
      .executeTakeFirstOrThrow(),
    requiresSecondFactor(db),
    db
      .selectFrom('audit_log')
      .select(['occurred_at', 'actor_name'])
      .where('action', '=', 'person.reset-second-factor')
      .where('subject_id', '=', personId)
      .orderBy('id', 'desc')
      .limit(1)
      .executeTakeFirst(),
  ]);
  return {
    appSince: totp?.confirmed_at?.toISOString() ?? null,
    recoveryCodesLeft: Number(codes.left),
    isRequired,
    reset: reset ? { at: reset.occurred_at.toISOString(), by: reset.actor_name } : null,
  };
}

/** Takes everything of it away. */
export async function removeSecondFactor(tx: Tx, personId: string): Promise<void> {
  for (const table of ['totp_secrets', 'recovery_codes'] as const)
    await tx.deleteFrom(table).where('person_id', '=', personId).execute();
}
