import 'server-only';
import * as audit from '../../audit/append';
import type { Context } from '../../context';
import { AppError } from '../../core/errors';
import { lockUntilCommit } from '../../db/lock';
import { DEFAULT_WORKSPACE } from '../../schemas/workspace-id';
import type { Workspace } from '../../schemas/workspaces';
import type { Actor } from '../actor';
import { inWorkspace } from './workspaces';

/** Further workspaces there may be: each costs connections, and loops of the worker. */
const MOST_WORKSPACES = 20;

/** @throws AppError CONFLICT for an id that is taken, and when there are 20. */
async function requireFree({ db }: Pick<Context, 'db'>, id: string): Promise<void> {
  const rows = await db.selectFrom('workspaces').select('id').execute();
  if (rows.some((row) => row.id === id)) throw new AppError('CONFLICT', 'a workspace has this id already', { id });
  if (rows.length > MOST_WORKSPACES)
    throw new AppError('CONFLICT', `there are ${MOST_WORKSPACES} further workspaces, which is the most there can be`);
}

/**
 * Puts a workspace on record, with who makes it as its first administrator. `prepare` makes what it lies in, which nobody is led to before; it can be done again.
 * It is recorded in the default workspace and in the new one. @throws AppError CONFLICT as `requireFree`.
 */
export async function createWorkspace(
  installation: Context,
  { id, name, actor, prepare }: { id: string; name: string; actor: Actor; prepare: () => Promise<Context> },
): Promise<Workspace> {
  await requireFree(installation, id);
  await prepare();
  const createdAt = installation.now();
  await installation.db.transaction().execute(async (tx) => {
    await lockUntilCommit(tx, 'workspaces', '');
    await requireFree({ db: tx }, id);
    await tx.insertInto('workspaces').values({ id, name, created_by: actor.name, created_at: createdAt }).execute();
    if (actor.kind === 'person')
      await tx
        .insertInto('workspace_members')
        .values({ workspace_id: id, person_id: actor.id, role: 'administrator' })
        .execute();
    const made = { actor, action: 'workspace.create', subjectId: id, details: { id } } as const;
    const joined = { actor, action: 'person.join', subjectId: actor.id, details: { role: 'administrator' } } as const;
    await inWorkspace(tx, DEFAULT_WORKSPACE, () => audit.appendAll(tx, [made]));
    await inWorkspace(tx, id, () => audit.appendAll(tx, actor.kind === 'person' ? [made, joined] : [made]));
  });
  return { id, name, createdAt: createdAt.toISOString() };
}
