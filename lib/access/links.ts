import 'server-only';
import { randomBytes } from 'node:crypto';
import type { Context } from '../context';
import { sha256 } from '../crypto/sha256';
import type { Tx } from '../db/database';
import type { Role } from '../schemas/roles';
import type { Actor } from './actor';
import { linkText } from './workspaces/credential';

const DAY_MS = 24 * 3600 * 1000;
/** How long each kind is good. */
const GOOD_MS = { invitation: 7 * DAY_MS, password: DAY_MS };

type What = { kind: 'invitation'; email: string; role: Role } | { kind: 'password'; email: string; personId: string };
export type Link = { id: string; url: string; email: string; expiresAt: Date; tokenSha256: string };

/** Makes a link that is good once, in place of those to the same person; its text is in the answer and nowhere else. */
export async function makeLink(ctx: Context, tx: Tx, what: What, actor: Actor): Promise<Link> {
  const token = linkText(ctx.env.workspaceId, randomBytes(24).toString('base64url'));
  const [now, { kind, email }] = [ctx.now(), what];
  await tx
    .updateTable('access_links')
    .set({ ended_at: now })
    .where('kind', '=', kind)
    .where('email', '=', email)
    .where('ended_at', 'is', null)
    .execute();
  const expiresAt = new Date(now.getTime() + GOOD_MS[kind]);
  const tokenSha256 = sha256(token);
  const { id } = await tx
    .insertInto('access_links')
    .values({
      token_sha256: tokenSha256,
      kind,
      email,
      role: what.kind === 'invitation' ? what.role : null,
      person_id: what.kind === 'password' ? what.personId : null,
      created_by: actor.name,
      created_at: now,
      expires_at: expiresAt,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return { id, email, expiresAt, tokenSha256, url: new URL(`/join?token=${token}`, ctx.env.publicUrl).href };
}

/** Links that are good still, by what they hold. */
export function goodLinks(ctx: Context, db: Context['db'] | Tx) {
  return db.selectFrom('access_links').selectAll().where('ended_at', 'is', null).where('expires_at', '>', ctx.now());
}

/** What a link is for; null for one that is no more, or never was. */
export async function linkOf(
  ctx: Context,
  token: string,
): Promise<{ kind: What['kind']; email: string; role: Role | null } | null> {
  const row = await goodLinks(ctx, ctx.db).where('token_sha256', '=', sha256(token)).executeTakeFirst();
  return row ? { kind: row.kind, email: row.email, role: row.role } : null;
}
