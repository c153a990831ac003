import 'server-only';
import type { Actor } from '../../access/actor';
import type { Tx } from '../../db/database';
import type { ViewRow } from '../../db/schema';
import { AppError } from '../../core/errors';
import type { View } from '../../schemas/views';

/** A view as somebody sees it. */
export function viewOf(row: ViewRow, actor: Pick<Actor, 'id'>): View {
  return {
    id: row.id,
    name: row.name,
    isShared: row.is_shared,
    isMine: row.owner_id === actor.id,
    madeBy: row.owner_name,
    search: row.search,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
  };
}

/** What a view is set to, as actions say it by its digest. */
export function stateOf({ name, is_shared: isShared, search }: Pick<ViewRow, 'name' | 'is_shared' | 'search'>): object {
  return { name, isShared, search };
}

/** A view of the actor's own, locked. @throws AppError NOT_FOUND for one the actor does not see, FORBIDDEN for somebody else's. */
export async function ownView(tx: Tx, actor: Actor, viewId: string): Promise<ViewRow> {
  const row = await tx
    .selectFrom('views')
    .selectAll()
    .where('id', '=', viewId)
    .where('workspace_id', '=', actor.workspaceId)
    .forUpdate()
    .executeTakeFirst();
  const isMine = row?.owner_id === actor.id;
  if (!row || !(isMine || row.is_shared)) throw new AppError('NOT_FOUND', 'no view has this id', { viewId });
  if (!isMine)
    throw new AppError('FORBIDDEN', 'only who made a view changes it: save it as one of your own', { viewId });
  return row;
}

/** @throws AppError CONFLICT when another view of the actor's has the name, in any case of letters. */
export async function requireFreeName(tx: Tx, actor: Actor, name: string, viewId: string | null): Promise<void> {
  const others = await tx.selectFrom('views').select(['id', 'name']).where('owner_id', '=', actor.id).execute();
  if (others.some((other) => other.id !== viewId && other.name.toLowerCase() === name.toLowerCase()))
    throw new AppError('CONFLICT', `a view of yours is called "${name}" already`);
}
