import 'server-only';
import type { Actor } from '../access/actor';
import type { Tx } from '../db/database';
import { ACTIONS, type Action } from './actions';

/**
 * Writes that an actor did something, in the transaction in which it is done: both are there or neither. A verb that finds nothing to change
 * writes nothing; one that is refused rolls back. Rows are only ever added, and nothing but this file writes them.
 */
export async function append(tx: Tx, actor: Actor, action: Action): Promise<void> {
  await appendAll(tx, [{ actor, ...action }]);
}

/** Several at once, in one statement; none costs none. */
export async function appendAll(tx: Tx, done: readonly (Action & { actor: Actor })[]): Promise<void> {
  if (done.length === 0) return;
  await tx
    .insertInto('audit_log')
    .values(
      done.map(({ actor, action, subjectId, details = {} }) => ({
        workspace_id: actor.workspaceId,
        actor_kind: actor.kind,
        actor_id: actor.id,
        actor_name: actor.name,
        actor_role: actor.role,
        action,
        subject_type: ACTIONS[action],
        subject_id: subjectId,
        details: JSON.stringify(details),
      })),
    )
    .execute();
}
