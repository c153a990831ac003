import { handler } from '@/app/_server/handler';
import { eventHistogram } from '@/lib/events/event-histogram';
import { EventHistogram, HistogramQuery } from '@/lib/schemas/events';

export const GET = handler(
  { access: 'read', query: HistogramQuery, response: EventHistogram },
  ({ ctx, query, request }) => eventHistogram(ctx, { ...query, signal: request.signal }),
);
