import 'server-only';
import * as audit from '../audit/append';
import type { Context } from '../context';
import { AppError } from '../core/errors';
import type { SignedIn } from '../schemas/settings';
import type { Actor } from './actor';
import { authOf } from './auth';
import { requireOnlyHere } from './workspaces/own-account';

/** Browsers a person is signed in with, the one used last first; at most 500. `headers` are those of the request that asks. */
export async function listSessions(
  ctx: Context,
  { personId, headers }: { personId: string; headers: Headers },
): Promise<SignedIn[]> {
  const here = await authOf(ctx).api.getSession({ headers });
  const rows = await ctx.db
    .selectFrom('session')
    .select(['id', 'userAgent', 'ipAddress', 'createdAt', 'updatedAt'])
    .where('userId', '=', personId)
    .where('expiresAt', '>', ctx.now())
    .orderBy('updatedAt', 'desc')
    .limit(500)
    .execute();
  return rows.map((row) => ({
    id: row.id,
    userAgent: row.userAgent || null,
    address: row.ipAddress || null,
    since: row.createdAt.toISOString(),
    lastUsedAt: row.updatedAt.toISOString(),
    isThis: row.id === here?.session.id,
  }));
}

/** Ends one session of a person, or all of them, at once. @throws AppError NOT_FOUND for one that is not theirs. */
export async function endSessions(
  ctx: Context,
  { personId, sessionId, actor }: { personId: string; sessionId?: string; actor: Actor },
): Promise<{ ended: number }> {
  return ctx.db.transaction().execute(async (tx) => {
    if (personId !== actor.id) await requireOnlyHere(ctx, tx, personId);
    const ended = await tx
      .deleteFrom('session')
      .where('userId', '=', personId)
      .$if(sessionId !== undefined, (query) => query.where('id', '=', sessionId ?? ''))
      .returning('id')
      .execute();
    if (ended.length === 0 && sessionId !== undefined)
      throw new AppError('NOT_FOUND', 'no session of yours has this id', { sessionId });
    if (ended.length > 0)
      await audit.append(tx, actor, {
        action: 'person.end-sessions',
        subjectId: personId,
        details: { sessions: ended.length },
      });
    return { ended: ended.length };
  });
}
