import { CSV_TYPE } from '@/app/_server/csv';
import { fileAnswer } from '@/app/_server/file-answer';
import { handler } from '@/app/_server/handler';
import { streamInTurn } from '@/lib/events/turns';
import { eventsCsv } from '@/lib/events/export-events';
import { EventsFileQuery } from '@/lib/schemas/events';

/** What a search finds, as a CSV. */
export const GET = handler(
  {
    summary: 'Everything a search finds, oldest first: the fields of each record as CSV, streamed.',
    access: 'read',
    downloads: 'csv',
    query: EventsFileQuery,
    answers: { 200: { is: 'The table, RFC 4180 in UTF-8.', types: ['text/csv'] } },
    errors: ['NOT_FOUND', 'SEARCH_TOO_LARGE', 'BUSY'],
  },
  async ({ ctx, actor, query, request: { signal } }) =>
    fileAnswer(await streamInTurn(ctx, { actor, signal }, () => eventsCsv(ctx, { ...query, signal })), {
      name: 'events.csv',
      type: CSV_TYPE,
    }),
);
