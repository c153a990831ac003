import 'server-only';
import { sql } from 'kysely';
import { schemaOf } from '../../config/workspace-env';
import type { Context } from '../../context';
import { AppError } from '../../core/errors';
import type { Tx } from '../../db/database';
import { DEFAULT_WORKSPACE } from '../../schemas/workspace-id';
import type { Membership, Workspace } from '../../schemas/workspaces';
import { isMember, roleOf } from '../role-of';

// Of the installation: every context here is that of the default workspace.

/** @throws AppError NOT_FOUND. */
export async function requireWorkspace({ db }: Context, workspaceId: string): Promise<void> {
  const row = await db.selectFrom('workspaces').select('id').where('id', '=', workspaceId).executeTakeFirst();
  if (!row) throw new AppError('NOT_FOUND', 'no workspace has this id', { workspaceId });
}

/** Every workspace, the default one first. */
export async function listWorkspaces({ db }: Pick<Context, 'db'>): Promise<Workspace[]> {
  const rows = await db.selectFrom('workspaces').select(['id', 'name', 'created_at']).orderBy('id').execute();
  return rows
    .map(({ id, name, created_at: at }) => ({ id, name, createdAt: at.toISOString() }))
    .toSorted((a, b) => Number(b.id === DEFAULT_WORKSPACE) - Number(a.id === DEFAULT_WORKSPACE));
}

/** Those a person is a member of, the default one, of which `role` is, first, then by name. */
export async function membershipsOf(
  { db }: Pick<Context, 'db'>,
  { id, role }: { id: string; role: string | null },
): Promise<Membership[]> {
  const rows = await db
    .selectFrom('workspaces as w')
    .leftJoin('workspace_members as m', (join) =>
      join.onRef('m.workspace_id', '=', 'w.id').on('m.person_id', '=', id).on('m.is_disabled', '=', false),
    )
    .select(['w.id', 'w.name', 'm.role'])
    .where((where) =>
      where.or([
        where('m.role', 'is not', null),
        where.and([where('w.id', '=', DEFAULT_WORKSPACE), sql.lit(isMember(role))]),
      ]),
    )
    .orderBy(sql`w.id <> ${DEFAULT_WORKSPACE}`)
    .orderBy('w.name')
    .execute();
  return rows.map((row) => ({ id: row.id, name: row.name, role: row.role ?? roleOf(role) }));
}

/** Work in the caller's transaction on what is of a workspace: both commit, or neither does. */
export async function inWorkspace<T>(tx: Tx, workspaceId: string, work: () => Promise<T>): Promise<T> {
  const { rows } = await sql<{ path: string }>`SELECT current_setting('search_path') AS path`.execute(tx);
  await sql`SELECT set_config('search_path', ${schemaOf(workspaceId)}, true)`.execute(tx);
  const done = await work();
  await sql`SELECT set_config('search_path', ${rows[0]?.path ?? 'public'}, true)`.execute(tx);
  return done;
}
