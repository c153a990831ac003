import { handler } from '@/app/_server/handler';
import { isJson, otlpFailure } from '@/app/_server/protocol-failure';
import { AppError } from '@/lib/core/errors';
import { otlpEntries } from '@/lib/ingest/shippers/otlp';
import { readOtlpJson } from '@/lib/ingest/shippers/otlp-json';
import { otlpResponse, readOtlpProtobuf } from '@/lib/ingest/shippers/otlp-protobuf';
import { readDelivery } from '@/lib/ingest/shippers/read-delivery';
import { type DeliveryResult, failureToRetry, ingestDelivery } from '@/lib/ingest/shippers/ingest-delivery';

/** OTLP/HTTP logs, protobuf and JSON. What may pass is answered 429 or 503; what never will is told as a partial success. */
export const POST = handler(
  {
    summary: 'Takes logs by OTLP/HTTP. What may pass is answered 429 or 503; what never will is a partial success.',
    access: 'ingest',
    sends: { types: ['application/json', 'application/x-protobuf'], is: 'An ExportLogsServiceRequest.' },
    errors: ['UNSUPPORTED_MEDIA', 'TOO_LARGE', 'BUSY'],
    answers: { 200: { is: 'An ExportLogsServiceResponse.', types: ['application/json', 'application/x-protobuf'] } },
    failureAs: {
      types: ['application/json', 'application/x-protobuf'],
      is: 'A google.rpc.Status in the encoding of the request.',
    },
    failure: otlpFailure,
  },
  async ({ ctx, actor, request }) => {
    const json = isJson(request);
    if (!json && !/^application\/x-protobuf\b/i.test(request.headers.get('content-type') ?? ''))
      throw new AppError('BAD_REQUEST', 'Content-Type is application/x-protobuf or application/json');
    const body = await readDelivery(request);
    const entries = otlpEntries(ctx.hasher, json ? readOtlpJson(body) : readOtlpProtobuf(body));
    const result = await ingestDelivery(ctx, { via: 'otlp', entries, actor });
    const failure = failureToRetry(result);
    if (failure) throw failure.error;
    const partial = partialSuccess(result);
    if (json)
      return Response.json(
        partial ? { partialSuccess: { ...partial, rejectedLogRecords: String(partial.rejectedLogRecords) } } : {},
      );
    return new Response(Buffer.from(otlpResponse(partial)), { headers: { 'Content-Type': 'application/x-protobuf' } });
  },
);

/** Null when there is nothing to say; with nothing rejected, the message is a warning. Of stray lines the notes tell. */
function partialSuccess({
  outcomes,
  notes,
}: DeliveryResult): { rejectedLogRecords: number; errorMessage: string } | null {
  const messages = new Set(notes.map(({ chain, message }) => `${chain}: ${message}`));
  let rejectedLogRecords = 0;
  for (const outcome of outcomes) {
    if (!('error' in outcome)) continue;
    rejectedLogRecords += 1;
    if (!outcome.isStray && messages.size < 20)
      messages.add(outcome.error instanceof Error ? outcome.error.message : String(outcome.error));
  }
  return messages.size === 0 ? null : { rejectedLogRecords, errorMessage: [...messages].join('; ') };
}
