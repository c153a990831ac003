import { WORKSPACE_ID } from '@/lib/schemas/workspace-id';

const BELOW = new RegExp(`^/w/(${WORKSPACE_ID})((?:[/?].*)?)$`, 's');
/** What a workspace publishes, and its API; anything else below `/w/<id>` is a page of the console. */
const OF_WORKSPACE = /^\/(tlog|policies|trust|api\/v1)(?=[/?]|$)/;

/**
 * The address that answers for one below `/w/<id>`, and of which workspace: the same without the beginning, or for a page the one that leads into the workspace
 * first. Null for any other address.
 */
export function workspaceAddress(url: string): { url: string; workspaceId: string | null } | null {
  const [, workspaceId, rest = ''] = BELOW.exec(url) ?? [];
  if (workspaceId === undefined) return null;
  if (OF_WORKSPACE.test(rest)) return { url: rest, workspaceId };
  const to = rest.startsWith('/') ? rest : `/${rest}`;
  return { url: `/open?${new URLSearchParams({ workspace: workspaceId, to }).toString()}`, workspaceId: null };
}
