import 'server-only';
import { randomUUID } from 'node:crypto';
import { isIP } from 'node:net';
import type { Actor } from '../access/actor';
import * as audit from '../audit/append';
import type { Context } from '../context';
import { AppError } from '../core/errors';
import { lockUntilCommit } from '../db/lock';
import type { CreatedDestination, NewDestination } from '../schemas/notifications';
import { destinationOf, requireFreeName } from './destination-of';
import { addressGuard } from './guard/address-guard';
import { type Target, seal } from './sealed';
import { newWebhookSecret } from './sign';

/** Destinations of a workspace. */
const MOST = 100;

/**
 * Adds somebody to tell. The secret of a webhook is answered once. A name of a host is held against the guard where messages are sent, each time.
 * @throws AppError CONFLICT for a name that is taken, past 100, and for mail without a mail server; BAD_REQUEST for an address that can be none.
 */
export async function createDestination(
  ctx: Context,
  { actor, ...made }: NewDestination & { actor: Actor },
): Promise<CreatedDestination> {
  const { target, address } = targetOf(ctx, made);
  return ctx.db.transaction().execute(async (tx) => {
    await lockUntilCommit(tx, 'notifications', actor.workspaceId);
    await requireFreeName(tx, actor, made.name, null);
    const { count } = await tx
      .selectFrom('notification_destinations')
      .select((of) => of.fn.countAll<number>().as('count'))
      .where('workspace_id', '=', actor.workspaceId)
      .executeTakeFirstOrThrow();
    if (Number(count) >= MOST)
      throw new AppError('CONFLICT', `there are ${MOST} destinations: delete one of them first`);
    const id = randomUUID();
    const row = await tx
      .insertInto('notification_destinations')
      .values({
        id,
        workspace_id: actor.workspaceId,
        name: made.name,
        kind: made.kind,
        address,
        sealed: seal(ctx, id, target),
        filter: JSON.stringify(made.filter),
        is_enabled: made.isEnabled,
        created_by: actor.name,
        created_at: ctx.now(),
        updated_at: ctx.now(),
      })
      .returningAll()
      .executeTakeFirstOrThrow();
    await audit.append(tx, actor, { action: 'destination.create', subjectId: id, details: { kind: made.kind } });
    return { ...destinationOf({ ...row, failed: 0 }), secret: 'secret' in target ? target.secret : null };
  });
}

/** What is kept sealed, and what of it may be shown: of Slack's addresses the path is the secret. */
function targetOf(ctx: Context, made: NewDestination): { target: Target; address: string } {
  if (made.kind === 'email') {
    if (!ctx.env.notify.mail)
      throw new AppError(
        'CONFLICT',
        'no mail server is stated: an operator sets SEALTRAIL_SMTP_URL and SEALTRAIL_SMTP_FROM',
      );
    return { target: { to: made.to }, address: made.to.join(', ') };
  }
  const url = new URL(made.url);
  const refuse = (message: string) => {
    throw new AppError('BAD_REQUEST', message, { field: 'url' });
  };
  if (url.username || url.password) refuse('url: an address with a name and a password in it is not used');
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const { isAllowed, isListed } = addressGuard(ctx.env.notify.allowed);
  if (isIP(host) && !isAllowed(host))
    refuse(`url: ${host} is no public address; an operator allows it by SEALTRAIL_NOTIFY_ALLOW`);
  if (url.protocol === 'http:' && isIP(host) && !isListed(host)) refuse('url: use https');
  url.hash = '';
  return made.kind === 'slack'
    ? { target: { url: url.href, secret: null }, address: `${url.origin}/…` }
    : {
        target: { url: url.href, secret: newWebhookSecret() },
        address: `${url.origin}${url.pathname}${url.search ? '?…' : ''}`,
      };
}
