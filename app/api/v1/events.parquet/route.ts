import { fileAnswer } from '@/app/_server/file-answer';
import { handler } from '@/app/_server/handler';
import { eventsParquet } from '@/lib/events/export-events';
import { EventsFileQuery } from '@/lib/schemas/events';

/** What a search finds, as Parquet. */
export const GET = handler({ access: 'read', query: EventsFileQuery }, async ({ ctx, query, request }) =>
  fileAnswer(await eventsParquet(ctx, { ...query, signal: request.signal }), {
    name: 'events.parquet',
    type: 'application/vnd.apache.parquet',
  }),
);
