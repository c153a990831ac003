import 'server-only';
import * as audit from '../audit/append';
import type { Context } from '../context';
import { AppError } from '../core/errors';
import { lockUntilCommit } from '../db/lock';
import type { Role } from '../schemas/roles';
import type { Invitation } from '../schemas/settings';
import { DEFAULT_WORKSPACE } from '../schemas/workspace-id';
import type { Actor } from './actor';
import { type Link, goodLinks, makeLink } from './links';
import { isMember } from './role-of';
import { requirePasswordSignIn } from './oidc/accounts';

/** Makes the link somebody becomes a person by, with a role. @throws AppError CONFLICT for an address somebody has already, and where nobody signs in by a password. */
export async function createInvitation(
  ctx: Context,
  { email: given, role, actor }: { email: string; role: Role; actor: Actor },
): Promise<Link> {
  // Into a further one people may be invited who have an account by the identity provider.
  if (ctx.env.workspaceId === DEFAULT_WORKSPACE) requirePasswordSignIn(ctx.env);
  const email = given.toLowerCase();
  return ctx.db.transaction().execute(async (tx) => {
    await lockUntilCommit(tx, 'people', '');
    const known = await tx.selectFrom('user').select(['id', 'role']).where('email', '=', email).executeTakeFirst();
    if (known && isMember(known.role))
      throw new AppError('CONFLICT', 'somebody has this address already', { personId: known.id });
    const link = await makeLink(ctx, tx, { kind: 'invitation', email, role }, actor);
    await audit.append(tx, actor, {
      action: 'invitation.create',
      subjectId: link.id,
      details: { role, given: role, tokenSha256: link.tokenSha256, expiresAt: link.expiresAt.toISOString() },
    });
    return link;
  });
}

/** Invitations that are good still, the newest first; at most 500. */
export async function listInvitations(ctx: Context): Promise<Invitation[]> {
  const rows = await goodLinks(ctx, ctx.db)
    .where('kind', '=', 'invitation')
    .orderBy('created_at', 'desc')
    .limit(500)
    .execute();
  return rows.flatMap(({ id, email, role, created_by: createdBy, created_at: at, expires_at: until }) =>
    role === null ? [] : [{ id, email, role, createdBy, createdAt: at.toISOString(), expiresAt: until.toISOString() }],
  );
}

/** Takes an invitation back. @throws AppError NOT_FOUND for one that is not good any more. */
export async function revokeInvitation(
  ctx: Context,
  { invitationId, actor }: { invitationId: string; actor: Actor },
): Promise<void> {
  await ctx.db.transaction().execute(async (tx) => {
    const { numUpdatedRows } = await tx
      .updateTable('access_links')
      .set({ ended_at: ctx.now() })
      .where('id', '=', invitationId)
      .where('kind', '=', 'invitation')
      .where('ended_at', 'is', null)
      .executeTakeFirst();
    if (numUpdatedRows === 0n) throw new AppError('NOT_FOUND', 'no invitation of this id is open', { invitationId });
    await audit.append(tx, actor, { action: 'invitation.revoke', subjectId: invitationId });
  });
}
