import 'server-only';
import type { Actor } from '../../access/actor';
import type { Context } from '../../context';
import type { View } from '../../schemas/views';
import { viewOf } from './view-of';

/** At most so many are listed. */
const MOST = 500;

/** The views a person sees: their own and those that are shared, by name. */
export async function listViews({ db }: Context, actor: Actor): Promise<View[]> {
  const rows = await db
    .selectFrom('views')
    .selectAll()
    .where('workspace_id', '=', actor.workspaceId)
    .where((is) => is.or([is('owner_id', '=', actor.id), is('is_shared', '=', true)]))
    .orderBy('name')
    .orderBy('id')
    .limit(MOST)
    .execute();
  return rows.map((row) => viewOf(row, actor));
}
