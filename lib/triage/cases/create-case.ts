import 'server-only';
import type { Actor } from '../../access/actor';
import * as audit from '../../audit/append';
import type { Context } from '../../context';
import type { CaseDetail, NewCase } from '../../schemas/cases';
import { getCase } from './cases';
import { addFindings, writeCaseAct } from './write-case';

/** Begins a case, with findings or none; it is the person's who begins it. @throws AppError NOT_FOUND for a finding that is none. */
export async function createCase(
  ctx: Context,
  { title, findingIds, note, actor }: NewCase & { actor: Actor },
): Promise<CaseDetail> {
  const now = ctx.now();
  const caseId = await ctx.db.transaction().execute(async (tx) => {
    const { id } = await tx
      .insertInto('cases')
      .values({
        workspace_id: actor.workspaceId,
        title,
        status: 'new',
        owner_id: actor.kind === 'person' ? actor.id : null,
        created_by: actor.name,
        created_at: now,
        updated_at: now,
      })
      .returning('id')
      .executeTakeFirstOrThrow();
    const added = await addFindings(tx, id, findingIds);
    const changes = added.length > 0 ? { added } : {};
    const act = await writeCaseAct(
      tx,
      actor,
      { hasher: ctx.hasher, now },
      { caseId: id, action: 'case.create', changes, note: note ?? null },
    );
    await audit.append(tx, actor, act);
    return id;
  });
  return getCase(ctx, { caseId, workspaceId: actor.workspaceId });
}
