import { handler } from '@/app/_server/handler';
import { switchWorkspaceOf } from '@/lib/access/workspaces/switch-workspace';
import { OwnWorkspaces, SwitchWorkspace } from '@/lib/schemas/workspaces';

export const PUT = handler(
  {
    summary: 'Puts the session that asks into another workspace of the person.',
    access: 'person',
    isOfInstallation: true,
    errors: ['NOT_FOUND'],
    body: SwitchWorkspace,
    response: OwnWorkspaces,
  },
  ({ ctx, body, request }) => switchWorkspaceOf(ctx, { headers: request.headers, workspaceId: body.id }),
);
