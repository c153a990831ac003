import { fileAnswer } from '@/app/_server/file-answer';
import { handler } from '@/app/_server/handler';
import { streamInTurn } from '@/lib/events/turns';
import { eventsParquet } from '@/lib/events/export-events';
import { EventsFileQuery } from '@/lib/schemas/events';

/** What a search finds, as Parquet. */
export const GET = handler(
  {
    summary: 'Everything a search finds, oldest first: the fields of each record as Parquet.',
    access: 'read',
    downloads: 'records',
    query: EventsFileQuery,
    answers: { 200: { is: 'The table.', types: ['application/vnd.apache.parquet'] } },
    errors: ['NOT_FOUND', 'SEARCH_TOO_LARGE', 'BUSY'],
  },
  async ({ ctx, actor, query, request: { signal } }) =>
    fileAnswer(await streamInTurn(ctx, { actor, signal }, () => eventsParquet(ctx, { ...query, signal })), {
      name: 'events.parquet',
      type: 'application/vnd.apache.parquet',
    }),
);
