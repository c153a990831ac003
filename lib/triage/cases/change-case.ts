import 'server-only';
import type { Actor } from '../../access/actor';
import * as audit from '../../audit/append';
import type { Context } from '../../context';
import { AppError } from '../../core/errors';
import { namesOf, personOf } from '../../detect/query/findings';
import type { CaseChange, CaseChanges, CaseDetail, CaseFindings } from '../../schemas/cases';
import { getCase } from './cases';
import { addFindings, lockCase, writeCaseAct } from './write-case';

/**
 * Renames a case, moves it, gives it to somebody, adds a note, or several of these.
 * @throws AppError NOT_FOUND, BAD_REQUEST for an owner who is nobody here.
 */
export async function changeCase(
  ctx: Context,
  { caseId, change, actor }: { caseId: string; change: CaseChange; actor: Actor },
): Promise<CaseDetail> {
  const now = ctx.now();
  await ctx.db.transaction().execute(async (tx) => {
    const before = await lockCase(tx, caseId, actor);
    const owner = change.ownerId === undefined ? before.owner_id : change.ownerId;
    const names = await namesOf(
      tx,
      [before.owner_id, owner].flatMap((id) => id ?? []),
    );
    if (change.ownerId && !names.has(change.ownerId))
      throw new AppError('BAD_REQUEST', 'nobody of this installation has this id', { field: 'ownerId' });
    const { title: was } = before;
    const { title: called = was, status = before.status } = change;
    const changes: CaseChanges = {
      ...(called !== was && { title: { from: was, to: called } }),
      ...(status !== before.status && { status: { from: before.status, to: status } }),
      ...(owner !== before.owner_id && {
        owner: { from: personOf(names, before.owner_id), to: personOf(names, owner) },
      }),
    };
    const isChanged = Object.keys(changes).length > 0;
    if (!isChanged && change.note === undefined) return;
    await tx
      .updateTable('cases')
      .set({ title: called, status, owner_id: owner, updated_at: now })
      .where('id', '=', caseId)
      .execute();
    const action = isChanged ? 'case.change' : 'case.note';
    const act = await writeCaseAct(
      tx,
      actor,
      { hasher: ctx.hasher, now },
      { caseId, action, changes, note: change.note ?? null },
    );
    await audit.append(tx, actor, act);
  });
  return getCase(ctx, { caseId, workspaceId: actor.workspaceId });
}

/** Puts findings into a case, and takes others out. @throws AppError NOT_FOUND, BAD_REQUEST for too many. */
export async function changeCaseFindings(
  ctx: Context,
  { caseId, add, remove, actor }: CaseFindings & { caseId: string; actor: Actor },
): Promise<CaseDetail> {
  const now = ctx.now();
  await ctx.db.transaction().execute(async (tx) => {
    await lockCase(tx, caseId, actor);
    const removed =
      remove.length === 0
        ? []
        : await tx
            .deleteFrom('case_findings')
            .where('case_id', '=', caseId)
            .where('finding_id', 'in', remove)
            .returning('finding_id')
            .execute();
    const added = await addFindings(tx, caseId, add);
    if (added.length === 0 && removed.length === 0) return;
    await tx.updateTable('cases').set({ updated_at: now }).where('id', '=', caseId).execute();
    const changes: CaseChanges = {
      ...(added.length > 0 && { added }),
      ...(removed.length > 0 && { removed: removed.map(({ finding_id: id }) => id) }),
    };
    const act = await writeCaseAct(
      tx,
      actor,
      { hasher: ctx.hasher, now },
      { caseId, action: 'case.gather', changes, note: null },
    );
    await audit.append(tx, actor, act);
  });
  return getCase(ctx, { caseId, workspaceId: actor.workspaceId });
}
