import 'server-only';
import type { Actor } from '../../access/actor';
import type { Action, ActionName } from '../../audit/actions';
import type { Context } from '../../context';
import { stateDigest, textDigest } from '../../core/decisions';
import { AppError } from '../../core/errors';
import type { Tx } from '../../db/database';
import { isFleetFinding } from '../../db/of-fleet';
import { type CaseChanges, MOST_CASE_FINDINGS } from '../../schemas/cases';

/** Adds to the history of a case, and answers what that is to the audit log. */
export async function writeCaseAct(
  tx: Tx,
  actor: Actor,
  { hasher, now }: Pick<Context, 'hasher'> & { now: Date },
  { caseId, action, changes, note }: { caseId: string; action: ActionName; changes: CaseChanges; note: string | null },
): Promise<Action> {
  await tx
    .insertInto('case_acts')
    .values({
      case_id: caseId,
      acted_at: now,
      actor_kind: actor.kind,
      actor_id: actor.id,
      actor_name: actor.name,
      changes: JSON.stringify(changes),
      note,
    })
    .execute();
  const { status, owner, added, removed } = changes;
  return {
    action,
    subjectId: caseId,
    details: {
      ...(status && { from: status.from, to: status.to }),
      ...(owner && { owner: owner.to?.id ?? null }),
      ...(added && { added: added.length }),
      ...(removed && { removed: removed.length }),
      ...(note !== null && { noteSha256: textDigest(hasher, note) }),
      stateSha256: stateDigest(hasher, await stateOf(tx, caseId)),
    },
  };
}

/** What a case is, as actions say it by its digest. */
async function stateOf(tx: Tx, caseId: string): Promise<object> {
  const {
    title,
    status,
    owner_id: ownerId,
  } = await tx
    .selectFrom('cases')
    .select(['title', 'status', 'owner_id'])
    .where('id', '=', caseId)
    .executeTakeFirstOrThrow();
  const findings = await tx
    .selectFrom('case_findings')
    .select('finding_id')
    .where('case_id', '=', caseId)
    .orderBy('finding_id')
    .execute();
  return { title, status, ownerId, findingIds: findings.map(({ finding_id: id }) => id) };
}

/** Puts findings into a case; answers those that were not in it. @throws AppError NOT_FOUND for one that is none, BAD_REQUEST for too many. */
export async function addFindings(tx: Tx, caseId: string, findingIds: readonly string[]): Promise<string[]> {
  const ids = [...new Set(findingIds)];
  if (ids.length === 0) return [];
  const known = new Set(
    (
      await tx
        .selectFrom('findings')
        .select('id')
        .where('id', 'in', ids)
        // Everybody sees cases.
        .where(isFleetFinding('findings.id'))
        .execute()
    ).map(({ id }) => id),
  );
  const unknown = ids.find((id) => !known.has(id));
  if (unknown) throw new AppError('NOT_FOUND', 'no finding has this id', { findingId: unknown });
  const added = await tx
    .insertInto('case_findings')
    .values(ids.map((id) => ({ case_id: caseId, finding_id: id })))
    .onConflict((conflict) => conflict.doNothing())
    .returning('finding_id')
    .execute();
  const { total } = await tx
    .selectFrom('case_findings')
    .where('case_id', '=', caseId)
    .select(({ fn }) => fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow();
  if (Number(total) > MOST_CASE_FINDINGS)
    throw new AppError('BAD_REQUEST', `a case has at most ${MOST_CASE_FINDINGS} findings; begin another one`, {
      limit: MOST_CASE_FINDINGS,
    });
  return added.map(({ finding_id: id }) => id);
}

/** Locks a case until the transaction ends. @throws AppError NOT_FOUND. */
export async function lockCase(tx: Tx, caseId: string, { workspaceId }: Pick<Actor, 'workspaceId'>) {
  const row = await tx
    .selectFrom('cases')
    .select(['id', 'title', 'status', 'owner_id'])
    .where('id', '=', caseId)
    .where('workspace_id', '=', workspaceId)
    .forUpdate()
    .executeTakeFirst();
  if (!row) throw new AppError('NOT_FOUND', 'no case has this id', { caseId });
  return row;
}
