import { handler } from '@/app/_server/handler';
import { searchEvents } from '@/lib/events/search-events';
import { EventsPage, EventsQuery } from '@/lib/schemas/events';

export const GET = handler({ access: 'read', query: EventsQuery, response: EventsPage }, ({ ctx, query, request }) =>
  searchEvents(ctx, { ...query, signal: request.signal }),
);
