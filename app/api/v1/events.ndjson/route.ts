import { fileAnswer } from '@/app/_server/file-answer';
import { handler } from '@/app/_server/handler';
import { eventsNdjson } from '@/lib/events/export-events';
import { EventsFileQuery } from '@/lib/schemas/events';

/** The lines of what a search finds, byte for byte. */
export const GET = handler({ access: 'read', query: EventsFileQuery }, async ({ ctx, query, request }) =>
  fileAnswer(await eventsNdjson(ctx, { ...query, signal: request.signal }), {
    name: 'events.ndjson',
    type: 'application/x-ndjson',
  }),
);
