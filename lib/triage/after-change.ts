import type { Selectable } from 'kysely';
import type { Actor } from '../access/actor';
import { AppError } from '../core/errors';
import type { FindingsTable } from '../db/schema';
import { type FindingChange, isDecided } from '../schemas/triage';

/** What people decide about a finding. */
export type Standing = Pick<
  Selectable<FindingsTable>,
  'status' | 'verdict' | 'assignee_id' | 'acknowledged_at' | 'decided_at'
>;

/**
 * What a change makes of a finding; equal where it is so already. Taking up what nobody has gives it to the person who does; opening what was decided
 * takes its verdict back, unless another is given.
 * @throws AppError BAD_REQUEST for a verdict taken from what stays decided.
 */
export function afterChange(
  before: Standing,
  change: FindingChange,
  actor: Pick<Actor, 'kind' | 'id'>,
  now: Date,
): Standing {
  const status = change.status ?? before.status;
  const [was, is] = [isDecided(before.status), isDecided(status)];
  const verdict = change.verdict === undefined ? (was && !is ? null : before.verdict) : change.verdict;
  if (is && verdict === null && before.verdict !== null)
    throw new AppError(
      'BAD_REQUEST',
      'what is resolved or closed keeps a verdict: give another one, or open it again',
      {
        field: 'verdict',
      },
    );
  const isTakenUp = status === 'in_progress' && before.status !== status && actor.kind === 'person';
  return {
    status,
    verdict,
    assignee_id:
      change.assigneeId === undefined ? (before.assignee_id ?? (isTakenUp ? actor.id : null)) : change.assigneeId,
    acknowledged_at: before.acknowledged_at ?? (status === 'new' ? null : now),
    decided_at: is ? (before.decided_at ?? now) : null,
  };
}
