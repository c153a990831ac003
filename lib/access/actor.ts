import type { Role } from '../schemas/roles';
import { DEFAULT_WORKSPACE } from '../schemas/workspace-id';

/**
 * Who changes something: every verb that does takes one, made once where the request, the job or the command begins. `id` is that of the person,
 * of the token or of the part of Sealtrail, so that two of one name are told apart; `name` is what people are shown. A token has the role of its maker.
 * What has the id of a workspace in a row has it of the actor; a part of Sealtrail works in whichever it is given the context of.
 */
export type Actor = {
  kind: 'person' | 'token' | 'system';
  id: string;
  name: string;
  role: Role;
  workspaceId: string;
  /** Of a token that is for some chains: their names, or the beginning of names with a `*` behind it. Null for every chain. */
  chains: readonly string[] | null;
};

export function personActor({
  id,
  email,
  role,
  workspaceId = DEFAULT_WORKSPACE,
}: {
  id: string;
  email: string;
  role: Role;
  workspaceId?: string;
}): Actor {
  return { kind: 'person', id, name: email, role, workspaceId, chains: null };
}

export function tokenActor({
  id,
  name,
  role,
  chains,
  workspaceId = DEFAULT_WORKSPACE,
}: {
  id: string;
  name: string;
  role: Role;
  chains: readonly string[] | null;
  workspaceId?: string;
}): Actor {
  return { kind: 'token', id, name: `token ${name}`, role, workspaceId, chains };
}

/** A part of Sealtrail that acts by itself, or a command of the person at this machine. */
export function systemActor(id: string, name = id): Actor {
  return { kind: 'system', id, name, role: 'administrator', workspaceId: DEFAULT_WORKSPACE, chains: null };
}

/** What runs without anybody asking: jobs of the worker. */
export const WORKER = systemActor('worker');
/** Who asks for an attestation when nobody does. */
export const POLICY = systemActor('policy');
/** Signs what was asked for, in whichever process it is tried. */
export const SIGNER = systemActor('signer');

/** Carries what was done into evidence; nobody else writes to that chain. */
export const CARRIER = systemActor('activity');

/** The actor of a key that `actorKey` made, for what goes on after a request has ended. */
export function actorOfKey(key: string, rest: Pick<Actor, 'name' | 'role' | 'chains' | 'workspaceId'>): Actor {
  const [, kind, id = ''] = /^(person|token):(.+)$/s.exec(key) ?? [];
  if (kind !== 'person' && kind !== 'token') throw new Error(`"${key}" is no person's and no token's key`);
  return { kind, id, ...rest };
}

/** Tells actors apart in one column or key. */
export function actorKey({ kind, id }: Pick<Actor, 'kind' | 'id'>): string {
  return `${kind}:${id}`;
}
