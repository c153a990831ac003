import { handler } from '@/app/_server/handler';
import { runOf } from '@/lib/events/search-progress';
import { inTurn } from '@/lib/events/turns';
import { eventFacets } from '@/lib/events/event-facets';
import { Facets, FacetsQuery } from '@/lib/schemas/events';

export const GET = handler(
  {
    summary: 'The values fields have among the records found, with how many records have each, the most first.',
    access: 'read',
    downloads: 'records',
    errors: ['NOT_FOUND', 'SEARCH_TOO_LARGE', 'BUSY'],
    query: FacetsQuery,
    response: Facets,
  },
  ({ ctx, actor, query, request: { signal } }) =>
    inTurn(ctx, { actor, signal }, () => eventFacets(ctx, { ...query, run: runOf(actor, query.run), signal })),
);
