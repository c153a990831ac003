import 'server-only';
import type { Actor } from '../access/actor';
import { createPasswordLink } from '../access/change-person';
import { createInvitation } from '../access/invitations';
import type { Link } from '../access/links';
import type { Context } from '../context';
import { ROLE_LABEL, type Role } from '../schemas/roles';
import type { CreatedLink } from '../schemas/settings';
import { sendMail } from './send/send-mail';

/** Invites somebody, and mails them the link where a mail server is stated. @throws as `createInvitation`; a mail that fails is part of the answer. */
export async function invite(
  ctx: Context,
  { email, role, actor }: { email: string; role: Role; actor: Actor },
): Promise<CreatedLink> {
  const link = await createInvitation(ctx, { email, role, actor });
  return mailed(ctx, link, `You are invited to Sealtrail as an ${ROLE_LABEL[role].toLowerCase()}`, [
    `${actor.name} invites you to the Sealtrail at ${ctx.env.publicUrl}. Choose a name and a password by this link.`,
  ]);
}

/** Gives a person a link to set a new password by, and mails it where a mail server is stated. @throws as `createPasswordLink`. */
export async function resetPassword(
  ctx: Context,
  { personId, actor }: { personId: string; actor: Actor },
): Promise<CreatedLink> {
  const link = await createPasswordLink(ctx, { personId, actor });
  return mailed(ctx, link, 'Set a new password for Sealtrail', [
    `${actor.name} lets you set a new password for the Sealtrail at ${ctx.env.publicUrl} by this link. Until then the old one stays.`,
  ]);
}

async function mailed(ctx: Context, link: Link, subject: string, lines: readonly string[]): Promise<CreatedLink> {
  const made = { url: link.url, expiresAt: link.expiresAt.toISOString() };
  if (!ctx.env.notify.mail) return { ...made, mail: 'none', mailFailure: null };
  const once = `It is good once, until ${made.expiresAt}.`;
  const { failure } = await sendMail(ctx, {
    to: [link.email],
    id: link.id,
    message: { subject, lines: [...lines, once], url: link.url },
  });
  return { ...made, mail: failure === null ? 'sent' : 'failed', mailFailure: failure };
}
