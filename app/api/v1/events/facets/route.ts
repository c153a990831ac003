import { handler } from '@/app/_server/handler';
import { eventFacets } from '@/lib/events/event-facets';
import { Facets, FacetsQuery } from '@/lib/schemas/events';

export const GET = handler({ access: 'read', query: FacetsQuery, response: Facets }, ({ ctx, query, request }) =>
  eventFacets(ctx, { ...query, signal: request.signal }),
);
