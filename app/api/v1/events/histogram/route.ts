import { handler } from '@/app/_server/handler';
import { inTurn } from '@/lib/events/turns';
import { eventHistogram } from '@/lib/events/event-histogram';
import { EventHistogram, HistogramQuery } from '@/lib/schemas/events';

export const GET = handler(
  { access: 'read', query: HistogramQuery, response: EventHistogram },
  ({ ctx, actor, query, request: { signal } }) =>
    inTurn(ctx, { actor, signal }, () => eventHistogram(ctx, { ...query, signal })),
);
