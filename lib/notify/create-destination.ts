import 'server-only';
import { randomUUID } from 'node:crypto';
import type { Actor } from '../access/actor';
import * as audit from '../audit/append';
import type { Context } from '../context';
import { destinationDigest } from '../core/decisions';
import { AppError } from '../core/errors';
import { lockUntilCommit } from '../db/lock';
import type { CreatedDestination, NewDestination } from '../schemas/notifications';
import { destinationOf, requireFreeName } from './destination-of';
import { seal } from './sealed';
import { newWebhookSecret } from './sign';
import { targetOf } from './target-of';

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
  const { target, address } = targetOf(ctx, made, newWebhookSecret);
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
    await audit.append(tx, actor, {
      action: 'destination.create',
      subjectId: id,
      details: { kind: made.kind, stateSha256: destinationDigest(ctx.hasher, { ...row, isEnabled: row.is_enabled }) },
    });
    return { ...destinationOf({ ...row, failed: 0 }), secret: 'secret' in target ? target.secret : null };
  });
}
