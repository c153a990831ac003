import { handler } from '@/app/_server/handler';
import { getSession } from '@/lib/events/session';
import { inTurn } from '@/lib/events/turns';
import { Session, SessionParams, SessionQuery } from '@/lib/schemas/sessions';

export const GET = handler(
  {
    summary:
      'What one run of an agent did: figures of every record that names the id as its session or its run, with the chains they are in, files, hosts, policies, repository and findings.',
    access: 'read',
    downloads: 'records',
    errors: ['SEARCH_TOO_LARGE', 'BUSY'],
    params: SessionParams,
    query: SessionQuery,
    response: Session,
  },
  ({ ctx, actor, params, query, request: { signal } }) =>
    inTurn(ctx, { actor, signal }, () => getSession(ctx, { ...params, ...query, signal })),
);
