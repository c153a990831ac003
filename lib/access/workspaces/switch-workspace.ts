import 'server-only';
import { sql } from 'kysely';
import * as audit from '../../audit/append';
import type { Context } from '../../context';
import { AppError } from '../../core/errors';
import type { OwnWorkspaces } from '../../schemas/workspaces';
import { personActor } from '../actor';
import { type SignedInPerson, personOf } from '../people';
import { inWorkspace } from './workspaces';

/** Puts the session of a person into another workspace of theirs, which is recorded there. @throws AppError NOT_FOUND for one they are no member of, whether there is one or not. */
async function switchWorkspace(
  installation: Context,
  { person, workspaceId }: { person: SignedInPerson; workspaceId: string },
): Promise<void> {
  const to = person.workspaces.find(({ id }) => id === workspaceId);
  if (!to) throw new AppError('NOT_FOUND', 'you are a member of no workspace of this id', { workspaceId });
  if (person.workspaceId === workspaceId) return;
  await installation.db.transaction().execute(async (tx) => {
    await sql`DELETE FROM session_workspaces s WHERE NOT EXISTS (SELECT FROM session o WHERE o.id = s.session_id)`.execute(
      tx,
    );
    await tx
      .insertInto('session_workspaces')
      .values({ session_id: person.sessionId, workspace_id: workspaceId })
      .onConflict((conflict) => conflict.column('session_id').doUpdateSet({ workspace_id: workspaceId }))
      .execute();
    await inWorkspace(tx, workspaceId, () =>
      audit.append(tx, personActor({ ...person, role: to.role, workspaceId }), {
        action: 'person.switch-workspace',
        subjectId: person.id,
      }),
    );
  });
}

/** The same of the session of a request; gives where it is then. */
export async function switchWorkspaceOf(
  installation: Context,
  { headers, workspaceId }: { headers: Headers; workspaceId: string },
): Promise<OwnWorkspaces> {
  const person = await personOf(installation, headers);
  if (!person) throw new AppError('UNAUTHENTICATED', 'the session has ended meanwhile');
  await switchWorkspace(installation, { person, workspaceId });
  return { activeId: workspaceId, items: [...person.workspaces] };
}

/** Where the session of a request is, and could be. */
export async function ownWorkspaces(installation: Context, headers: Headers): Promise<OwnWorkspaces> {
  const person = await personOf(installation, headers);
  return { activeId: person?.workspaceId ?? null, items: [...(person?.workspaces ?? [])] };
}
