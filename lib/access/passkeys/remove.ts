import 'server-only';
import * as audit from '../../audit/append';
import type { Context } from '../../context';
import { AppError } from '../../core/errors';
import type { Tx } from '../../db/database';
import { lockUntilCommit } from '../../db/lock';
import type { Actor } from '../actor';
import { requireOwnPassword } from '../require-own-password';
import { afterRemoval, factorsOf } from '../second-factor/standing';
import { withCode } from '../second-factor/with-code';

type Removal = { actor: Actor; passkeyId: string; password: string; code?: string | undefined };

/**
 * Forgets a passkey of one's own. Of the last second factor it takes a recovery code too. @throws AppError NOT_FOUND; FORBIDDEN and BUSY of the password
 * and the code; CONFLICT where everybody has to have a second factor and this is the last.
 */
export async function removePasskey(ctx: Context, { actor, passkeyId, password, code }: Removal): Promise<void> {
  await requireOwnPassword(ctx, { personId: actor.id, email: actor.name, password });
  const isLast = (await factorsOf(ctx.db, actor.id)) === 1;
  if (isLast)
    return withCode(ctx, { personId: actor.id, code: code ?? '', from: 'any' }, (tx) =>
      remove(tx, { actor, passkeyId }, 0),
    );
  await ctx.db.transaction().execute(async (tx) => {
    await lockUntilCommit(tx, 'second-factor', actor.id);
    await remove(tx, { actor, passkeyId }, 1);
  });
}

/** `least`: how many second factors have to be left. */
async function remove(tx: Tx, { actor, passkeyId }: Pick<Removal, 'actor' | 'passkeyId'>, least: 0 | 1): Promise<void> {
  const { numDeletedRows } = await tx
    .deleteFrom('passkeys')
    .where('id', '=', passkeyId)
    .where('person_id', '=', actor.id)
    .executeTakeFirst();
  if (numDeletedRows === 0n) throw new AppError('NOT_FOUND', 'no passkey of yours has this id', { passkeyId });
  if ((await afterRemoval(tx, actor.id)) < least)
    throw new AppError('CONFLICT', 'the others were removed in another window just now: try again');
  await audit.append(tx, actor, {
    action: 'person.remove-second-factor',
    subjectId: actor.id,
    details: { kind: 'passkey', passkeyId },
  });
}
