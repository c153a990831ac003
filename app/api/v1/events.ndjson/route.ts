import { fileAnswer } from '@/app/_server/file-answer';
import { handler } from '@/app/_server/handler';
import { streamInTurn } from '@/lib/events/turns';
import { eventsNdjson } from '@/lib/events/export-events';
import { EventsFileQuery } from '@/lib/schemas/events';

/** The lines of what a search finds, byte for byte. */
export const GET = handler(
  {
    summary: 'The line of everything a search finds, oldest first, byte for byte as it is in evidence, streamed.',
    access: 'read',
    downloads: 'records',
    query: EventsFileQuery,
    answers: { 200: { is: 'The lines.', types: ['application/x-ndjson'] } },
    errors: ['NOT_FOUND', 'SEARCH_TOO_LARGE', 'BUSY'],
  },
  async ({ ctx, actor, query, request: { signal } }) =>
    fileAnswer(await streamInTurn(ctx, { actor, signal }, () => eventsNdjson(ctx, { ...query, signal })), {
      name: 'events.ndjson',
      type: 'application/x-ndjson',
    }),
);
