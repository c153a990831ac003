import { handler } from '@/app/_server/handler';
import { runOf } from '@/lib/events/search-progress';
import { inTurn } from '@/lib/events/turns';
import { searchEvents } from '@/lib/events/search-events';
import { EventsPage, EventsQuery } from '@/lib/schemas/events';

export const GET = handler(
  {
    summary:
      'Records a search finds: of any chain in a period, newest first, or of one chain in its order, or by any field with `sort`. `from` and `to` of a failure say what of `q` is wrong.',
    access: 'read',
    downloads: 'records',
    errors: ['NOT_FOUND', 'SEARCH_TOO_LARGE', 'BUSY'],
    query: EventsQuery,
    response: EventsPage,
  },
  ({ ctx, actor, query, request: { signal } }) =>
    inTurn(ctx, { actor, signal }, () => searchEvents(ctx, { ...query, run: runOf(actor, query.run), signal })),
);
