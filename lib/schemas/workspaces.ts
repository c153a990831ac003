import * as z from 'zod';
import { Role } from './settings';
import { WORKSPACE_ID } from './workspace-id';

/** Lower-case letters, digits and hyphens, at most 32; it stands in addresses and in the names of schemas. */
export const WorkspaceId = z
  .string()
  .regex(new RegExp(`^${WORKSPACE_ID}$`), 'at most 32 lower-case letters, digits and hyphens, a letter first');

const Name = z.string().trim().min(1).max(100);

/** A workspace somebody is a member of, with their role there. */
export const Membership = z.object({ id: WorkspaceId, name: z.string(), role: Role });
export type Membership = z.output<typeof Membership>;

export const NewWorkspace = z.object({ id: WorkspaceId, name: Name });
export const Workspace = z.object({ id: WorkspaceId, name: z.string(), createdAt: z.iso.datetime() });
export type Workspace = z.output<typeof Workspace>;

export const OwnWorkspaces = z.object({
  /** The one the session is in; null for who is a member of none. */
  activeId: WorkspaceId.nullable(),
  items: z.array(Membership),
});
export type OwnWorkspaces = z.output<typeof OwnWorkspaces>;
export const SwitchWorkspace = z.object({ id: WorkspaceId });
export const GivenInvitation = z.object({ token: z.string().min(1).max(200) });
export const AcceptedInvitation = z.object({ workspaceId: WorkspaceId });
