import { fileAnswer } from '@/app/_server/file-answer';
import { handler } from '@/app/_server/handler';
import { inTurn } from '@/lib/events/turns';
import { eventsCsv } from '@/lib/events/export-events';
import { EventsFileQuery } from '@/lib/schemas/events';

/** What a search finds, as a CSV. */
export const GET = handler(
  {
    summary: 'Everything a search finds, oldest first: the fields of each record as CSV, streamed.',
    access: 'read',
    query: EventsFileQuery,
    answers: { 200: { is: 'The table, RFC 4180 in UTF-8.', types: ['text/csv'] } },
    errors: ['SEARCH_TOO_LARGE', 'BUSY'],
  },
  ({ ctx, actor, query, request: { signal } }) =>
    inTurn(ctx, { actor, signal }, async () =>
      fileAnswer(await eventsCsv(ctx, { ...query, signal }), {
        name: 'events.csv',
        type: 'text/csv; charset=utf-8; header=present',
      }),
    ),
);
