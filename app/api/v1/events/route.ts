import { handler } from '@/app/_server/handler';
import { inTurn } from '@/lib/events/turns';
import { searchEvents } from '@/lib/events/search-events';
import { EventsPage, EventsQuery } from '@/lib/schemas/events';

export const GET = handler(
  { access: 'read', query: EventsQuery, response: EventsPage },
  ({ ctx, actor, query, request: { signal } }) =>
    inTurn(ctx, { actor, signal }, () => searchEvents(ctx, { ...query, signal })),
);
