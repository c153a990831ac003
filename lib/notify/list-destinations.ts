import 'server-only';
import type { Actor } from '../access/actor';
import type { Context } from '../context';
import type { DestinationList } from '../schemas/notifications';
import { FAILED, destinationOf } from './destination-of';

/** Every destination, by name. */
export async function listDestinations(
  { db, env }: Context,
  actor: Pick<Actor, 'workspaceId'>,
): Promise<DestinationList> {
  const rows = await db
    .selectFrom('notification_destinations as d')
    .selectAll('d')
    .select(FAILED.as('failed'))
    .where('d.workspace_id', '=', actor.workspaceId)
    .orderBy('d.name')
    .orderBy('d.id')
    .limit(500)
    .execute();
  return { items: rows.map(destinationOf), hasMail: env.notify.mail !== null };
}
