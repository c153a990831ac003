import { fileAnswer } from '@/app/_server/file-answer';
import { handler } from '@/app/_server/handler';
import { inTurn } from '@/lib/events/turns';
import { eventsNdjson } from '@/lib/events/export-events';
import { EventsFileQuery } from '@/lib/schemas/events';

/** The lines of what a search finds, byte for byte. */
export const GET = handler({ access: 'read', query: EventsFileQuery }, ({ ctx, actor, query, request: { signal } }) =>
  inTurn(ctx, { actor, signal }, async () =>
    fileAnswer(await eventsNdjson(ctx, { ...query, signal }), {
      name: 'events.ndjson',
      type: 'application/x-ndjson',
    }),
  ),
);
