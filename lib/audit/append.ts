import 'server-only';
import type { Actor } from '../access/actor';
import { AppError } from '../core/errors';
import { isOwnChain } from '../core/own-chain';
import { refusal } from '../db/activity-state';
import type { Db, Tx } from '../db/database';
import { ACTIONS, type Action, type ActionName } from './actions';
import { bodyOf } from '../core/activity-body';

type Done = Action & { actor: Actor /** Nothing can be refused of it any more. */; isDone?: true };

/**
 * Writes that an actor did something, in the transaction in which it is done: both are there or neither. A verb that finds nothing to change
 * writes nothing; one that is refused rolls back. Rows are only ever added, and nothing but this file writes them. When the transaction commits, the action
 * becomes the next line of the chain of actions, so that one that was answered is durable in it.
 * @throws AppError UNAVAILABLE while actions are refused, because too many wait to be carried into evidence, or one for too long.
 */
export async function append(tx: Tx, actor: Actor, action: Action): Promise<void> {
  await appendAll(tx, [{ actor, ...action }]);
}

/** Several at once; none costs none. */
export async function appendAll(tx: Tx, done: readonly Done[]): Promise<void> {
  const recorded = done.filter((one) => !isUpkeep(one));
  if (recorded.length === 0) return;
  if (recorded.some(isRefusable)) await requireCarried(tx);
  const rows = await tx
    .insertInto('audit_log')
    .values(
      recorded.map(({ actor, action, subjectId, details = {} }) => ({
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
    .returningAll()
    .execute();
  await tx
    .insertInto('activity_lines')
    .values(rows.map((row) => ({ audit_id: row.id, body: bodyOf(row) })))
    .execute();
}

/**
 * What Sealtrail does by itself with the chain of actions is none: closing a segment of it would be a line, which opens the next segment, which is closed in its
 * turn, for ever. Its segments and signatures are in evidence and in the transparency log.
 */
function isUpkeep({ actor, action, subjectId, chainId }: Done): boolean {
  return actor.kind === 'system' && isOwnChain(chainId ?? (ACTIONS[action] === 'chain' ? subjectId : null));
}

/** What brings records of guardrails in goes on whatever becomes of actions. */
const BRINGS_IN: ReadonlySet<ActionName> = new Set(['alarm.raise', 'chain.append', 'chain.upload', 'sidecar.add']);

function isRefusable({ actor, action, isDone }: Done): boolean {
  return !isDone && actor.kind !== 'system' && !BRINGS_IN.has(action);
}

/** @throws AppError UNAVAILABLE. */
export async function requireCarried(tx: Db | Tx): Promise<void> {
  const refused = await refusal(tx);
  if (refused)
    throw new AppError(
      'UNAVAILABLE',
      `actions are refused: too many wait to be carried into evidence, or for too long${refused.cause ? `, since ${refused.cause}` : ''}. Logs are still taken in; what you asked for was not done`,
    );
}
