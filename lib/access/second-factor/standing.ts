import 'server-only';
import type { Context } from '../../context';
import { AppError } from '../../core/errors';
import type { Db, Tx } from '../../db/database';
import { listPasskeys } from '../passkeys/known';
import type { SecondFactor } from '../../schemas/second-factor';

/** How many second factors a person has: an app that is set up, and passkeys. */
export async function factorsOf(db: Db | Tx, personId: string): Promise<number> {
  const { apps, passkeys } = await db
    .selectNoFrom(({ selectFrom, fn }) => [
      selectFrom('totp_secrets')
        .select(fn.countAll<number>().as('n'))
        .where('person_id', '=', personId)
        .where('confirmed_at', 'is not', null)
        .as('apps'),
      selectFrom('passkeys').select(fn.countAll<number>().as('n')).where('person_id', '=', personId).as('passkeys'),
    ])
    .executeTakeFirstOrThrow();
  return (apps ?? 0) + (passkeys ?? 0);
}

/** Whether a password alone does not let a person in. */
export async function hasSecondFactor(db: Db | Tx, personId: string): Promise<boolean> {
  return (await factorsOf(db, personId)) > 0;
}

/**
 * How many are left once one is removed. With the last one recovery codes go, which would stand for nothing. @throws AppError CONFLICT where everybody has
 * to have one.
 */
export async function afterRemoval(tx: Tx, personId: string): Promise<number> {
  const left = await factorsOf(tx, personId);
  if (left > 0) return left;
  if (await requiresSecondFactor(tx))
    throw new AppError('CONFLICT', 'everybody has to have a second factor here, by a decision of an administrator');
  await tx.deleteFrom('recovery_codes').where('person_id', '=', personId).execute();
  return 0;
}

/** Whether everybody who signs in by a password has to have one. */
async function requiresSecondFactor(db: Db | Tx): Promise<boolean> {
  const row = await db.selectFrom('access_policy').select('requires_second_factor').executeTakeFirst();
  return row?.requires_second_factor === true;
}

/** What a person has of it. */
export async function secondFactorOf(ctx: Context, personId: string): Promise<SecondFactor> {
  const { db } = ctx;
  const [totp, codes, isRequired, reset] = await Promise.all([
    db
      .selectFrom('totp_secrets')
      .select('confirmed_at')
      .where('person_id', '=', personId)
      .where('confirmed_at', 'is not', null)
      .executeTakeFirst(),
    db
      .selectFrom('recovery_codes')
      .select(({ fn }) => fn.countAll<number>().as('left'))
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
    passkeys: await listPasskeys(ctx, personId),
    appSince: totp?.confirmed_at?.toISOString() ?? null,
    recoveryCodesLeft: codes.left,
    isRequired,
    reset: reset ? { at: reset.occurred_at.toISOString(), by: reset.actor_name } : null,
  };
}

/** Takes everything of it away. */
export async function removeSecondFactor(tx: Tx, personId: string): Promise<void> {
  for (const table of ['totp_secrets', 'passkeys', 'recovery_codes'] as const)
    await tx.deleteFrom(table).where('person_id', '=', personId).execute();
}
