import 'server-only';
import type { Actor } from '../access/actor';
import * as audit from '../audit/append';
import type { Context } from '../context';

/** Writes that somebody takes evidence away, before they have it: which kind, and its address here. @throws AppError UNAVAILABLE. */
export async function recordDownload(
  ctx: Context,
  actor: Actor,
  { of, path }: { of: string; path: string },
): Promise<void> {
  await ctx.db
    .transaction()
    .execute((tx) =>
      audit.append(tx, actor, { action: 'evidence.download', subjectId: path.slice(0, 500), details: { of } }),
    );
}
