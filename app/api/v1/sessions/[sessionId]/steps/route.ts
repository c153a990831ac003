import { handler } from '@/app/_server/handler';
import { sessionSteps } from '@/lib/events/session-line';
import { inTurn } from '@/lib/events/turns';
import { SessionParams, SessionSteps, SessionStepsQuery } from '@/lib/schemas/sessions';

export const GET = handler(
  {
    summary: 'Steps of a session in order: those of each chain as they stand in it, several chains merged by time.',
    access: 'read',
    downloads: 'records',
    errors: ['SEARCH_TOO_LARGE', 'BUSY'],
    params: SessionParams,
    query: SessionStepsQuery,
    response: SessionSteps,
  },
  ({ ctx, actor, params, query, request: { signal } }) =>
    inTurn(ctx, { actor, signal }, () => sessionSteps(ctx, { ...params, ...query, signal })),
);
