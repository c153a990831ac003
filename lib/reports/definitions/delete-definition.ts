import 'server-only';
import type { Actor } from '../../access/actor';
import * as audit from '../../audit/append';
import type { Context } from '../../context';
import { lockedDefinition } from './definition-of';

/** Removes a definition. Reports that were made of it stay, with what it was. @throws AppError NOT_FOUND. */
export async function deleteDefinition(
  { db }: Context,
  { definitionId, actor }: { definitionId: string; actor: Actor },
): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await lockedDefinition(tx, actor, definitionId);
    await tx.deleteFrom('report_definitions').where('id', '=', definitionId).execute();
    await audit.append(tx, actor, { action: 'report-definition.delete', subjectId: definitionId });
  });
}
