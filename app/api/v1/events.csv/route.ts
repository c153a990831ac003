import { fileAnswer } from '@/app/_server/file-answer';
import { handler } from '@/app/_server/handler';
import { eventsCsv } from '@/lib/events/export-events';
import { EventsFileQuery } from '@/lib/schemas/events';

/** What a search finds, as a CSV. */
export const GET = handler({ access: 'read', query: EventsFileQuery }, async ({ ctx, query, request }) =>
  fileAnswer(await eventsCsv(ctx, { ...query, signal: request.signal }), {
    name: 'events.csv',
    type: 'text/csv; charset=utf-8; header=present',
  }),
);
