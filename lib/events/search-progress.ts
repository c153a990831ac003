import 'server-only';
import { type Actor, actorKey } from '../access/actor';
import type { Context } from '../context';
import { progressOf } from '../lake/query/progress';
import type { SearchProgress } from '../schemas/events';

/** What the ids of a search's queries begin with: nobody sees, or is taken for, another's. */
export function runOf(actor: Actor, run: string | undefined): string | undefined {
  return run === undefined ? undefined : `search ${actorKey(actor)} ${run} `;
}

/** How far a search has come that the actor named `run`; nothing of one that has ended or waits for its turn. */
export async function searchProgress(
  ctx: Context,
  { actor, run }: { actor: Actor; run: string },
): Promise<SearchProgress> {
  const { queries, seconds, rowsRead, rowsTotal } = await progressOf(ctx, runOf(actor, run) ?? '');
  return { isRunning: queries > 0, seconds, rowsRead, rowsTotal };
}
