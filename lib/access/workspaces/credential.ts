import { DEFAULT_WORKSPACE } from '../../schemas/workspace-id';
import { WorkspaceId } from '../../schemas/workspaces';

const TOKEN_PREFIX = 'st_';

/** What tokens of a workspace begin with: whoever has one says by it where it is looked for, and its hash decides there. */
export function tokenPrefix(workspaceId: string): string {
  return workspaceId === DEFAULT_WORKSPACE ? TOKEN_PREFIX : `${TOKEN_PREFIX}${workspaceId}_`;
}

/** The workspace a token says it is of. */
export function workspaceOfToken(token: string): string {
  return named(/^st_([a-z0-9-]+)_/.exec(token)?.[1]);
}

/** The text of a link of a workspace, by the secret in it. */
export function linkText(workspaceId: string, secret: string): string {
  return workspaceId === DEFAULT_WORKSPACE ? secret : `${workspaceId}.${secret}`;
}

/** The workspace a link says it is of. */
export function workspaceOfLink(text: string): string {
  return named(/^([a-z0-9-]+)\./.exec(text)?.[1]);
}

function named(id: string | undefined): string {
  return id !== undefined && WorkspaceId.safeParse(id).success ? id : DEFAULT_WORKSPACE;
}
