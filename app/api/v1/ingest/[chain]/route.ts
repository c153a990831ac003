import * as z from 'zod';
import { handler } from '@/app/_server/handler';
import { requireLines } from '@/app/_server/require-lines';
import { AppError } from '@/lib/core/errors';
import { readEvents } from '@/lib/ingest/shippers/events';
import { readDelivery } from '@/lib/ingest/shippers/read-delivery';
import { failureOfWhole, ingestDelivery } from '@/lib/ingest/shippers/ingest-delivery';
import { ShipperReceipt } from '@/lib/schemas/appends';
import { ChainName } from '@/lib/schemas/chains';
import { FormatId } from '@/lib/schemas/common';

/** Vector's http sink, Fluent Bit's http output, and anything else that posts lines or events. 200 once they are durable. */
export const POST = handler(
  {
    summary: 'Takes lines or events of Vector, Fluent Bit and the like. Answers once they are durable.',
    access: 'ingest',
    sends: {
      types: ['application/x-ndjson', 'application/json', 'application/octet-stream'],
      is: 'Lines, or events that hold them; compressed as `Content-Encoding` says.',
    },
    errors: ['CONFLICT', 'DIGEST_MISMATCH', 'UNKNOWN_FORMAT', 'BUSY'],
    params: z.object({ chain: ChainName }),
    query: z.object({ format: FormatId.optional() }),
    response: ShipperReceipt,
  },
  async ({ ctx, actor, params, query, request }) => {
    const header = (name: string) => request.headers.get(name) ?? '';
    const body = await readDelivery(request);
    requireLines(request, body);
    const entries = readEvents(ctx.hasher, body, {
      chain: params.chain,
      contentType: header('content-type'),
      userAgent: header('user-agent'),
    });
    const result = await ingestDelivery(ctx, { via: 'http', entries, format: query.format, actor });
    const failure = failureOfWhole(result);
    if (failure) throw failure.error;
    const [receipt] = result.receipts;
    if (!receipt)
      throw new AppError('BAD_REQUEST', result.notes[0]?.message ?? 'the body is log lines or events; it holds none');
    return { ...receipt, notes: result.notes.map(({ message }) => message) };
  },
);
