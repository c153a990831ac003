import 'server-only';
import type { Actor } from '../access/actor';
import * as audit from '../audit/append';
import { fold } from '../audit/fold';
import type { Context } from '../context';

/** Kinds of things that tokens read within a minute, times tokens, that are counted apart. */
const MOST_READ_APART = 1_000;

/**
 * Writes that somebody takes evidence away, before they have it: which kind, and its address here. A file is an action each; of what is read a page at a
 * time those of a token within a minute are one, and what a person looks at is none. @throws AppError UNAVAILABLE.
 */
export async function recordDownload(
  ctx: Context,
  actor: Actor,
  { of, path, isFile }: { of: string; path: string; isFile: boolean },
): Promise<void> {
  if (isFile)
    return ctx.db
      .transaction()
      .execute((tx) =>
        audit.append(tx, actor, { action: 'evidence.download', subjectId: path.slice(0, 500), details: { of } }),
      );
  if (actor.kind !== 'token') return;
  await audit.requireCarried(ctx.db);
  const read = { action: 'evidence.read', manyAction: 'evidence.read', subjectId: of, details: {} } as const;
  await fold(ctx.db, ctx.now(), actor, { ...read, mostApart: MOST_READ_APART });
}
