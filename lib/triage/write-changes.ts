import 'server-only';
import { type Selectable, sql } from 'kysely';
import type { Actor } from '../access/actor';
import type { ActionName } from '../audit/actions';
import { sha256 } from '../crypto/sha256';
import * as audit from '../audit/append';
import { AppError } from '../core/errors';
import type { Tx } from '../db/database';
import type { FindingsTable } from '../db/schema';
import { namesOf, personOf } from '../detect/query/findings';
import type { FindingChange, FindingChanges, FindingStatus } from '../schemas/triage';
import { type Standing, afterChange } from './after-change';

/** What a change is made of; locked by whoever makes it. */
export const CHANGEABLE = [
  'id',
  'status',
  'verdict',
  'assignee_id',
  'acknowledged_at',
  'decided_at',
  'record_count',
] as const satisfies readonly (keyof FindingsTable)[];
type Row = Pick<Selectable<FindingsTable>, (typeof CHANGEABLE)[number]>;

const MOVED = {
  new: 'finding.reopen',
  in_progress: 'finding.acknowledge',
  on_hold: 'finding.hold',
  resolved: 'finding.resolve',
  closed: 'finding.close',
} as const satisfies Record<FindingStatus, ActionName>;

/**
 * Makes a change to some findings, each with its row in the history and in the audit log. Those that are so already are left alone; with a reason, that
 * is kept as a comment of theirs. Answers how many were changed.
 * @throws AppError BAD_REQUEST for an assignee who is nobody here.
 */
export async function writeChanges(
  tx: Tx,
  rows: readonly Row[],
  { change, actor, now, changeId }: { change: FindingChange; actor: Actor; now: Date; changeId?: string },
): Promise<number> {
  const names = await namesOf(
    tx,
    [change.assigneeId, actor.id, ...rows.map((row) => row.assignee_id)].flatMap((id) => id ?? []),
  );
  if (change.assigneeId && !names.has(change.assigneeId))
    throw new AppError('BAD_REQUEST', 'nobody of this installation has this id', { field: 'assigneeId' });
  const made = rows.map((before) => {
    const after = afterChange(before, change, actor, now);
    return { before, after, changes: changesOf(before, after, names) };
  });
  const changed = made.filter(({ changes }) => Object.keys(changes).length > 0);
  if (changed.length > 0)
    await sql`
      UPDATE findings f SET status = n.status, verdict = n.verdict, assignee_id = n.assignee_id,
        acknowledged_at = n.acknowledged_at, decided_at = n.decided_at
      FROM unnest(${changed.map(({ before }) => before.id)}::uuid[], ${changed.map(({ after }) => after.status)}::text[],
        ${changed.map(({ after }) => after.verdict)}::text[], ${changed.map(({ after }) => after.assignee_id)}::text[],
        ${changed.map(({ after }) => after.acknowledged_at)}::timestamptz[], ${changed.map(({ after }) => after.decided_at)}::timestamptz[])
        AS n (id, status, verdict, assignee_id, acknowledged_at, decided_at) WHERE f.id = n.id`.execute(tx);
  const kept = change.reason === undefined ? changed : made;
  await writeActs(
    tx,
    actor,
    now,
    kept.map(({ before, after, changes }) => ({
      findingId: before.id,
      recordCount: before.record_count,
      changes,
      comment: change.reason ?? null,
      ...(changeId && { changeId, before: standingOf(before) }),
      action: actionOf(after, changes),
      details: {
        ...(changes.status && { from: changes.status.from }),
        ...(changes.verdict && { verdict: after.verdict, verdictBefore: changes.verdict.from }),
        ...(changes.assignee && { assignee: after.assignee_id }),
      },
    })),
  );
  return changed.length;
}

function standingOf({ status, verdict, assignee_id, acknowledged_at, decided_at }: Standing): Standing {
  return { status, verdict, assignee_id, acknowledged_at, decided_at };
}

function changesOf(before: Standing, after: Standing, names: ReadonlyMap<string, string>): FindingChanges {
  return {
    ...(before.status !== after.status && { status: { from: before.status, to: after.status } }),
    ...(before.verdict !== after.verdict && { verdict: { from: before.verdict, to: after.verdict } }),
    ...(before.assignee_id !== after.assignee_id && {
      assignee: { from: personOf(names, before.assignee_id), to: personOf(names, after.assignee_id) },
    }),
  };
}

function actionOf({ status }: Standing, changes: FindingChanges): ActionName {
  if (changes.status) return MOVED[status];
  if (changes.verdict) return 'finding.judge';
  return changes.assignee ? 'finding.assign' : 'finding.comment';
}

type Act = {
  findingId: string;
  recordCount: number;
  changes: FindingChanges;
  comment: string | null;
  /** The change of several findings it is part of, with what the finding was before. */
  changeId?: string;
  before?: Standing;
  /** The change that it undoes. */
  undoes?: string;
  action: ActionName;
  details: Record<string, string | null>;
};

/** Adds to the history of findings, and to the audit log. */
export async function writeActs(tx: Tx, actor: Actor, now: Date, acts: readonly Act[]): Promise<void> {
  if (acts.length === 0) return;
  await tx
    .insertInto('finding_acts')
    .values(
      acts.map(({ findingId, recordCount, changes, comment, changeId, before, undoes }) => ({
        finding_id: findingId,
        acted_at: now,
        actor_kind: actor.kind,
        actor_id: actor.id,
        actor_name: actor.name,
        changes: JSON.stringify(changes),
        record_count: recordCount,
        comment,
        change_id: changeId ?? null,
        before: before ? JSON.stringify(before) : null,
        undoes: undoes ?? null,
      })),
    )
    .execute();
  await audit.appendAll(
    tx,
    acts.map(({ findingId, action, comment, details }) => ({
      actor,
      action,
      subjectId: findingId,
      details: { ...details, ...(comment !== null && { commentSha256: sha256(comment) }) },
    })),
  );
}
