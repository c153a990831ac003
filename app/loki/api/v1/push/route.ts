import { handler } from '@/app/_server/handler';
import { isJson, lokiFailure } from '@/app/_server/protocol-failure';
import { readLokiJson, readLokiProtobuf } from '@/lib/ingest/shippers/loki';
import { readDelivery } from '@/lib/ingest/shippers/read-delivery';
import { failureOfWhole, ingestDelivery } from '@/lib/ingest/shippers/ingest-delivery';

/** Loki's push, JSON or protobuf in snappy: 204 once every line is durable, 400 for lines that can never be accepted. */
export const POST = handler(
  {
    summary: 'Takes lines as Loki does. Answers once every line is durable.',
    access: 'ingest',
    sends: {
      types: ['application/json', 'application/x-protobuf'],
      is: 'Streams of lines, JSON or protobuf in snappy.',
    },
    errors: ['UNSUPPORTED_MEDIA', 'TOO_LARGE', 'BUSY'],
    answers: {
      204: { is: 'Every line is durable.', headers: { 'X-Sealtrail-Note': 'What the sender should change' } },
    },
    failureAs: { types: ['text/plain'], is: 'A line of text, as Loki answers.' },
    failure: lokiFailure,
  },
  async ({ ctx, actor, request }) => {
    const json = isJson(request);
    const body = await readDelivery(request, json ? null : 'snappy');
    const entries = json ? readLokiJson(body) : readLokiProtobuf(body);
    const result = await ingestDelivery(ctx, { via: 'loki', entries, actor });
    const failure = failureOfWhole(result);
    if (failure) throw failure.error;
    return new Response(null, { status: 204, headers: notesIn(result.notes) });
  },
);

/** The answer has no body: what the sender should change is in a header. */
function notesIn(notes: readonly { message: string }[]): Record<string, string> {
  const [first] = notes;
  return first ? { 'X-Sealtrail-Note': first.message.replaceAll(/[^\x20-\x7e]/g, '?') } : {};
}
