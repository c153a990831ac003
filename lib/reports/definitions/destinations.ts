import 'server-only';
import { sql } from 'kysely';
import type { Actor } from '../../access/actor';
import { AppError } from '../../core/errors';
import type { Db, Tx } from '../../db/database';

/** Ids of those who are sent reports of each of these definitions, in order. */
export async function destinationsOf(db: Db | Tx, definitionIds: readonly string[]): Promise<Map<string, string[]>> {
  if (definitionIds.length === 0) return new Map();
  const rows = await db
    .selectFrom('report_definition_destinations')
    .selectAll()
    .where(sql<boolean>`definition_id = ANY(${definitionIds}::uuid[])`)
    .orderBy('destination_id')
    .execute();
  const by = Map.groupBy(rows, (row) => row.definition_id);
  return new Map([...by].map(([id, of]) => [id, of.map((row) => row.destination_id)]));
}

/** Has these sent reports of a definition, and nobody else. @throws AppError BAD_REQUEST for one that is none of the workspace's. */
export async function setDestinations(
  tx: Tx,
  actor: Actor,
  definitionId: string,
  destinationIds: readonly string[],
): Promise<void> {
  const known = await tx
    .selectFrom('notification_destinations')
    .select('id')
    .where('workspace_id', '=', actor.workspaceId)
    .where(sql<boolean>`id = ANY(${destinationIds}::uuid[])`)
    .execute();
  const unknown = destinationIds.find((id) => !known.some((row) => row.id === id));
  if (unknown !== undefined)
    throw new AppError('BAD_REQUEST', `destinationIds: no destination has the id ${unknown}`, {
      field: 'destinationIds',
    });
  await tx.deleteFrom('report_definition_destinations').where('definition_id', '=', definitionId).execute();
  if (destinationIds.length > 0)
    await tx
      .insertInto('report_definition_destinations')
      .values(destinationIds.map((id) => ({ definition_id: definitionId, destination_id: id })))
      .execute();
}
