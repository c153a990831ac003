import { handler } from '@/app/_server/handler';
import { createWorkspace } from '@/lib/access/workspaces/create-workspace';
import { ownWorkspaces } from '@/lib/access/workspaces/switch-workspace';
import { openWorkspace } from '@/lib/compose';
import { NewWorkspace, OwnWorkspaces, Workspace } from '@/lib/schemas/workspaces';

export const GET = handler(
  {
    summary:
      'Workspaces that the person who asks is a member of, with their role in each, and the one their session is in.',
    access: 'person',
    isOfInstallation: true,
    response: OwnWorkspaces,
  },
  ({ ctx, request }) => ownWorkspaces(ctx, request.headers),
);

/** 201; whoever makes it is its first administrator. */
export const POST = handler(
  {
    summary:
      'Makes a workspace: chains, findings, reports, tokens and a transparency log of its own, which nobody but its members sees. Administrators of the default workspace may; whoever does is its first administrator.',
    access: 'administrator',
    isOfInstallation: true,
    errors: ['CONFLICT'],
    body: NewWorkspace,
    response: Workspace,
    status: 201,
  },
  ({ ctx, actor, body }) => createWorkspace(ctx, { ...body, actor, prepare: () => openWorkspace(ctx, body.id) }),
);
