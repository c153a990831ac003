import 'server-only';
import { randomBytes } from 'node:crypto';
import type { Actor } from '../../access/actor';
import { sha256 } from '../../crypto/sha256';
import { linkText } from '../../access/workspaces/credential';
import * as audit from '../../audit/append';
import type { Context } from '../../context';
import { AppError } from '../../core/errors';
import type { CreatedShareLink, Shared } from '../../schemas/share-links';
import { getPackage } from '../packages';
import { getReportRun } from '../report-runs/runs';
import { toShareLink } from './list';

const DAY_MS = 24 * 3_600_000;
/** Good at once of one thing: each is one person's. */
const MOST = 50;

/**
 * Makes a link by which somebody without an account reads one kept report or one evidence package, and nothing else; its text is in the answer and nowhere
 * else. @throws AppError NOT_FOUND; CONFLICT while that is not made, and when it has 50 links that are good.
 */
export async function createShareLink(
  ctx: Context,
  { of, expiresInDays, note, actor }: { of: Shared; expiresInDays: number; note: string | null; actor: Actor },
): Promise<CreatedShareLink> {
  const { state } =
    of.kind === 'package' ? await getPackage(ctx, { packageId: of.id }) : await getReportRun(ctx, { runId: of.id });
  if (state !== 'done') throw new AppError('CONFLICT', 'it is not made yet: a link opens what is there', { state });
  const token = linkText(ctx.env.workspaceId, randomBytes(32).toString('base64url'));
  const now = ctx.now();
  const row = await ctx.db.transaction().execute(async (tx) => {
    const { good } = await tx
      .selectFrom('share_links')
      .select(({ fn }) => fn.countAll<number>().as('good'))
      .where('of_kind', '=', of.kind)
      .where('of_id', '=', of.id)
      .where('revoked_at', 'is', null)
      .where('expires_at', '>', now)
      .executeTakeFirstOrThrow();
    if (Number(good) >= MOST) throw new AppError('CONFLICT', `${MOST} links to it are good: revoke some first`);
    const made = await tx
      .insertInto('share_links')
      .values({
        token_sha256: sha256(token),
        of_kind: of.kind,
        of_id: of.id,
        note,
        created_by: actor.name,
        created_by_id: actor.id,
        created_at: now,
        expires_at: new Date(now.getTime() + expiresInDays * DAY_MS),
      })
      .returningAll()
      .executeTakeFirstOrThrow();
    await audit.append(tx, actor, {
      action: 'share-link.create',
      subjectId: made.id,
      // 256 random bits are not told by their digest.
      details: {
        of: of.kind,
        ofId: of.id,
        expiresInDays,
        expiresAt: made.expires_at.toISOString(),
        tokenSha256: made.token_sha256,
      },
    });
    return made;
  });
  return { ...toShareLink(row), url: new URL(`/shared?token=${token}`, ctx.env.publicUrl).href };
}
