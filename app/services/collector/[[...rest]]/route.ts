import * as z from 'zod';
import { handler } from '@/app/_server/handler';
import { hecFailure } from '@/app/_server/protocol-failure';
import type { Context } from '@/lib/context';
import { AppError } from '@/lib/core/errors';
import { lines } from '@/lib/ingest/shippers/events';
import { hecChain, readHecEvents } from '@/lib/ingest/shippers/hec';
import { readDelivery } from '@/lib/ingest/shippers/read-delivery';
import { failureOfWhole, ingestDelivery } from '@/lib/ingest/shippers/ingest-delivery';

type Params = { params: Promise<Record<string, string | string[] | undefined>> };
const Query = z.object({
  source: z.string().optional(),
  index: z.string().optional(),
  channel: z.string().optional(),
  token: z.string().optional(),
});
const NO_DATA = 5;
const NO_CHANNEL = 10;
const NO_QUERY_TOKEN = 16;

/** Splunk's HTTP Event Collector: events and raw lines. Success means durable, so an `ackId` is acknowledged as soon as it is asked for. */
const collect = (kind: 'event' | 'raw') =>
  handler({ access: 'ingest', query: Query, failure: hecFailure }, async ({ ctx, actor, query, request }) => {
    const channel = request.headers.get('x-splunk-request-channel') ?? query.channel;
    const body = await readDelivery(request);
    if (body.length === 0) throw new AppError('BAD_REQUEST', 'No data', { hecCode: NO_DATA });
    const entries =
      kind === 'event'
        ? readHecEvents(ctx.hasher, body, query)
        : Array.from(lines(body), (line) => ({ chain: hecChain({}, query), line, reSerialisedBy: null }));
    if (entries.length === 0) throw new AppError('BAD_REQUEST', 'No data', { hecCode: NO_DATA });
    const taken = await ingestDelivery(ctx, { via: 'splunk-hec', entries, actor });
    const failure = failureOfWhole(taken);
    if (failure) throw failure.error;
    const notes = taken.notes.map(({ chain, message }) => `${chain}: ${message}`);
    return Response.json({
      text: 'Success',
      code: 0,
      ...(channel && { ackId: nextAckId() }),
      ...(notes.length > 0 && { notes }),
    });
  });

const AckQuery = z.object({ acks: z.array(z.number().int().nonnegative()).max(10_000) });
const acknowledge = handler(
  { access: 'ingest', query: Query, body: AckQuery, failure: hecFailure },
  async ({ query, body, request }) => {
    if (!request.headers.get('x-splunk-request-channel') && !query.channel)
      throw new AppError('BAD_REQUEST', 'Data channel is missing', { hecCode: NO_CHANNEL });
    return Response.json({ acks: Object.fromEntries(body.acks.map((id) => [id, id <= lastPossibleAckId()])) });
  },
);

/** Whether it would take events; nothing else. */
const health = handler({ access: 'public', failure: hecFailure }, async ({ ctx }) => healthAnswer(ctx));

function healthAnswer(ctx: Context): Response {
  return ctx.meter.writes.trouble()
    ? Response.json({ text: 'HEC is unhealthy, queues are full', code: 18 }, { status: 503 })
    : Response.json({ text: 'HEC is healthy', code: 17 });
}

const unknown = handler({ access: 'public' }, async () => {
  throw new AppError('NOT_FOUND', 'the collector has /services/collector/event, /raw, /ack and /health');
});
const queryToken = handler({ access: 'public', failure: hecFailure }, async () => {
  throw new AppError('BAD_REQUEST', 'Query string authorization is not enabled', { hecCode: NO_QUERY_TOKEN });
});

const ROUTES: Record<string, ReturnType<typeof collect>> = {
  '': collect('event'),
  event: collect('event'),
  raw: collect('raw'),
  ack: acknowledge,
  health,
};

async function route(request: Request, segment: Params): Promise<Response> {
  const { rest } = await segment.params;
  const [name = '', version, ...more] = Array.isArray(rest) ? rest : [];
  const verb = more.length === 0 && (version === undefined || version === '1.0') ? ROUTES[name] : undefined;
  if (!verb || (request.method === 'GET' && name !== 'health')) return unknown(request, segment);
  const { searchParams } = new URL(request.url);
  if (searchParams.has('token') && !request.headers.has('authorization') && name !== 'health')
    return queryToken(request, segment);
  return verb(request, segment);
}

export const GET = route;
export const POST = route;

/** What Docker's driver asks before it lets a container start: it takes nothing but 200. Tells nothing, so anyone may ask. */
export const OPTIONS = handler(
  { access: 'public' },
  async () => new Response(null, { status: 200, headers: { Allow: 'GET, POST, OPTIONS' } }),
);

let ackId = 0;
/** Rises over all processes and restarts, in about microseconds: an id that was handed out is never later than now. */
function nextAckId(): number {
  ackId = Math.max(ackId + 1, lastPossibleAckId());
  return ackId;
}

function lastPossibleAckId(): number {
  return Math.max(ackId, Date.now() * 1000);
}
