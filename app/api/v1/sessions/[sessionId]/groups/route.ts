import { handler } from '@/app/_server/handler';
import { sessionGroups } from '@/lib/events/session-line';
import { inTurn } from '@/lib/events/turns';
import { SessionGroups, SessionGroupsQuery, SessionParams } from '@/lib/schemas/sessions';

export const GET = handler(
  {
    summary:
      'Steps of a session by the minute, or by longer where those would be too many, with the gaps between them.',
    access: 'read',
    downloads: 'records',
    errors: ['SEARCH_TOO_LARGE', 'BUSY'],
    params: SessionParams,
    query: SessionGroupsQuery,
    response: SessionGroups,
  },
  ({ ctx, actor, params, query, request: { signal } }) =>
    inTurn(ctx, { actor, signal }, () => sessionGroups(ctx, { ...params, ...query, signal })),
);
