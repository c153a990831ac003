import { handler } from '@/app/_server/handler';
import { runOf } from '@/lib/events/search-progress';
import { inTurn } from '@/lib/events/turns';
import { eventHistogram } from '@/lib/events/event-histogram';
import { EventHistogram, HistogramQuery } from '@/lib/schemas/events';

export const GET = handler(
  {
    summary: 'How many records are found, by decision, in steps a clock has.',
    access: 'read',
    errors: ['NOT_FOUND', 'SEARCH_TOO_LARGE', 'BUSY'],
    query: HistogramQuery,
    response: EventHistogram,
  },
  ({ ctx, actor, query, request: { signal } }) =>
    inTurn(ctx, { actor, signal }, () => eventHistogram(ctx, { ...query, run: runOf(actor, query.run), signal })),
);
