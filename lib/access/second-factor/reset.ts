import 'server-only';
import type { Context } from '../../context';
import { AppError } from '../../core/errors';
import { lockUntilCommit } from '../../db/lock';
import type { Actor } from '../actor';
import { requireOnlyHere } from '../workspaces/own-account';
import { recordOfAccount } from '../workspaces/record-account';
import { hasSecondFactor, removeSecondFactor } from './standing';

/**
 * Takes the second factor of somebody who lost theirs away, and ends their sessions. @throws AppError NOT_FOUND; CONFLICT for one who has none, and for
 * one's own, which takes a password and a code.
 */
export async function resetSecondFactor(
  ctx: Context,
  { personId, actor }: { personId: string; actor: Actor },
): Promise<{ name: string; email: string }> {
  if (actor.id === personId)
    throw new AppError(
      'CONFLICT',
      'take your own second factor away under Your account, with your password and a code',
    );
  return ctx.db.transaction().execute(async (tx) => {
    await lockUntilCommit(tx, 'second-factor', personId);
    const person = await tx.selectFrom('user').select(['name', 'email']).where('id', '=', personId).executeTakeFirst();
    if (!person) throw new AppError('NOT_FOUND', 'nobody has this id', { personId });
    await requireOnlyHere(ctx, tx, personId);
    if (!(await hasSecondFactor(tx, personId)))
      throw new AppError('CONFLICT', 'this person has no second factor', { personId });
    await removeSecondFactor(tx, personId);
    await tx.deleteFrom('session').where('userId', '=', personId).execute();
    await recordOfAccount(ctx, tx, actor, { action: 'person.reset-second-factor', subjectId: personId });
    return person;
  });
}

/** The same by the address somebody signs in with. @throws AppError NOT_FOUND, CONFLICT. */
export async function resetSecondFactorOf(
  ctx: Context,
  { email, actor }: { email: string; actor: Actor },
): Promise<{ name: string; email: string }> {
  const row = await ctx.db.selectFrom('user').select('id').where('email', '=', email.toLowerCase()).executeTakeFirst();
  if (!row) throw new AppError('NOT_FOUND', 'nobody has this address', { email });
  return resetSecondFactor(ctx, { personId: row.id, actor });
}
