import 'server-only';
import * as audit from '../../audit/append';
import type { Context } from '../../context';
import { AppError } from '../../core/errors';
import { lockUntilCommit } from '../../db/lock';
import { DEFAULT_WORKSPACE } from '../../schemas/workspace-id';
import { personActor } from '../actor';
import { goodLinks } from '../links';
import { sha256 } from '../../crypto/sha256';
import { roleOf } from '../role-of';

/**
 * Makes somebody who has an account, and is signed in with it, a member of the workspace whose invitation was sent to their address; the link is no good after
 * that. @throws AppError FORBIDDEN for a link that was used, was taken back, has expired, is not one of ours, or was sent to somebody else.
 */
export async function acceptInvitation(
  ctx: Context,
  { token, person }: { token: string; person: { id: string; email: string } },
): Promise<{ workspaceId: string }> {
  const { workspaceId } = ctx.env;
  await ctx.db.transaction().execute(async (tx) => {
    await lockUntilCommit(tx, 'people', '');
    const link = await goodLinks(ctx, tx)
      .where('token_sha256', '=', sha256(token))
      .where('kind', '=', 'invitation')
      .forUpdate()
      .executeTakeFirst();
    if (!link || link.email !== person.email)
      throw new AppError(
        'FORBIDDEN',
        'this link was used, has expired, is not one of ours or was sent to somebody else',
      );
    const role = roleOf(link.role);
    await tx.updateTable('access_links').set({ ended_at: ctx.now() }).where('id', '=', link.id).execute();
    if (workspaceId === DEFAULT_WORKSPACE)
      await tx.updateTable('user').set({ role }).where('id', '=', person.id).execute();
    else
      await tx
        .insertInto('workspace_members')
        .values({ workspace_id: workspaceId, person_id: person.id, role })
        .onConflict((conflict) =>
          conflict.columns(['workspace_id', 'person_id']).doUpdateSet({ role, is_disabled: false }),
        )
        .execute();
    await audit.append(tx, personActor({ ...person, role, workspaceId }), {
      action: 'person.join',
      subjectId: person.id,
      details: { role },
    });
  });
  return { workspaceId };
}
