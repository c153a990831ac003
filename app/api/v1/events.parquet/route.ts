import { fileAnswer } from '@/app/_server/file-answer';
import { handler } from '@/app/_server/handler';
import { inTurn } from '@/lib/events/turns';
import { eventsParquet } from '@/lib/events/export-events';
import { EventsFileQuery } from '@/lib/schemas/events';

/** What a search finds, as Parquet. */
export const GET = handler({ access: 'read', query: EventsFileQuery }, ({ ctx, actor, query, request: { signal } }) =>
  inTurn(ctx, { actor, signal }, async () =>
    fileAnswer(await eventsParquet(ctx, { ...query, signal }), {
      name: 'events.parquet',
      type: 'application/vnd.apache.parquet',
    }),
  ),
);
