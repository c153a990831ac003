import 'server-only';
import type { Context } from '../../context';
import { AppError } from '../../core/errors';
import type { Tx } from '../../db/database';
import { DEFAULT_WORKSPACE } from '../../schemas/workspace-id';

/**
 * Before the way somebody signs in is changed for them: an account is the installation's, so administrators of a further workspace do it for who is a member
 * of theirs alone. @throws AppError FORBIDDEN.
 */
export async function requireOnlyHere({ env }: Context, tx: Tx, personId: string): Promise<void> {
  if (env.workspaceId === DEFAULT_WORKSPACE) return;
  const shared = await tx
    .selectFrom('shared_people')
    .select('person_id')
    .where('person_id', '=', personId)
    .executeTakeFirst();
  if (shared)
    throw new AppError(
      'FORBIDDEN',
      'this person is a member of another workspace too: an administrator of the default one does this for them',
      { personId },
    );
}
