import { handler } from '@/app/_server/handler';
import { inTurn } from '@/lib/events/turns';
import { eventFacets } from '@/lib/events/event-facets';
import { Facets, FacetsQuery } from '@/lib/schemas/events';

export const GET = handler(
  { access: 'read', query: FacetsQuery, response: Facets },
  ({ ctx, actor, query, request: { signal } }) =>
    inTurn(ctx, { actor, signal }, () => eventFacets(ctx, { ...query, signal })),
);
